"""Key figures: their scope, "at least" where not everything was counted, and no sums across currencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sfcc_client.models import Money, Order, OrderPage
from sidecar.context import kpis
from sidecar.context.view import View

from .conftest import NOW, euros, order
from .test_insights import RETURNS, bought, page, situation, view


def figures(orders: OrderPage, seen: View | None = None) -> dict[str, dict[str, Any]]:
    shopper = situation().shopper
    return {one["id"]: one for one in kpis.document(orders, shopper, seen or view())}


def old(number: str, **changes: Any) -> Order:
    return order(number, placed_at=NOW - timedelta(days=400), **changes)


def test_values_and_scopes() -> None:
    shown = figures(page(order("1", total=euros("10")), order("2", total=euros("20.50")), old("3", total=euros("70"))))
    assert shown["ltv"]["value"] == {"amount": "100.50", "currency": "EUR"}
    assert shown["ltv"]["scope"] == "3 orders, RefArch DE"
    assert shown["last_12m"]["value"] == {"amount": "30.50", "currency": "EUR"}
    assert shown["last_12m"]["scope"] == "2 orders"
    assert shown["aov"]["value"] == {"amount": "33.50", "currency": "EUR"}
    assert shown["aov"]["scope"] == "last 3 orders"
    assert all(one["complete"] for one in shown.values())


def test_what_was_not_loaded_makes_it_at_least() -> None:
    shown = figures(page(order("1"), order("2"), total=60))
    assert shown["ltv"]["complete"] is False
    assert shown["last_12m"]["complete"] is False
    assert shown["aov"]["complete"] is True


def test_a_year_is_complete_once_the_loaded_orders_reach_behind_it() -> None:
    shown = figures(page(order("1"), old("2"), total=60))
    assert shown["ltv"]["complete"] is False
    assert shown["last_12m"]["complete"] is True


def test_ended_orders_count_nowhere() -> None:
    ended = [order(state, status=state, total=euros("999")) for state in ("cancelled", "failed", "replaced")]
    shown = figures(page(order("1", total=euros("10")), *ended))
    assert shown["ltv"]["value"]["amount"] == "10.00"
    assert shown["ltv"]["scope"] == "1 order, RefArch DE"


def test_currencies_are_never_added_up() -> None:
    yen = order("2", total=Money(amount=Decimal(5000), currency="JPY"))
    shown = figures(page(order("1", total=euros("10")), yen))
    assert shown["ltv"]["value"] == "2 currencies"
    assert shown["ltv"]["parts"] == [{"amount": "10.00", "currency": "EUR"}, {"amount": "5000", "currency": "JPY"}]
    assert shown["aov"]["parts"][1]["amount"] == "5000"


def test_the_average_is_of_the_last_ten() -> None:
    newest = [order(str(number), total=euros("10")) for number in range(10)]
    shown = figures(page(*newest, order("x", total=euros("1000"))))
    assert shown["aov"]["value"]["amount"] == "10.00"


def test_without_orders_there_are_no_figures() -> None:
    assert figures(page()) == {}
    assert figures(page(order("1", total=None, lines=()))) == {}


class TestReturnRate:
    def test_beside_the_stores_average(self) -> None:
        shown = figures(page(bought(8, 3), bought(5, 2)), view(**RETURNS))["return_rate"]
        assert (shown["value"], shown["scope"]) == ("38 %", "5 of 13 items, store average 17 %")
        assert shown["tone"] == "critical"

    def test_without_an_average_it_judges_nobody(self) -> None:
        shown = figures(page(bought(8, 8)))["return_rate"]
        assert (shown["value"], shown["scope"], shown["tone"]) == ("100 %", "8 of 8 items", None)

    def test_counts_only_what_arrived_in_the_last_year(self) -> None:
        on_the_way = replace(bought(10), delivered_at=None)
        long_ago = bought(10, 10, placed_at=NOW - timedelta(days=366))
        assert figures(page(bought(4, 1), on_the_way, long_ago))["return_rate"]["scope"] == "1 of 4 items"

    def test_broken_quantities_stay_within_reason(self) -> None:
        assert figures(page(bought(2, 50)))["return_rate"]["value"] == "100 %"
        assert "return_rate" not in figures(page(bought(0)))
        assert figures(page(bought(-3, -4), bought(1)))["return_rate"]["scope"] == "0 of 1 items"
