"""Why this matters: a table of small rules, each one fact, one reason, one place to look.

A rule sees only sections that are known and that the viewer may see; without them it stays silent, because a guess is
worse than nothing. What each rule looks for is in `findings`.

=====================  =========  =======================================================================
rule                   severity   fires when
=====================  =========  =======================================================================
late_order             critical   a promised date passed and the order is not delivered
already_compensated    warning    the order in this case is already refunded or returned
fraud_care             warning    the address changed less than 72 h ago (roles lead and fraud)
account                warning    the account is blocked; or (info) it is an employee's
cart_at_risk           warning    a valuable cart is idle or its payment failed; or (moderate) stock is low
payment_failed_cart    warning    a payment attempt on a smaller cart failed
repeat_contact         warning    another case about the same order in the last 14 days
returns_rate           moderate   at least twice the store's average on five items or more
failed_search          moderate   a search without results uses words of this case
valuable_customer      info       VIP, a top tier, or a top value
first_order            info       the first order ever
points_expiring        info       loyalty points expire in less than 30 days
=====================  =========  =======================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sidecar.context import findings
from sidecar.context.situation import SEVERITIES, Finding, Situation

NAME = "insights"


class Rule(NamedTuple):
    """One rule: which sections it needs, which one its finding points to, and why it fires, in one line."""

    name: str
    version: int
    find: Callable[[Situation], Finding | None]
    needs: tuple[str, ...]
    section: str
    icon: str
    why: str


RULES: tuple[Rule, ...] = (
    Rule(
        "late_order",
        1,
        findings.late_order,
        ("orders",),
        "orders",
        "truck",
        "The promised delivery date is before today and the order is not delivered.",
    ),
    Rule(
        "already_compensated",
        1,
        findings.already_compensated,
        ("orders",),
        "orders",
        "return",
        "The order named in this case has returned items or a refund.",
    ),
    Rule(
        "fraud_care",
        1,
        findings.fraud_care,
        ("profile",),
        "profile",
        "shield",
        "The customer's address changed less than 72 hours ago.",
    ),
    Rule(
        "account",
        1,
        findings.account,
        ("profile",),
        "profile",
        "user",
        "The account is blocked, or belongs to an employee.",
    ),
    Rule(
        "cart_at_risk",
        1,
        findings.cart_at_risk,
        ("cart",),
        "cart",
        "cart",
        "The cart is valuable and idle or its payment failed, or stock of something in it is low.",
    ),
    Rule(
        "payment_failed_cart",
        1,
        findings.payment_failed_cart,
        ("cart",),
        "cart",
        "cart",
        "A payment attempt on the cart failed.",
    ),
    Rule(
        "repeat_contact",
        1,
        findings.repeat_contact,
        ("case_file",),
        "orders",
        "repeat",
        "Another case named the same order in the last 14 days.",
    ),
    Rule(
        "returns_rate",
        1,
        findings.returns_rate,
        ("orders",),
        "orders",
        "return",
        "At least twice the store's average of returned items, counted on five items or more.",
    ),
    Rule(
        "failed_search",
        1,
        findings.failed_search,
        (
            "activity",
            "case_file",
        ),
        "activity",
        "search",
        "A search in the shop found nothing and shares words with this case.",
    ),
    Rule(
        "valuable_customer",
        1,
        findings.valuable_customer,
        (
            "profile",
            "orders",
        ),
        "profile",
        "star",
        "VIP, a top loyalty tier, or a high value of orders.",
    ),
    Rule("first_order", 1, findings.first_order, ("orders",), "orders", "star", "The shopper has exactly one order."),
    Rule(
        "points_expiring",
        1,
        findings.points_expiring,
        ("loyalty",),
        "loyalty",
        "star",
        "Loyalty points expire in less than 30 days.",
    ),
)
"""Every rule, in the order in which findings of one severity are shown."""


def document(situation: Situation) -> list[dict[str, Any]]:
    """The most serious findings on the wire, at most as many as the view's limit."""
    found = sorted(found_by_rules(situation), key=lambda pair: SEVERITIES.index(pair[1].severity))
    return [_wire(rule, finding) for rule, finding in found[: situation.view.limits.insights]]


def found_by_rules(situation: Situation) -> Iterator[tuple[Rule, Finding]]:
    """Everything every rule finds, in the order of the table."""
    for rule in RULES:
        if situation.known.issuperset(rule.needs):
            finding = rule.find(situation)
            if finding is not None:
                yield rule, finding


def _wire(rule: Rule, finding: Finding) -> dict[str, Any]:
    return {
        "id": rule.name,
        "severity": finding.severity,
        "icon": rule.icon,
        "title": finding.title,
        "text": finding.text,
        "target": {"section": rule.section, "key": finding.key},
        "rule": f"{rule.name}@{rule.version}",
        "why": rule.why,
        "facts": finding.facts,
    }
