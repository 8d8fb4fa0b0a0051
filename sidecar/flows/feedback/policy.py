"""Every threshold of the flow, with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "carrier": "Logistics",
        "warehouse": "Warehouse Operations",
        "supplier": "Supplier Quality",
        "release": "Storefront Engineering",
        "cartridge": "Storefront Engineering",
        "device": "Storefront Engineering",
        "payment_method": "Payments",
        "locale": "Content",
        "sku": "Product Quality",
    }
)
"""Which group owns a root cause of this dimension, by the name of the group in ServiceNow."""

CATEGORY_OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "product": "Product Quality",
        "delivery": "Logistics",
        "checkout": "Payments",
        "website": "Storefront Engineering",
        "service": "Customer Service",
        "other": "Customer Service",
    }
)
"""Who gets a problem for which no dimension stands out, by the category of its reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRule:
    """When one feedback becomes a case of its own; empty conditions hold always."""

    name: str
    rating_at_most: int | None = None
    nps_at_most: int | None = None
    reasons: frozenset[str] = frozenset()
    needs_order: bool = False
    needs_consent: bool = False
    priority: str = "4"


CASE_RULES: Final = (
    CaseRule(name="unsafe product", reasons=frozenset({"unsafe"}), priority="2"),
    CaseRule(name="unhappy with an order", rating_at_most=2, needs_order=True, needs_consent=True),
    CaseRule(name="detractor with an order", nps_at_most=3, needs_order=True, needs_consent=True),
)
"""The first that holds makes the case; feedback without one is counted only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackPolicy:
    """A pattern needs `least` feedbacks of `least_customers` different customers within `window_days`, and more than
    `season_factor` times what the same weekdays of the last `season_weeks` weeks let expect."""

    case_rules: tuple[CaseRule, ...] = CASE_RULES
    window_days: float = 7
    least: int = 5
    least_customers: int = 4
    season_weeks: int = 4
    season_factor: float = 1.5

    only_one_score: float = 0.9
    """Score of a suggestion that rests on there being only one product with this reason."""
    same_reason_at: float = 0.05
    """Cosine from which one of several products with the same reason is suggested."""
    similar_at: float = 0.42
    """Cosine, 0 to 1, from which similar words suggest a cluster."""
    compared_at_most: int = 2000
    """Feedbacks of the site that a new one is compared with, the latest ones."""

    cause_days: float = 28
    cause_support: int = 3
    """Feedbacks of the cluster that must share a value before it may be called the cause."""
    cause_lift: float = 2.0
    """How many times more frequent the value must be than in all feedback of the site."""
    cause_chance: float = 0.01
    """How improbable such a share must be if it were chance (one-sided hypergeometric test)."""
    owners: Mapping[str, str] = field(default_factory=lambda: OWNERS)
    category_owners: Mapping[str, str] = field(default_factory=lambda: CATEGORY_OWNERS)

    look_after_days: float = 7
    """From a corrective action to the first look at what came after it, and between looks."""
    looks: int = 6
    """Looks until the question whether it stopped stays open for a person."""
    expected_least: float = 3.0
    """Feedbacks that must have been expected meanwhile: with 3 expected and none come, chance is below 5 %."""
    stopped_share: float = 0.25
    """At most this share of what was expected may still come in."""
    recurs_at: int = 3
    recurs_customers: int = 2
    """Feedbacks and different customers after the end was stated, from which a complaint is back."""
    same_problem_days: float = 90
    """A complaint that comes back within this time reopens its problem; later it gets a new one."""

    library_id: str = ""
    """Library of notices; empty: the site's own."""
    folder_id: str = "root"
    product_attribute: str = "c_serviceNotice"
    """A localizable text of products that the product page shows."""
    linked_at_most: int = 200
    """Cases linked to a problem."""
    keep_days: float = 400
    """How long the words and figures of a feedback are kept."""
