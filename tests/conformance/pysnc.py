"""PySNC's own test suite: over HTTPS, over plain HTTP, and those OAuth tests that upstream skips but that can run.

It needs a checkout of the repository ServiceNow/PySNC, as the published package comes without tests.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import requests

from sfcc_client.emulator.certificates import issued
from snow_app.emulator import ServiceNowEmulator
from tests.conformance import pytest_run
from tests.conformance.environment import interpreter
from tests.conformance.suite import Case, Result

REQUIREMENTS = ("pysnc[oauth]==1.2.1", "httpx==0.28.1", "pytest>=8", "pytest-timeout", "python-dotenv")
OAUTH = ("test_oauth", "test_client_credentials", "test_client_credentials_token_refresh")
"""Tests that upstream skips and that can run. The rest of its OAuth tests fails on any server."""
SKIPPED = {
    **dict.fromkeys(OAUTH, "skipped upstream for want of an OAuth client; runs below as https, OAuth"),
    "test_client_credentials_invalid": "skipped upstream; its client is refused before its own assertion begins",
    "test_mtls": "skipped upstream; wants a client certificate, which this run does not set up",
}
ASYNC = "skipped upstream; inside a running loop its client is left without a session"
CLIENT = {"PYSNC_CLIENT_ID": "local-client", "PYSNC_CLIENT_SECRET": "local-secret"}


@dataclass(frozen=True, slots=True)
class PySnc:
    """`tests.conformance.suite.Suite` for PySNC."""

    name: str = "pysnc"
    checkout: bool = True

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """Results for https, http and OAuth. Raises RuntimeError with one line when it cannot be started."""
        if checkout is None or not (checkout / "test" / "test_snc_api.py").is_file():
            raise RuntimeError("the pysnc suite needs the path of a checkout of ServiceNow/PySNC")
        python, version = interpreter(self.name, REQUIREMENTS), _version(checkout)
        ways = {"https": _secure(python, checkout), "http": _plain(python, checkout)}
        oauth = [f"test/test_snc_auth.py::TestAuth::{name}" for name in OAUTH]
        ways["https, OAuth"] = _secure(python, checkout, "-p", "unskip", *oauth)
        return tuple(Result(suite=self.name, version=version, way=way, cases=cases) for way, cases in ways.items())


def _secure(python: Path, checkout: Path, *arguments: str) -> tuple[Case, ...]:
    """Over TLS, where the client trusts nothing but the throw-away authority."""
    with tempfile.TemporaryDirectory(prefix="conformance-tls-") as folder:
        certificate, authority = issued(Path(folder), datetime.now(UTC))
        trust = {"REQUESTS_CA_BUNDLE": str(authority), "SSL_CERT_FILE": str(authority)}
        with ServiceNowEmulator(certificate=certificate) as emulator:
            return _run(python, checkout, emulator, emulator.secure_url, *arguments, **trust, **CLIENT)


def _plain(python: Path, checkout: Path) -> tuple[Case, ...]:
    """Over plain HTTP. PySNC refuses a lower-case ``http://``, so that is the address the instance is given, too."""
    with ServiceNowEmulator() as emulator:
        address = emulator.url.replace("http://", "HTTP://")
        document = {"name": "glide.servlet.uri", "value": f"{address}/"}
        with requests.Session() as session:
            session.trust_env = False
            session.auth = (emulator.username, emulator.password)
            session.post(f"{emulator.url}/api/now/table/sys_properties", json=document, timeout=10).raise_for_status()
        return _run(python, checkout, emulator, address)


def _run(
    python: Path, checkout: Path, emulator: ServiceNowEmulator, address: str, *arguments: str, **more: str
) -> tuple[Case, ...]:
    found = pytest_run.cases(
        python,
        ("--timeout", "60", *arguments),
        folder=checkout,
        environment={
            "PYSNC_SERVER": address,
            "PYSNC_USERNAME": emulator.username,
            "PYSNC_PASSWORD": emulator.password,
            **more,
        },
        plugins=("unskip",),
    )
    return tuple(replace(case, reason=_why(case)) if case.outcome == "skipped" else case for case in found)


def _why(case: Case) -> str:
    name = case.name.rpartition(".")[2]
    return ASYNC if ".asyncio." in case.name else SKIPPED.get(name, case.reason)


def _version(checkout: Path) -> str:
    """The package's version, and the commit where the checkout knows it."""
    found = re.search(r'^version = "([^"]+)"', (checkout / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    call = ["git", "-C", str(checkout), "rev-parse", "--short=7", "HEAD"]
    own = (checkout / ".git").exists()
    commit = subprocess.run(call, capture_output=True, text=True, check=False).stdout.strip() if own else ""
    version = found.group(1) if found else "unknown"
    return f"{version} ({commit})" if commit else version
