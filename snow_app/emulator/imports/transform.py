"""Transform maps at work: coalesce, field maps, scripts, and what became of each staging row.

For each map in its order: onStart; for each row the field maps, the map's script, onBefore, the write, onAfter; then
onComplete. Rows that cannot be matched because their coalesce fields are empty are skipped, unless the map creates
records then. Source: product documentation fluent-import-sets-api; the order within a row is unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from snow_app.emulator.errors import PlatformError
from snow_app.emulator.imports.mapping import CLEAR, Agreed, Mapping, Rejected
from snow_app.emulator.imports.scripting import MapScripts, Said, Target
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import stored

SHARED = 50
"""How many rows share one transaction of the script engine, whose time is limited and whose start costs."""

_COUNTED = {"inserted": "inserts", "updated": "updates", "ignored": "ignored", "skipped": "skipped", "error": "errors"}


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one map made of one staging row; `sys_id` is the target record's, empty when there is none."""

    transform_map: Row
    status: str
    table: str
    sys_id: str = ""
    error_message: str = ""
    status_message: str = ""
    response: dict[str, str] = field(default_factory=dict)


def maps_of(session: Session, table: str) -> list[Row]:
    """The active transform maps of a staging table, in their order."""
    rows = session.instance.records.all("sys_transform_map", source_table=table, active="true")
    return sorted(rows, key=lambda row: float(row["order"] or 100))


def transformed(session: Session, import_set: Row, rows: Sequence[Row]) -> dict[str, list[Outcome]]:
    """Run every active map over these staging rows and note in each what became of it. By row sys_id."""
    outcomes: dict[str, list[Outcome]] = {row["sys_id"]: [] for row in rows}
    for transform_map in maps_of(session, import_set["table_name"]):
        run = _Run(session, transform_map, import_set)
        for row, outcome in zip(rows, run.over(rows), strict=True):
            outcomes[row["sys_id"]].append(outcome)
    return outcomes


