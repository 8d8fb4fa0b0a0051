"""Good examples for demos and tests, found by looking at the data, whatever the data is."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sfcc_client.emulator.state import Document, State


def samples(state: State) -> dict[str, dict[str, Any]]:
    """``registered``, ``guest``, ``ambiguous``, ``unknown``, ``opted_out``; one the data does not hold is empty."""
    return {
        "registered": _registered(state),
        "guest": _guest(state),
        "ambiguous": _ambiguous(state),
        "unknown": {"email": _unknown(state)},
        "opted_out": _opted_out(state),
    }


def _registered(state: State) -> dict[str, Any]:
    """The customer with the most to show; among equals the one with the most orders."""
    bought = (customer for customer in state.customers if _orders(state, customer["customerId"]))
    found = max(bought, key=lambda customer: _showing(state, customer), default=None)
    return {} if found is None else _of_customer(state, found)


def _showing(state: State, customer: Document) -> tuple[int, int]:
    customer_id = customer["customerId"]
    orders = _orders(state, customer_id)
    baskets = state.baskets.find("customer", customer_id)
    shown = (
        bool(customer.get("email")) and len(_namesakes(state, customer)) == 1,
        not customer.get("c_trackingOptOut") and any(state.activities.of(site_id, customer) for site_id in state.sites),
        any(basket.get("c_paymentFailures") for basket in baskets),
        any(_on_its_way(order) for order in orders),
        any(item.get("c_returnedQuantity") for order in orders for item in order.get("productItems", ())),
        any(order["status"] == "cancelled" for order in orders),
        bool(customer.get("c_loyaltyExpiringPoints")),
        bool(customer.get("c_vip")),
        bool(baskets),
    )
    return sum(shown), len(orders)


def _guest(state: State) -> dict[str, Any]:
    """The guest with the most orders whose address of mail belongs to no customer; the first site comes first."""
    order_of_sites = list(state.sites)
    counts: Counter[tuple[str, str]] = Counter(
        (order["siteId"], order["customerInfo"]["email"]) for order in state.orders if _of_stranger(state, order)
    )
    if not counts:
        return {}
    site_id, email = min(counts, key=lambda found: (order_of_sites.index(found[0]), -counts[found], found[1]))
    orders = [order for order in state.orders.find("email", email.casefold()) if order["siteId"] == site_id]
    return {"email": email, "order_no": _telling(orders)["orderNo"], "site_id": site_id}


def _of_stranger(state: State, order: Document) -> bool:
    info = order["customerInfo"]
    if not info.get("guest") or not info.get("email"):
        return False
    return not state.customers.find("email", (state.sites[order["siteId"]].customer_list_id, info["email"].casefold()))


def _ambiguous(state: State) -> dict[str, Any]:
    for customer in state.customers:
        if customer.get("email") and len(_namesakes(state, customer)) > 1:
            sites = [site for site in state.sites.values() if site.customer_list_id == customer["customerListId"]]
            return {"email": customer["email"], "site_id": sites[0].site_id}
    return {}


def _unknown(state: State) -> str:
    known = {row["email"].casefold() for row in state.customers if row.get("email")}
    known |= {email.casefold() for row in state.orders if (email := row["customerInfo"].get("email"))}
    return next(email for email in _candidates() if email not in known)


def _candidates() -> Iterator[str]:
    return (f"nobody{number or ''}@example.org" for number in itertools.count())


def _opted_out(state: State) -> dict[str, Any]:
    refused = [row for row in state.customers if row.get("c_trackingOptOut") and row.get("email")]
    alone = [row for row in refused if len(_namesakes(state, row)) == 1]
    bought = [row for row in alone if _orders(state, row["customerId"])]
    found = next(iter(bought or alone or refused), None)
    return {} if found is None else _of_customer(state, found)


def _of_customer(state: State, customer: Document) -> dict[str, Any]:
    orders = _orders(state, customer["customerId"])
    sites = [site for site in state.sites.values() if site.customer_list_id == customer["customerListId"]]
    document = {
        "customer_no": customer["customerNo"],
        "customer_id": customer["customerId"],
        "email": customer.get("email"),
        "first_name": customer.get("firstName"),
        "last_name": customer["lastName"],
        "login": customer["credentials"]["login"],
        "site_id": sites[0].site_id,
    }
    if orders:
        (site_id, _), *_ = Counter(order["siteId"] for order in orders).most_common(1)
        latest = [order for order in orders if order["siteId"] == site_id]
        document |= {"site_id": site_id, "order_no": _telling(latest)["orderNo"]}
    return document


def _telling(orders: list[Document]) -> Document:
    """The order a shopper would most likely write about: the newest one that is on its way, else the newest."""
    moving = [order for order in orders if _on_its_way(order)]
    return max(moving or orders, key=lambda order: str(order["creationDate"]))


def _on_its_way(order: Document) -> bool:
    return order["shippingStatus"] != "not_shipped" and not order.get("c_deliveredDate")


def _orders(state: State, customer_id: str) -> list[Document]:
    return state.orders.find("customer", customer_id)


def _namesakes(state: State, customer: Document) -> list[Document]:
    return state.customers.find("email", (customer["customerListId"], customer["email"].casefold()))
