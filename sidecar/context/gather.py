"""Brings the sections of one shopper together: every load starts at once, each costs only itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sfcc_client.models import Activity, Basket, Customer, Loyalty, Order, OrderPage
from sidecar.context import lookups
from sidecar.context.identity import Candidate, Shopper
from sidecar.context.part import Part, absent, part_of
from sidecar.context.ports import CaseFile
from sidecar.context.reader import Question, Reader
from sidecar.context.request import CaseRef
from sidecar.context.sections import activity, cart, loyalty, orders, profile
from sidecar.context.upstream import Fact

SOURCES = {"insights": frozenset({"profile", "orders", "cart", "loyalty", "activity"}), "kpis": frozenset({"orders"})}
"""The loaded sections a derived one is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything known of one shopper. `pinned` is the order named in the case, when it is theirs; `recent` are the
    newest orders even while a cursor reads further down."""

    profile: Part[Customer]
    orders: Part[OrderPage]
    recent: Part[OrderPage]
    cart: Part[Basket]
    loyalty: Part[Loyalty]
    activity: Part[Activity]
    case_file: Part[CaseFile]
    pinned: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to gather: loaded sections, the case and its order, and where the list of orders goes on."""

    sections: frozenset[str]
    case: CaseRef | None = None
    order_no: str | None = None
    position: int = 0


def gathered(reader: Reader, shopper: Shopper, wish: Wish) -> Gathered:
    """Asks for every wished section first, and only then waits for each."""
    upstream, wanted = reader.upstream, wish.sections
    profile_asked = profile.question(reader, shopper) if wanted else None
    # The cart needs the most calls one after the other, so it goes first and nothing else delays them.
    basket = _asked(reader, cart.fact(upstream, shopper)) if "cart" in wanted else None
    listed = reader.ask(orders.fact(upstream, shopper, wish.position)) if "orders" in wanted else None
    newest = reader.ask(orders.fact(upstream, shopper)) if "orders" in wanted else None
    member = _asked(reader, loyalty.fact(upstream, shopper)) if "loyalty" in wanted else None
    seen = _activity_asked(reader, shopper) if "activity" in wanted else None
    file = _asked(reader, _case_file(reader, shopper, wish))
    order_page = _orders_part(reader, listed) if listed else Part()
    recent = _orders_part(reader, newest) if newest else _orders_part_known(reader, shopper)
    return Gathered(
        profile=profile.part(reader, shopper, profile_asked),
        orders=order_page,
        recent=recent,
        cart=_part(reader, basket, "cart"),
        loyalty=_part(reader, member, "loyalty"),
        activity=seen if isinstance(seen, Part) else _part(reader, seen, "activity"),
        case_file=_part(reader, file, "orders") if file else Part(),
        pinned=_pinned(reader, shopper, recent, wish) if "orders" in wanted else None,
    )


def order_counts(reader: Reader, candidates: tuple[Candidate, ...]) -> list[Part[OrderPage]]:
    """The newest orders of each candidate, as evidence for whoever has to choose."""
    asked = [
        reader.ask(lookups.orders_of_customer(reader.upstream, one.customer, one.site.site_id)) for one in candidates
    ]
    return [_orders_part(reader, question) for question in asked]


def _asked(reader: Reader, fact: Fact[Any] | None) -> Question[Any] | None:
    return None if fact is None else reader.ask(fact)


def _part(reader: Reader, question: Question[Any] | None, section: str) -> Part[Any]:
    if question is None:
        return absent("disabled")
    deadline_s = reader.upstream.policy.sections[section].deadline_s
    return part_of(question.reading(deadline_s), reader.started)


def _orders_part(reader: Reader, question: Question[Any]) -> Part[OrderPage]:
    part = _part(reader, question, "orders")
    return part_of(question.reading(), reader.started, orders.page_of(part.value), without_value=True)


def _orders_part_known(reader: Reader, shopper: Shopper) -> Part[OrderPage]:
    reading = reader.known(orders.fact(reader.upstream, shopper))
    page = orders.page_of(reading.entry.value) if reading.entry else None
    return part_of(reading, reader.started, page, without_value=True)


def _activity_asked(reader: Reader, shopper: Shopper) -> Question[Any] | Part[Any] | None:
    """The question, unless the shopper refused tracking: then nothing is asked and nothing is kept."""
    fact = activity.fact(reader.upstream, shopper)
    if fact is None or shopper.customer is None:
        return None
    attribute = reader.upstream.policy.attribute_names.tracking_opt_out
    refused, since = profile.opted_out_since(shopper.customer, attribute)
    if not refused:
        return reader.ask(fact)
    reader.forget(fact)
    return absent("opted_out", {"since": since.isoformat() if since else None})


def _case_file(reader: Reader, shopper: Shopper, wish: Wish) -> Fact[CaseFile] | None:
    cases, case = reader.upstream.cases, wish.case
    if cases is None or case is None:
        return None
    return reader.upstream.fact(
        "case_file",
        case.table,
        case.sys_id,
        wish.order_no or "",
        capability="cases",
        call=lambda **how: cases.of_case(case, order_no=wish.order_no, **how),
        section=reader.upstream.policy.sections["orders"],
        people=lambda _file: shopper.subjects(reader.upstream.keys),
    )


def _pinned(reader: Reader, shopper: Shopper, recent: Part[OrderPage], wish: Wish) -> Order | None:
    """The order named in the case: among the recent ones, or older ones read by number; never somebody else's."""
    number, page = wish.order_no, recent.value
    if not number or page is None:
        return None
    found = next((order for order in page.orders if order.order_no == number), None)
    if found is not None or len(page.orders) >= page.total:
        return found
    order = reader.ask(lookups.order(reader.upstream, number, shopper.site.site_id)).value()
    return order if order is not None and orders.is_theirs(order, shopper) else None