class _Run:
    """One map over the rows of an import set."""

    def __init__(self, session: Session, transform_map: Row, import_set: Row) -> None:
        self.session, self.map, self.import_set = session, transform_map, import_set
        self.instance, self.table = session.instance, transform_map["target_table"]
        self.entries = session.instance.records.all("sys_transform_entry", map=transform_map["sys_id"])
        self.scripts = MapScripts(session, transform_map, import_set)
        self.nothing = Target(table=self.table)

    def over(self, rows: Sequence[Row]) -> list[Outcome]:
        started = {"set": self.import_set["sys_id"], "sys_transform_map": self.map["sys_id"], "total": str(len(rows))}
        run = self.session.insert("sys_import_set_run", started, workflow=False, acl=False)
        said, scripts = Said(), self.instance.scripts
        self.scripts.event("onStart", {}, self.nothing, said)
        outcomes: list[Outcome] = []
        for start in range(0, len(rows), SHARED):
            with scripts.transaction(self.session) if scripts else nullcontext():
                outcomes += [self._noted(run, row, said) for row in rows[start : start + SHARED]]
        self.scripts.event("onComplete", {}, self.nothing, Said())
        counts = {name: str(sum(one.status == status for one in outcomes)) for status, name in _COUNTED.items()}
        done = {
            **counts,
            "processed": str(len(rows)),
            "completed": stored(self.instance.clock()),
            "state": "complete_with_errors" if counts["errors"] != "0" else "complete",
        }
        self.session.update("sys_import_set_run", run["sys_id"], done, workflow=False, acl=False)
        return outcomes

    def _noted(self, run: Row, row: Row, start: Said) -> Outcome:
        outcome = self._outcome(row, start)
        note = {
            "sys_import_state": outcome.status,
            "sys_import_state_comment": outcome.error_message or outcome.status_message,
            "sys_transform_map": self.map["sys_id"],
            "sys_target_table": outcome.table,
            "sys_target_sys_id": outcome.sys_id,
        }
        if outcome.error_message:
            problem = {
                "error_message": outcome.error_message, "import_set": self.import_set["sys_id"],
                "row": row["sys_id"], "run_history": run["sys_id"],
            }  # fmt: skip
            kept = self.session.insert("sys_import_set_row_error", problem, workflow=False, acl=False)
            note["sys_row_error"] = kept["sys_id"]
        self.session.update(self.import_set["table_name"], row["sys_id"], note, workflow=False, acl=False)
        return outcome

    def _outcome(self, row: Row, start: Said) -> Outcome:
        """The start's verdict holds for every row: a map that ignores or fails there transforms nothing."""
        said = Said(ignore=start.ignore, error=start.error, error_message=start.error_message)
        said.status_message = "Transform ignored by onStart script" if start.ignore else ""
        if said.ignore or said.error:
            return self._ended(said, "")
        if self.instance.dictionary.table(self.table) is None:
            said.error, said.error_message = True, f"Invalid target table {self.table}"
            return self._ended(said, "")
        try:
            return self._written(dict(row), said)
        except Rejected as rejected:
            said.error_message = str(rejected)
            self.scripts.event("onReject", dict(row), self.nothing, said)
            return self._outcome_of("skipped", said, "")
        except PlatformError as refusal:
            said.error_message = refusal.detail or refusal.message
            return self._outcome_of("error", said, "")

    def _written(self, source: Row, said: Said) -> Outcome:
        values = self._mapped(source)
        missing, previous = self._matched(values)
        if missing:
            said.error_message = f"Unable to resolve target record, coalesce values not present: {', '.join(missing)}"
            return self._outcome_of("skipped", said, "")
        target = self._prepared(values, previous)
        target = self.scripts.transform(source, target, said)
        if not (said.ignore or said.error):
            target = self.scripts.event("onBefore", source, target, said)
        if said.ignore and not said.status_message:
            said.status_message = "Row transform ignored by onBefore script"
        self._require(target, values, said)
        if said.ignore or said.error:
            return self._ended(said, previous["sys_id"] if previous else "")
        status, sys_id = self._stored(target)
        if status == "ignored":
            said.status_message = said.status_message or "No field values changed"
        after = self.instance.records.get(target.table, sys_id) or target.values
        self.scripts.event("onAfter", source, replace(target, values=after, previous=after), said)
        return self._ended(said, sys_id) if said.error else self._outcome_of(status, said, sys_id)

    def _prepared(self, values: dict[str, str], previous: Row | None) -> Target:
        """The matched record in its own class, or a new one with defaults, filled with what the field maps say."""
        if previous is None:
            return Target(table=self.table, values=self._defaults() | self._kept(values))
        table, whole = self.instance.records.whole(self.table, previous["sys_id"]) or (self.table, previous)
        return Target(table=table, values=whole | self._kept(values), previous=whole, action="update")

    def _mapped(self, source: Row) -> dict[str, str]:
        """Target field → value, for every field map that says something."""
        mapping = Mapping(self.session, self.table, self._agreement(source))
        values: dict[str, str] = {}
        for entry in self.entries:
            scripted = entry["use_source_script"] == "true"
            given = self.scripts.value(entry, source) if scripted else source.get(entry["source_field"], "")
            value = mapping.value(entry, given)
            if value is not None:
                values[entry["target_field"]] = value
        return values

    def _agreement(self, source: Row) -> Agreed:
        def agreed(event: str, value: str) -> bool:
            said = Said()
            self.scripts.event(event, source, self.nothing, said, value=value)
            return not said.ignore

        return agreed

    def _matched(self, values: dict[str, str]) -> tuple[list[str], Row | None]:
        """Coalesce fields that are empty where that matters, and the record the others find."""
        keys = [entry for entry in self.entries if entry["coalesce"] == "true"]
        if not keys:
            return [], None
        terms, exact = [], {}
        for entry in keys:
            name, value = entry["target_field"], values.get(entry["target_field"], "")
            if value not in ("", CLEAR):
                terms.append(f"{name}={value.replace('^', '^^')}")
                if entry["coalesce_case_sensitive"] == "true":
                    exact[name] = value
            elif entry["coalesce_empty_fields"] == "true":
                terms.append(f"{name}ISEMPTY")
        if not terms:
            if self.map["create_new_record_on_empty_coalesce_fields"] == "true":
                return [], None
            columns = self.instance.dictionary.columns(self.table)
            names = [entry["target_field"] for entry in keys]
            return [columns[name].label if name in columns else name for name in names], None
        found = self.session.query(self.table, "^".join(terms), acl=False)
        return [], next((row for row in found if all(row.get(name) == value for name, value in exact.items())), None)

    def _defaults(self) -> Row:
        columns = self.instance.dictionary.columns(self.table).values()
        return {one.name: one.default for one in columns if one.default and not one.default.startswith("javascript:")}

    def _kept(self, values: dict[str, str]) -> Row:
        """Empty source values count only where the map copies them, or where a source said NULL."""
        copied = self.map["copy_empty_fields"] == "true"
        return {name: "" if value == CLEAR else value for name, value in values.items() if value or copied}

    def _require(self, target: Target, values: dict[str, str], said: Said) -> None:
        enforced = self.map["enforce_mandatory_fields"]
        if enforced not in ("onlyMappedFields", "allFields") or said.ignore or said.error:
            return
        columns = self.instance.dictionary.columns(target.table)
        names = values if enforced == "onlyMappedFields" else columns
        empty = [columns[name].label for name in names if columns[name].mandatory and not target.values.get(name)]
        if empty:
            said.error, said.error_message = True, f"Mandatory fields are empty: {', '.join(empty)}"

    def _stored(self, target: Target) -> tuple[str, str]:
        workflow = self.map["run_business_rules"] != "false"
        previous = target.previous
        if previous is None:
            filled = {name: value for name, value in target.values.items() if value != ""}
            return "inserted", self.session.insert(target.table, filled, workflow=workflow, acl=False)["sys_id"]
        changed = {name: value for name, value in target.values.items() if previous.get(name, "") != value}
        sys_id = previous["sys_id"]
        written = self.session.update(target.table, sys_id, changed, workflow=workflow, acl=False)
        same = written.get("sys_mod_count") == previous.get("sys_mod_count")
        return ("ignored" if same else "updated"), sys_id

    def _ended(self, said: Said, sys_id: str) -> Outcome:
        return self._outcome_of("error" if said.error else "ignored", said, sys_id)

    def _outcome_of(self, status: str, said: Said, sys_id: str) -> Outcome:
        return Outcome(
            transform_map=self.map,
            status=status,
            table=self.table,
            sys_id=sys_id,
            error_message=said.error_message,
            status_message=said.status_message,
            response=said.response,
        )
