"""The scripts of a transform map: field scripts, the map's own, and those of its events.

Variables that scripts read and set: product documentation r_TransformationScriptVariables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from snow_app.emulator.instance import Row, Session
from snow_app.emulator.values import text


@dataclass(slots=True, kw_only=True)
class Said:
    """What scripts said about the row in hand; `response` are fields they add to the answer."""

    ignore: bool = False
    error: bool = False
    error_message: str = ""
    status_message: str = ""
    response: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The record a row goes to; `previous` is None for one that is not stored yet, `action` is insert or update."""

    table: str
    values: Row = field(default_factory=dict)
    previous: Row | None = None
    action: str = "insert"


class MapScripts:
    """Runs scripts of one map. Without a script engine nothing runs and nothing changes."""

    def __init__(self, session: Session, transform_map: Row, import_set: Row) -> None:
        self._session, self._map, self._import_set = session, transform_map, import_set
        rows = session.instance.records.all("sys_transform_script", map=transform_map["sys_id"], active="true")
        self._events = sorted(rows, key=lambda row: float(row["order"] or 100))

    def value(self, entry: Row, source: Row) -> str:
        """The answer of a field map's source script."""
        ran = self._ran(entry, "source_script", {"source": (entry["source_table"], source)}, {"answer": None})
        if ran is None:
            return ""
        return text(ran["variables"]["answer"] if ran["variables"]["answer"] is not None else ran["value"])

    def transform(self, source: Row, target: Target, said: Said) -> Target:
        """The target as the map's own script leaves it."""
        if self._map["run_script"] != "true" or not self._map["script"].strip():
            return target
        return self._with_target(self._map, source, target, said)

    def event(self, name: str, source: Row, target: Target, said: Said, **more: str) -> Target:
        """The target as the scripts of an event leave it; they stop when one ignores the row or calls it an error."""
        for script in (row for row in self._events if row["when"] == name and row["script"].strip()):
            target = self._with_target(script, source, target, said, **more)
            if said.ignore or said.error:
                break
        return target

    def _with_target(self, script: Row, source: Row, target: Target, said: Said, **more: str) -> Target:
        records = {
            "source": (self._map["source_table"], source),
            "target": (target.table, target.values, target.previous),
        }
        variables = {
            "action": target.action,
            "ignore": said.ignore,
            "error": said.error,
            "error_message": said.error_message,
            "status_message": said.status_message,
            "response": dict(said.response),
            **more,
        }
        ran = self._ran(script, "script", records, variables)
        if ran is None:
            return target
        set_by_script = ran["variables"]
        said.ignore, said.error = (text(set_by_script[name]) == "true" for name in ("ignore", "error"))
        said.error_message, said.status_message = (
            text(set_by_script[name]) for name in ("error_message", "status_message")
        )
        added = set_by_script["response"]
        said.response = {name: text(value) for name, value in added.items()} if isinstance(added, dict) else {}
        source.update(ran["records"]["source"])
        return replace(target, values=ran["records"]["target"])

    def _ran(
        self, script: Row, column: str, records: Mapping[str, tuple[Any, ...]], variables: dict[str, Any]
    ) -> dict[str, Any] | None:
        scripts = self._session.instance.scripts
        if scripts is None:
            return None
        everything = {
            "map": ("sys_transform_map", self._map),
            "import_set": ("sys_import_set", self._import_set),
            **records,
        }
        return scripts.transform(
            self._session, script, column, source=self._map["name"], records=everything, variables=variables
        )
