"""Requests of the shop's families, each a function of a running shop and its best known shopper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests

Call = Callable[[Any, dict[str, Any]], requests.Response]
SITE = {"siteId": "RefArchDE"}
C, SC = "/customer/customers/v1", "/customer/shopper-customers/v1"
ADMIN_ORDERS, SO = "/checkout/orders/v1", "/checkout/shopper-orders/v1"
S = "/search/shopper-search/v1"
E = "/experience/shopper-experience/v1"
B, P = "/checkout/shopper-baskets/v2", "/product/shopper-products/v1"


def admin(api: str, path: str, **query: Any) -> Call:
    return lambda world, mara: world.scapi(api, path.format(**mara), token=world.admin(), params=query)


def search(body: Any, list_id: str = "RefArch") -> Call:
    path = f"/customer-lists/{list_id}/customer-search"
    return lambda world, _: world.scapi(C, path, method="POST", token=world.admin(), json=body)


def shopper(api: str, path: str, **query: Any) -> Call:
    return lambda world, mara: world.scapi(
        api, path.format(**mara), token=world.shopper(mara["login"]), params={"siteId": "RefArchDE", **query}
    )


def products(**query: Any) -> Call:
    def call(world: Any, _: Any) -> requests.Response:
        ids = [product["id"] for product in world.shop.state.products][:25]
        return world.scapi(
            P, "/products", token=world.guest(), params={"siteId": "RefArchDE", "ids": ",".join(ids), **query}
        )

    return call


def basket(world: Any, mara: dict[str, Any]) -> requests.Response:
    basket = world.shop.state.basket_of(mara["customer_id"], "RefArchDE")
    path = f"/baskets/{basket['basketId']}"
    return world.scapi(B, path, token=world.shopper(mara["login"]), params={"siteId": "RefArchDE"})


def order_write(method: str, path: str, body: Any = None, **wanted: Any) -> Call:
    """A write to the first order of the German site with these members."""

    def call(world: Any, _: Any) -> requests.Response:
        orders = world.shop.state.orders.find("site", "RefArchDE")
        order = next(row for row in orders if all(row[name] == value for name, value in wanted.items()))
        place = path.format(order_no=order["orderNo"], payment=order["paymentInstruments"][0]["paymentInstrumentId"])
        query = {"siteId": "RefArchDE"}
        return world.scapi(ADMIN_ORDERS, place, method=method, token=world.writer(), params=query, json=body)

    return call


def customer_write(method: str, path: str, body: Any = None, **query: Any) -> Call:
    """A write to Mara, or below the customer list."""
    return lambda world, mara: world.scapi(
        C, path.format(**mara), method=method, token=world.writer(), json=body, params=query
    )


def guest_token(world: Any, **changes: Any) -> requests.Response:
    settings = world.shop.settings()
    auth = changes.pop("auth", (settings.slas_client_id, settings.slas_client_secret))
    return world.slas("/oauth2/token", auth=auth, data={"grant_type": "client_credentials", "channel_id": "RefArchDE"})
