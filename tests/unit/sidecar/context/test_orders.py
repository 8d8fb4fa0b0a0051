"""The orders section: the case's order first, a few at a time, nobody else's, and the story of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sfcc_client.models import Money, Order, OrderLine, Shipment
from sidecar.context import ContextPolicy, LinkPolicy, LinkTemplates
from sidecar.errors import BadCursor

from .conftest import LATE, MARA, NOW, Desk, euros, order

WHO: dict[str, Any] = {"customer_no": "00004711", "site_id": "RefArchDE"}


def numbered(count: int) -> list[Order]:
    return [order(f"{number:05}") for number in range(count)]


def orders(desk: Desk, **asked: Any) -> dict[str, Any]:
    data = desk.envelope(**WHO, sections=("orders",), **asked)["sections"]["orders"]["data"]
    assert data is not None
    return data  # type: ignore[no-any-return]


def numbers(data: dict[str, Any]) -> list[str]:
    return [one["no"] for one in data["items"]]


def walk(desk: Desk, **asked: Any) -> list[list[str]]:
    """Every page from the first to the last."""
    pages = [orders(desk, **asked)]
    while pages[-1]["next"]:
        pages.append(orders(desk, cursor=pages[-1]["next"], **asked))
    return [numbers(page) for page in pages]


class TestPaging:
    @pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 27, 49, 50, 51, 103])
    def test_every_order_comes_exactly_once(self, desk: Desk, count: int) -> None:
        desk.shop.orders["RefArchDE"] = numbered(count)
        if count == 0:
            assert desk.section("orders")["status"] == "empty"
            return
        pages = walk(desk)
        assert [one for page in pages for one in page] == [f"{number:05}" for number in range(count)]
        assert all(0 < len(page) <= 5 for page in pages)

    @pytest.mark.parametrize("count", [1, 5, 6, 27, 51, 103])
    @pytest.mark.parametrize("named", ["first", "middle", "last"])
    def test_the_order_of_the_case_leads_and_is_not_repeated(self, desk: Desk, count: int, named: str) -> None:
        listed = numbered(count)
        desk.shop.orders["RefArchDE"] = listed
        number = listed[{"first": 0, "middle": count // 2, "last": -1}[named]].order_no
        pages = walk(desk, order_no=number)
        everything = [one for page in pages for one in page]
        assert everything[0] == number
        assert sorted(everything) == [one.order_no for one in listed]
        assert len(everything) == len(set(everything))

    def test_says_how_many_there_are(self, desk: Desk) -> None:
        desk.shop.orders["RefArchDE"] = numbered(27)
        data = orders(desk)
        assert (data["shown"], data["total"], data["window"], data["source"]) == (5, 27, "24m", "shopper_token")

    def test_further_pages_come_from_what_was_loaded(self, desk: Desk) -> None:
        desk.shop.orders["RefArchDE"] = numbered(27)
        walk(desk)
        assert desk.shop.calls["orders"] == 1

    @pytest.mark.parametrize(
        "cursor", ["x", "5", "5.", "-5.0000000000000000", "10000.0000000000000000", "5.g" + "0" * 15]
    )
    def test_only_cursors_made_here_are_taken(self, desk: Desk, cursor: str) -> None:
        with pytest.raises(BadCursor):
            orders(desk, cursor=cursor)

    def test_a_cursor_cannot_be_turned_into_another(self, desk: Desk) -> None:
        following = orders(desk)["next"]
        with pytest.raises(BadCursor):
            orders(desk, cursor="6" + following[1:])


class TestTheOrderOfTheCase:
    def test_is_marked(self, desk: Desk) -> None:
        marked = {one["no"]: one["in_case"] for one in orders(desk, order_no="00029905")["items"]}
        assert marked.pop("00029905") is True
        assert not any(marked.values())

    def test_an_older_one_is_read_by_number(self, desk: Desk) -> None:
        desk.shop.orders["RefArchDE"] = numbered(60)
        assert numbers(orders(desk, order_no="00055"))[0] == "00055"
        assert desk.shop.calls["order"] == 1

    def test_without_need_nothing_is_read_by_number(self, desk: Desk) -> None:
        orders(desk, order_no="00031204")
        orders(desk, order_no="NOT-THERE")
        assert desk.shop.calls["order"] == 0

    @pytest.mark.parametrize(
        "changes",
        [
            {"customer_no": "00000001"},
            {"customer_no": "00000001", "email": MARA.email},
            {"customer_no": None, "guest": True, "email": "paul@example.com"},
            {"customer_no": None, "guest": True, "email": None},
        ],
    )
    def test_somebody_elses_is_never_shown(self, desk: Desk, changes: dict[str, Any]) -> None:
        desk.shop.orders["RefArchDE"] = [*numbered(60), order("OTHER", **changes)]
        assert "OTHER" not in [one for page in walk(desk, order_no="OTHER") for one in page]

    def test_one_they_placed_without_signing_in_is_theirs(self, desk: Desk) -> None:
        guest = order("G", customer_no=None, guest=True, email="MARA.K@example.com")
        desk.shop.orders["RefArchDE"] = [*numbered(60), guest]
        assert numbers(orders(desk, order_no="G"))[0] == "G"


class TestItem:
    @pytest.fixture
    def policy(self) -> ContextPolicy:
        templates = LinkTemplates(
            customer="https://bm.example.com/c/{customer_no}",
            orders="https://bm.example.com/os/{customer_no}",
            order="https://bm.example.com/o/{order_no}",
        )
        return replace(
            ContextPolicy(),
            links=LinkPolicy(default=templates, bm_hosts=("bm.example.com",), tracking_hosts=("dhl.com",)),
        )

    def test_the_late_order_of_the_pictures(self, desk: Desk) -> None:
        (late,) = [one for one in orders(desk)["items"] if one["no"] == "00031204"]
        assert late["headline"] == {"label": "4 days late", "tone": "critical"}
        assert [badge["label"] for badge in late["badges"]] == ["Shipped", "Paid"]
        assert (late["step"], late["steps"], late["promised_at"]) == (4, 5, "2026-11-18")
        assert late["total"] == {"amount": "318.40", "currency": "EUR"}
        assert late["item_count"] == 3
        assert late["shipments"] == [
            {
                "carrier": "DHL",
                "tracking": "00340434161288",
                "url": "https://www.dhl.com/track?id=003404341612",
                "method": None,
                "status": "in_transit",
                "promised_at": None,
            }
        ]
        assert late["payment"] == [{"label": "Visa •• 4242", "status": "paid"}]
        assert late["lines"][0]["variant"] == "Pine · M"
        assert late["links"] == {"bm": "https://bm.example.com/o/00031204"}
        assert late["summary_text"] == (
            "Order 00031204, placed 12 Nov, €318.40, 4 days late, promised 18 Nov, tracking DHL 00340434161288."
        )

    def test_links_of_the_customer(self, desk: Desk) -> None:
        assert desk.envelope(**WHO)["links"] == {
            "bm_customer": "https://bm.example.com/c/00004711",
            "bm_orders": "https://bm.example.com/os/00004711",
        }

    def test_prices_of_a_piece_and_of_the_line(self, desk: Desk) -> None:
        line = OrderLine(product_id="P", name="Sock", quantity=Decimal(3), price=euros("10"), returned=1)
        desk.shop.orders["RefArchDE"] = [order("1", lines=(line,))]
        (shown,) = orders(desk)["items"][0]["lines"]
        assert (shown["qty"], shown["returned"]) == (3, 1)
        assert shown["price"]["amount"] == "3.33"
        assert shown["total"]["amount"] == "10.00"

    @pytest.mark.parametrize(
        ("changes", "note"),
        [
            ({"status": "cancelled", "cancel_description": "Cancelled by customer"}, "Cancelled by customer"),
            ({"lines": (OrderLine(quantity=Decimal(2), returned=1),)}, "Returned 1 of 2"),
            (
                {"lines": (OrderLine(quantity=Decimal(2), returned=1),), "custom": {"c_refundedAmount": "48"}},
                "Returned 1 of 2 · refund €48.00",
            ),
            (
                {
                    "delivered_at": None,
                    "shipping_status": "not_shipped",
                    "promised_at": NOW.date() + timedelta(days=2),
                },
                "Promised for 24 Nov",
            ),
            ({}, None),
        ],
    )
    def test_note(self, desk: Desk, changes: dict[str, Any], note: str | None) -> None:
        desk.shop.orders["RefArchDE"] = [order("1", **changes)]
        assert orders(desk)["items"][0]["note"] == note

    @pytest.mark.parametrize(
        ("amount", "label"),
        [(Decimal("48.0"), "Part refunded"), ("100", "Refunded"), ("x", None), (0, None), (-5, None)],
    )
    def test_refunds_kept_on_the_order(self, desk: Desk, amount: Any, label: str | None) -> None:
        desk.shop.orders["RefArchDE"] = [order("1", custom={"c_refundedAmount": amount})]
        labels = [badge["label"] for badge in orders(desk)["items"][0]["badges"]]
        assert [one for one in labels if "efunded" in one] == ([label] if label else [])


def story(desk: Desk, one: Order) -> list[tuple[str, str, str | None]]:
    desk.shop.orders["RefArchDE"] = [one]
    return [(step["label"], step["state"], step["at"]) for step in orders(desk)["items"][0]["timeline"]]


class TestTimeline:
    def test_with_the_times_the_tenant_keeps(self, desk: Desk) -> None:
        kept = {
            "c_paidAt": "2026-11-12T08:13:00Z",
            "c_exportedAt": "2026-11-12T09:02:00Z",
            "c_shippedAt": "2026-11-13T07:00:00Z",
            "c_lastScanAt": "2026-11-19T09:40:00Z",
            "c_lastScanPlace": "Hub Leipzig",
        }
        assert story(desk, replace(LATE, custom=kept)) == [
            ("Placed", "done", "2026-11-12T08:12:00Z"),
            ("Paid · Visa •• 4242", "done", "2026-11-12T08:13:00Z"),
            ("Exported to warehouse", "done", "2026-11-12T09:02:00Z"),
            ("In transit · Hub Leipzig, no scan for 3 days", "problem", "2026-11-19T09:40:00Z"),
            ("Delivered", "todo", None),
        ]

    def test_without_them(self, desk: Desk) -> None:
        assert story(desk, replace(LATE, promised_at=NOW.date())) == [
            ("Placed", "done", "2026-11-12T08:12:00Z"),
            ("Paid · Visa •• 4242", "done", None),
            ("Exported to warehouse", "done", None),
            ("In transit · DHL", "done", None),
            ("Delivered", "todo", None),
        ]

    def test_not_yet_under_way(self, desk: Desk) -> None:
        fresh = order(
            "1",
            payment_status="not_paid",
            export_status="not_exported",
            shipping_status="not_shipped",
            delivered_at=None,
            shipments=(Shipment(carrier="DPD"),),
        )
        assert [(label, state) for label, state, _ in story(desk, fresh)] == [
            ("Placed", "done"),
            ("Payment", "todo"),
            ("Exported to warehouse", "todo"),
            ("In transit · DPD", "todo"),
            ("Delivered", "todo"),
        ]

    def test_cancelled(self, desk: Desk) -> None:
        at = datetime.fromisoformat("2026-07-31T08:00:00+00:00")
        ended = order("1", status="cancelled", cancel_description="Cancelled by customer", last_modified=at)
        assert story(desk, ended) == [
            ("Placed", "done", "2026-08-21T11:05:00Z"),
            ("Cancelled · Cancelled by customer", "done", "2026-07-31T08:00:00Z"),
        ]

    def test_nothing_else_of_the_attributes_is_kept(self, desk: Desk) -> None:
        desk.shop.orders["RefArchDE"] = [order("1", custom={"c_giftMessage": "canary", "c_paidAt": "x"})]
        orders(desk)
        held = [entry.value for entry in desk.service._facts._entries.values()]
        assert "canary" not in str([getattr(value, "orders", ()) and value.orders[0].custom for value in held])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "1250"), ("BHD", "1.234"), ("EUR", "-5.00"), ("EUR", "0.00")])
def test_every_currency_with_its_decimals(desk: Desk, currency: str, amount: str) -> None:
    total = Money(amount=Decimal(amount), currency=currency)
    desk.shop.orders["RefArchDE"] = [order("1", total=total, currency=currency)]
    assert orders(desk)["items"][0]["total"] == {"amount": amount, "currency": currency}
