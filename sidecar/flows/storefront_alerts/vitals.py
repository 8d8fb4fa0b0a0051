"""Core Web Vitals at the 75th percentile. Source: web.dev/articles/vitals, thresholds of the `web-vitals` library."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

from sidecar.flows.storefront_alerts.events import Page

Rating = Literal["good", "needs improvement", "poor"]

THRESHOLDS: Final = {
    "LCP": (Decimal(2500), Decimal(4000)),
    "INP": (Decimal(200), Decimal(500)),
    "CLS": (Decimal("0.1"), Decimal("0.25")),
    "TTFB": (Decimal(800), Decimal(1800)),
}
"""Good up to the first, poor above the second; milliseconds, for CLS a plain number."""


def rating(page: Page) -> Rating:
    good, poor = THRESHOLDS[page.metric]
    return "good" if page.p75 <= good else "poor" if page.p75 > poor else "needs improvement"
