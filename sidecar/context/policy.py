"""Every number and choice of the context room, with its default and unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sfcc_client import AttributeNames


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPolicy:
    """How long one section may take and how long its answer counts, in seconds.

    Up to `fresh_s` a copy is served without asking upstream. Above `stale_after_s` the panel calls it a saved copy. Up
    to `keep_s` it is kept for when upstream fails (RFC 5861 section 4, stale-if-error). `deadline_s` is counted from
    the arrival of the request.
    """

    fresh_s: float = 60.0
    stale_after_s: float = 300.0
    keep_s: float = 4 * 3600.0
    deadline_s: float = 2.4


def _sections() -> Mapping[str, SectionPolicy]:
    return {
        "profile": SectionPolicy(fresh_s=120.0),
        "orders": SectionPolicy(fresh_s=60.0),
        "cart": SectionPolicy(fresh_s=30.0),
        "loyalty": SectionPolicy(fresh_s=300.0, stale_after_s=900.0),
        "activity": SectionPolicy(fresh_s=60.0, keep_s=1800.0),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTemplates:
    """Business Manager deep links of one site: https URLs with ``{site_id}``, ``{customer_no}``, ``{order_no}``.

    There is no documented API for these paths, so they are configuration; an empty template means no link.
    """

    customer: str = ""
    orders: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPolicy:
    """Which links may be shown: only https, only to these hosts or a subdomain of one."""

    templates: Mapping[str, LinkTemplates] = field(default_factory=dict)
    default: LinkTemplates = LinkTemplates()
    bm_hosts: tuple[str, ...] = ()
    tracking_hosts: tuple[str, ...] = (
        "dhl.com",
        "dhl.de",
        "dpd.com",
        "dpd.co.uk",
        "fedex.com",
        "gls-group.com",
        "gls-group.eu",
        "hermesworld.com",
        "myhermes.de",
        "postnl.nl",
        "royalmail.com",
        "ups.com",
        "usps.com",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When an insight fires and what counts as late or unpaid.

    `return_rate_pct` is the average of a site, by site id; without it the returns insight stays silent, because a
    rate means something only beside the average.
    """

    unpaid_after_h: float = 24.0
    cart_at_risk: Mapping[str, Decimal] = field(
        default_factory=lambda: {"EUR": Decimal(100), "GBP": Decimal(100), "USD": Decimal(100), "JPY": Decimal(15000)}
    )
    cart_idle_min: float = 30.0
    return_rate_pct: Mapping[str, Decimal] = field(default_factory=dict)
    return_rate_factor: Decimal = Decimal(2)
    return_min_items: int = 5
    top_value: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            "EUR": Decimal(5000),
            "GBP": Decimal(5000),
            "USD": Decimal(5000),
            "JPY": Decimal(750000),
        }
    )
    top_tiers: tuple[str, ...] = ("gold", "platinum", "diamond")
    points_expiring_days: int = 30
    address_changed_h: float = 72.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one answer may hold."""

    orders: int = 5
    lines: int = 20
    activity: int = 20
    candidates: int = 10
    insights: int = 3
    answer_bytes: int = 60 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAttributes:
    """Attributes of an order that some tenants keep and the timeline is richer for; an empty name: not kept.

    The times are ISO 8601, `last_scan_place` is a text, `refunded` an amount in the order's currency.
    """

    paid_at: str = "c_paidAt"
    exported_at: str = "c_exportedAt"
    shipped_at: str = "c_shippedAt"
    last_scan_at: str = "c_lastScanAt"
    last_scan_place: str = "c_lastScanPlace"
    refunded: str = "c_refundedAmount"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextPolicy:
    """Everything a `ContextService` can be told.

    `deadline_s` bounds a whole live read. `patience_s` is how long a live read waits for a refresh while it holds a
    usable older copy: after that it shows the copy and the refresh goes on. `load_s` bounds one upstream load, which
    may outlive the reader that started it and then serves the next one. `cold_readers` is how many readers of
    different, unknown shoppers are served at full speed at the same time: each needs one thread per section.
    `orders_window` is how far back the tenant's order history reaches, as the panel prints it.
    """

    deadline_s: float = 2.5
    patience_s: float = 1.0
    load_s: float = 8.0
    negative_s: float = 15.0
    identity_fresh_s: float = 300.0
    cold_readers: int = 16
    cache_bytes: int = 64 * 1024 * 1024
    memo_share: float = 0.25
    memo_s: float = 20.0
    breaker_failures: int = 5
    breaker_open_s: float = 15.0
    orders_loaded: int = 50
    orders_window: str | None = "24m"
    sections: Mapping[str, SectionPolicy] = field(default_factory=_sections)
    limits: Limits = Limits()
    thresholds: Thresholds = Thresholds()
    links: LinkPolicy = LinkPolicy()
    order_attributes: OrderAttributes = OrderAttributes()
    attribute_names: AttributeNames = field(default_factory=AttributeNames)
