"""Every rule: when it fires, when it does not, and that it stays silent without its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from sfcc_client import AttributeNames
from sfcc_client.models import Activity, ActivityItem, Loyalty, Money, Order, OrderLine, OrderPage, Payment
from sidecar.cache import Outcome, Reading
from sidecar.context import insights
from sidecar.context.identity import Shopper
from sidecar.context.keys import Keys
from sidecar.context.links import Links
from sidecar.context.moment import Moment
from sidecar.context.permissions import ROLES
from sidecar.context.policy import Limits, LinkPolicy, OrderAttributes, Thresholds
from sidecar.context.ports import CaseFile
from sidecar.context.situation import SEVERITIES, Finding, Situation
from sidecar.context.view import View

from .conftest import ACTIVITY, BASKET, DE, LATE, LOYALTY, MARA, NOW, euros, order

QUIET = replace(MARA, custom=MappingProxyType({}))
SOURCES = frozenset({"profile", "orders", "cart", "loyalty", "activity", "case_file"})


def view(*, role: str = "agent", order_no: str | None = None, **thresholds: Any) -> View:
    return View(
        moment=Moment(now=NOW, thresholds=Thresholds(**thresholds), zone=UTC),
        grant=ROLES[role],
        limits=Limits(),
        links=Links(LinkPolicy()),
        keys=Keys(b"k"),
        attribute_names=AttributeNames(),
        order_attributes=OrderAttributes(),
        order_no=order_no,
    )


def page(*orders: Order, total: int | None = None) -> OrderPage:
    return OrderPage(orders=orders, total=len(orders) if total is None else total, source="shopper_token")


def situation(**facts: Any) -> Situation:
    """Everything known and nothing remarkable: two delivered orders, no cart, no membership."""
    shopper = Shopper(site=DE, customer=QUIET, profile=Reading(outcome=Outcome.MISS))
    plain = Situation(
        view=view(),
        shopper=shopper,
        known=SOURCES,
        customer=QUIET,
        orders=page(order("1"), order("2")),
        activity=Activity(),
        case_file=CaseFile(),
    )
    return replace(plain, **facts)


def found(facts: Situation) -> dict[str, Finding]:
    return {rule.name: finding for rule, finding in insights.found_by_rules(facts)}


def bought(pieces: int, returned: int = 0, **changes: Any) -> Order:
    line = OrderLine(product_id="P", quantity=Decimal(pieces), returned=returned, price=euros("10"))
    return order(f"r{pieces}{returned}", lines=(line,), **changes)


RETURNS = {"return_rate_pct": {"RefArchDE": Decimal(17)}}
SMALL_CART = replace(BASKET, total=euros("20"), lines=tuple(replace(one, stock="ok") for one in BASKET.lines))

FIRING: dict[str, Callable[[], Situation]] = {
    "late_order": lambda: situation(orders=page(LATE, order("2"))),
    "already_compensated": lambda: situation(view=view(order_no="r21"), case_order=bought(2, 1)),
    "fraud_care": lambda: situation(
        view=view(role="fraud"),
        customer=replace(QUIET, custom={"c_addressChangedAt": (NOW - timedelta(hours=71)).isoformat()}),
    ),
    "account": lambda: situation(customer=replace(QUIET, enabled=False)),
    "cart_at_risk": lambda: situation(basket=BASKET),
    "payment_failed_cart": lambda: situation(basket=SMALL_CART),
    "repeat_contact": lambda: situation(view=view(order_no="1"), case_file=CaseFile(earlier_contacts=1)),
    "returns_rate": lambda: situation(view=view(**RETURNS), orders=page(bought(8, 3), bought(5, 2))),
    "failed_search": lambda: situation(activity=ACTIVITY, case_file=CaseFile(text="Where is my returns label?")),
    "valuable_customer": lambda: situation(customer=replace(QUIET, custom={"c_vip": "true"})),
    "first_order": lambda: situation(orders=page(order("1"))),
    "points_expiring": lambda: situation(loyalty=replace(LOYALTY, tier="Blue", expiring_on=date(2026, 12, 21))),
}


def test_every_rule_has_a_case_here() -> None:
    assert set(FIRING) == {rule.name for rule in insights.RULES}


def test_nothing_remarkable_is_no_insight() -> None:
    assert found(situation()) == {}
    assert insights.document(situation()) == []


@pytest.mark.parametrize("rule", insights.RULES, ids=lambda rule: rule.name)
class TestEveryRule:
    def test_fires_alone(self, rule: insights.Rule) -> None:
        assert set(found(FIRING[rule.name]())) == {rule.name}

    def test_is_silent_when_any_of_its_sources_is_not_known(self, rule: insights.Rule) -> None:
        for missing in rule.needs:
            facts = FIRING[rule.name]()
            assert rule.name not in found(replace(facts, known=SOURCES - {missing}))

    def test_says_everything_the_panel_needs(self, rule: insights.Rule) -> None:
        (wire,) = insights.document(FIRING[rule.name]())
        assert wire["severity"] in SEVERITIES
        assert wire["rule"] == f"{rule.name}@{rule.version}"
        assert wire["target"]["section"] in {"profile", "orders", "cart", "loyalty", "activity"}
        for text in (wire["title"], wire["text"], wire["why"], wire["icon"]):
            assert text
            assert "None" not in text


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("late_order", lambda: situation(orders=page(replace(LATE, promised_at=NOW.date())))),
        ("already_compensated", lambda: situation(case_order=order("1"))),
        ("already_compensated", lambda: situation(orders=page(bought(2, 1), order("2")))),
        (
            "fraud_care",
            lambda: replace(FIRING["fraud_care"](), view=view(role="agent")),
        ),
        (
            "fraud_care",
            lambda: replace(
                FIRING["fraud_care"](),
                customer=replace(QUIET, custom={"c_addressChangedAt": (NOW - timedelta(hours=72)).isoformat()}),
            ),
        ),
        (
            "fraud_care",
            lambda: replace(FIRING["fraud_care"](), customer=replace(QUIET, custom={"c_addressChangedAt": "soon"})),
        ),
        ("account", lambda: situation(customer=replace(QUIET, enabled=None))),
        ("cart_at_risk", lambda: situation(basket=SMALL_CART)),
        ("cart_at_risk", lambda: situation(basket=replace(BASKET, lines=()))),
        ("cart_at_risk", lambda: situation(basket=replace(SMALL_CART, total=euros("400"), payment_failures=0))),
        ("payment_failed_cart", lambda: situation(basket=replace(SMALL_CART, payment_failures=0))),
        ("payment_failed_cart", lambda: situation(basket=BASKET)),
        ("repeat_contact", lambda: situation(view=view(order_no="1"), case_file=CaseFile(earlier_contacts=0))),
        ("repeat_contact", lambda: situation(case_file=CaseFile(earlier_contacts=3))),
        ("returns_rate", lambda: situation(orders=page(bought(8, 3), bought(5, 2)))),
        ("returns_rate", lambda: situation(view=view(**RETURNS), orders=page(bought(4, 4), total=2))),
        ("returns_rate", lambda: situation(view=view(**RETURNS), orders=page(bought(13, 4), order("x")))),
        (
            "returns_rate",
            lambda: situation(
                view=view(**RETURNS), orders=page(bought(8, 8, placed_at=NOW - timedelta(days=366)), order("x"))
            ),
        ),
        ("failed_search", lambda: situation(activity=ACTIVITY, case_file=CaseFile(text="Where is my parcel?"))),
        (
            "failed_search",
            lambda: situation(
                activity=Activity(items=(ActivityItem(kind="search", text="returns label", results=3),)),
                case_file=CaseFile(text="returns label"),
            ),
        ),
        ("valuable_customer", lambda: situation(customer=replace(QUIET, custom={"c_vip": "false"}))),
        ("valuable_customer", lambda: situation(loyalty=Loyalty(tier="Bronze"))),
        ("first_order", lambda: situation(orders=page(order("1", status="cancelled")))),
        ("first_order", lambda: situation(orders=page(order("1"), total=2))),
        ("first_order", lambda: situation(orders=page(order("1")), customer=None)),
        ("points_expiring", lambda: situation(loyalty=replace(LOYALTY, expiring_on=date(2026, 12, 22)))),
        ("points_expiring", lambda: situation(loyalty=replace(LOYALTY, expiring_on=date(2026, 11, 21)))),
        ("points_expiring", lambda: situation(loyalty=replace(LOYALTY, expiring_points=0))),
    ],
)
def test_does_not_fire(rule: str, facts: Callable[[], Situation]) -> None:
    assert rule not in found(facts())


class TestWording:
    def test_late(self) -> None:
        (wire,) = insights.document(
            situation(orders=page(LATE, order("2")), view=view(order_no="00031204"), case_order=LATE)
        )
        assert wire["title"] == "Order 00031204 is 4 days late"
        assert wire["text"] == "Promised 18 Nov, still in transit with DHL. This case mentions it."
        assert wire["target"] == {"section": "orders", "key": "00031204"}

    def test_the_order_of_the_case_comes_before_a_later_one(self) -> None:
        later = replace(LATE, order_no="99", promised_at=date(2026, 11, 1))
        facts = situation(orders=page(later, LATE), view=view(order_no="00031204"), case_order=LATE)
        assert found(facts)["late_order"].key == "00031204"
        assert found(replace(facts, view=view(), case_order=None))["late_order"].key == "99"

    def test_cart(self) -> None:
        finding = found(situation(basket=BASKET))["cart_at_risk"]
        assert finding.title == "€412.80 cart at risk"
        assert finding.text == "Payment failed twice, last change 26 min ago. Stock is low on 1 of 3 items."
        assert finding.severity == "warning"

    def test_low_stock_alone_is_less_serious(self) -> None:
        basket = replace(BASKET, total=euros("20"), payment_failures=0)
        assert found(situation(basket=basket))["cart_at_risk"].severity == "moderate"

    def test_an_idle_valuable_cart_is_at_risk(self) -> None:
        basket = replace(SMALL_CART, total=euros("400"), payment_failures=0, changed_at=NOW - timedelta(minutes=31))
        assert found(situation(basket=basket))["cart_at_risk"].severity == "warning"

    def test_a_currency_without_a_threshold_has_no_valuable_cart(self) -> None:
        basket = replace(SMALL_CART, total=Money(amount=Decimal(10**6), currency="BHD"))
        assert "cart_at_risk" not in found(situation(basket=basket))

    def test_returns(self) -> None:
        finding = found(FIRING["returns_rate"]())["returns_rate"]
        assert finding.title == "Returns 38 % of items (12 months)"
        assert finding.text == "5 of 13 items. Store average is 17 %."

    def test_compensated(self) -> None:
        refunded = bought(2, 2, payments=(Payment(label="Visa", status="refunded"),))
        finding = found(situation(view=view(order_no=refunded.order_no), case_order=refunded))["already_compensated"]
        assert finding.title == f"Order {refunded.order_no} is already refunded"
        assert finding.text == "2 of 2 items came back and the payment was refunded."

    def test_top_value_is_per_currency(self) -> None:
        rich = order("1", total=euros("5000"))
        assert "valuable_customer" in found(situation(orders=page(rich, order("2"))))
        mixed = [order(str(n), total=Money(amount=Decimal(3000), currency=c)) for n, c in enumerate(("EUR", "GBP"))]
        assert "valuable_customer" not in found(situation(orders=page(*mixed)))

    def test_employees_are_marked(self) -> None:
        finding = found(situation(customer=replace(QUIET, custom={"c_employee": True})))["account"]
        assert (finding.severity, finding.title) == ("info", "Employee account")


class TestChoice:
    def test_at_most_three_the_most_serious_first(self) -> None:
        facts = situation(
            view=view(order_no="00031204", **RETURNS),
            orders=page(LATE, bought(8, 4), bought(5, 2)),
            basket=BASKET,
            loyalty=LOYALTY,
            customer=MARA,
        )
        shown = insights.document(facts)
        assert [one["id"] for one in shown] == ["late_order", "cart_at_risk", "returns_rate"]
        assert len(found(facts)) > 3

    def test_fraud_care_is_for_leads_and_fraud_alone(self) -> None:
        for role, grant in ROLES.items():
            facts = replace(FIRING["fraud_care"](), view=view(role=role))
            assert ("fraud_care" in found(facts)) is grant.fraud_care
