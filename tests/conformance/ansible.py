"""The Ansible collection `servicenow.itsm`: its integration targets, each against an emulator of its own.

The collection is GPL-3: it is run from a copy of the checkout in a process of its own, nothing of it is part of this
project. Its modules talk to the Table API the way playbooks in the field do.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from snow_app.emulator import ServiceNowEmulator
from tests.conformance.ansible_instance import furnish
from tests.conformance.environment import interpreter
from tests.conformance.suite import Case, Result

REQUIREMENTS = ("ansible-core==2.19.14",)
SECONDS = 900
"""Longest a target may take."""

TARGETS = Path("tests/integration/targets")

OUT_OF_SCOPE = {
    "api_authentication": "ends in sign-in by client certificate, which plain HTTP has not",
    "inventory/api_key": "its condition names a variable that the collection never sets",
    "inventory/client_certificate_auth": "needs sign-in by client certificate, which plain HTTP has not",
    "itsm_service_catalog": "orders through the Service Catalog API, which the emulator has not",
    "itsm_service_catalog_info": "reads through the Service Catalog API, which the emulator has not",
}
"""Targets that are not run, with the reason."""

SLOW = {"itsm_misc": 2.0}
"""Targets that want an instance which takes its time: seconds an answer takes."""

INVENTORY = "inventory"
"""The target that is no role: a set-up, then one play for each of its tests, with the inventory as instance."""

HELPERS = frozenset({"prepare_test_vars", INVENTORY})

_PLAY = """
- hosts: localhost
  tasks:
    - include_role: {{name: "{target}"}}
"""
_FAILED = re.compile(r"^(?:fatal|failed): \[localhost\].*?: [A-Z]+! => (.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AnsibleCollection:
    """`tests.conformance.suite.Suite` for the collection."""

    name: str = "ansible"
    checkout: bool = True

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """One case for each integration target, on plain HTTP. Raises RuntimeError when it cannot be started."""
        return (self.result(checkout),)

    def result(self, checkout: Path | None, only: frozenset[str] = frozenset()) -> Result:
        """The targets of these names, or all."""
        if checkout is None or not (checkout / TARGETS).is_dir():
            raise RuntimeError("the ansible suite needs the path of a checkout of ansible-collections/servicenow.itsm")
        python = interpreter(self.name, REQUIREMENTS)
        with tempfile.TemporaryDirectory(prefix="itsm-") as folder:
            collection = _Collection(binaries=python.parent, folder=Path(folder).resolve())
            shutil.copytree(checkout, collection.copy, ignore=shutil.ignore_patterns(".git", "build"))
            wanted = [name for name in collection.targets() if not only or name in only]
            cases = tuple(_case(collection, name) for name in wanted)
        return Result(suite=self.name, version=_version(checkout), way="http", cases=cases)


def _version(checkout: Path) -> str:
    found = re.search(r"^version:\s*(\S+)", (checkout / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Collection:
    """A copy of the collection where ansible finds it, in a folder that is also the home of every run."""

    binaries: Path
    folder: Path

    @property
    def copy(self) -> Path:
        return self.folder / "ansible_collections" / "servicenow" / "itsm"

    def targets(self) -> list[str]:
        """Names of the role targets, and of the inventory's tests after ``inventory/``."""
        tests = (self.copy / TARGETS / INVENTORY / "tests").glob("*.yml")
        roles = {path.name for path in (self.copy / TARGETS).iterdir()} - HELPERS
        return sorted(roles | {f"{INVENTORY}/{path.stem}" for path in tests})

    def played(self, target: str) -> subprocess.CompletedProcess[str]:
        """Run a role target. Raises subprocess.TimeoutExpired."""
        play = self.folder / f"{target}.yml"
        play.write_text(_PLAY.format(target=target), encoding="utf-8")
        return self._playbook(self.folder, str(play), "-i", "localhost,", "-c", "local")

    def inventoried(self, test: str) -> subprocess.CompletedProcess[str]:
        """Run a test of the inventory plugin after its set-up. Raises subprocess.TimeoutExpired."""
        folder = self.copy / TARGETS / INVENTORY
        done = self._playbook(folder, "setup.yml")
        if done.returncode:
            return done
        inventory = f"test_session/inventories/{test}.now.yml"
        enabled = {"ANSIBLE_INVENTORY_ENABLED": "servicenow.itsm.now"}
        return self._playbook(folder, "-i", inventory, "-e", f"test_name={test}", "test.yml", **enabled)

    def _playbook(self, where: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.binaries}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "NO_PROXY": "127.0.0.1",
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder),
            "ANSIBLE_ROLES_PATH": str(self.copy / TARGETS),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "local"),
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false",
        }
        interpreter = f"ansible_python_interpreter={self.binaries / 'python'}"
        command = [str(self.binaries / "ansible-playbook"), "-e", interpreter, *arguments]
        return subprocess.run(
            command, env=environment | more, cwd=where, capture_output=True, text=True, timeout=SECONDS, check=False
        )


