"""Tasks: priority from impact and urgency, what closing and resolving set, counters.

Values and states: platform documentation of incident, problem, change and case.
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.behaviour.write import BEFORE, Write, hook
from snow_app.emulator.errors import Aborted
from snow_app.emulator.query.moments import stored
from snow_app.emulator.schema.declared import sys_id_of

PRIORITY: Final = {
    ("1", "1"): "1", ("1", "2"): "2", ("1", "3"): "3",
    ("2", "1"): "2", ("2", "2"): "3", ("2", "3"): "4",
    ("3", "1"): "3", ("3", "2"): "4", ("3", "3"): "5",
}  # fmt: skip
"""(impact, urgency) → priority."""

CLOSED_STATES: Final = {
    "task": frozenset({"3", "4", "7"}),
    "incident": frozenset({"7", "8"}),
    "problem": frozenset({"107"}),
    "problem_task": frozenset({"157"}),
    "change_request": frozenset({"3", "4"}),
    "change_task": frozenset({"3", "4"}),
    "sn_customerservice_case": frozenset({"3"}),
}
RESOLVED_STATES: Final = {"incident": frozenset({"6"}), "sn_customerservice_case": frozenset({"6"})}


def closed_states(write: Write) -> frozenset[str]:
    """The states in which a task of this class is closed."""
    for table in write.session.instance.dictionary.lineage(write.table):
        if table in CLOSED_STATES:
            return CLOSED_STATES[table]
    return frozenset()


@hook(BEFORE, "incident", "insert", "update")
def set_priority(write: Write) -> None:
    """The matrix decides; a priority that was written is overwritten."""
    row = write.current
    row["priority"] = PRIORITY.get((row.get("impact", ""), row.get("urgency", "")), "5")


@hook(BEFORE, "incident", "insert", "update")
def keep_incident_state(write: Write) -> None:
    """`state` and `incident_state` are one; the one that was written wins."""
    row = write.current
    if write.changed("incident_state") and "incident_state" in write.given and "state" not in write.given:
        row["state"] = row["incident_state"]
    row["incident_state"] = row["state"]


@hook(BEFORE, "sn_customerservice_case", "update")
def refuse_closed_case(write: Write) -> None:
    """A closed case stays as it is."""
    if write.previous and write.previous.get("state") == "3":
        name = "Prevent update of closed case"
        raise Aborted(write.table, ((name, sys_id_of("sys_script", name)),))


@hook(BEFORE, "sn_customerservice_case", "update")
def reopen_on_comment(write: Write) -> None:
    """The customer answered: a case that awaited that opens again."""
    customer = write.current.get("contact") or write.current.get("consumer")
    if write.current.get("comments") and write.current["state"] == "18" and write.session.user.sys_id == customer:
        write.current["state"] = "10"


@hook(BEFORE, "task", "insert", "update")
def close_and_resolve(write: Write) -> None:
    """Set and clear who resolved and closed it, and whether it is active."""
    row, closed = write.current, closed_states(write)
    if not closed or not write.changed("state"):
        return
    before = write.previous.get("state", "") if write.previous else ""
    now, user = stored(write.session.instance.clock()), write.session.user.sys_id
    resolved = RESOLVED_STATES.get(write.table, frozenset())
    if row["state"] in resolved | (closed if "resolved_at" in row else frozenset()) and before not in resolved:
        row["resolved_at"] = row.get("resolved_at") or now
        row["resolved_by"] = row.get("resolved_by") or user
    if row["state"] in closed:
        row["active"] = "false"
        row["closed_at"] = row.get("closed_at") or now
        row["closed_by"] = row.get("closed_by") or user
    elif before in closed | resolved and row["state"] not in resolved:
        row |= {"active": "true", "closed_at": "", "closed_by": ""}
        if "resolved_at" in row:
            row |= {"resolved_at": "", "resolved_by": ""}
        if "reopen_count" in row:
            row["reopen_count"] = str(int(row["reopen_count"] or 0) + 1)


@hook(BEFORE, "task", "update")
def count_reassignments(write: Write) -> None:
    before = write.previous or {}
    moved = before.get("assignment_group") and write.changed("assignment_group")
    if moved or (before.get("assigned_to") and write.changed("assigned_to")):
        write.current["reassignment_count"] = str(int(write.current.get("reassignment_count") or 0) + 1)


@hook(BEFORE, "task", "insert")
def set_effective_number(write: Write) -> None:
    write.current["task_effective_number"] = write.current.get("number", "")
