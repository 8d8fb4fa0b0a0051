"""Change requests as their model moves them: refused jumps, approvals in Assess and Authorize, tasks, templates.

The models themselves are in `change_model`. Who approves where is unverified: in Assess the assignment group, in
Authorize the group a property names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from snow_app.emulator.behaviour import approvals
from snow_app.emulator.behaviour.change_model import (
    ASSESS,
    AUTHORIZE,
    CANCELED,
    NEW,
    REVIEW,
    RULE,
    automatic_state,
    may_move,
)
from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, follow, hook, refuse
from snow_app.emulator.model import Row
from snow_app.emulator.values import stored as stored_value

if TYPE_CHECKING:
    from snow_app.emulator.session import Session

AUTHORIZE_GROUP: Final = "emulator.change.authorize_group"
"""Property: the name of the group that approves changes in Authorize."""

_ASKED_IN: Final = (ASSESS, AUTHORIZE)


@hook(BEFORE, "change_request", "insert")
def apply_standard_template(write: Write) -> None:
    """A standard change takes from its template what the caller left open."""
    records = write.session.instance.records
    version = records.get("std_change_producer_version", write.current.get("std_change_producer_version", ""))
    producer = records.get("std_change_record_producer", version["std_change_producer"]) if version else None
    template = records.get("sys_template", producer["template"]) if producer else None
    columns = write.session.instance.dictionary.columns(write.table)
    for term in template["template"].split("^") if template else ():
        name, found, value = term.partition("=")
        if found and name in columns and name not in write.given:
            write.current[name] = stored_value(columns[name], value)


@hook(BEFORE, "change_request", "update")
def check_state_transition(write: Write) -> None:
    """Only what the model allows; entering a state in which somebody is asked, or New again, forgets older answers."""
    row, previous = write.current, write.previous
    if previous is None or not write.changed("state"):
        return
    if not may_move(write.session, row, previous["state"]):
        refuse(write, RULE)
    rejected = row.get("approval") == approvals.REJECTED
    if row["state"] in _ASKED_IN or (row["state"] == NEW and not rejected):
        row["approval"] = approvals.NOT_REQUESTED
    if row["state"] == CANCELED and row.get("approval") == approvals.REQUESTED:
        row["approval"] = approvals.CANCELLED


@hook(AFTER, "change_request", "insert", "update")
def follow_model(write: Write) -> None:
    """Ask, take back, cancel tasks, and move on where the model does so by itself."""
    row, session = write.current, write.session
    if write.changed("state"):
        if row["state"] in (NEW, CANCELED):
            approvals.withdraw(session, row["sys_id"])
        if row["state"] in _ASKED_IN:
            approvals.ask(session, row, _approving_groups(session, row))
        if row["state"] in (REVIEW, CANCELED):
            _cancel_tasks(session, row["sys_id"])
    move_on(session, row["sys_id"])


@hook(AFTER, "change_task", "update")
def follow_tasks(write: Write) -> None:
    """A finished task may finish what its change waits for."""
    if write.entered("active", "false"):
        move_on(write.session, write.current.get("change_request", ""))


def move_on(session: Session, sys_id: str) -> None:
    """Take the transition that is due by itself, if there is one."""
    change = session.instance.records.get("change_request", sys_id)
    if change:
        state = automatic_state(session, change)
        if state:
            follow(session, "change_request", sys_id, {"state": state})


def _approving_groups(session: Session, change: Row) -> tuple[str, ...]:
    if change["state"] == ASSESS:
        return (change.get("assignment_group", ""),)
    name = session.instance.property(AUTHORIZE_GROUP) or ""
    group = session.instance.records.first("sys_user_group", name=name)
    return (group["sys_id"],) if group else ()


def _cancel_tasks(session: Session, change: str) -> None:
    for task in session.instance.records.all("change_task", change_request=change, active="true"):
        follow(session, "change_task", task["sys_id"], {"state": CANCELED})
