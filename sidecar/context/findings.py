"""What each insight rule looks for: small pure functions from a situation to a finding, or None.

Facts come first and nobody is blamed: "Returns 38 % of items", not "abuser".
"""

from __future__ import annotations

import re
from datetime import timedelta

from sfcc_client.models import Order
from sidecar.context import kpis, money, status
from sidecar.context.masking import clean
from sidecar.context.sections.cart import is_idle, is_valuable, scarce_lines
from sidecar.context.sections.profile import is_true
from sidecar.context.situation import Finding, Situation
from sidecar.context.wording import ago, counted, moment_of, times

_WORD = re.compile(r"\w{4,}")


def late_order(situation: Situation) -> Finding | None:
    moment = situation.view.moment
    late = [(days, order) for order in _orders(situation) if (days := status.days_late(order, moment))]
    if not late:
        return None
    named = situation.view.order_no
    days, order = max(late, key=lambda pair: (pair[1].order_no == named, pair[0]))
    promised = status.promised_on(order)
    carrier = next((clean(one.carrier, 60) for one in order.shipments if one.carrier), "")
    where = (
        f"still in transit{' with ' + carrier if carrier else ''}" if status.is_shipped(order) else "not shipped yet"
    )
    text = f"Promised {moment.date_text(promised)}, {where}." if promised else ""
    number = clean(order.order_no)
    return Finding(
        severity="critical",
        title=f"Order {number} is {counted(days, 'day')} late",
        text=text + (" This case mentions it." if order.order_no == named else ""),
        facts={"order_no": number, "days": days, "late_orders": len(late)},
        key=number,
    )


def already_compensated(situation: Situation) -> Finding | None:
    order = situation.case_order
    if order is None:
        return None
    back, refunded = status.returned_pieces(order), status.is_refunded(order)
    if not back and not refunded:
        return None
    bought = sum(int(line.quantity) for line in order.lines if line.quantity.is_finite())
    told = [f"{back} of {bought} items came back" if back else "", "the payment was refunded" if refunded else ""]
    text = " and ".join(part for part in told if part)
    number = clean(order.order_no)
    return Finding(
        severity="warning",
        title=f"Order {number} is already {'refunded' if refunded else 'returned'}",
        text=f"{text[:1].upper()}{text[1:]}.",
        facts={"order_no": number, "returned": back, "refunded": refunded},
        key=number,
    )


def fraud_care(situation: Situation) -> Finding | None:
    if not situation.view.grant.fraud_care or situation.customer is None:
        return None
    moment = situation.view.moment
    changed = moment_of(situation.customer.custom.get(situation.view.attribute_names.address_changed_at))
    if changed is None or not timedelta(0) <= moment.now - changed < timedelta(
        hours=moment.thresholds.address_changed_h
    ):
        return None
    return Finding(
        severity="warning",
        title="Address changed recently",
        text=f"The address was changed {ago(changed, moment.now)}. Check before sending anything to it.",
        facts={"changed_at": changed.isoformat()},
    )


def account(situation: Situation) -> Finding | None:
    customer = situation.customer
    if customer is None:
        return None
    if customer.enabled is False:
        return Finding(severity="warning", title="The account is blocked", text="The shopper cannot sign in.")
    if is_true(customer.custom.get(situation.view.attribute_names.employee)):
        return Finding(severity="info", title="Employee account", text="The rules for staff purchases apply.")
    return None


def cart_at_risk(situation: Situation) -> Finding | None:
    basket, moment = situation.basket, situation.view.moment
    if basket is None or not basket.lines:
        return None
    scarce = scarce_lines(basket)
    in_danger = is_valuable(basket, moment) and (basket.payment_failures > 0 or is_idle(basket, moment))
    if not in_danger and (not scarce or basket.payment_failures):
        return None
    changed = f"last change {ago(basket.changed_at, moment.now)}" if basket.changed_at else ""
    failed = f"payment failed {times(basket.payment_failures)}" if basket.payment_failures > 0 else ""
    told = ", ".join(part for part in (failed, changed) if part)
    told = f"{told[:1].upper()}{told[1:]}." if told else ""
    stock = f"Stock is low on {scarce} of {counted(len(basket.lines), 'item')}." if scarce else ""
    total = money.sentence(basket.total)
    return Finding(
        severity="warning" if in_danger else "moderate",
        title=f"{total} cart at risk" if total else "Cart at risk",
        text=" ".join(part for part in (told, stock) if part),
        facts={"payment_failures": basket.payment_failures, "low_stock": scarce, "total": money.wire(basket.total)},
    )


