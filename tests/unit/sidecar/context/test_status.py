"""Every row of the headline table, their order, the badges beside, and the steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sfcc_client.models import Order, OrderLine, Payment, Shipment
from sidecar.context import status
from sidecar.context.moment import Moment
from sidecar.context.policy import Thresholds

from .conftest import NOW, euros

MOMENT = Moment(now=NOW, thresholds=Thresholds(), zone=UTC)
BOUGHT = OrderLine(product_id="P", quantity=Decimal(2), price=euros("20"))


def order(**changes: Any) -> Order:
    """An order just placed and paid, nothing else known."""
    plain = Order(
        order_no="1",
        status="new",
        confirmation_status="not_confirmed",
        export_status="not_exported",
        payment_status="paid",
        shipping_status="not_shipped",
        placed_at=NOW - timedelta(days=2),
        total=euros("20"),
        lines=(BOUGHT,),
    )
    return replace(plain, **changes)


YESTERDAY, TODAY = date(2026, 11, 21), date(2026, 11, 22)
OLD_UNPAID = {"payment_status": "not_paid", "placed_at": NOW - timedelta(hours=25)}


@pytest.mark.parametrize(
    ("changes", "label", "tone"),
    [
        ({"promised_at": YESTERDAY}, "1 day late", "critical"),
        ({"promised_at": date(2026, 11, 18), "shipping_status": "shipped"}, "4 days late", "critical"),
        ({"shipments": (Shipment(promised_at=date(2026, 11, 20)),)}, "2 days late", "critical"),
        (OLD_UNPAID, "Not paid", "warning"),
        ({**OLD_UNPAID, "payments": (Payment(label="Visa", status="declined"),)}, "Payment failed", "critical"),
        ({"status": "cancelled"}, "Cancelled", "neutral"),
        ({"status": "failed"}, "Failed", "critical"),
        ({"status": "failed_with_reopen"}, "Failed", "critical"),
        ({"status": "replaced"}, "Replaced", "neutral"),
        ({"lines": (replace(BOUGHT, returned=1),)}, "Part returned", "warning"),
        ({"lines": (replace(BOUGHT, returned=2),)}, "Returned", "warning"),
        ({"lines": (replace(BOUGHT, returned=2), BOUGHT)}, "Part returned", "warning"),
        ({"delivered_at": NOW - timedelta(days=1)}, "Delivered", "positive"),
        ({"external_status": "Delivered"}, "Delivered", "positive"),
        ({"shipments": (Shipment(status="delivered"), Shipment(status="delivered"))}, "Delivered", "positive"),
        ({"shipping_status": "shipped"}, "Shipped", "info"),
        ({"shipping_status": "part_shipped"}, "Part shipped", "info"),
        ({"export_status": "exported"}, "Ready to ship", "info"),
        ({"export_status": "exported", "external_status": "picking"}, "In warehouse", "info"),
        ({"confirmation_status": "confirmed"}, "Confirmed", "info"),
        ({"status": "open"}, "Open", "info"),
        ({}, "New", "neutral"),
        ({"status": "created"}, "Created", "neutral"),
        ({"status": "completed"}, "Completed", "neutral"),
        ({"status": "awaiting_magic"}, "Awaiting magic", "neutral"),
        ({"status": None}, "No status", "neutral"),
        ({"status": "  "}, "No status", "neutral"),
    ],
)
def test_headline(changes: dict[str, Any], label: str, tone: str) -> None:
    badge = status.headline(order(**changes), MOMENT)
    assert (badge.label, badge.tone) == (label, tone)


# Each order fits this rule and every later one, so it shows that the rule wins.
_EVERYTHING: dict[str, Any] = {
    "promised_at": YESTERDAY,
    **OLD_UNPAID,
    "shipping_status": "shipped",
    "export_status": "exported",
    "confirmation_status": "confirmed",
}


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("late", {}),
        ("unpaid", {"promised_at": TODAY, "lines": (replace(BOUGHT, returned=1),)}),
        ("ended", {"status": "cancelled", "lines": (replace(BOUGHT, returned=1),)}),
        ("returned", {"payment_status": "paid", "lines": (replace(BOUGHT, returned=1),), "delivered_at": NOW}),
        ("delivered", {"payment_status": "paid", "delivered_at": NOW}),
        ("shipped", {"payment_status": "paid", "promised_at": None}),
        ("exported", {"payment_status": "paid", "promised_at": None, "shipping_status": "not_shipped"}),
        (
            "confirmed",
            {"payment_status": "paid", "promised_at": None, "shipping_status": None, "export_status": "ready"},
        ),
        (
            "begun",
            {
                "payment_status": "paid",
                "promised_at": None,
                "shipping_status": None,
                "export_status": None,
                "confirmation_status": None,
            },
        ),
    ],
)
def test_the_first_rule_that_fits_wins(rule: str, changes: dict[str, Any]) -> None:
    one = order(**{**_EVERYTHING, **changes})
    fitting = [name for name, badge in status.HEADLINES if badge(one, MOMENT) is not None]
    assert fitting[0] == rule
    assert fitting[-1] == "begun"


class TestLateness:
    @pytest.mark.parametrize(
        "changes",
        [
            {"promised_at": TODAY},
            {"promised_at": None},
            {"promised_at": YESTERDAY, "delivered_at": NOW},
            {"promised_at": YESTERDAY, "status": "cancelled"},
            {"promised_at": YESTERDAY, "status": "failed"},
            {"promised_at": YESTERDAY, "status": "replaced"},
            {"promised_at": YESTERDAY, "lines": (replace(BOUGHT, returned=1),)},
        ],
    )
    def test_not_late(self, changes: dict[str, Any]) -> None:
        assert status.days_late(order(**changes), MOMENT) == 0

    def test_today_is_the_viewers_day(self) -> None:
        late_evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
        promised_today = order(promised_at=TODAY)
        assert status.days_late(promised_today, replace(MOMENT, now=late_evening)) == 0
        berlin = replace(MOMENT, now=late_evening, zone=ZoneInfo("Europe/Berlin"))
        assert status.days_late(promised_today, berlin) == 1


class TestUnpaid:
    def test_a_young_order_may_still_be_paid(self) -> None:
        young = order(payment_status="not_paid", placed_at=NOW - timedelta(hours=23))
        assert status.headline(young, MOMENT).label == "New"

    def test_the_threshold_is_policy(self) -> None:
        moment = replace(MOMENT, thresholds=Thresholds(unpaid_after_h=1))
        young = order(payment_status="not_paid", placed_at=NOW - timedelta(hours=2))
        assert status.headline(young, moment).label == "Not paid"

    def test_without_a_date_nobody_is_accused(self) -> None:
        assert status.headline(order(payment_status="not_paid", placed_at=None), MOMENT).label == "New"


class TestBadges:
    @pytest.mark.parametrize(
        ("changes", "labels"),
        [
            ({"promised_at": YESTERDAY, "shipping_status": "shipped"}, ["Shipped", "Paid"]),
            ({"export_status": "exported"}, ["Paid"]),
            (
                {
                    "lines": (replace(BOUGHT, returned=1),),
                    "delivered_at": NOW,
                    "payments": (Payment(label="Visa", status="part_refunded"),),
                },
                ["Delivered", "Paid", "Part refunded"],
            ),
            ({"status": "cancelled", "payment_status": "not_paid"}, ["Not charged"]),
            ({"payment_status": "part_paid"}, ["Part paid"]),
            ({"export_status": "failed"}, ["Paid", "Export failed"]),
            ({"shipping_status": "teleported"}, ["Teleported", "Paid"]),
            ({"payment_status": "iou"}, ["Iou"]),
            ({"status": "mystery", "shipping_status": "shipped"}, ["Mystery", "Paid"]),
            ({"export_status": "lost_in_mail", "confirmation_status": "maybe"}, ["Paid", "Lost in mail", "Maybe"]),
            ({"status": None, "payment_status": None, "shipping_status": None, "export_status": None}, []),
        ],
    )
    def test_beside_the_headline(self, changes: dict[str, Any], labels: list[str]) -> None:
        assert [badge.label for badge in status.badges(order(**changes), MOMENT)] == labels

    def test_the_headline_is_not_repeated(self) -> None:
        one = order(shipping_status="shipped")
        assert status.headline(one, MOMENT).label == "Shipped"
        assert "Shipped" not in [badge.label for badge in status.badges(one, MOMENT)]


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"payment_status": "not_paid"}, 1),
        ({}, 2),
        ({"export_status": "exported"}, 3),
        ({"export_status": "exported", "payment_status": "not_paid"}, 3),
        ({"shipping_status": "part_shipped"}, 4),
        ({"delivered_at": NOW}, None),
        ({"status": "cancelled"}, None),
        ({"lines": (replace(BOUGHT, returned=1),)}, None),
    ],
)
def test_steps_only_in_flight(changes: dict[str, Any], step: int | None) -> None:
    assert status.step(order(**changes)) == step
