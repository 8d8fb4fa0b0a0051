"""Every task: what closing and resolving set, what reopening clears, counters, and the tasks below a closed one.

Values and states: platform documentation of task, incident, problem, change and case. The kinds of task have rooms of
their own beside this one.
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, follow, hook
from snow_app.emulator.query.moments import stored

PRIORITY: Final = {
    ("1", "1"): "1", ("1", "2"): "2", ("1", "3"): "3",
    ("2", "1"): "2", ("2", "2"): "3", ("2", "3"): "4",
    ("3", "1"): "3", ("3", "2"): "4", ("3", "3"): "5",
}  # fmt: skip
"""(impact, urgency) → priority."""

CLOSED_STATES: Final = {
    "task": frozenset({"3", "4", "7"}),
    "incident": frozenset({"7", "8"}),
    "problem": frozenset({"107", "4"}),
    "problem_task": frozenset({"157"}),
    "change_request": frozenset({"3", "4"}),
    "change_task": frozenset({"3", "4"}),
    "sn_customerservice_case": frozenset({"3"}),
}
RESOLVED_STATES: Final = {
    "incident": frozenset({"6"}),
    "problem": frozenset({"106"}),
    "sn_customerservice_case": frozenset({"6"}),
}

_OWN_LIFE: Final = frozenset({"incident", "problem", "change_request", "sn_customerservice_case"})
"""Tasks that do not close because the one above them does."""


def closed_states(write: Write) -> frozenset[str]:
    """The states in which a task of this class is closed."""
    for table in write.session.instance.dictionary.lineage(write.table):
        if table in CLOSED_STATES:
            return CLOSED_STATES[table]
    return frozenset()


@hook(BEFORE, "incident", "insert", "update")
@hook(BEFORE, "problem", "insert", "update")
def set_priority(write: Write) -> None:
    """The matrix decides; a priority that was written is overwritten."""
    row = write.current
    row["priority"] = PRIORITY.get((row.get("impact", ""), row.get("urgency", "")), "5")


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
        _reopened(row, now, user)


def _reopened(row: dict[str, str], now: str, user: str) -> None:
    row |= {"active": "true", "closed_at": "", "closed_by": ""}
    if "resolved_at" in row:
        row |= {"resolved_at": "", "resolved_by": ""}
    if "reopen_count" in row:
        row["reopen_count"] = str(int(row["reopen_count"] or 0) + 1)
    stamps = {"reopened_at": now, "reopened_time": now, "reopened_by": user}
    row.update({name: value for name, value in stamps.items() if name in row})


@hook(BEFORE, "task", "update")
def count_reassignments(write: Write) -> None:
    before = write.previous or {}
    moved = before.get("assignment_group") and write.changed("assignment_group")
    if moved or (before.get("assigned_to") and write.changed("assigned_to")):
        write.current["reassignment_count"] = str(int(write.current.get("reassignment_count") or 0) + 1)


@hook(BEFORE, "task", "insert")
def set_effective_number(write: Write) -> None:
    write.current["task_effective_number"] = write.current.get("number", "")


@hook(AFTER, "task", "update")
def close_tasks_below(write: Write) -> None:
    """Open tasks whose `parent` was closed close with it, in the same state where their class has it."""
    if not write.entered("active", "false"):
        return
    session = write.session
    for task in session.instance.records.all("task", parent=write.current["sys_id"], active="true"):
        lineage = session.instance.dictionary.lineage(task["sys_class_name"])
        if _OWN_LIFE.isdisjoint(lineage):
            closed = next(CLOSED_STATES[table] for table in lineage if table in CLOSED_STATES)
            state = write.current["state"] if write.current["state"] in closed else min(closed)
            follow(session, task["sys_class_name"], task["sys_id"], {"state": state})
