"""Recent searches and views, only of shoppers who did not refuse tracking."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sfcc_client.models import Activity
from sidecar.context import lookups
from sidecar.context.identity import Shopper
from sidecar.context.masking import clean, masked_email
from sidecar.context.upstream import Fact, Upstream
from sidecar.context.view import View
from sidecar.context.wording import instant

NAME = "activity"
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


def fact(upstream: Upstream, shopper: Shopper) -> Fact[Activity] | None:
    """The history; None when no source is configured, or for a guest. Not to be called for a shopper who opted out."""
    if shopper.customer is None or not upstream.commerce.activity.configured:
        return None

    def call(*about: Any, **how: Any) -> Activity:
        found = upstream.commerce.activity.of_customer(*about, **how)
        # Whatever a source sends along with a refusal is not even remembered.
        return found if found.opted_out_at is None else replace(found, items=())

    return lookups.of_customer(upstream, NAME, call, shopper.customer, shopper.site.site_id)


def document(activity: Activity | None, view: View) -> dict[str, Any] | None:
    """The history on the wire; None when there is none."""
    if activity is None or not activity.items:
        return None
    return {
        "window": window(activity.window),
        "items": [
            {
                "at": instant(item.at),
                "kind": item.kind,
                # People do search for their own address.
                "text": _ADDRESS.sub(lambda found: masked_email(found[0]), clean(item.text)),
                "results": item.results,
                "count": max(1, item.count),
            }
            for item in activity.items[: view.limits.activity]
        ],
    }


def window(length: timedelta | None) -> str | None:
    """``24h`` up to two days, ``30d`` beyond."""
    if length is None:
        return None
    hours = round(length.total_seconds() / 3600)
    return f"{hours}h" if hours <= 48 else f"{round(hours / 24)}d"
