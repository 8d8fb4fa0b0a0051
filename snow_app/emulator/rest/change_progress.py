"""How a change goes on: the states it may move to, and the current user's answer to an approval."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from snow_app.emulator.behaviour import approvals
from snow_app.emulator.behaviour.change_model import MODELS, STATES, Transition, ways_from
from snow_app.emulator.errors import BadRequest, NoRecord
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.rest.change import CHANGE, found
from snow_app.emulator.rest.change_shape import Shape
from snow_app.emulator.rest.request import Reply, Request


def next_states(request: Request, sys_id: str) -> Reply:
    """GET the states a change may move to, the current one last, and for each way there what it asks for."""
    session, row = request.session, found(request.session, sys_id)
    ways = sorted(ways_from(row, row["state"]), key=lambda way: list(STATES).index(way.end))
    grouped = {end: list(group) for end, group in groupby(ways, key=lambda way: way.end)}
    open_ends = [end for end, group in grouped.items() if any(way.available(session, row) for way in group)]
    if row["type"] not in MODELS:
        open_ends = [state for state in STATES if state != row["state"]]
    available = [*open_ends, row["state"]]
    document: dict[str, Any] = {"available_states": available}
    if row["type"] in MODELS:
        document["state_transitions"] = [[_way(session, row, way) for way in group] for group in grouped.values()]
    document["state_label"] = {state: STATES.get(state, state) for state in available}
    return Reply.result(200, document)


def _way(session: Session, row: Row, way: Transition) -> dict[str, Any]:
    return {
        "sys_id": way.sys_id,
        "display_value": way.label,
        "from_state": way.start,
        "to_state": way.end,
        "transition_available": way.available(session, row),
        "automatic_transition": way.automatic,
        "conditions": [
            {
                "passed": condition.holds(session, row),
                "condition": {"name": condition.name, "description": None, "sys_id": condition.sys_id},
            }
            for condition in way.conditions
        ],
    }


def approved(request: Request, sys_id: str) -> Reply:
    """PATCH `{"state": "approved"|"rejected", "comments"}`, the latter required to reject.

    Raises NoRecord, BadRequest also when nobody asked this user. Approvers need not be able to read the change.
    """
    session = request.session
    if session.get(CHANGE, sys_id, acl=False) is None:
        raise NoRecord
    document = request.document()
    state, comments = str(document.get("state", "")), str(document.get("comments") or "")
    if state not in (approvals.APPROVED, approvals.REJECTED):
        raise BadRequest("Invalid state", "state must be approved or rejected")
    if state == approvals.REJECTED and not comments:
        raise BadRequest("Comments are mandatory", "Say in comments why the change is rejected")
    if not approvals.answer(session, sys_id, state, comments):
        raise BadRequest("User cannot approve or reject this change request", "No approval is requested from this user")
    row = session.get(CHANGE, sys_id, acl=False)
    if row is None:
        raise NoRecord
    return Reply.result(200, Shape(request, CHANGE).document(row))
