"""Every emulated operation answers as its official OpenAPI description says: what is read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commerce_descriptions.calls import (
    ADMIN_ORDERS,
    SC,
    SO,
    B,
    C,
    Call,
    E,
    P,
    S,
    admin,
    basket,
    guest_token,
    products,
    search,
    shopper,
)
from tests.commerce_descriptions.judge import (
    AUTH,
    BASKETS,
    CUSTOMERS,
    EXPERIENCE,
    LIST,
    ORDERS,
    PRODUCTS,
    SEARCH_API,
    SHOPPER_CUSTOMERS,
    SHOPPER_ORDERS,
    confirm,
    description,
)

pytestmark = pytest.mark.shared

SEARCH = {"query": {"termQuery": {"fields": ["email"], "operator": "is", "values": ["mara.k@example.com"]}}}
EVERYBODY = {"query": {"matchAllQuery": {}}, "limit": 120, "sorts": [{"field": "lastName", "sortOrder": "asc"}]}
CUSTOMER = "/customers/{customer_id}"
ROWS: list[tuple[str, str, str, str, int, Call]] = [
    ("search", CUSTOMERS, f"{LIST}/customer-search", "post", 200, search(SEARCH)),
    ("search all", CUSTOMERS, f"{LIST}/customer-search", "post", 200, search(EVERYBODY)),
    ("search without query", CUSTOMERS, f"{LIST}/customer-search", "post", 400, search({})),
    ("search in no list", CUSTOMERS, f"{LIST}/customer-search", "post", 404, search(SEARCH, "Nowhere")),
    (
        "customer",
        CUSTOMERS,
        f"{LIST}/customers/{{customerNo}}",
        "get",
        200,
        admin(C, "/customer-lists/RefArch/customers/{customer_no}"),
    ),
    (
        "no customer",
        CUSTOMERS,
        f"{LIST}/customers/{{customerNo}}",
        "get",
        404,
        admin(C, "/customer-lists/RefArch/customers/0"),
    ),
    (
        "addresses",
        CUSTOMERS,
        f"{LIST}/customers/{{customerNo}}/addresses",
        "get",
        200,
        admin(C, "/customer-lists/RefArch/customers/{customer_no}/addresses"),
    ),
    ("orders", ORDERS, "/orders", "get", 200, admin(ADMIN_ORDERS, "/orders", siteId="RefArchDE", limit=80)),
    ("orders in pounds", ORDERS, "/orders", "get", 200, admin(ADMIN_ORDERS, "/orders", siteId="RefArchUK", limit=40)),
    ("orders in yen", ORDERS, "/orders", "get", 200, admin(ADMIN_ORDERS, "/orders", siteId="RefArchJP", limit=40)),
    ("orders nowhere", ORDERS, "/orders", "get", 404, admin(ADMIN_ORDERS, "/orders", siteId="Nowhere")),
    ("order", ORDERS, "/orders/{orderNo}", "get", 200, admin(ADMIN_ORDERS, "/orders/{order_no}", siteId="RefArchDE")),
    ("no order", ORDERS, "/orders/{orderNo}", "get", 404, admin(ADMIN_ORDERS, "/orders/123", siteId="RefArchDE")),
    ("profile", SHOPPER_CUSTOMERS, "/customers/{customerId}", "get", 200, shopper(SC, CUSTOMER)),
    ("another profile", SHOPPER_CUSTOMERS, "/customers/{customerId}", "get", 400, shopper(SC, "/customers/abcdef")),
    (
        "own orders",
        SHOPPER_CUSTOMERS,
        "/customers/{customerId}/orders",
        "get",
        200,
        shopper(SC, f"{CUSTOMER}/orders", limit=50),
    ),
    (
        "own orders of oms",
        SHOPPER_CUSTOMERS,
        "/customers/{customerId}/orders",
        "get",
        200,
        shopper(SC, f"{CUSTOMER}/orders", limit=50, expand="oms"),
    ),
    (
        "own baskets",
        SHOPPER_CUSTOMERS,
        "/customers/{customerId}/baskets",
        "get",
        200,
        shopper(SC, f"{CUSTOMER}/baskets"),
    ),
    ("own order", SHOPPER_ORDERS, "/orders/{orderNo}", "get", 200, shopper(SO, "/orders/{order_no}", expand="oms")),
    ("no own order", SHOPPER_ORDERS, "/orders/{orderNo}", "get", 404, shopper(SO, "/orders/123")),
    ("basket", BASKETS, "/baskets/{basketId}", "get", 200, basket),
    ("no basket", BASKETS, "/baskets/{basketId}", "get", 404, shopper(B, "/baskets/123")),
    ("products", PRODUCTS, "/products", "get", 200, products()),
    ("products in Japanese", PRODUCTS, "/products", "get", 200, products(locale="ja-JP", currency="JPY")),
    ("product", PRODUCTS, "/products/{id}", "get", 200, shopper(P, "/products/VV1001")),
    ("no product", PRODUCTS, "/products/{id}", "get", 404, shopper(P, "/products/none")),
    (
        "product search",
        SEARCH_API,
        "/product-search",
        "get",
        200,
        shopper(S, "/product-search", q="jacket", refine="price=(0..300)"),
    ),
    (
        "product search of a category",
        SEARCH_API,
        "/product-search",
        "get",
        200,
        shopper(S, "/product-search", refine="cgid=tents", sort="price-low-to-high", locale="ja-JP"),
    ),
    (
        "wrong selector",
        SEARCH_API,
        "/product-search",
        "get",
        400,
        shopper(S, "/product-search", q="tent", select="(hits"),
    ),
    *(
        (name, SEARCH_API, "/search-suggestions", "get", status, shopper(S, "/search-suggestions", **query))
        for name, status, query in (
            ("suggestions", 200, {"q": "trail jakcet", "limit": 2}),
            ("all suggestions", 200, {"q": "jac", "locale": "ja-JP", "includeEinsteinSuggestedPhrases": "true"}),
            ("suggestions for nothing", 400, {"q": "so"}),
            ("wrong suggestions", 400, {"q": "son", "expand": "stars"}),
        )
    ),
    ("content", EXPERIENCE, "/contents/{id}", "get", 200, shopper(E, "/contents/faq-returns", locale="de-DE")),
    ("no content", EXPERIENCE, "/contents/{id}", "get", 404, shopper(E, "/contents/none")),
    ("contents", EXPERIENCE, "/contents", "get", 200, shopper(E, "/contents", ids="faq-returns,faq-payment,none")),
    ("51 contents", EXPERIENCE, "/contents", "get", 400, shopper(E, "/contents", ids=",".join(map(str, range(51))))),
    ("content search", EXPERIENCE, "/content-search", "get", 200, shopper(E, "/content-search", q="Paket")),
    (
        "content of a folder",
        EXPERIENCE,
        "/content-search",
        "get",
        200,
        shopper(E, "/content-search", refine="fdid=help"),
    ),
    ("wrong refinement", EXPERIENCE, "/content-search", "get", 400, shopper(E, "/content-search", refine="help")),
    ("folder", EXPERIENCE, "/folders/{id}", "get", 200, shopper(E, "/folders/root", levels=2)),
    ("no folder", EXPERIENCE, "/folders/{id}", "get", 404, shopper(E, "/folders/none")),
    ("levels", EXPERIENCE, "/folders/{id}", "get", 400, shopper(E, "/folders/root", levels=3)),
    ("folders", EXPERIENCE, "/folders", "get", 200, shopper(E, "/folders", ids="help,none")),
    ("guest token", AUTH, "/oauth2/token", "post", 200, lambda world, _: guest_token(world)),
    ("no client", AUTH, "/oauth2/token", "post", 401, lambda world, _: guest_token(world, auth=("nobody", "x"))),
    ("on behalf", AUTH, "/oauth2/trusted-system/token", "post", 200, lambda world, _: world.on_behalf_answer("guest")),
    (
        "no login",
        AUTH,
        "/oauth2/trusted-system/token",
        "post",
        400,
        lambda world, _: world.on_behalf_answer("nobody@example.org"),
    ),
    ("keys", AUTH, "/oauth2/jwks", "get", 200, lambda world, _: world.slas("/oauth2/jwks", method="GET")),
]


@pytest.mark.parametrize(
    ("name", "path", "method", "status", "call"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS]
)
def test_an_answer_fits_its_description(
    world: Any, mara: dict[str, Any], name: str, path: str, method: str, status: int, call: Call
) -> None:
    description(name)
    answer = call(world, mara)
    assert answer.status_code == status, answer.text
    confirm(name, path, method, answer)
