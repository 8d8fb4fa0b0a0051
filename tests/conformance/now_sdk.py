"""ServiceNow's own SDK builds what the exporter writes, without a network, and says the same as our rows.

It is 363 MB of packages, so it is installed by this suite and by nothing else: from ``now_sdk/package-lock.json`` into
``build/now-sdk``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lxml import etree

from snow_app.app import AppParameters, Facts
from snow_app.install import FluentProject, exported, fluent_project
from snow_app.records.record import Row
from tests.conformance.suite import Case, Result

ROOT = Path(__file__).parents[2]
PINNED = Path(__file__).with_suffix("")
INSTALLED = ROOT / "build" / "now-sdk"
SECONDS = 600

Built = Mapping[tuple[str, str], Mapping[str, str]]
"""Columns by (table, sys_id)."""

_PARAMETERS = AppParameters()
# What a build makes up anew each time: the bill of materials (times, serial number).
_MADE_UP = frozenset({"sys_module"})
# Columns that `Table()` leaves to their default.
_LEFT_OUT = {("sys_db_object", "configuration_access"): "false"}
_PLANTED = {
    "a wrong column": ("sys_ui_macro", "active: true,", "active: true,\n        zz_bogus: true,", "zz_bogus"),
    "a wrong choice": ("sys_rest_message", "'basic'", "'bassic'", "bassic"),
    "a missing mandatory column": ("sys_ui_formatter", "type: 'formatter',", "", "type"),
}


class NowSdk:
    """`now-sdk` 4.9.0 on the projects and update sets of the exporter."""

    name = "now-sdk"
    checkout = False

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """One way, offline. Raises RuntimeError when the SDK cannot be installed or no network can be taken away."""
        version = _installed()
        _offline("true")
        with tempfile.TemporaryDirectory() as folder:
            cases = [_judged(name, check, Path(folder) / str(number)) for number, (name, check) in enumerate(_checks())]
        return (Result(suite=self.name, version=version, way="offline", cases=tuple(cases)),)


Check = Callable[[Path], str]
"""Says what is wrong in the folder it may use; nothing when all is well."""


def _judged(name: str, check: Check, folder: Path) -> Case:
    folder.mkdir()
    reason = check(folder)
    return Case(name=name, outcome="failed" if reason else "passed", reason=reason)


def _checks() -> Iterator[tuple[str, Check]]:
    projects = {
        "access rules": fluent_project(_PARAMETERS),
        "whole app with CSM": fluent_project(_PARAMETERS, Facts(csm=True), everything=True),
        "whole app without CSM": fluent_project(_PARAMETERS, Facts(), everything=True),
    }
    for name, project in projects.items():
        yield f"build, frozen keys: {name}", _builds(project)
    whole = projects["whole app with CSM"]
    yield "a second build of the same project is the same", lambda folder: _twice(whole, folder)
    yield "an update set, transformed and built, has the same rules, roles and actions", _round_trip
    for name, (table, old, new, said) in _PLANTED.items():
        yield f"{name} is refused", _refuses(whole, table, old, new, said)


def _builds(project: FluentProject) -> Check:
    def check(folder: Path) -> str:
        _written(project, folder)
        return _built(folder) or _missing(project.rows, _records(folder))

    return check


def _twice(project: FluentProject, folder: Path) -> str:
    _written(project, folder)
    records = []
    for _ in range(2):
        reason = _built(folder)
        if reason:
            return reason
        records.append({key: row for key, row in _records(folder).items() if key[0] not in _MADE_UP})
    return _difference(*records)


def _round_trip(folder: Path) -> str:
    """Payloads as files, transformed to Fluent by the SDK, built again: what only a package brings, and the roles."""
    file = exported(_PARAMETERS, Facts(csm=True), everything=True)
    project = fluent_project(_PARAMETERS)
    for name in ("now.config.json", "package.json"):
        (folder / name).write_text(project.files[name], encoding="utf-8")
    payloads = folder / "payloads"
    payloads.mkdir()
    for update in etree.fromstring(file.document).iter("sys_update_xml"):
        (payloads / f"{update.findtext('name')}.xml").write_text(str(update.findtext("payload")), encoding="utf-8")
    _linked(folder)
    reason = _command(folder, "transform", "--from", str(payloads)) or _command(folder, "build")
    roles = ("sys_user_role", "sys_user_role_contains")
    kept = tuple(row for row in file.rows if row.channel == "package" or row.table in roles)
    return reason or _missing(kept, _records(folder))


def _refuses(project: FluentProject, table: str, old: str, new: str, said: str) -> Check:
    """A build of the project with one mistake in the source of a table."""

    def check(folder: Path) -> str:
        path = f"src/fluent/{table}.now.ts"
        planted = project.files[path].replace(old, new, 1)
        if planted == project.files[path]:
            return f"nothing to spoil in {path}"
        _written(FluentProject(rows=project.rows, files={**project.files, path: planted}), folder)
        reason = _built(folder)
        return "" if said in reason else f"it was built, or refused for another reason: {reason or 'no reason'}"

    return check


def _missing(rows: tuple[Row, ...], built: Built) -> str:
    """The first record or value of ours that the build has not; line ends after the last word do not count."""
    for row in rows:
        found = built.get((row.table, row.sys_id))
        if found is None:
            return f"{row.label} is not in the build"
        for column, value in {**row.initial, **row.values}.items():
            built_value = found.get(column, _LEFT_OUT.get((row.table, column), ""))
            if built_value.rstrip() != value.rstrip():
                return f"{row.label}: {column} is {found.get(column)!r} in the build, not {value!r}"
    return ""


def _difference(first: Built, second: Built) -> str:
    for key in sorted({*first, *second}):
        if first.get(key) != second.get(key):
            return f"{' '.join(key)} differs"
    return ""


def _records(folder: Path) -> Built:
    """Every record of the built files, empty columns left out."""
    records: dict[tuple[str, str], Mapping[str, str]] = {}
    for path in sorted((folder / "dist" / "app").rglob("*.xml")):
        for element in etree.parse(str(path)).iter(etree.Element):
            sys_id = element.findtext("sys_id")
            if sys_id:
                columns = {str(column.tag): "".join(map(str, column.itertext())) for column in element}
                records[str(element.tag), sys_id] = {name: value for name, value in columns.items() if value}
    return records


def _written(project: FluentProject, folder: Path) -> None:
    for name, text in project.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    _linked(folder)


def _linked(folder: Path) -> None:
    (folder / "node_modules").symlink_to(INSTALLED / "node_modules")


def _built(folder: Path) -> str:
    return _command(folder, "build", "--frozenKeys")


def _command(folder: Path, *words: str) -> str:
    """Run ``now-sdk`` without a network; its errors in one line when it fails."""
    done = _offline("npx", "--no-install", "now-sdk", *words, folder=folder)
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stdout.splitlines() + done.stderr.splitlines() if "ERROR" in line]
    return " ".join(" ".join(lines or [f"exit status {done.returncode}"]).split())


def _offline(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command in a network namespace of its own. Raises RuntimeError where this machine allows none."""
    taken = ["unshare", "--map-root-user", "--net"]
    tried = subprocess.run([*taken, "true"], capture_output=True, check=False) if shutil.which("unshare") else None
    if tried is None or tried.returncode != 0:
        raise RuntimeError("this machine cannot take the network away (unshare --net), so nothing would be proved")
    return subprocess.run([*taken, *command], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)


def _installed() -> str:
    """The SDK's version, once it is in `INSTALLED` as the lock file says."""
    lock = (PINNED / "package-lock.json").read_bytes()
    mark, wanted = INSTALLED / "installed", hashlib.sha256(lock).hexdigest()
    if not mark.exists() or mark.read_text() != wanted:
        if shutil.which("npm") is None:
            raise RuntimeError("npm is missing: install Node 20 or newer")
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(PINNED / name, INSTALLED / name)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"the SDK could not be installed: {' '.join(done.stderr.split())[-300:]}")
        mark.write_text(wanted)
    package = json.loads((INSTALLED / "node_modules/@servicenow/sdk/package.json").read_text(encoding="utf-8"))
    return str(package["version"])
