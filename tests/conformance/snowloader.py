"""snowloader's live tests. They are inside its source distribution, so the registry is all it needs."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from snow_app.emulator import ServiceNowEmulator
from tests.conformance import pytest_run
from tests.conformance.environment import interpreter, pip
from tests.conformance.suite import Case, Result

VERSION = "0.8.1"
REQUIREMENTS = (f"snowloader[langchain,llamaindex]=={VERSION}", "pytest>=8", "pytest-timeout")

EXPLAINED: Mapping[str, str] = {
    "tests.integration.test_live.test_incident_metadata_has_raw_cmdb_ci": (
        "wants a sys_id where the loader has put the display value since 0.3.0; it can only pass on an instance none "
        "of whose incidents names a configuration item"
    ),
}
"""Live tests that fail here, by name, with the reason."""


@dataclass(frozen=True, slots=True)
class Snowloader:
    """`tests.conformance.suite.Suite` for snowloader."""

    name: str = "snowloader"
    checkout: bool = False

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """One result. `checkout` is not used. Raises RuntimeError with one line when the registry does not answer."""
        python = interpreter(self.name, REQUIREMENTS)
        with tempfile.TemporaryDirectory(prefix="conformance-snowloader-") as folder:
            return (result(python, sources(python, Path(folder))),)


def sources(python: Path, folder: Path) -> Path:
    """The unpacked source distribution. Raises RuntimeError when the registry does not give it."""
    pip(python, "download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"snowloader=={VERSION}")
    with tarfile.open(folder / f"snowloader-{VERSION}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / f"snowloader-{VERSION}"


def result(python: Path, unpacked: Path) -> Result:
    """The live tests against an emulator of their own.

    snowloader wants a host that ends in letters, and its command line starts processes that must find it as well.
    """
    with ServiceNowEmulator() as emulator:
        environment = {
            "SNOW_INSTANCE": f"http://instance.localhost:{emulator.port}",
            "SNOW_USER": emulator.username,
            "SNOW_PASS": emulator.password,
        }
        found = pytest_run.cases(
            python,
            ("--timeout", "120", "--import-mode=importlib", "tests/integration"),
            folder=unpacked,
            environment=environment,
            plugins=("localhost",),
        )
    return Result(suite="snowloader", version=VERSION, way="http", cases=tuple(map(_explained, found)))


def _explained(case: Case) -> Case:
    reason = EXPLAINED.get(case.name) if case.outcome == "failed" else None
    return replace(case, reason=reason, explained=True) if reason else case
