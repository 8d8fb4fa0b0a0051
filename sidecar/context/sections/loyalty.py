"""Loyalty: tier, points, what comes next and what expires."""

from __future__ import annotations

from typing import Any

from sfcc_client.models import Loyalty
from sidecar.context import lookups, money
from sidecar.context.identity import Shopper
from sidecar.context.masking import clean
from sidecar.context.upstream import Fact, Upstream

NAME = "loyalty"


def fact(upstream: Upstream, shopper: Shopper) -> Fact[Loyalty | None] | None:
    """The membership; None when no programme is configured, or for a guest."""
    if shopper.customer is None or not upstream.commerce.loyalty.configured:
        return None
    return lookups.of_customer(
        upstream, NAME, upstream.commerce.loyalty.of_customer, shopper.customer, shopper.site.site_id
    )


def document(loyalty: Loyalty | None) -> dict[str, Any] | None:
    """The membership on the wire; None for somebody who is not a member."""
    if loyalty is None:
        return None
    progress = loyalty.progress_pct
    return {
        "tier": clean(loyalty.tier, 60) or None,
        "points": loyalty.points,
        "next": {
            "tier": clean(loyalty.next_tier, 60),
            "missing": loyalty.points_to_next,
            "pct": None if progress is None else min(100, max(0, progress)),
        }
        if loyalty.next_tier
        else None,
        "expiring": {
            "points": loyalty.expiring_points,
            "on": loyalty.expiring_on.isoformat() if loyalty.expiring_on else None,
        }
        if loyalty.expiring_points
        else None,
        "vouchers": {"count": loyalty.vouchers, "total": money.wire(loyalty.voucher_total)}
        if loyalty.vouchers
        else None,
        "since": loyalty.member_since.strftime("%Y-%m") if loyalty.member_since else None,
    }