def payment_failed_cart(situation: Situation) -> Finding | None:
    basket = situation.basket
    if basket is None or not basket.lines or basket.payment_failures <= 0 or cart_at_risk(situation):
        return None
    changed = f" Last change {ago(basket.changed_at, situation.view.moment.now)}." if basket.changed_at else ""
    return Finding(
        severity="warning",
        title="Payment failed on the cart",
        text=f"The payment failed {times(basket.payment_failures)}.{changed}",
        facts={"payment_failures": basket.payment_failures},
    )


def repeat_contact(situation: Situation) -> Finding | None:
    file, number = situation.case_file, clean(situation.view.order_no)
    if file is None or file.earlier_contacts <= 0 or not number:
        return None
    return Finding(
        severity="warning",
        title=f"{'Second' if file.earlier_contacts == 1 else 'Repeated'} contact about order {number}",
        text=f"{counted(file.earlier_contacts, 'other case names', 'other cases name')} it in the last 14 days.",
        facts={"order_no": number, "earlier_contacts": file.earlier_contacts},
        key=number,
    )


def returns_rate(situation: Situation) -> Finding | None:
    average = situation.view.moment.thresholds.return_rate_pct.get(situation.shopper.site.site_id)
    if average is None:
        return None
    rate = kpis.return_rate(kpis.last_year(kpis.sold_orders(_orders(situation)), situation.view))
    if not kpis.is_high(rate, average, situation.view):
        return None
    return Finding(
        severity="moderate",
        title=f"Returns {rate.pct} % of items (12 months)",
        text=f"{rate.returned} of {rate.bought} items. Store average is {average} %.",
        facts={"returned": rate.returned, "bought": rate.bought, "pct": rate.pct, "average_pct": str(average)},
    )


def failed_search(situation: Situation) -> Finding | None:
    file, activity = situation.case_file, situation.activity
    if file is None or activity is None or not file.text:
        return None
    of_case = set(_WORD.findall(file.text.casefold()))
    for item in activity.items:
        if item.kind == "search" and item.results == 0 and of_case & set(_WORD.findall(item.text.casefold())):
            text = clean(item.text, 60)
            return Finding(
                severity="moderate",
                title=f"Searched “{text}” without results",
                text="The search uses words of this case.",
                facts={"count": item.count},
            )
    return None


def valuable_customer(situation: Situation) -> Finding | None:
    thresholds, names = situation.view.moment.thresholds, situation.view.attribute_names
    reasons = []
    if situation.customer is not None and is_true(situation.customer.custom.get(names.vip)):
        reasons.append("marked as VIP")
    tier = clean(situation.loyalty.tier, 60) if situation.loyalty is not None else ""
    if tier.casefold() in thresholds.top_tiers:
        reasons.append(f"loyalty tier {tier}")
    totals = money.sums(order.total for order in kpis.sold_orders(_orders(situation)))
    top = [
        total
        for code, total in totals.items()
        if code in thresholds.top_value and total.amount >= thresholds.top_value[code]
    ]
    reasons += [f"bought for {money.sentence(total)}" for total in top]
    if not reasons:
        return None
    text = ", ".join(reasons)
    return Finding(
        severity="info",
        title="Valuable customer",
        text=f"{text[:1].upper()}{text[1:]}.",
        facts={"reasons": len(reasons)},
    )


def first_order(situation: Situation) -> Finding | None:
    orders = situation.orders
    if orders is None or situation.customer is None or orders.total != 1 or len(orders.orders) != 1:
        return None
    (order,) = orders.orders
    if status.has_ended(order):
        return None
    number = clean(order.order_no)
    return Finding(
        severity="info", title="First order ever", text=f"Order {number} is the shopper's first.", key=number
    )


def points_expiring(situation: Situation) -> Finding | None:
    loyalty, moment = situation.loyalty, situation.view.moment
    if loyalty is None or not loyalty.expiring_points or loyalty.expiring_points < 0 or loyalty.expiring_on is None:
        return None
    days = (loyalty.expiring_on - moment.today).days
    if not 0 <= days < moment.thresholds.points_expiring_days:
        return None
    return Finding(
        severity="info",
        title=f"{loyalty.expiring_points:,} points expire on {moment.date_text(loyalty.expiring_on)}",
        text=f"That is in {counted(days, 'day')}." if days else "That is today.",
        facts={"points": loyalty.expiring_points, "days": days},
    )


def _orders(situation: Situation) -> tuple[Order, ...]:
    """The recent orders and the one named in the case, each once."""
    recent = situation.orders.orders if situation.orders is not None else ()
    named = situation.case_order
    return recent if named is None or any(one.order_no == named.order_no for one in recent) else (named, *recent)
