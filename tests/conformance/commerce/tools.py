"""Command lines that deploy code and run jobs, unmodified, each against an emulator of its own over TLS.

sfcc-ci speaks OCAPI Data and WebDAV as an API client, dwupload WebDAV as a person. Both insist on https.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.certificates import issued
from sfcc_client.emulator.clients import ADMIN, DEPLOYER
from tests.conformance.commerce.operations import Operations
from tests.conformance.commerce.sdks import MODULES, installed, judged, said
from tests.conformance.suite import Case, Result

SECONDS = 60
"""Longest a command may take."""

CARTRIDGE = {"cartridge/app_judge.properties": "demandware.cartridges.app_judge.multipleLanguageStorefront=true\n"}
VERSION = "judged"


class HurriedClock:
    """A minute passes in two seconds, so that nobody waits for a job as long as it takes."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC)

    def now(self) -> datetime:
        return self._start + 30 * (datetime.now(UTC) - self._start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command line; `says` stands in what it prints when it has done its work."""

    name: str
    arguments: tuple[str, ...]
    says: str = ""


Steps = Callable[[str, Path], Iterable[Step]]
"""The command lines for a host and port, and a folder whose files they may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """`tests.conformance.suite.Suite` for a command line."""

    name: str
    steps: Steps
    checkout: bool = False

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """One result. Raises RuntimeError when the package or Node is missing."""
        version = installed(self.name)
        with tempfile.TemporaryDirectory(prefix="conformance-tls-") as made:
            folder = Path(made)
            certificate, authority = issued(folder / "tls", datetime.now(UTC))
            with CommerceEmulator(clock=HurriedClock(), certificate=certificate) as shop:
                host = f"localhost:{urlsplit(shop.secure_url).port}"
                operations = Operations(shop)
                work = _Work(
                    shop=shop, operations=operations, folder=folder, authority=authority, program=self.name, host=host
                )
                cases = tuple(work.judged(step) for step in self.steps(host, folder))
        return (Result(suite=self.name, version=version, way="https", cases=cases),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """A home folder in which the commands of one run keep what they know."""

    shop: CommerceEmulator
    operations: Operations
    folder: Path
    authority: Path
    program: str
    host: str

    def judged(self, step: Step) -> Case:
        self.shop.requests.clear()
        reason = self._reason(step)
        return judged(self.operations, step.name, reason, [asdict(row) for row in list(self.shop.requests)])

    def _reason(self, step: Step) -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "NO_PROXY": "localhost",
            "NODE_EXTRA_CA_CERTS": str(self.authority),
            "SFCC_LOGIN_URL": self.host,
            "SFCC_ALLOW_SELF_SIGNED": "1",
        }
        command: Sequence[str] = (str(MODULES / ".bin" / self.program), *step.arguments)
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return f"not done after {SECONDS} seconds"
        if done.returncode:
            return f"exit status {done.returncode}: {said(done.stdout + done.stderr)}"
        return "" if step.says in done.stdout else f"did not say '{step.says}': {said(done.stdout + done.stderr)}"


def _archive(folder: Path, name: str, files: dict[str, str]) -> str:
    """The name of a zip file in the folder that holds these files."""
    with ZipFile(folder / name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return name


def _sfcc_ci(host: str, folder: Path) -> Iterable[Step]:
    code = _archive(folder, f"{VERSION}.zip", {f"{VERSION}/app_judge/{path}": text for path, text in CARTRIDGE.items()})
    site = _archive(folder, "site.zip", {"site/version.txt": "1"})
    at = ("-i", host)
    yield Step(name="sign-in", arguments=("client:auth", ADMIN.client_id, str(ADMIN.secret)), says="succeeded")
    yield Step(name="instance added", arguments=("instance:add", host, "emulator", "-d"))
    yield Step(name="code versions", arguments=("code:list", *at), says="true")
    yield Step(name="code deployed", arguments=("code:deploy", code, *at), says="successfully")
    yield Step(name="deployed version listed", arguments=("code:list", *at), says=VERSION)
    yield Step(name="code activated", arguments=("code:activate", VERSION, *at), says="activated on")
    yield Step(name="archive uploaded", arguments=("instance:upload", site, *at), says="uploaded to")
    yield Step(name="site imported", arguments=("instance:import", site, "-s", *at), says="status : ok")
    yield Step(
        name="job run", arguments=("job:run", "sfcc-search-index-product-full-update", "-s", *at), says="status : ok"
    )


def _dwupload(host: str, folder: Path) -> Iterable[Step]:
    for path, text in CARTRIDGE.items():
        target = folder / "app_judge" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    person = ("--username", DEPLOYER.login, "--password", DEPLOYER.password)
    where = ("--hostname", host, "--code-version", "release_2", "--root", ".")
    yield Step(name="cartridge uploaded", arguments=(*where, *person, "--cartridge", "app_judge"))


TOOLS = (CommandLine(name="sfcc-ci", steps=_sfcc_ci), CommandLine(name="dwupload", steps=_dwupload))
