"""Loyalty: the customer's own attributes, or the answer of the custom API ``loyalty-info``.

The custom API is the tenant's own. It is read as ``{"memberSince", "tier", "points", "nextTier", "pointsToNext",
"expiringPoints", "expiringOn", "voucherCount", "voucherTotal", "currency"}``, every member optional; the answer for
somebody who is no member is an empty document, or a 404 with the slug ``not-a-member``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sfcc_client.config import AttributeNames
from sfcc_client.documents import values
from sfcc_client.documents.schema import Document, Number, Text, Whole, money
from sfcc_client.documents.values import tolerant
from sfcc_client.models import Loyalty


class LoyaltyInfo(Document):
    """Answer of the custom API."""

    member_since = Text()
    tier = Text()
    points = Whole()
    next_tier = Text()
    points_to_next = Whole()
    expiring_points = Whole()
    expiring_on = Text()
    voucher_count = Whole()
    voucher_total = Number()
    currency = Text()


LOYALTY_INFO = LoyaltyInfo()


def loyalty_from(loaded: dict[str, Any], currency: str) -> Loyalty | None:
    """The membership in a custom API's answer; None without tier and points."""
    return _membership(
        tier=loaded["tier"] or None,
        points=loaded["points"],
        next_tier=loaded["next_tier"] or None,
        points_to_next=loaded["points_to_next"],
        member_since=tolerant(_day_or_month, loaded["member_since"]),
        expiring_points=loaded["expiring_points"],
        expiring_on=tolerant(values.day, loaded["expiring_on"]),
        vouchers=loaded["voucher_count"],
        voucher_amount=loaded["voucher_total"],
        currency=loaded["currency"] or currency,
    )


def loyalty_in(custom: Mapping[str, Any], names: AttributeNames, currency: str) -> Loyalty | None:
    """The membership in a customer's custom attributes; None without tier and points."""

    def read(name: str, reader: Callable[[Any], Any]) -> Any:
        return tolerant(reader, custom.get(name))

    return _membership(
        tier=read(names.loyalty_tier, values.text),
        points=read(names.loyalty_points, values.whole_or_digits),
        next_tier=read(names.loyalty_next_tier, values.text),
        points_to_next=read(names.loyalty_points_to_next, values.whole_or_digits),
        member_since=read(names.loyalty_since, _day_or_month),
        expiring_points=read(names.loyalty_expiring_points, values.whole_or_digits),
        expiring_on=read(names.loyalty_expiring_on, values.day),
        vouchers=read(names.loyalty_voucher_count, values.whole_or_digits),
        voucher_amount=read(names.loyalty_voucher_total, values.number_or_digits),
        currency=currency,
    )


def _membership(
    *,
    tier: str | None,
    points: int | None,
    next_tier: str | None,
    points_to_next: int | None,
    member_since: date | None,
    expiring_points: int | None,
    expiring_on: date | None,
    vouchers: int | None,
    voucher_amount: Decimal | None,
    currency: str,
) -> Loyalty | None:
    if tier is None and points is None:
        return None
    return Loyalty(
        member_since=member_since,
        tier=tier,
        points=points,
        next_tier=next_tier,
        points_to_next=points_to_next,
        progress_pct=_progress(points, points_to_next),
        expiring_points=expiring_points,
        expiring_on=expiring_on,
        vouchers=vouchers,
        voucher_total=money(voucher_amount, currency),
    )


def _progress(points: int | None, missing: int | None) -> int | None:
    """Points held as a share of the points the next tier takes, rounded down so that 100 means reached."""
    if points is None or missing is None or points < 0 or missing < 0 or points + missing == 0:
        return None
    return points * 100 // (points + missing)


def _day_or_month(value: Any) -> date:
    """A date; a month alone (``2019-03``) is its first day."""
    written = values.text(value)
    return values.day(f"{written}-01" if len(written) == 7 else written)