def _case(collection: _Collection, target: str) -> Case:
    """What became of one target. Where CONFORMANCE_OUTPUT names a folder, what ansible printed is kept there."""
    if target in OUT_OF_SCOPE:
        return Case(name=target, outcome="skipped", reason=OUT_OF_SCOPE[target])
    with ServiceNowEmulator() as emulator:
        furnish(emulator.url, emulator.username, emulator.password)
        if target in SLOW:
            emulator.faults.add(path="/api/", delay=SLOW[target])
        settings = {
            "sn_host": emulator.url,
            "sn_username": emulator.username,
            "sn_password": emulator.password,
            "sn_client_id": "local-client",
            "sn_client_secret": "local-secret",
            "sn_client_certificate_file": "",
            "sn_client_key_file": "",
        }
        config = collection.copy / "tests" / "integration" / "integration_config.yml"
        config.write_text(json.dumps(settings), encoding="utf-8")
        kind, _, test = target.partition("/")
        try:
            done = collection.inventoried(test) if kind == INVENTORY else collection.played(target)
        except subprocess.TimeoutExpired:
            return Case(name=target, outcome="failed", reason=f"not done after {SECONDS} seconds")
    kept = os.environ.get("CONFORMANCE_OUTPUT")
    if kept:
        Path(kept, f"{target.replace('/', '-')}.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode == 0 and _tasks_done(done.stdout):
        return Case(name=target, outcome="passed")
    return Case(name=target, outcome="failed", reason=_reason(done.stdout) or _last_line(done.stderr))


def _tasks_done(output: str) -> bool:
    """A play in which nothing ran proves nothing."""
    return re.search(r"^localhost\s+: ok=[1-9]", output, re.MULTILINE) is not None


def _reason(output: str) -> str:
    """The task that stopped the play and its message, in one line."""
    for task, block in _tasks(output):
        found = _FAILED.match(block)
        if found and "...ignoring" not in block:
            try:
                answer, _ = json.JSONDecoder().raw_decode(found.group(1))
            except ValueError:
                answer = {"msg": found.group(1)}
            said = answer.get("assertion") or answer.get("msg") or answer.get("message") or ""
            return f"{task}: {said}".replace("\n", " ")[:300]
    return ""


def _tasks(output: str) -> Iterator[tuple[str, str]]:
    """(task, what is printed below its heading from the first failure on), of the default callback."""
    for part in re.split(r"^TASK ", output, flags=re.MULTILINE)[1:]:
        heading, _, block = part.partition("\n")
        at = re.search(r"^(?:fatal|failed): ", block, re.MULTILINE)
        yield heading.strip("*[] "), block[at.start() :] if at else ""


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1][:300] if text.strip() else "no output"


if __name__ == "__main__":
    for case in AnsibleCollection().result(Path(sys.argv[1]), frozenset(sys.argv[2:])).cases:
        print(f"{case.outcome:8} {case.name:40} {case.reason}", flush=True)
