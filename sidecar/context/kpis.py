"""Key figures, each with the scope it was counted in, and "at least" where not everything was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sfcc_client.models import Money, Order, OrderPage
from sidecar.context import money, status
from sidecar.context.identity import Shopper
from sidecar.context.view import View
from sidecar.context.wording import counted, pieces

NAME = "kpis"
_YEAR = timedelta(days=365)
_AVERAGED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRate:
    """Pieces that came back out of those that arrived in the last 12 months; `pct` is whole per cent."""

    returned: int
    bought: int

    @property
    def pct(self) -> int:
        return round(100 * self.returned / self.bought) if self.bought else 0


def document(page: OrderPage, shopper: Shopper, view: View) -> list[dict[str, Any]]:
    """The figures on the wire; an order that was cancelled, failed or replaced counts nowhere."""
    site = shopper.site.label or shopper.site.site_id
    sold = sold_orders(page.orders)
    year = last_year(sold, view)
    recent = sold[:_AVERAGED]
    everything = len(page.orders) >= page.total
    whole_year = everything or _reaches_back(page.orders, view)
    rate = return_rate(year)
    average = view.moment.thresholds.return_rate_pct.get(shopper.site.site_id)
    high = average is not None and is_high(rate, average, view)
    figures = [
        _figure("ltv", "Lifetime value", _values(sold), f"{counted(len(sold), 'order')}, {site}", complete=everything),
        _figure("last_12m", "Last 12 months", _values(year), counted(len(year), "order"), complete=whole_year),
        _figure("aov", "Average order", _averages(recent), f"last {counted(len(recent), 'order')}", complete=True),
    ]
    if rate.bought:
        scope = f"{rate.returned} of {rate.bought} items" + (f", store average {average} %" if average else "")
        figures.append(
            {
                "id": "return_rate",
                "label": "Return rate",
                "value": f"{rate.pct} %",
                "scope": scope,
                "complete": True,
                "tone": "critical" if high else None,
            }
        )
    return [figure for figure in figures if figure["value"] is not None]


def sold_orders(orders: Iterable[Order]) -> list[Order]:
    return [order for order in orders if not status.has_ended(order)]


def last_year(orders: Iterable[Order], view: View) -> list[Order]:
    since = view.moment.now - _YEAR
    return [order for order in orders if order.placed_at is not None and order.placed_at >= since]


def return_rate(orders: Iterable[Order]) -> ReturnRate:
    """Counted in whole pieces of orders that arrived, since nothing else can come back.

    More came back than was bought only in broken data, and is not shown as such.
    """
    arrived = (order for order in orders if status.is_delivered(order) or status.returned_pieces(order))
    lines = [line for order in arrived for line in order.lines]
    bought = sum(int(max(0, pieces(line.quantity))) for line in lines)
    returned = sum(min(max(0, line.returned), int(max(0, pieces(line.quantity)))) for line in lines)
    return ReturnRate(returned=returned, bought=bought)


def is_high(rate: ReturnRate, average: Decimal, view: View) -> bool:
    """At least so many times the store's average, counted on enough items to mean something."""
    thresholds = view.moment.thresholds
    return rate.bought >= thresholds.return_min_items and rate.pct >= thresholds.return_rate_factor * average > 0


def _reaches_back(orders: Sequence[Order], view: View) -> bool:
    placed = [order.placed_at for order in orders if order.placed_at is not None]
    return bool(placed) and min(placed) < view.moment.now - _YEAR


def _values(orders: Iterable[Order]) -> Mapping[str, Money]:
    return money.sums(order.total for order in orders)


def _averages(orders: Sequence[Order]) -> Mapping[str, Money]:
    sums = _values(orders)
    counts = {
        code: sum(1 for one in orders if one.total and money.currency_code(one.total.currency) == code) for code in sums
    }
    return {code: Money(amount=total.amount / counts[code], currency=code) for code, total in sums.items()}


def _figure(figure: str, title: str, values: Mapping[str, Money], scope: str, *, complete: bool) -> dict[str, Any]:
    """One amount, or, because amounts in different currencies have no sum, ``"2 currencies"`` with `parts`."""
    amounts = [wired for one in values.values() if (wired := money.wire(one)) is not None]
    value: Any = None
    if len(amounts) == 1:
        value = amounts[0]
    elif amounts:
        value = counted(len(amounts), "currency", "currencies")
    known: dict[str, Any] = {
        "id": figure,
        "label": title,
        "value": value,
        "scope": scope,
        "complete": complete,
        "tone": None,
    }
    return {**known, "parts": amounts} if len(amounts) > 1 else known
