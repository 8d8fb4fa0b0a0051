"""``order.failed``: what Commerce says of the order counts, not what the message says."""

from __future__ import annotations

import pytest

SCOPE = "x_acme_sfcc"
UNPAID = {"paymentStatus": "not_paid"}


def _fail(world, order, *, attempt: int = 1, **data) -> str:
    event = world.put("order.failed", order, attempt=attempt, **{"stage": "payment_auth", **data})
    world.engine().run()
    return event


def test_a_failed_order_becomes_a_case_with_the_reason(each):
    order = each.order(status="failed", **UNPAID)
    event = _fail(each, order, processor="PSP_CARD", declineCode="insufficient_funds", basketReopened=True)
    assert each.settled(event)[0] == "delivered", each.settled(event)
    case = each.case(order)
    assert case["short_description"] == f"Payment failed: order {order.order_no}"
    assert case[f"{SCOPE}_issue_type"] == "payment"
    (note,) = each.desk.notes(case.sys_id, "work_notes")
    assert "processor PSP_CARD, code insufficient_funds, attempt 1, basket reopened" in note
    assert "Reporter: verified: the shop itself" in note


@pytest.mark.parametrize(
    ("status", "payment"),
    [("new", "paid"), ("completed", "paid"), ("new", "not_paid"), ("cancelled", "not_paid"), ("replaced", "paid")],
)
def test_an_order_that_was_placed_or_cancelled_meanwhile_is_refused(world, status, payment):
    order = world.order(status=status, paymentStatus=payment)
    state, note, _ = world.settled(_fail(world, order))
    assert state == "refused"
    assert f"is {status} and {payment} by now" in note
    assert world.cases(order) == []


def test_an_order_that_is_paid_but_failed_is_urgent(world):
    order = world.order(status="failed", paymentStatus="paid")
    _fail(world, order)
    case = world.case(order)
    assert case["short_description"] == f"Paid, but not placed: order {order.order_no}"
    assert (case["priority"], case[f"{SCOPE}_needs_review"]) == ("2", "true")


def test_an_order_in_the_making_is_looked_at_again_until_it_says(world):
    waiting, placed = (world.order(status="created", **UNPAID) for _ in range(2))
    for order in (waiting, placed):
        assert "looked at again" in world.settled(_fail(world, order))[1]
    world.shop.state.orders.save({**world.shop.state.orders.get(placed.order_no), "status": "new"})
    for _ in range(world.flow.policy.looks):
        assert world.cases(waiting) == []
        world.clock.sleep(world.flow.policy.recheck.total_seconds())
        world.engine().run()
    (note,) = world.desk.notes(world.case(waiting).sys_id, "work_notes")
    assert "stage payment_auth, attempt 1" in note
    assert world.cases(placed) == []


def test_an_order_that_does_not_exist_is_refused(world):
    order = world.order()
    event = world.put("order.failed", order, **{"orderNo": "NEVER-1"})
    world.engine().run()
    assert world.settled(event)[0] == "refused"


@pytest.mark.parametrize("stage", ["fraud", "placement", "inventory", "address"])
def test_other_stages_are_no_payment_problem(world, stage):
    order = world.order(status="failed", **UNPAID)
    _fail(world, order, stage=stage)
    case = world.case(order)
    assert (case[f"{SCOPE}_issue_type"], stage in case["short_description"]) == ("other", True)


def test_the_same_failure_told_twice_is_one_and_another_attempt_is_added(world):
    order = world.order(status="failed", **UNPAID)
    _fail(world, order, attempt=1)
    assert world.settled(_fail(world, order, attempt=1))[0] == "refused"
    _fail(world, order, attempt=2)
    assert len(world.desk.notes(world.case(order).sys_id, "work_notes")) == 2


def test_the_shopper_who_reports_the_failed_payment_joins_its_case(world):
    order = world.order(status="failed", **UNPAID)
    _fail(world, order)
    world.report(order, "payment", comment="It never worked.")
    case = world.case(order)
    (comment,) = world.desk.notes(case.sys_id, "comments")
    assert comment.startswith("It never worked.")


def test_what_the_fraud_check_said_never_reaches_the_order(world):
    order = world.order(status="failed", **UNPAID)
    _fail(world, order, stage="fraud", declineCode="velocity")
    assert "velocity" not in str(world.read(order.order_no).custom)
    assert world.desk.notes(world.case(order).sys_id, "comments") == []
