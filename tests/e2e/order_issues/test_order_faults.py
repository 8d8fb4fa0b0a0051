"""Platforms that fail: 5xx, 429, broken connections, answers that come after the write. One effect, in the end."""

from __future__ import annotations

import pytest

SCOPE = "x_acme_sfcc"
TABLE = "/api/now/table"
FAULTS = {
    "unavailable": {"status": 503},
    "server error": {"status": 500},
    "too many": {"status": 429, "headers": {"Retry-After": "7"}},
    "dropped": {"drop": True},
    "dropped after the write": {"drop": True, "late": True},
    "failed after the write": {"status": 500, "late": True},
    "a page instead of JSON": {"status": 200, "body": "<html>"},
}
PLACES = {
    "case": ("POST", f"{TABLE}/sn_customerservice_case"),
    "shopper": ("POST", f"{TABLE}/csm_consumer"),
    "attachment": ("POST", "/api/now/v1/attachment/file"),
    "note": ("PATCH", f"{TABLE}/sn_customerservice_case"),
    "any read": ("GET", TABLE),
}


def _until_settled(world, event: str) -> None:
    for _ in range(8):
        world.engine().run()
        if world.settled(event)[0] != "waiting":
            return
        world.clock.sleep(40_000)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_servicenow_that_fails_gets_it_once_in_the_end(world, place, fault):
    order = world.order()
    method, path = PLACES[place]
    world.desk.snow.faults.add(method=method, path=path, times=3, **FAULTS[fault])
    event = world.put("order.issue_reported", order, topic="missing", email=order.email, comment="Where is it?")
    _until_settled(world, event)
    assert world.settled(event)[0] == "delivered", world.settled(event)
    case = world.case(order)
    assert len(world.desk.notes(case.sys_id, "work_notes")) == 1
    assert len(world.desk.files(case.sys_id)) == 1
    assert len(world.people(order.email.casefold())) == 1
    assert world.read(order.order_no).custom["c_snCaseNumber"] == case["number"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_commerce_that_fails_gets_it_once_in_the_end(world, fault):
    order = world.order()
    world.shop.faults.add(method="PATCH", path="/checkout/orders", times=2, **FAULTS[fault])
    event = world.put("order.issue_reported", order, topic="missing", email=order.email)
    _until_settled(world, event)
    assert world.settled(event)[0] == "delivered", world.settled(event)
    assert world.read(order.order_no).custom["c_snCaseNumber"] == world.case(order)["number"]
    assert len(world.desk.notes(world.case(order).sys_id, "work_notes")) == 1


def test_a_failure_in_the_middle_is_never_reported_as_done(world):
    """Everything but the order's attributes worked: the event is not delivered, and says so."""
    order = world.order()
    world.shop.faults.add(method="PATCH", path="/checkout/orders", status=403, body="{}")
    event = world.report(order)
    state, note, code = world.settled(event)
    assert (state, code) == ("parked", "forbidden")
    assert note
    world.shop.faults.clear()
    world.replay()
    world.engine().run()
    assert world.settled(event)[0] == "delivered"
    assert len(world.desk.notes(world.case(order).sys_id, "work_notes")) == 1


def test_a_user_without_the_role_is_told_which_table_and_nothing_is_lost(world):
    order = world.order()
    world.desk.snow.faults.add(method="POST", path=f"{TABLE}/sn_customerservice_case", status=403, body="{}")
    event = world.report(order)
    assert world.settled(event)[::2] == ("parked", "forbidden")
    world.desk.snow.faults.clear()
    world.replay()
    world.engine().run()
    assert world.settled(event)[0] == "delivered"
    assert len(world.cases(order)) == 1
