"""The slowest chain of upstream calls of one context, made by hand: plain requests, one after the other.

Who the shopper is → a token on their behalf → their basket → its products. Orders, loyalty and activity are shorter.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import quote

import requests

from tests.performance.processes import Platform
from tests.performance.shoppers import Shopper

_TIMEOUT_S = 10


class Chain:
    """The hops as Commerce asks for them. `hops` are what the last chain was made of."""

    def __init__(self, shop: Platform) -> None:
        told = self._told = shop.variables
        self._organization = f"organizations/{told['SFCC_ORGANIZATION_ID']}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._tokens: dict[str, dict[str, Any]] = {}
        self.hops: list[str] = []
        self._admin = self._admin_token()

    def seconds(self, shopper: Shopper, key: str, *, warm: bool) -> float:
        """How long the chain takes from `key` (``email`` or ``customer_no``); `warm` uses the shopper's last token."""
        self.hops = []
        started = time.perf_counter()
        customer_id = self._identity(shopper, key)
        if not warm:
            self._tokens[shopper.customer_no] = self._shopper_token(shopper)
        bearer = {"Authorization": f"Bearer {self._tokens[shopper.customer_no]['access_token']}"}
        basket = self._basket(shopper, customer_id, bearer)
        self._products(shopper, basket, bearer)
        return time.perf_counter() - started

    def _identity(self, shopper: Shopper, key: str) -> str:
        people = f"/customer/customers/v1/{self._organization}/customer-lists/{quote(shopper.list_id)}"
        headers = {"Authorization": f"Bearer {self._admin}"}
        if key == "customer_no":
            found = self._asked("customer", "GET", f"{people}/customers/{quote(shopper.customer_no)}", headers=headers)
            return str(found["customerId"])
        query = {"textQuery": {"fields": ["email"], "searchPhrase": shopper.email}}
        search = {"query": query, "limit": 50, "offset": 0}
        found = self._asked("customer search", "POST", f"{people}/customer-search", headers=headers, json=search)
        (only,) = (hit["data"] for hit in found["hits"] if hit["data"]["email"].casefold() == shopper.email.casefold())
        return str(only["customerId"])

    def _shopper_token(self, shopper: Shopper) -> dict[str, Any]:
        client = self._told["SFCC_SLAS_CLIENT_ID"]
        return self._asked(
            "shopper token",
            "POST",
            f"/shopper/auth/v1/{self._organization}/oauth2/trusted-system/token",
            headers={"Authorization": _basic(client, self._told["SFCC_SLAS_CLIENT_SECRET"])},
            data={
                "grant_type": "client_credentials",
                "hint": "ts_ext_on_behalf_of",
                "login_id": shopper.login,
                "idp_origin": "ecom",
                "channel_id": shopper.site_id,
                "client_id": client,
                "dnt": "true",
            },
        )

    def _basket(self, shopper: Shopper, customer_id: str, bearer: Mapping[str, str]) -> dict[str, Any]:
        path = f"/customer/shopper-customers/v1/{self._organization}/customers/{customer_id}/baskets"
        found = self._asked("baskets", "GET", path, headers=bearer, params={"siteId": shopper.site_id})
        return dict(found["baskets"][0])

    def _products(self, shopper: Shopper, basket: dict[str, Any], bearer: Mapping[str, str]) -> None:
        ids = ",".join(dict.fromkeys(item["productId"] for item in basket["productItems"]))
        query = {"ids": ids, "siteId": shopper.site_id, "expand": "availability,images,variations"}
        path = f"/product/shopper-products/v1/{self._organization}/products"
        self._asked("products", "GET", path, headers=bearer, params=query)

    def _admin_token(self) -> str:
        told = self._told
        tenant = told["SFCC_ORGANIZATION_ID"].removeprefix("f_ecom_")
        form = {
            "grant_type": "client_credentials",
            "scope": f"SALESFORCE_COMMERCE_API:{tenant} sfcc.customerlists",
        }
        headers = {"Authorization": _basic(told["SFCC_CLIENT_ID"], quote(told["SFCC_CLIENT_SECRET"], safe=""))}
        answer = self._asked("admin token", "POST", "/dwsso/oauth2/access_token", headers=headers, data=form)
        return str(answer["access_token"])

    def _asked(self, hop: str, method: str, path: str, **how: Any) -> Any:
        self.hops.append(hop)
        answer = self._session.request(method, self._told["SFCC_SCAPI_URL"] + path, timeout=_TIMEOUT_S, **how)
        answer.raise_for_status()
        return answer.json()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
