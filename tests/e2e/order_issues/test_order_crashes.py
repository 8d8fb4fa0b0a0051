"""The process dies at every point of every step of every event type: what is there afterwards is what would be there
without the crash, and nothing of it twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sidecar.flows.order_issues.events import TYPES

SCOPE = "x_acme_sfcc"


class Crash(BaseException):
    """The process dies."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """`given` happens undisturbed, then `event` is put and crashes. Both take the world and an order."""

    type_name: str
    event: Callable[[Any, Any], str]
    given: Callable[[Any, Any], object] = lambda _world, _order: None
    members: Callable[[], dict[str, Any]] = dict


def _report(world, order, **data):
    email = data.pop("email", order.email)
    return world.put("order.issue_reported", order, topic="damaged", email=email, comment="Broken.", **data)


def _reported(world, order):
    world.put("order.issue_reported", order, topic="damaged", email=order.email, comment="First.")
    world.engine().run()


def _closed(world, order):
    _reported(world, order)
    case = world.case(order)
    world.desk.admin.table(world.desk.rung).update(case.sys_id, world.closing())


def _answered(world, order):
    _reported(world, order)
    case = world.case(order)
    world.desk.admin.table(world.desk.rung).update(case.sys_id, {"comments": "We send another pair."})


def _change(world, order):
    return world.change(world.case(order), order)


def _message(world, order):
    return world.put("order.message_added", order, email=order.email, message="The right one too.")


def _failed(world, order):
    return world.put("order.failed", order, stage="payment_auth", declineCode="insufficient_funds", attempt=1)


SCENARIOS = {
    "reported": Scenario(type_name="order.issue_reported", event=_report),
    "reported with a photo": Scenario(
        type_name="order.issue_reported",
        event=lambda world, order: _report(world, order, consent=True, photos=[world.photo()]),
    ),
    "reported by a stranger": Scenario(
        type_name="order.issue_reported",
        event=lambda world, order: _report(world, order, email=f"stranger.{order.order_no}@example.net"),
    ),
    "reported again": Scenario(type_name="order.issue_reported", event=_report, given=_reported),
    "reported after close": Scenario(type_name="order.issue_reported", event=_report, given=_closed),
    "message": Scenario(type_name="order.message_added", event=_message, given=_reported),
    "message without a case": Scenario(type_name="order.message_added", event=_message),
    "failed": Scenario(
        type_name="order.failed", event=_failed, members=lambda: {"status": "failed", "paymentStatus": "not_paid"}
    ),
    "failed in the making": Scenario(
        type_name="order.failed", event=_failed, members=lambda: {"status": "created", "paymentStatus": "not_paid"}
    ),
    "changed": Scenario(type_name="order_issues.record_changed", event=_change, given=_answered),
    "changed, closed": Scenario(type_name="order_issues.record_changed", event=_change, given=_closed),
}


def test_every_event_type_has_a_scenario():
    timers = {"order_issues.failure_due"}  # what "failed in the making" leads to
    assert {kind.name for kind in TYPES} == {scenario.type_name for scenario in SCENARIOS.values()} | timers


# Every scenario where all of the flow is in play, and on the other tables what is different there.
PLACES = [
    *(("sn_customerservice_case", name) for name in SCENARIOS),
    *(("incident", name) for name in ("reported", "reported again", "message", "reported after close")),
    ("sn_order_case", "reported"),
]


@pytest.mark.parametrize(("rung", "name"), PLACES)
def test_a_crash_at_any_point_leaves_what_no_crash_leaves(world_on, rung, name):
    each, scenario = world_on(rung), SCENARIOS[name]
    points: list[tuple[str, str]] = []
    expected = _outcome(each, scenario, lambda step, point: points.append((step, point)))
    assert points
    for place, point in enumerate(points):
        assert _outcome(each, scenario, _dying_at(place)) == expected, point


def _dying_at(place: int) -> Callable[[str, str], None]:
    """Dies once, at the point that is reached after so many others."""
    reached = itertools.count()

    def observe(_step: str, _point: str) -> None:
        if next(reached) == place:
            raise Crash

    return observe


def _outcome(world: Any, scenario: Scenario, observe: Callable[[str, str], None]) -> dict[str, Any]:
    order = world.order(**scenario.members())
    scenario.given(world, order)
    event_id = scenario.event(world, order)
    _run(world, observe)
    world.clock.sleep(world.flow.policy.recheck.total_seconds())
    _run(world, observe)
    return {"event": world.settled(event_id)[0], **_picture(world, order)}


def _run(world: Any, observe: Callable[[str, str], None]) -> None:
    try:
        world.engine(observe).run()
    except Crash:
        world.engine().run()


def _picture(world: Any, order: Any) -> dict[str, Any]:
    """Everything that is there about the order, without what is different from order to order."""
    found = world.every_case(order)
    names = world.flow.policy.attributes
    custom = world.read(order.order_no).custom
    numbers = [row["number"] for row in found]
    return {
        "cases": [(row["state"], row[f"{SCOPE}_issue_type"], bool(row["parent"])) for row in found],
        "notes": [len(world.desk.notes(row.sys_id, "work_notes")) for row in found],
        "comments": [len(world.desk.notes(row.sys_id, "comments")) for row in found],
        "files": [len(world.desk.files(row.sys_id)) for row in found],
        "people": len(world.people(order.email)),
        "order notes": len([note for note in _order_notes(world, order) if order.order_no in note.subject]),
        "shown": (
            numbers.index(custom[names["number"]]) if custom.get(names["number"]) else None,
            custom.get(names["status"]),
            custom.get(names["comment"]),
        ),
    }


def _order_notes(world: Any, order: Any) -> tuple[Any, ...]:
    return world.commerce.order_notes.of_order(order.order_no, site_id=order.site_id)
