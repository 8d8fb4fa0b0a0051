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
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from snow_app.emulator import ServiceNowEmulator
from tests.conformance.ansible_instance import furnish
from tests.conformance.suite import Case, Result

ANSIBLE_CORE = "2.19.14"
VENV = Path("build/conformance/ansible")
SECONDS = 900
"""Longest a target may take."""

OUT_OF_SCOPE = {
    "api_authentication": "wants client certificates and the instance's own sign-in set-up",
    "itsm_service_catalog": "orders through the Service Catalog API, which the emulator has not",
    "itsm_service_catalog_info": "reads through the Service Catalog API, which the emulator has not",
}
"""Targets that are not run, with the reason."""

HELPERS = frozenset({"prepare_test_vars"})

_PLAY = """
- hosts: localhost
  gather_facts: {facts}
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
        if checkout is None or not (checkout / "tests" / "integration" / "targets").is_dir():
            raise RuntimeError("the ansible suite needs the path of a checkout of ansible-collections/servicenow.itsm")
        binaries = ansible()
        with tempfile.TemporaryDirectory(prefix="itsm-") as folder:
            copy = Path(folder) / "ansible_collections" / "servicenow" / "itsm"
            shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(".git", "build"))
            targets = sorted(path.name for path in (copy / "tests" / "integration" / "targets").iterdir())
            wanted = [name for name in targets if name not in HELPERS and (not only or name in only)]
            cases = tuple(_case(binaries, Path(folder), copy, name) for name in wanted)
        return Result(suite=self.name, version=_version(checkout), way="http", cases=cases)


def ansible() -> Path:
    """The folder of the ansible commands, in a virtual environment of their own made when it is missing."""
    folder = VENV.resolve()
    binaries = folder / "bin"
    if not (binaries / "ansible-playbook").exists():
        venv.create(folder, with_pip=True)
        command = [str(binaries / "python"), "-m", "pip", "install", "-q", f"ansible-core=={ANSIBLE_CORE}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or "no output").splitlines()[-1]
            raise RuntimeError(f"ansible-core {ANSIBLE_CORE} could not be installed: {last}")
    return binaries


def _version(checkout: Path) -> str:
    found = re.search(r"^version:\s*(\S+)", (checkout / "galaxy.yml").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "unknown"


def _case(binaries: Path, folder: Path, copy: Path, target: str) -> Case:
    if target in OUT_OF_SCOPE:
        return Case(name=target, outcome="skipped", reason=OUT_OF_SCOPE[target])
    with ServiceNowEmulator() as emulator:
        furnish(emulator.url, emulator.username, emulator.password)
        settings = {"sn_host": emulator.url, "sn_username": emulator.username, "sn_password": emulator.password}
        config = copy / "tests" / "integration" / "integration_config.yml"
        config.write_text(json.dumps(settings), encoding="utf-8")
        try:
            done = _played(binaries, folder, copy, target)
        except subprocess.TimeoutExpired:
            return Case(name=target, outcome="failed", reason=f"not done after {SECONDS} seconds")
    if done.returncode == 0:
        return Case(name=target, outcome="passed")
    if os.environ.get("CONFORMANCE_OUTPUT"):
        Path(os.environ["CONFORMANCE_OUTPUT"], f"{target}.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return Case(name=target, outcome="failed", reason=_reason(done.stdout) or _last_line(done.stderr))


def _played(binaries: Path, folder: Path, copy: Path, target: str) -> subprocess.CompletedProcess[str]:
    """One run of a target, in its own home folder so that no other set-up is read."""
    play = folder / f"{target}.yml"
    play.write_text(_PLAY.format(target=target, facts="true"), encoding="utf-8")
    environment = {
        "PATH": f"{binaries}:/usr/bin:/bin",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "127.0.0.1",
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
        "ANSIBLE_ROLES_PATH": str(copy / "tests" / "integration" / "targets"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false",
    }
    command = [
        str(binaries / "ansible-playbook"), str(play), "-i", "localhost,", "-c", "local",
        "-e", f"ansible_python_interpreter={binaries / 'python'}",
    ]  # fmt: skip
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )


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
    """(task, what is printed below its heading), of the default callback."""
    for part in re.split(r"^TASK ", output, flags=re.MULTILINE)[1:]:
        heading, _, block = part.partition("\n")
        at = re.search(r"^(?:fatal|failed): ", block, re.MULTILINE)
        yield heading.strip("*[] "), block[at.start() :] if at else ""


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1][:300] if text.strip() else "no output"


if __name__ == "__main__":
    for case in AnsibleCollection().result(Path(sys.argv[1]), frozenset(sys.argv[2:])).cases:
        print(f"{case.outcome:8} {case.name:40} {case.reason}", flush=True)
