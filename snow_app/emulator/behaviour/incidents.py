"""Incidents: one state in two columns, waiting for the caller, children that follow their parent, counters.

Source: product documentation c_IncidentManagementStateModel and parent-child-state-sync. Any state may follow any
other; what resolving and closing need is a data policy.
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, follow, hook

IN_PROGRESS, ON_HOLD, RESOLVED = "2", "3", "6"
AWAITING_CALLER: Final = "1"

_FOLLOWED: Final = {
    IN_PROGRESS: (),
    ON_HOLD: ("hold_reason",),
    RESOLVED: ("close_code", "close_notes"),
}
"""States of a parent that its children take over → the columns that go with them."""

_COUNTED: Final = {
    "parent_incident": ("incident", "child_incidents"),
    "problem_id": ("problem", "related_incidents"),
}
"""Reference → the table it points at and the column that counts there."""


@hook(BEFORE, "incident", "insert", "update")
def keep_incident_state(write: Write) -> None:
    """`state` and `incident_state` are one; the one that was written wins."""
    row = write.current
    if write.changed("incident_state") and "incident_state" in write.given and "state" not in write.given:
        row["state"] = row["incident_state"]
    row["incident_state"] = row["state"]


@hook(BEFORE, "incident", "update")
def resume_on_answer(write: Write) -> None:
    """The caller answered: an incident that awaited that is in progress again."""
    row = write.current
    awaited = row["state"] == ON_HOLD and row.get("hold_reason") == AWAITING_CALLER
    if awaited and row.get("comments") and row.get("caller_id") == write.session.user.sys_id:
        row["state"] = row["incident_state"] = IN_PROGRESS


@hook(BEFORE, "incident", "update")
def forget_hold_reason(write: Write) -> None:
    """An incident that is not on hold has no reason for it."""
    if write.changed("state") and write.current["state"] != ON_HOLD:
        write.current["hold_reason"] = ""


@hook(AFTER, "incident", "update")
def lead_children(write: Write) -> None:
    """Open child incidents take over that their parent is worked on, on hold, or resolved; not that it is closed."""
    row, session = write.current, write.session
    if not write.changed("state") or row["state"] not in _FOLLOWED:
        return
    if row["state"] == ON_HOLD and row.get("hold_reason") in ("", AWAITING_CALLER):
        return
    values = {"state": row["state"], **{name: row.get(name, "") for name in _FOLLOWED[row["state"]]}}
    for child in session.instance.records.all("incident", parent_incident=row["sys_id"], active="true"):
        follow(session, "incident", child["sys_id"], values)


@hook(AFTER, "incident", "insert", "update", "delete")
def count_incidents(write: Write) -> None:
    """A parent knows how many children it has, a problem how many incidents."""
    records = write.session.instance.records
    for column, (table, counter) in _COUNTED.items():
        before = (write.previous or {}).get(column, "")
        now = "" if write.op == "delete" else write.current.get(column, "")
        for sys_id in {before, now} - {""} if before != now else ():
            if records.get(table, sys_id):
                records.update(table, sys_id, {counter: str(len(records.all("incident", **{column: sys_id})))})
