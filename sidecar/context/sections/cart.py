"""The open basket: what is in it, whether something keeps it from becoming an order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sfcc_client.models import Basket
from sidecar.context import lookups, money
from sidecar.context.identity import Shopper
from sidecar.context.masking import clean
from sidecar.context.moment import Moment
from sidecar.context.sections.lines import line, total_pieces
from sidecar.context.upstream import Fact, Upstream
from sidecar.context.view import View
from sidecar.context.wording import instant

NAME = "cart"


def fact(upstream: Upstream, shopper: Shopper) -> Fact[Basket | None] | None:
    """The basket of a registered shopper; None for a guest, whose basket nobody but they can read."""
    if shopper.customer is None:
        return None
    return lookups.of_customer(
        upstream, NAME, upstream.commerce.baskets.of_customer, shopper.customer, shopper.site.site_id
    )


def document(basket: Basket | None, view: View) -> dict[str, Any] | None:
    """The basket on the wire; None when there is none or it is empty."""
    if basket is None or not basket.lines:
        return None
    limit = view.limits.lines
    return {
        "total": money.wire(basket.total),
        "item_count": total_pieces(basket.lines),
        "changed_at": instant(basket.changed_at),
        "risk": _risk(basket, view.moment),
        "lines": [{**line(one), "stock": one.stock} for one in basket.lines[:limit]],
        "more_lines": max(0, len(basket.lines) - limit),
        "coupons": [
            {"code": clean(one.code, 60), "effect": clean(one.effect, 60) or None, "valid": one.valid}
            for one in basket.coupons[:limit]
        ],
    }


def is_idle(basket: Basket, moment: Moment) -> bool:
    """Nobody has changed it for a while."""
    pause = timedelta(minutes=moment.thresholds.cart_idle_min)
    return basket.changed_at is not None and moment.now - basket.changed_at >= pause


def is_valuable(basket: Basket, moment: Moment) -> bool:
    """Its total reaches the threshold of its currency; a currency without a threshold never does."""
    if basket.total is None or not money.is_sane(basket.total.amount):
        return False
    least = moment.thresholds.cart_at_risk.get(money.currency_code(basket.total.currency))
    return least is not None and basket.total.amount >= least


def scarce_lines(basket: Basket) -> int:
    """Lines of which little or nothing is in stock."""
    return sum(1 for one in basket.lines if one.stock in ("low", "out"))


def _risk(basket: Basket, moment: Moment) -> dict[str, str] | None:
    if basket.payment_failures > 0:
        return {"label": f"Payment failed {basket.payment_failures}×", "tone": "critical"}
    if any(one.stock == "out" for one in basket.lines):
        return {"label": "Out of stock", "tone": "warning"}
    if scarce_lines(basket):
        return {"label": "Low stock", "tone": "warning"}
    if is_valuable(basket, moment) and is_idle(basket, moment):
        return {"label": "Left unfinished", "tone": "warning"}
    return None
