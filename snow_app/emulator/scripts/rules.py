"""Business rules (``sys_script``): which run for an operation, and whether their conditions hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snow_app.emulator.model import Row

from .crossscope import may_run
from .errors import Place

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session

# async_always differs from async only in what happens during import sets, which have no rules here.
_WHEN = {"async": ("async", "async_always")}


def _advanced(row: Row, column: str) -> str:
    """A script of an advanced rule as it stands (its lines count), empty when it is blank."""
    source = row.get(column, "") if row.get("advanced") == "true" else ""
    return source if source.strip() else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sys_script row. `scope` is a sys_id; `template` is "field=value^…^EQ"."""

    sys_id: str
    name: str
    scope: str
    when: str
    order: float
    script: str
    condition: str
    filter_condition: str
    roles: tuple[str, ...]
    template: str
    aborts: bool
    message: str

    @classmethod
    def of_row(cls, row: Row) -> Rule:
        return cls(
            sys_id=row["sys_id"],
            name=row.get("name", ""),
            scope=row.get("sys_scope", ""),
            when=row.get("when", ""),
            order=float(row.get("order") or 100),
            script=_advanced(row, "script"),
            condition=_advanced(row, "condition"),
            filter_condition=row.get("filter_condition", ""),
            roles=tuple(role.strip() for role in row.get("role_conditions", "").split(",") if role.strip()),
            template=row.get("template", ""),
            aborts=row.get("abort_action") == "true",
            message=row.get("message", "") if row.get("add_message") == "true" else "",
        )

    def place(self, field: str = "script") -> Place:
        return Place(table="sys_script", sys_id=self.sys_id, name=self.name, field=field)

    def set_values(self, current: Row) -> Row:
        """What "Set field values" writes; "SAMEAS" copies another field."""
        out: Row = {}
        for part in self.template.split("^"):
            name, _, value = part.partition("=")
            if name and name != "EQ":
                out[name] = current.get(value[6:], "") if value.startswith("SAMEAS") else value
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is being done to a record; `op` is an Operation or "display"."""

    op: str
    table: str
    current: Row
    previous: Row | None

    def given(self, rule: Rule, current: Row) -> dict[str, Any]:
        """`current` and `previous` as entry.js takes them; asynchronous scripts have no `previous`."""
        fresh = self.op == "insert" and rule.when == "before"
        before = self.current if self.op == "display" else self.previous
        return {
            "current": {"table": self.table, "values": current, "previous": before or {}, "is_new": fresh},
            "previous": None
            if rule.when == "async" or self.previous is None
            else {"table": self.table, "values": self.previous, "previous": self.previous},
            "operation": self.op,
        }


class Rules:
    """The active rules of an instance, read when asked: a rule holds from the moment it is stored."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    def of(self, table: str, when: str, op: str | None) -> list[Rule]:
        """The rules of a table and of those it extends, in their order. `op` None is a display."""
        wanted, action = _WHEN.get(when, (when,)), f"action_{op}"
        rows = [
            row
            for name in self._instance.dictionary.lineage(table)
            for row in self._instance.records.all("sys_script", collection=name, active="true")
            if row["when"] in wanted and (op is None or row.get(action) == "true") and may_run(self._instance, row)
        ]
        return sorted(map(Rule.of_row, rows), key=lambda rule: (rule.order, rule.name))

    def matches(self, rule: Rule, work: Work, session: Session) -> bool:
        """Whether the filter condition holds; on insert every filled field has changed, from nothing.

        A query has no record yet, so that nothing is asked of one.
        """
        if not rule.filter_condition or work.op == "query":
            return True
        before = work.previous if work.previous is not None else ({} if work.op == "insert" else work.current)
        return session.matches(work.table, work.current, rule.filter_condition, before)
