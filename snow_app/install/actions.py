"""Which of the app's rows are one action of Flow Designer: the platform moves such an action as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from snow_app.records.action import ACTION, SCRIPT_VARIABLE, STEP
from snow_app.records.record import Row

# Columns through which a record points at the action or step that it is part of; a name ends in the sys_id.
_OWNERS = ("action", "model", "document_key", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAction:
    """An action with every record it is made of, its own first."""

    action: Row
    parts: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return (self.action, *self.parts)

    def of(self, table: str) -> tuple[Row, ...]:
        """The parts of one table, those that every action has left out."""
        found = (row for row in self.parts if row.table == table)
        return tuple(row for row in found if not row.values.get("element", "").startswith("__"))

    @property
    def internal_name(self) -> str:
        return self.action.values["internal_name"]

    @property
    def step(self) -> Row:
        return self.of(STEP)[0]

    @property
    def script(self) -> str:
        (value,) = (row for row in self.of("sys_variable_value") if row.values["variable"] == SCRIPT_VARIABLE)
        return value.values["value"]


def own_actions(rows: tuple[Row, ...]) -> tuple[OwnAction, ...]:
    """The actions among these rows, each with its parts."""
    known = {row.sys_id: row for row in rows if row.table in (ACTION, STEP)}
    owners = {row.sys_id: _owner(row, known) for row in rows if row.table != ACTION}
    return tuple(
        OwnAction(action=row, parts=tuple(one for one in rows if owners.get(one.sys_id) == row.sys_id))
        for row in rows
        if row.table == ACTION
    )


def _owner(row: Row, known: Mapping[str, Row]) -> str:
    """The sys_id of the action a row is part of; empty for any other row."""
    pointed = (*(row.values.get(column, "") for column in _OWNERS), row.values.get("name", "")[-32:])
    target = next((known[value] for value in pointed if value in known), None)
    if target is None:
        return ""
    return target.sys_id if target.table == ACTION else target.values["action"]
