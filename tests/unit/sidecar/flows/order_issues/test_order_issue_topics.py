"""Which issues are offered for an order, axis by axis, and what is odd about the others."""

from __future__ import annotations

import itertools

import pytest

from sfcc_client.models import Order
from sidecar.flows.order_issues.events import TOPICS
from sidecar.flows.order_issues.topics import LABELS, RULES, doubt, offered_topics
from sidecar.flows.order_issues.truth import truth_of
from snow_app.app import order_issues as installed
from snow_app.services import order_cases

USUAL = {
    "status": "new",
    "confirmation_status": "confirmed",
    "export_status": "not_exported",
    "payment_status": "not_paid",
    "shipping_status": "not_shipped",
}


def order(**states: str) -> Order:
    return Order(order_no="1", **{**USUAL, **states})


@pytest.mark.parametrize(
    ("states", "offered"),
    [
        ({}, {"payment", "missing", "cancel", "other"}),
        ({"confirmation_status": "not_confirmed"}, {"payment", "cancel", "other"}),
        ({"export_status": "exported"}, {"payment", "missing", "other"}),
        ({"export_status": "ready"}, {"payment", "missing", "cancel", "other"}),
        ({"shipping_status": "part_shipped"}, {"payment", "missing", "damaged", "wrong_item", "other"}),
        ({"shipping_status": "shipped"}, {"payment", "missing", "damaged", "wrong_item", "other"}),
        ({"status": "completed"}, {"payment", "missing", "other"}),
        ({"status": "cancelled", "shipping_status": "shipped"}, {"payment", "other"}),
        ({"status": "failed"}, {"payment", "other"}),
        ({"status": "replaced"}, {"payment", "other"}),
    ],
)
def test_the_state_of_the_order_says_what_is_offered(states, offered):
    assert set(offered_topics(order(**states))) == offered


def test_a_paid_order_is_asked_for_its_payment_last():
    assert offered_topics(order(payment_status="paid"))[-2:] == ("payment", "other")
    assert offered_topics(order())[0] == "payment"


def test_in_every_state_something_is_offered_and_the_rest_has_a_reason():
    axes = {
        "status": ("created", "new", "open", "completed", "cancelled", "replaced", "failed"),
        "confirmation_status": ("confirmed", "not_confirmed"),
        "export_status": ("not_exported", "exported", "ready", "failed"),
        "payment_status": ("not_paid", "part_paid", "paid"),
        "shipping_status": ("not_shipped", "part_shipped", "shipped"),
    }
    for values in itertools.product(*axes.values()):
        found = order(**dict(zip(axes, values, strict=True)))
        offered = offered_topics(found)
        assert offered[-1] == "other"
        assert len(offered) == len(set(offered))
        assert {topic for topic in TOPICS if not doubt(found, topic)} == set(offered)


def test_the_topics_are_the_same_everywhere():
    assert tuple(LABELS) == tuple(installed.TOPICS) == order_cases.TOPICS == TOPICS
    assert dict(LABELS) == installed.TOPICS
    assert {rule.topic for rule in RULES} == set(TOPICS)


@pytest.mark.parametrize(
    ("status", "payment", "truth"),
    [
        ("failed", "not_paid", "failed"),
        ("failed", "paid", "charged"),
        ("failed", "part_paid", "charged"),
        ("created", "not_paid", "pending"),
        ("created", "paid", "pending"),
        ("new", "not_paid", "placed"),
        ("completed", "paid", "placed"),
        ("cancelled", "paid", "cancelled"),
        ("something_new", "not_paid", "failed"),
    ],
)
def test_what_commerce_says_of_a_failure(status, payment, truth):
    assert truth_of(order(status=status, payment_status=payment)) == truth
