"""Change models: the states a change request goes through, which transitions there are, and what each one asks for.

Normal, standard and emergency. One table serves the rule that refuses a jump and the list of next states alike.
Source: product documentation normal-standard-emergency-states, c_ChangeStateModel, t_PlaceAChangeRequestOnHold and the
`nextstates` sample of change-management-api. That a change needs its assignment group to leave New is unverified.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from snow_app.emulator.model import Row
from snow_app.emulator.schema.declared import sys_id_of

if TYPE_CHECKING:
    from snow_app.emulator.session import Session

NEW, ASSESS, AUTHORIZE, SCHEDULED = "-5", "-4", "-3", "-2"
IMPLEMENT, REVIEW, CLOSED, CANCELED = "-1", "0", "3", "4"

STATES: Final = {
    NEW: "New", ASSESS: "Assess", AUTHORIZE: "Authorize", SCHEDULED: "Scheduled",
    IMPLEMENT: "Implement", REVIEW: "Review", CLOSED: "Closed", CANCELED: "Canceled",
}  # fmt: skip
"""change_request.state → label."""

RULE: Final = "Change Model: Check State Transition"
"""The business rule that refuses every other change of state, as instances name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must be true of a change request, as it is about to be stored, before it moves."""

    name: str
    holds: Callable[[Session, Row], bool]

    @property
    def sys_id(self) -> str:
        return sys_id_of("sttrm_transition_condition", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One way from a state to another; an automatic one is taken as soon as its conditions hold."""

    model: str
    start: str
    end: str
    automatic: bool = False
    conditions: tuple[Condition, ...] = ()

    @property
    def sys_id(self) -> str:
        kind = "automatic" if self.automatic else "manual"
        return sys_id_of("sttrm_state_transition", self.model, self.start, self.end, kind)

    @property
    def label(self) -> str:
        return f"{STATES[self.start]} to {STATES[self.end]}"

    def available(self, session: Session, change: Row) -> bool:
        """True when every condition holds."""
        return all(condition.holds(session, change) for condition in self.conditions)


def _filled(*names: str) -> Callable[[Session, Row], bool]:
    return lambda _, change: all(change.get(name) for name in names)


def _approval(value: str) -> Callable[[Session, Row], bool]:
    return lambda _, change: change.get("approval") == value


def _no_open_task(session: Session, change: Row) -> bool:
    return not session.instance.records.all("change_task", change_request=change.get("sys_id", ""), active="true")


def _tasks_done(session: Session, change: Row) -> bool:
    """A change that never had a task has not finished its tasks."""
    any_task = session.instance.records.first("change_task", change_request=change.get("sys_id", ""))
    return any_task is not None and _no_open_task(session, change)


NOT_ON_HOLD = Condition(name="Not On hold", holds=lambda _, change: change.get("on_hold") != "true")
ASSIGNED = Condition(name="Assignment group is filled", holds=_filled("assignment_group"))
APPROVED = Condition(name="Approval is approved", holds=_approval("approved"))
REJECTED = Condition(name="Approval is rejected", holds=_approval("rejected"))
TASKS_DONE = Condition(name="Change Tasks are done", holds=_tasks_done)
NO_OPEN_TASK = Condition(name="No active Change Tasks", holds=_no_open_task)
CLOSE_INFORMATION = Condition(name="Close code and close notes are filled", holds=_filled("close_code", "close_notes"))


def _model(name: str, ways: tuple[tuple[str, str, bool, tuple[Condition, ...]], ...]) -> tuple[Transition, ...]:
    return tuple(
        Transition(model=name, start=start, end=end, automatic=automatic, conditions=conditions)
        for start, end, automatic, conditions in ways
    )


_LATER = (
    (SCHEDULED, IMPLEMENT, False, (NOT_ON_HOLD,)),
    (IMPLEMENT, REVIEW, True, (TASKS_DONE, NOT_ON_HOLD)),
    (IMPLEMENT, REVIEW, False, (NOT_ON_HOLD,)),
    (REVIEW, CLOSED, False, (CLOSE_INFORMATION, NO_OPEN_TASK, NOT_ON_HOLD)),
    (NEW, CANCELED, False, ()),
    (SCHEDULED, CANCELED, False, ()),
    (IMPLEMENT, CANCELED, False, ()),
)
_AUTHORIZED = (
    (AUTHORIZE, SCHEDULED, True, (APPROVED, NOT_ON_HOLD)),
    (AUTHORIZE, NEW, True, (REJECTED,)),
    (AUTHORIZE, CANCELED, False, ()),
)

MODELS: Final = {
    "normal": _model(
        "normal",
        (
            (NEW, ASSESS, False, (ASSIGNED, NOT_ON_HOLD)),
            (ASSESS, AUTHORIZE, True, (APPROVED, NOT_ON_HOLD)),
            (ASSESS, NEW, True, (REJECTED,)),
            (ASSESS, NEW, False, (NOT_ON_HOLD,)),
            (ASSESS, CANCELED, False, ()),
            *_AUTHORIZED,
            *_LATER,
        ),
    ),
    "standard": _model("standard", ((NEW, SCHEDULED, False, (ASSIGNED, NOT_ON_HOLD)), *_LATER)),
    "emergency": _model(
        "emergency",
        (
            (NEW, AUTHORIZE, False, (ASSIGNED, NOT_ON_HOLD)),
            *_AUTHORIZED,
            (AUTHORIZE, NEW, False, (NOT_ON_HOLD,)),
            *_LATER,
        ),
    ),
}
"""change_request.type → its transitions. A change of another type moves freely."""


def ways_from(change: Row, state: str) -> tuple[Transition, ...]:
    """The transitions of a change request's model that start in a state."""
    return tuple(way for way in MODELS.get(change.get("type", ""), ()) if way.start == state)


def may_move(session: Session, change: Row, start: str) -> bool:
    """Whether a change request may go from a state to the one it is in now.

    `change` is the record as it is about to be stored, so that what is written together counts.
    """
    if change.get("type", "") not in MODELS or change["state"] == start:
        return True
    return any(way.end == change["state"] and way.available(session, change) for way in ways_from(change, start))


def automatic_state(session: Session, change: Row) -> str:
    """The state a stored change request moves to by itself now; empty when it stays."""
    ways = (way for way in ways_from(change, change["state"]) if way.automatic)
    return next((way.end for way in ways if way.available(session, change)), "")
