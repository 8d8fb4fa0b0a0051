"""Problems and problem tasks: the state model of the Madrid release, or the one before it.

Source: product documentation understanding-state-mgmt-transitions and problem-mgmt-properties; that Assess does not
lead to Resolved, and that the Table API leaves `state` alone, are observed on instances. The remaining ways are as the
buttons of the form offer them [unverified].
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, follow, hook, refuse
from snow_app.emulator.query.moments import stored

NEW, ASSESS, ANALYSIS, FIX, RESOLVED, CLOSED = "101", "102", "103", "104", "106", "107"
TASK_NEW, TASK_ASSESS, TASK_WORK, TASK_CLOSED = "151", "152", "154", "157"

STATE_MODEL: Final = "emulator.problem.state_model"
"""Property: `madrid`, or `legacy` for the states 1 to 4, between which a problem moves freely."""

MOVES: Final = {
    NEW: frozenset({ASSESS, ANALYSIS, CLOSED}),
    ASSESS: frozenset({ANALYSIS, CLOSED}),
    ANALYSIS: frozenset({FIX, RESOLVED, CLOSED}),
    FIX: frozenset({ANALYSIS, RESOLVED, CLOSED}),
    RESOLVED: frozenset({ANALYSIS, CLOSED}),
    CLOSED: frozenset({ANALYSIS}),
}
"""State of a problem → the states that may follow."""

TASK_MOVES: Final = {
    TASK_NEW: frozenset({TASK_ASSESS, TASK_WORK, TASK_CLOSED}),
    TASK_ASSESS: frozenset({TASK_WORK, TASK_CLOSED}),
    TASK_WORK: frozenset({TASK_ASSESS, TASK_CLOSED}),
    TASK_CLOSED: frozenset({TASK_ASSESS}),
}

_REANALYSE: Final = {
    "canceled": "problem.closed.role.reanalyze_from_canceled",
    "risk_accepted": "problem.closed.role.reanalyze_from_closed_riskaccepted",
}
"""Resolution code of a closed problem → the property that names the role which may take it up again."""

_STAMPS: Final = {ANALYSIS: ("confirmed_at", "confirmed_by"), FIX: ("fix_at", "fix_by")}
"""State → when and by whom it was entered first."""


def _on(write: Write, name: str) -> bool:
    return write.session.instance.property(name) == "true"


def _legacy(write: Write) -> bool:
    return write.session.instance.property(STATE_MODEL) == "legacy"


@hook(BEFORE, "problem", "insert", "update")
def check_problem_state(write: Write) -> None:
    """Only the moves of the model; a closed problem is taken up again by those the properties name."""
    row = write.current
    if _legacy(write):
        if write.op == "insert" and "state" not in write.given:
            row["state"] = "1"
    elif write.previous and write.changed("state"):
        before = write.previous["state"]
        if row["state"] not in MOVES.get(before, frozenset({NEW})):
            refuse(write, "Problem State Transition")
        if before == CLOSED and not write.session.has_role(_reopening_role(write)):
            refuse(write, "Problem State Transition")
    row["problem_state"] = row["state"]


def _reopening_role(write: Write) -> str:
    code = (write.previous or {}).get("resolution_code", "")
    name = _REANALYSE.get(code, "problem.closed.role.reanalyze_from_completed")
    return write.session.instance.property(name) or "problem_manager"


@hook(BEFORE, "problem", "insert", "update")
def stamp_problem(write: Write) -> None:
    row = write.current
    if write.changed("state") and row["state"] in _STAMPS:
        at, by = _STAMPS[row["state"]]
        row[at] = row.get(at) or stored(write.session.instance.clock())
        row[by] = row.get(by) or write.session.user.sys_id
    if write.previous and write.previous["state"] == CLOSED and write.changed("state"):
        row["resolution_code"] = ""


@hook(AFTER, "problem", "update")
def finish_problem(write: Write) -> None:
    """A closed problem's tasks close with it; what belongs to a duplicate moves to the original."""
    if not write.entered("state", CLOSED):
        return
    session, row = write.session, write.current
    if _on(write, "problem.closed.cancel_open_tasks"):
        for task in session.instance.records.all("problem_task", problem=row["sys_id"], active="true"):
            follow(session, "problem_task", task["sys_id"], {"state": TASK_CLOSED, "close_code": "canceled"})
    if row.get("resolution_code") == "duplicate" and row.get("duplicate_of"):
        for place in (session.instance.property("problem.duplicate.records_to_move") or "").split(","):
            _move(write, *place.strip().partition(".")[::2])


def _move(write: Write, table: str, column: str) -> None:
    session = write.session
    if column in session.instance.dictionary.columns(table):
        for row in session.instance.records.all(table, **{column: write.current["sys_id"]}):
            follow(session, table, row["sys_id"], {column: write.current["duplicate_of"]})


# Problem tasks -----------------------------------------------


@hook(BEFORE, "problem_task", "insert")
def refuse_task_of_closed_problem(write: Write) -> None:
    problem = write.session.instance.records.get("problem", write.current.get("problem", ""))
    if problem and problem["state"] == CLOSED and not _on(write, "problem.closed.can_create_tasks"):
        refuse(write, "Prevent creation of Problem Task on a closed Problem")


@hook(BEFORE, "problem_task", "update")
def check_task_state(write: Write) -> None:
    """Only the moves of the model; on a closed problem a task stays closed."""
    if not write.changed("state") or write.previous is None:
        return
    before = write.previous["state"]
    if write.current["state"] not in TASK_MOVES.get(before, frozenset({TASK_NEW})):
        refuse(write, "Problem Task State Transition")
    problem = write.session.instance.records.get("problem", write.current.get("problem", ""))
    closed = before == TASK_CLOSED and problem is not None and problem["state"] == CLOSED
    if closed and not _on(write, "problem_task.closed.can_reassess_on_closed_problem"):
        refuse(write, "Problem Task State Transition")
