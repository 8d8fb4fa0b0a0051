"""The questions that find a shopper: by number, by e-mail address, by order, and a guest's orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import astuple, replace
from types import MappingProxyType
from typing import Any, TypeVar

from sfcc_client import Site
from sfcc_client.errors import NotFound
from sfcc_client.models import Customer, Order, OrderPage
from sidecar.context.keys import Keys, same_address
from sidecar.context.upstream import Fact, Upstream

V = TypeVar("V")


def customer(upstream: Upstream, customer_no: str, site: Site) -> Fact[Customer | None]:
    """The customer with this number in the site's list; None when there is none."""

    def call(**how: Any) -> Customer | None:
        try:
            return upstream.commerce.customers.by_number(customer_no, site_id=site.site_id, **how)
        except NotFound:
            return None

    return upstream.fact(
        "customer",
        site.customer_list_id,
        customer_no,
        capability="customers",
        call=call,
        section=upstream.policy.sections["profile"],
        people=lambda found: people_of_customers(upstream.keys, () if found is None else (found,)),
        brief_absence=True,
    )


def customers_with_email(upstream: Upstream, email: str, site: Site) -> Fact[tuple[Customer, ...]]:
    """Every customer of the site's list with exactly this address."""
    section = upstream.policy.sections["profile"]
    return upstream.fact(
        "customers_with_email",
        site.customer_list_id,
        same_address(email),
        capability="customers",
        call=lambda **how: upstream.commerce.customers.by_email(email, site_id=site.site_id, **how),
        section=replace(section, fresh_s=upstream.policy.identity_fresh_s),
        people=lambda found: (upstream.keys.email(email), *people_of_customers(upstream.keys, found)),
        brief_absence=True,
    )


def order(upstream: Upstream, order_no: str, site_id: str) -> Fact[Order | None]:
    """The order with this number on one site; None when there is none."""

    def call(**how: Any) -> Order | None:
        try:
            return slim(upstream, upstream.commerce.orders.by_number(order_no, site_id=site_id, **how))
        except NotFound:
            return None

    return upstream.fact(
        "order",
        site_id,
        order_no,
        capability="order",
        call=call,
        section=upstream.policy.sections["orders"],
        people=lambda found: people_of_orders(upstream.keys, () if found is None else (found,)),
        brief_absence=True,
    )


def orders_of_guest(upstream: Upstream, email: str, site_id: str, offset: int = 0) -> Fact[OrderPage]:
    """The orders a guest placed with this address on one site, newest first."""
    return upstream.fact(
        "orders_of_guest",
        site_id,
        same_address(email),
        str(offset),
        capability="orders",
        call=lambda **how: trimmed(
            upstream,
            upstream.commerce.orders.of_guest(
                email, site_id=site_id, limit=upstream.policy.orders_loaded, offset=offset, **how
            ),
        ),
        section=upstream.policy.sections["orders"],
        people=lambda page: (upstream.keys.email(email), *people_of_orders(upstream.keys, page.orders)),
    )


def orders_of_customer(upstream: Upstream, customer: Customer, site_id: str, offset: int = 0) -> Fact[OrderPage]:
    """The orders of a registered shopper on one site, newest first."""
    return upstream.fact(
        "orders_of_customer",
        site_id,
        customer.customer_no,
        str(offset),
        capability="orders",
        call=lambda **how: trimmed(
            upstream,
            upstream.commerce.orders.of_customer(
                customer, site_id=site_id, limit=upstream.policy.orders_loaded, offset=offset, **how
            ),
        ),
        section=upstream.policy.sections["orders"],
        people=lambda page: (
            *people_of_customers(upstream.keys, (customer,)),
            *people_of_orders(upstream.keys, page.orders),
        ),
    )


def of_customer(upstream: Upstream, section: str, call: Callable[..., V], customer: Customer, site_id: str) -> Fact[V]:
    """What a section shows of a registered shopper on one site; `call` is the SDK's ``of_customer``."""
    return upstream.fact(
        section,
        site_id,
        customer.customer_no,
        capability=section,
        call=lambda **how: call(customer, site_id=site_id, **how),
        section=upstream.policy.sections[section],
        people=lambda _found: people_of_customers(upstream.keys, (customer,)),
    )


def trimmed(upstream: Upstream, page: OrderPage) -> OrderPage:
    return replace(page, orders=tuple(slim(upstream, order) for order in page.orders))


def slim(upstream: Upstream, order: Order) -> Order:
    """The order with only those attributes somebody reads here: a saved copy should hold no more than it needs."""
    names = astuple(upstream.policy.order_attributes)
    kept = {name: order.custom[name] for name in names if name and name in order.custom}
    return replace(order, custom=MappingProxyType(kept))


def people_of_customers(keys: Keys, customers: Iterable[Customer]) -> tuple[str, ...]:
    return tuple(
        tag
        for customer in customers
        for tag in (keys.customer(customer.customer_no), *([keys.email(customer.email)] if customer.email else []))
    )


def people_of_orders(keys: Keys, orders: Iterable[Order]) -> tuple[str, ...]:
    tags: dict[str, None] = {}
    for order in orders:
        if order.customer_no:
            tags[keys.customer(order.customer_no)] = None
        if order.email:
            tags[keys.email(order.email)] = None
    return tuple(tags)
