"""Who is let in: tokens, their life, scopes, tenants, and the wall between shoppers and back office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from sfcc_client.emulator import ApiClient

ORDERS, CUSTOMERS = "/checkout/orders/v1", "/customer/customers/v1"
SHOPPERS, PRODUCTS = "/customer/shopper-customers/v1", "/product/shopper-products/v1"
NORTH = {"siteId": "North"}
PROBLEM = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"
EXPIRED = 'Bearer realm="servers", error="invalid_token", error_description="The access token expired"'


def test_a_token_of_account_manager_is_a_signed_jwt_for_this_tenant(small: Any) -> None:
    answer = small.admin_answer("sfcc.orders").json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 1799
    assert "refresh_token" not in answer
    assert answer["scope"].split() == ["SALESFORCE_COMMERCE_API:zzrf_001", "sfcc.orders"]
    assert jwt.get_unverified_header(answer["access_token"])["alg"] == "RS256"


def test_without_a_scope_the_token_carries_what_the_client_has(small: Any) -> None:
    answer = small.admin_answer("", tenant=False).json()
    assert "sfcc.orders.rw" in answer["scope"].split()


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"auth": ("nobody", "x")}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "SALESFORCE_COMMERCE_API:aaaa_001 sfcc.orders"}, 400, "invalid_scope"),
        ({"scope": "sfcc.promotions.rw"}, 400, "invalid_scope"),
    ],
)
def test_account_manager_refuses(small: Any, changes: dict[str, Any], status: int, error: str) -> None:
    answer = small.admin_answer(**changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_secret_may_be_percent_encoded(opened: Callable[..., Any]) -> None:
    client = ApiClient(client_id="tool", secret="a/b c", scopes=frozenset({"sfcc.orders"}))
    caller = opened(clients=[client])
    assert caller.admin_answer("sfcc.orders", auth=("tool", "a%2Fb%20c")).status_code == 200
    assert caller.admin_answer("sfcc.orders", auth=("tool", "a%2Fb")).status_code == 401


def test_a_call_without_a_token_is_refused_at_the_gateway(small: Any) -> None:
    answer = small.scapi(ORDERS, "/orders", params=NORTH)
    assert answer.status_code == 401
    assert answer.json() == {
        "type": f"{PROBLEM}unauthorized",
        "title": "Unauthorized",
        "detail": "Your access token is invalid and can’t be used to identify an API client or user.",
    }
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="servers", error="invalid_token"')


@pytest.mark.parametrize("kind", ["admin", "shopper"])
def test_a_token_ends_with_its_time(small: Any, clock: Any, kind: str) -> None:
    if kind == "admin":
        call = (ORDERS, "/orders", small.admin())
        life = 1799
    else:
        call = (SHOPPERS, "/customers/abOne/orders", small.shopper("ada@example.com", "North"))
        life = 1800
    clock.advance(life - 1)
    assert small.scapi(call[0], call[1], token=call[2], params=NORTH).status_code == 200
    clock.advance(1)
    answer = small.scapi(call[0], call[1], token=call[2], params=NORTH)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == EXPIRED


def test_a_forged_token_is_refused_and_only_its_beginning_repeated(small: Any) -> None:
    real = small.admin()
    forged = real[:-8] + ("A" * 8 if not real.endswith("A" * 8) else "B" * 8)
    answer = small.scapi(CUSTOMERS, "/customer-lists/People/customers/0001", token=forged)
    assert answer.status_code == 401
    assert answer.json()["type"] == f"{PROBLEM}invalid-access-token"
    assert answer.json()["accessToken"] == forged[:27]


def test_a_token_without_signature_is_refused(small: Any) -> None:
    claims = jwt.decode(small.admin(), options={"verify_signature": False})
    unsigned = jwt.encode(claims, None, algorithm="none")  # type: ignore[arg-type]
    assert small.scapi(ORDERS, "/orders", token=unsigned, params=NORTH).status_code == 401


def test_a_shop_does_not_accept_a_token_of_another_tenant(opened: Callable[..., Any], dataset: dict[str, Any]) -> None:
    here = opened()
    there = opened(dataset={**dataset, "organizationId": "f_ecom_bbbb_002"})
    assert there.scapi(ORDERS, "/orders", token=here.admin(), params=NORTH).status_code == 403
    foreign = there.shopper("ada@example.com", "North")
    assert here.scapi(SHOPPERS, "/customers/abOne/orders", token=foreign, params=NORTH).status_code == 401


@pytest.mark.parametrize(
    ("scope", "tenant"), [("sfcc.customerlists", True), ("sfcc.orders", False)], ids=["api scope", "tenant scope"]
)
def test_a_missing_scope_is_403(small: Any, scope: str, tenant: bool) -> None:
    answer = small.scapi(ORDERS, "/orders", token=small.admin(scope, tenant=tenant), params=NORTH)
    assert answer.status_code == 403
    assert answer.json()["type"] == f"{PROBLEM}forbidden"
    assert answer.json()["detail"].startswith("Your access token is valid, but you don’t have the required permissions")


def test_a_client_gets_no_more_than_it_was_registered_with(opened: Callable[..., Any]) -> None:
    caller = opened(clients=[ApiClient(client_id="narrow", secret="s", scopes=frozenset({"sfcc.orders"}))])
    assert caller.admin_answer("sfcc.orders", auth=("narrow", "s")).status_code == 200
    assert caller.admin_answer("sfcc.customerlists", auth=("narrow", "s")).json()["error"] == "invalid_scope"


def test_a_writing_scope_contains_reading(small: Any) -> None:
    assert small.scapi(ORDERS, "/orders", token=small.admin("sfcc.orders.rw"), params=NORTH).status_code == 200


def test_shoppers_and_back_office_keep_to_their_own_apis(small: Any) -> None:
    shopper = small.shopper("ada@example.com", "North")
    assert small.scapi(ORDERS, "/orders", token=shopper, params=NORTH).status_code == 401
    path = "/customers/abOne/orders"
    assert small.scapi(SHOPPERS, path, token=small.admin(), params=NORTH).status_code == 401


def test_a_shopper_token_lacking_a_scope_says_so_in_its_own_words(opened: Callable[..., Any]) -> None:
    scopes = frozenset({"sfcc.ts_ext_on_behalf_of", "sfcc.shopper-products"})
    caller = opened(clients=[ApiClient(client_id="few", secret="s", kind="shopper", scopes=scopes)])
    token = caller.on_behalf_answer("ada@example.com", "North", auth=("few", "s")).json()["access_token"]
    answer = caller.scapi(SHOPPERS, "/customers/abOne/orders", token=token, params=NORTH)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "Your shopper JWT is valid, but you have no permissions to access the resource."
    assert caller.scapi(PRODUCTS, "/products", token=token, params={**NORTH, "ids": "mug"}).status_code == 200


def test_a_shopper_sees_only_what_is_their_own(small: Any) -> None:
    token = small.shopper("reed@example.com", "North")
    answer = small.scapi(SHOPPERS, "/customers/abOne/orders", token=token, params=NORTH)
    assert (answer.status_code, answer.json()["type"]) == (400, f"{PROBLEM}invalid-customer")
    order = small.scapi("/checkout/shopper-orders/v1", "/orders/N-1", token=token, params=NORTH)
    assert (order.status_code, order.json()["type"]) == (404, f"{PROBLEM}order-not-found")
    basket = small.scapi("/checkout/shopper-baskets/v2", "/baskets/b1", token=token, params=NORTH)
    assert (basket.status_code, basket.json()["detail"]) == (400, "The customer is invalid.")


def test_a_shopper_token_is_for_the_site_it_was_made_for(small: Any) -> None:
    token = small.shopper("ada@example.com", "North")
    answer = small.scapi(SHOPPERS, "/customers/abOne/baskets", token=token, params={"siteId": "South"})
    assert answer.status_code == 403
