"""Shopper Customers 1.8: the shopper's own profile, orders and baskets."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer, answer_rows
from sfcc_client.emulator.baskets import shown as shown_basket
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import expands, listed, moment, one_of, page
from sfcc_client.emulator.state import SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "shopper_customers",
    __name__,
    url_prefix="/customer/shopper-customers/v1/organizations/<organization_id>/customers/<customer_id>",
)
_ACCOUNT = ("sfcc.shopper-myaccount", "sfcc.shopper-myaccount.rw", "sfcc.shopper-standard")
_ORDERS = ("sfcc.shopper-myaccount.orders", "sfcc.shopper-standard")
_BASKETS = ("sfcc.shopper-myaccount.baskets", "sfcc.shopper-standard")
_HIDDEN = frozenset({"customerListId", "credentials", "password", "addresses", "lastModifiedBy"})
_STATUSES = ("created", "new", "completed", "cancelled", "replaced", "failed")


@blueprint.get("")
@shopper(*_ACCOUNT, query=("siteId", "expand"))
def profile(customer_id: str) -> Response:
    own = _own(customer_id)
    expanded = expands("none", "addresses", "paymentinstruments", "paymentmethodreferences")
    customer = world().state.customer_of_id(customer_id)
    if customer is None:
        if not grant().guest:
            raise Problem("not-found", customerId=customer_id)
        return answer({"authType": "guest", "customerId": customer_id, "preferredLocale": own.locale})
    document: dict[str, Any] = {name: value for name, value in customer.items() if name not in _HIDDEN}
    document["authType"] = "registered"
    document["login"] = customer["credentials"]["login"]
    document["enabled"] = customer["credentials"].get("enabled", True)
    document["hasPassword"] = bool(customer.get("password"))
    document["emailVerified"] = bool(customer.get("email"))
    if not expanded or "addresses" in expanded:
        document["addresses"] = list(customer.get("addresses", ()))
    if not expanded or "paymentinstruments" in expanded:
        document["paymentInstruments"] = []
    return answer(document)


@blueprint.get("/orders")
@shopper(*_ORDERS, query=("siteId", "limit", "offset", "from", "until", "status", "expand", "crossSites"))
def orders(customer_id: str) -> Response:
    """Newest first. `crossSites` is ignored: it counts only with a trusted agent's token."""
    site_id = _own(customer_id).site_id
    wanted = page(default=10, maximum=50)
    oms = "oms" in expands("oms")
    one_of("crossSites", ("true", "false"))
    statuses, start, end = listed("status", _STATUSES), moment("from"), moment("until")
    rows = [
        order
        for order in world().state.orders.find("customer", customer_id)
        if order["siteId"] == site_id
        and (not statuses or order["status"] in statuses)
        and (start is None or order["creationDate"] >= start)
        and (end is None or order["creationDate"] <= end)
    ]
    rows.sort(key=lambda order: (order["creationDate"], order["orderNo"]), reverse=True)
    texts = world().orders.listed if oms else world().orders.plain
    return answer_rows(map(texts.of, wanted.of(rows)), limit=wanted.limit, offset=wanted.offset, total=len(rows))


@blueprint.get("/baskets")
@shopper(*_BASKETS, query=("siteId",))
def baskets(customer_id: str) -> Response:
    basket = world().state.basket_of(customer_id, _own(customer_id).site_id)
    if basket is None:
        return answer({"total": 0})
    return answer({"total": 1, "baskets": [shown_basket(basket)]})


def _own(customer_id: str) -> SiteRecord:
    """The site, once the customer of the path is known to be the one of the token."""
    if grant().customer_id != customer_id:
        raise Problem("invalid-customer")
    return own_site()
