"""Every emulated operation answers as its official OpenAPI description says, custom attributes and no others added."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from sfcc_client.emulator import errors
from sfcc_client.emulator.baskets import shown
from sfcc_client.emulator.orders import admin_order, shopper_order

pytestmark = pytest.mark.shared

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "sfcc"
CUSTOMERS, ORDERS = "customers-oas-1.1.3", "orders-oas-1.5.2"
SHOPPER_CUSTOMERS, SHOPPER_ORDERS = "shopper-customers-oas-1.8.0", "shopper-orders-oas-1.17.1"
BASKETS_V1 = "shopper-baskets-oas-1.11.0"
BASKETS, PRODUCTS, AUTH = "shopper-baskets-oas-2.11.1", "shopper-products-oas-1.11.1", "auth-oas-1.50.0"
SEARCH_API = "shopper-search-oas-1.10.0"
EXPERIENCE = "shopper-experience-oas-1.6.0"
LIST = "/customer-lists/{customerListId}"
FORMATS = jsonschema.FormatChecker()
# Descriptions leave out what the gateway in front of every API answers.
GATEWAY = {401, 403, 429, 503}


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("date", raises=ValueError)
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@functools.cache
def description(name: str) -> dict[str, Any]:
    path = SPECS / "oas" / f"{name}.yaml"
    if not path.exists():
        pytest.skip("the official descriptions are not beside this checkout (../shared/specs/sfcc)")
    document: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    search = document["components"]["schemas"].get("PaginatedSearchResult")
    if search is not None:
        # Known flaw of the description: allOf with additionalProperties:false refuses its own limit, offset and total.
        for kind in ("CustomerSearchResult", "CustomerGroupSearchResult"):
            document["components"]["schemas"].get(kind, {}).pop("additionalProperties", None)
        search.pop("additionalProperties")
    return document


def schema_of(name: str, path: str, method: str, status: int) -> dict[str, Any] | None:
    answers = description(name)["paths"][f"/organizations/{{organizationId}}{path}"][method]["responses"]
    if str(status) not in answers:
        return None
    content = answers[str(status)].get("content", {})
    if not content:
        return {"media": None, "headers": answers[str(status)].get("headers", {})}
    return {"media": next(iter(content), None), "schema": next(iter(content.values()), {}).get("schema", {})}


def check(name: str, schema: dict[str, Any], document: Any) -> None:
    whole = Resource.from_contents(description(name), default_specification=DRAFT4)
    registry: Registry[Any] = Registry().with_resource("urn:api", whole)
    rooted = _rooted(schema)
    jsonschema.Draft4Validator(rooted, registry=registry, format_checker=FORMATS).validate(document)
    strangers = sorted(_strangers(name, schema, document, "$"))
    assert not strangers, f"members the description does not know: {strangers[:5]}"


def _rooted(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: f"urn:api{value}" if key == "$ref" and value.startswith("#") else _rooted(value)
            for key, value in schema.items()
        }
    return [_rooted(part) for part in schema] if isinstance(schema, list) else schema


def _strangers(name: str, schema: dict[str, Any], document: Any, path: str) -> Iterator[str]:
    """Members that are neither described nor custom; the descriptions' own validators let any member pass."""
    parts = list(_parts(name, schema))
    if isinstance(document, list):
        items = next((part["items"] for part in parts if "items" in part), None)
        if items is not None:
            for number, row in enumerate(document):
                yield from _strangers(name, items, row, f"{path}[{number}]")
    if not isinstance(document, dict):
        return
    known = {member: sub for part in parts for member, sub in part.get("properties", {}).items()}
    if not known or any(part.get("additionalProperties") is True for part in parts):
        return
    for member, value in document.items():
        if member in known:
            yield from _strangers(name, known[member], value, f"{path}.{member}")
        elif not member.startswith("c_"):
            yield f"{path}.{member}"


def _parts(name: str, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        yield from _parts(name, description(name)["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
        return
    yield schema
    for part in schema.get("allOf", ()):
        yield from _parts(name, part)


def confirm(name: str, path: str, method: str, answer: requests.Response) -> None:
    """The answer's status is described, its media type too, and its document fits the schema."""
    described = schema_of(name, path, method, answer.status_code)
    if described is None:
        assert answer.status_code in GATEWAY, f"status {answer.status_code} is not described"
        return
    if described["media"] is None:
        assert not answer.content, "the description knows no body"
        assert set(described["headers"]) <= set(answer.headers)
        return
    assert answer.headers["Content-Type"].split(";")[0] == described["media"]
    check(name, described["schema"], answer.json())


Call = Callable[[Any, dict[str, Any]], requests.Response]
SEARCH = {"query": {"termQuery": {"fields": ["email"], "operator": "is", "values": ["mara.k@example.com"]}}}
EVERYBODY = {"query": {"matchAllQuery": {}}, "limit": 120, "sorts": [{"field": "lastName", "sortOrder": "asc"}]}
C, SC = "/customer/customers/v1", "/customer/shopper-customers/v1"
ADMIN_ORDERS, SO = "/checkout/orders/v1", "/checkout/shopper-orders/v1"
S = "/search/shopper-search/v1"
E = "/experience/shopper-experience/v1"
B, P = "/checkout/shopper-baskets/v2", "/product/shopper-products/v1"


def _admin(api: str, path: str, **query: Any) -> Call:
    return lambda world, mara: world.scapi(api, path.format(**mara), token=world.admin(), params=query)


def _search(body: Any, list_id: str = "RefArch") -> Call:
    path = f"/customer-lists/{list_id}/customer-search"
    return lambda world, _: world.scapi(C, path, method="POST", token=world.admin(), json=body)


def _shopper(api: str, path: str, **query: Any) -> Call:
    return lambda world, mara: world.scapi(
        api, path.format(**mara), token=world.shopper(mara["login"]), params={"siteId": "RefArchDE", **query}
    )


def _products(**query: Any) -> Call:
    def call(world: Any, _: Any) -> requests.Response:
        ids = [product["id"] for product in world.shop.state.products][:25]
        return world.scapi(
            P, "/products", token=world.guest(), params={"siteId": "RefArchDE", "ids": ",".join(ids), **query}
        )

    return call


def _basket(world: Any, mara: dict[str, Any]) -> requests.Response:
    basket = world.shop.state.basket_of(mara["customer_id"], "RefArchDE")
    path = f"/baskets/{basket['basketId']}"
    return world.scapi(B, path, token=world.shopper(mara["login"]), params={"siteId": "RefArchDE"})


CUSTOMER = "/customers/{customer_id}"
ROWS: list[tuple[str, str, str, str, int, Call]] = [
    ("search", CUSTOMERS, f"{LIST}/customer-search", "post", 200, _search(SEARCH)),
    ("search all", CUSTOMERS, f"{LIST}/customer-search", "post", 200, _search(EVERYBODY)),
    ("search without query", CUSTOMERS, f"{LIST}/customer-search", "post", 400, _search({})),
    ("search in no list", CUSTOMERS, f"{LIST}/customer-search", "post", 404, _search(SEARCH, "Nowhere")),
    (
        "customer",
        CUSTOMERS,
        f"{LIST}/customers/{{customerNo}}",
        "get",
        200,
        _admin(C, "/customer-lists/RefArch/customers/{customer_no}"),
    ),
    (
        "no customer",
        CUSTOMERS,
        f"{LIST}/customers/{{customerNo}}",
        "get",
        404,
        _admin(C, "/customer-lists/RefArch/customers/0"),
    ),
    (
        "addresses",
        CUSTOMERS,
        f"{LIST}/customers/{{customerNo}}/addresses",
        "get",
        200,
        _admin(C, "/customer-lists/RefArch/customers/{customer_no}/addresses"),
    ),
    ("orders", ORDERS, "/orders", "get", 200, _admin(ADMIN_ORDERS, "/orders", siteId="RefArchDE", limit=80)),
    ("orders in pounds", ORDERS, "/orders", "get", 200, _admin(ADMIN_ORDERS, "/orders", siteId="RefArchUK", limit=40)),
    ("orders in yen", ORDERS, "/orders", "get", 200, _admin(ADMIN_ORDERS, "/orders", siteId="RefArchJP", limit=40)),
    ("orders nowhere", ORDERS, "/orders", "get", 404, _admin(ADMIN_ORDERS, "/orders", siteId="Nowhere")),
    ("order", ORDERS, "/orders/{orderNo}", "get", 200, _admin(ADMIN_ORDERS, "/orders/{order_no}", siteId="RefArchDE")),
    ("no order", ORDERS, "/orders/{orderNo}", "get", 404, _admin(ADMIN_ORDERS, "/orders/123", siteId="RefArchDE")),
    ("profile", SHOPPER_CUSTOMERS, "/customers/{customerId}", "get", 200, _shopper(SC, CUSTOMER)),
    ("another profile", SHOPPER_CUSTOMERS, "/customers/{customerId}", "get", 400, _shopper(SC, "/customers/abcdef")),
    (
        "own orders",
        SHOPPER_CUSTOMERS,
        "/customers/{customerId}/orders",
        "get",
        200,
        _shopper(SC, f"{CUSTOMER}/orders", limit=50),
    ),
    (
        "own orders of oms",
        SHOPPER_CUSTOMERS,
        "/customers/{customerId}/orders",
        "get",
        200,
        _shopper(SC, f"{CUSTOMER}/orders", limit=50, expand="oms"),
    ),
    (
        "own baskets",
        SHOPPER_CUSTOMERS,
        "/customers/{customerId}/baskets",
        "get",
        200,
        _shopper(SC, f"{CUSTOMER}/baskets"),
    ),
    ("own order", SHOPPER_ORDERS, "/orders/{orderNo}", "get", 200, _shopper(SO, "/orders/{order_no}", expand="oms")),
    ("no own order", SHOPPER_ORDERS, "/orders/{orderNo}", "get", 404, _shopper(SO, "/orders/123")),
    ("basket", BASKETS, "/baskets/{basketId}", "get", 200, _basket),
    ("no basket", BASKETS, "/baskets/{basketId}", "get", 404, _shopper(B, "/baskets/123")),
    ("products", PRODUCTS, "/products", "get", 200, _products()),
    ("products in Japanese", PRODUCTS, "/products", "get", 200, _products(locale="ja-JP", currency="JPY")),
    ("product", PRODUCTS, "/products/{id}", "get", 200, _shopper(P, "/products/VV1001")),
    ("no product", PRODUCTS, "/products/{id}", "get", 404, _shopper(P, "/products/none")),
    (
        "product search",
        SEARCH_API,
        "/product-search",
        "get",
        200,
        _shopper(S, "/product-search", q="jacket", refine="price=(0..300)"),
    ),
    (
        "product search of a category",
        SEARCH_API,
        "/product-search",
        "get",
        200,
        _shopper(S, "/product-search", refine="cgid=tents", sort="price-low-to-high", locale="ja-JP"),
    ),
    (
        "wrong selector",
        SEARCH_API,
        "/product-search",
        "get",
        400,
        _shopper(S, "/product-search", q="tent", select="(hits"),
    ),
    *(
        (name, SEARCH_API, "/search-suggestions", "get", status, _shopper(S, "/search-suggestions", **query))
        for name, status, query in (
            ("suggestions", 200, {"q": "trail jakcet", "limit": 2}),
            ("all suggestions", 200, {"q": "jac", "locale": "ja-JP", "includeEinsteinSuggestedPhrases": "true"}),
            ("suggestions for nothing", 400, {"q": "so"}),
            ("wrong suggestions", 400, {"q": "son", "expand": "stars"}),
        )
    ),
    ("content", EXPERIENCE, "/contents/{id}", "get", 200, _shopper(E, "/contents/faq-returns", locale="de-DE")),
    ("no content", EXPERIENCE, "/contents/{id}", "get", 404, _shopper(E, "/contents/none")),
    ("contents", EXPERIENCE, "/contents", "get", 200, _shopper(E, "/contents", ids="faq-returns,faq-payment,none")),
    ("51 contents", EXPERIENCE, "/contents", "get", 400, _shopper(E, "/contents", ids=",".join(map(str, range(51))))),
    ("content search", EXPERIENCE, "/content-search", "get", 200, _shopper(E, "/content-search", q="Paket")),
    (
        "content of a folder",
        EXPERIENCE,
        "/content-search",
        "get",
        200,
        _shopper(E, "/content-search", refine="fdid=help"),
    ),
    ("wrong refinement", EXPERIENCE, "/content-search", "get", 400, _shopper(E, "/content-search", refine="help")),
    ("folder", EXPERIENCE, "/folders/{id}", "get", 200, _shopper(E, "/folders/root", levels=2)),
    ("no folder", EXPERIENCE, "/folders/{id}", "get", 404, _shopper(E, "/folders/none")),
    ("levels", EXPERIENCE, "/folders/{id}", "get", 400, _shopper(E, "/folders/root", levels=3)),
    ("folders", EXPERIENCE, "/folders", "get", 200, _shopper(E, "/folders", ids="help,none")),
    ("guest token", AUTH, "/oauth2/token", "post", 200, lambda world, _: _guest_token(world)),
    ("no client", AUTH, "/oauth2/token", "post", 401, lambda world, _: _guest_token(world, auth=("nobody", "x"))),
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


def _order(method: str, path: str, body: Any = None, **wanted: Any) -> Call:
    """A write to the first order of the German site with these members."""

    def call(world: Any, _: Any) -> requests.Response:
        orders = world.shop.state.orders.find("site", "RefArchDE")
        order = next(row for row in orders if all(row[name] == value for name, value in wanted.items()))
        place = path.format(order_no=order["orderNo"], payment=order["paymentInstruments"][0]["paymentInstrumentId"])
        query = {"siteId": "RefArchDE"}
        return world.scapi(ADMIN_ORDERS, place, method=method, token=world.writer(), params=query, json=body)

    return call


def _customer(method: str, path: str, body: Any = None, **query: Any) -> Call:
    """A write to Mara, or below the customer list."""
    return lambda world, mara: world.scapi(
        C, path.format(**mara), method=method, token=world.writer(), json=body, params=query
    )


class Purchase:
    """A guest who fills a basket, one request after another; every answer is held against the version asked."""

    def __init__(self, world: Any, version: int) -> None:
        self.world, self.token, self.version = world, _fresh_guest(world), version
        self.name = BASKETS if version == 2 else BASKETS_V1
        self.api = f"/checkout/shopper-baskets/v{version}"
        self.basket: dict[str, Any] = {}

    def step(self, method: str, path: str, status: int, body: Any = None, described: str = "") -> dict[str, Any]:
        place = path.format(id=self.basket.get("basketId"), payment="".join(self._payments()))
        answer = self.world.scapi(self.api, place, method=method, token=self.token, params=SITE, json=body)
        assert answer.status_code == status, answer.text
        described = described or path.replace("{id}", "{basketId}").replace("{payment}", "{paymentInstrumentId}")
        confirm(self.name, described, method.lower(), answer)
        document: dict[str, Any] = answer.json() if answer.content else {}
        if "basketId" in document:
            self.basket = document
        return document

    def _payments(self) -> list[str]:
        return [row["paymentInstrumentId"] for row in self.basket.get("paymentInstruments", ())]


def _fresh_guest(world: Any) -> str:
    settings = world.shop.settings()
    auth = (settings.slas_client_id, settings.slas_client_secret)
    data = {"grant_type": "client_credentials", "channel_id": "RefArchDE"}
    return str(world.slas("/oauth2/token", auth=auth, data=data).json()["access_token"])


@pytest.mark.parametrize("version", [1, 2])
def test_every_step_to_an_order_is_answered_as_described(workshop: Any, version: int) -> None:
    description(BASKETS)
    shop = Purchase(workshop, version)
    shipment = "/baskets/{id}/shipments/me"
    at_shipment = "/baskets/{basketId}/shipments/{shipmentId}"
    item = "/baskets/{basketId}/items/{itemId}"
    shop.step("POST", "/baskets", 200, {})
    shop.step("POST", "/baskets", 400, {})
    shop.step("GET", "/baskets/{id}", 200)
    shop.step("POST", "/baskets/{id}/items", 200, [{"productId": "VV1006", "quantity": 1}, {"productId": "VV1005-2P"}])
    shop.step("PATCH", "/baskets/{id}/items/item-1", 200, {"quantity": 2}, item)
    shop.step("DELETE", "/baskets/{id}/items/item-2", 200, None, item)
    shop.step("PATCH", "/baskets/{id}", 200, {"c_paymentFailures": 1})
    shop.step("POST", "/baskets/{id}/coupons", 200, {"code": "WELCOME10"})
    shop.step("POST", "/baskets/{id}/coupons", 400, {"code": "NONE"})
    shop.step("PUT", "/baskets/{id}/customer", 200, {"email": "guest@example.com"})
    shop.step("PUT", f"{shipment}/shipping-address", 200, ADDRESS, f"{at_shipment}/shipping-address")
    shop.step("PUT", "/baskets/{id}/billing-address", 200, ADDRESS)
    shop.step("GET", f"{shipment}/shipping-methods", 200, None, f"{at_shipment}/shipping-methods")
    shop.step("PUT", f"{shipment}/shipping-method", 200, {"id": "express"}, f"{at_shipment}/shipping-method")
    shop.step("PUT", f"{shipment}/shipping-method", 400, {"id": "none"}, f"{at_shipment}/shipping-method")
    shop.step("GET", "/baskets/{id}/payment-methods", 200)
    shop.step("POST", "/baskets/{id}/payment-instruments", 200, {"paymentMethodId": "PAYPAL"})
    shop.step("DELETE", "/baskets/{id}/payment-instruments/{payment}", 200)
    shop.step("POST", "/baskets/{id}/payment-instruments", 200, {"paymentMethodId": "PAYPAL"})
    ordered = workshop.scapi(SO, "/orders", method="POST", token=shop.token, params=SITE, json=shop.basket)
    assert ordered.status_code == 200, ordered.text
    confirm(SHOPPER_ORDERS, "/orders", "post", ordered)
    shop.step("GET", "/baskets/{id}", 404)
    number = ordered.json()["orderNo"]
    check(ORDERS, {"$ref": "#/components/schemas/Order"}, admin_order(workshop.shop.state.orders.get(number)))
    for path, method, body, status in (
        ("/orders/{orderNo}/lookup", "post", {}, 200),
        ("/orders/{orderNo}/actions/oms-cancel-order", "post", {}, 200),
        ("/orders/{orderNo}/actions/fail", "post", {"reasonCode": "payment_auth_failure"}, 409),
    ):
        place = path.replace("{orderNo}", number)
        answer = workshop.scapi(SO, place, method=method.upper(), token=shop.token, params=SITE, json=body)
        assert answer.status_code == status, answer.text
        confirm(SHOPPER_ORDERS, path, method, answer)


def _stranger(body: Any) -> Call:
    return lambda world, mara: world.scapi(
        SO, f"/orders/{mara['order_no']}/lookup", method="POST", token=world.guest(), params=SITE, json=body
    )


def _reopening(world: Any, _: Any) -> requests.Response:
    """Of an order whose shopper has no basket; made here, for which ones are there depends on the moment."""
    state = world.shop.state
    order = next(row for row in state.orders.find("site", "RefArchDE") if row["status"] == "new")
    state.orders.save({**order, "orderNo": "R-1", "status": "created", "customerInfo": {"customerId": "abNobody"}})
    place = {"method": "PUT", "token": world.writer(), "params": {"siteId": "RefArchDE"}}
    return world.scapi(ADMIN_ORDERS, "/orders/R-1/status", json={"status": "failed_with_reopen"}, **place)


def _sold_out(world: Any, _: Any) -> requests.Response:
    state = world.shop.state
    order = next(row for row in state.orders.find("site", "RefArchDE") if row["status"] == "failed")
    goods = [{**item, "productId": "VV1006", "quantity": 10**6} for item in order["productItems"]]
    state.orders.save({**order, "orderNo": "R-2", "productItems": goods})
    place = {"method": "PUT", "token": world.writer(), "params": {"siteId": "RefArchDE"}}
    return world.scapi(ADMIN_ORDERS, "/orders/R-2/status", json={"status": "created"}, **place)


PEOPLE, MARA = "/customer-lists/RefArch/customers", "/customer-lists/RefArch/customers/{customer_no}"
PERSON, PLACES = f"{LIST}/customers/{{customerNo}}", f"{LIST}/customers/{{customerNo}}/addresses"
EVERYBODY_IN = {"query": {"termQuery": {"fields": ["type"], "operator": "is", "values": ["static"]}}}
LEUNG = {"customerNo": "00005002", "lastName": "Leung", "credentials": {"login": "wleung"}}
ATTIC = {"addressId": "attic", "lastName": "Kowalski", "countryCode": "DE", "city": "Leipzig"}
GROUPS, MEMBERS = "/customer-groups", "/customer-groups/{customerGroupId}/members"
SITE = {"siteId": "RefArchDE"}
ONE, STATUS = "/orders/{orderNo}", "/orders/{order_no}/"
ADDRESS = {"firstName": "Mara", "lastName": "Kowalski", "address1": "Am Ring 1", "countryCode": "DE"}
SHIPPED = {
    "id": "s1",
    "occurredAt": "2026-06-03T10:15:00.000Z",
    "type": "shipped",
    "lineItems": [{"id": "a", "quantity": 1}],
}
TRACKED = {**SHIPPED, "trackingNumber": "1Z", "trackingUrl": "https://track.example.com/1Z"}
RETURNED = {"id": "r1", "occurredAt": "2026-06-03T10:15:00.000Z", "type": "return", "status": "completed"}
EVENTS, PAYMENT = f"{ONE}/oms-status-events", f"{ONE}/payment-instruments/{{paymentInstrumentId}}"
WRITES: list[tuple[str, str, str, str, int, Call]] = [
    (
        "place",
        ORDERS,
        f"{ONE}/status",
        "put",
        204,
        _order("PUT", f"{STATUS}status", {"status": "cancelled"}, status="new"),
    ),
    ("reopen", ORDERS, f"{ONE}/status", "put", 201, _reopening),
    ("undo failing", ORDERS, f"{ONE}/status", "put", 409, _sold_out),
    (
        "fail",
        ORDERS,
        f"{ONE}/status",
        "put",
        409,
        _order("PUT", f"{STATUS}status", {"status": "failed"}, status="completed"),
    ),
    ("no status", ORDERS, f"{ONE}/status", "put", 400, _order("PUT", f"{STATUS}status", {})),
    *(
        (axis, ORDERS, f"{ONE}/{axis}", "put", status, _order("PUT", f"{STATUS}{axis}", {"status": value}))
        for axis, right, wrong in (
            ("confirmation-status", "confirmed", "sure"),
            ("export-status", "ready", ""),
            ("external-status", "in_delivery", ""),
            ("payment-status", "part_paid", "due"),
            ("shipping-status", "shipped", "away"),
        )
        for value, status in ((right, 204), (wrong, 400))
    ),
    ("attributes", ORDERS, ONE, "patch", 204, _order("PATCH", "/orders/{order_no}", {"c_carrier": "DHL"})),
    ("a text", ORDERS, ONE, "patch", 400, _order("PATCH", "/orders/{order_no}", {"externalOrderText": "x"})),
    ("payment", ORDERS, PAYMENT, "patch", 204, _order("PATCH", f"{STATUS}payment-instruments/{{payment}}", {})),
    ("no payment", ORDERS, PAYMENT, "patch", 404, _order("PATCH", f"{STATUS}payment-instruments/none", {})),
    (
        *("transaction", ORDERS, f"{PAYMENT}/transaction", "patch", 204),
        _order("PATCH", f"{STATUS}payment-instruments/{{payment}}/transaction", {}),
    ),
    (
        *("shipping address", ORDERS, f"{ONE}/shipments/{{shipmentId}}/shipping-address", "put", 204),
        _order("PUT", f"{STATUS}shipments/me/shipping-address", ADDRESS),
    ),
    (
        *("no shipment", ORDERS, f"{ONE}/shipments/{{shipmentId}}/shipping-address", "put", 404),
        _order("PUT", f"{STATUS}shipments/none/shipping-address", ADDRESS),
    ),
    ("event", ORDERS, EVENTS, "post", 202, _order("POST", f"{STATUS}oms-status-events", {"fulfillmentEvent": TRACKED})),
    (
        "untracked",
        ORDERS,
        EVENTS,
        "post",
        400,
        _order("POST", f"{STATUS}oms-status-events", {"fulfillmentEvent": SHIPPED}),
    ),
    ("new customer", CUSTOMERS, f"{LIST}/customers", "post", 200, _customer("POST", PEOPLE, LEUNG)),
    (
        "known login",
        CUSTOMERS,
        f"{LIST}/customers",
        "post",
        400,
        _customer("POST", PEOPLE, {**LEUNG, "customerNo": "9"}),
    ),
    (
        "numbered",
        CUSTOMERS,
        PERSON,
        "put",
        201,
        _customer("PUT", f"{PEOPLE}/77", {"customerNo": "77", "lastName": "Li"}),
    ),
    ("changed", CUSTOMERS, PERSON, "patch", 200, _customer("PATCH", MARA, {"phoneHome": "1", "c_vip": True})),
    ("undefined", CUSTOMERS, PERSON, "patch", 400, _customer("PATCH", MARA, {"c_unheardOf": True})),
    ("nobody", CUSTOMERS, PERSON, "patch", 404, _customer("PATCH", f"{PEOPLE}/0", {})),
    ("address", CUSTOMERS, PLACES, "post", 200, _customer("POST", f"{MARA}/addresses", ATTIC)),
    ("one address", CUSTOMERS, f"{PLACES}/{{addressId}}", "get", 200, _customer("GET", f"{MARA}/addresses/attic")),
    ("no address", CUSTOMERS, f"{PLACES}/{{addressId}}", "get", 404, _customer("GET", f"{MARA}/addresses/none")),
    (
        "moved",
        CUSTOMERS,
        f"{PLACES}/{{addressId}}",
        "patch",
        200,
        _customer("PATCH", f"{MARA}/addresses/attic", {"city": "Ulm"}),
    ),
    ("left", CUSTOMERS, f"{PLACES}/{{addressId}}", "delete", 204, _customer("DELETE", f"{MARA}/addresses/attic")),
    ("removed", CUSTOMERS, PERSON, "delete", 204, _customer("DELETE", f"{PEOPLE}/77")),
    ("groups", CUSTOMERS, GROUPS, "get", 200, _customer("GET", GROUPS, **SITE)),
    (
        "group search",
        CUSTOMERS,
        f"{GROUPS[:-1]}-search",
        "post",
        200,
        _customer("POST", "/customer-group-search", EVERYBODY_IN, **SITE),
    ),
    (
        "wrong search",
        CUSTOMERS,
        f"{GROUPS[:-1]}-search",
        "post",
        400,
        _customer("POST", "/customer-group-search", {}, **SITE),
    ),
    (
        "member",
        CUSTOMERS,
        MEMBERS,
        "put",
        200,
        _customer("PUT", "/customer-groups/VIP/members", None, **SITE, customerNos="00004711"),
    ),
    (
        "no group",
        CUSTOMERS,
        MEMBERS,
        "put",
        404,
        _customer("PUT", "/customer-groups/None/members", None, **SITE, customerNos="1"),
    ),
    (
        "everyone",
        CUSTOMERS,
        MEMBERS,
        "put",
        403,
        _customer("PUT", "/customer-groups/Everyone/members", None, **SITE, customerNos="1"),
    ),
    (
        "no member",
        CUSTOMERS,
        MEMBERS,
        "delete",
        204,
        _customer("DELETE", "/customer-groups/VIP/members", None, **SITE, customerNos="00004711"),
    ),
    ("reasons", SHOPPER_ORDERS, "/orders/oms-meta-data", "get", 200, _shopper(SO, "/orders/oms-meta-data")),
    ("looked up", SHOPPER_ORDERS, f"{ONE}/lookup", "post", 400, _stranger({"email": "mara.k@example.com"})),
    ("not his", SHOPPER_ORDERS, f"{ONE}/lookup", "post", 404, _stranger({"email": "x@example.com", "postalCode": "1"})),
    ("adjusted", ORDERS, EVENTS, "post", 202, _order("POST", f"{STATUS}oms-status-events", {"adjustment": RETURNED})),
]


def _guest_token(world: Any, **changes: Any) -> requests.Response:
    settings = world.shop.settings()
    auth = changes.pop("auth", (settings.slas_client_id, settings.slas_client_secret))
    return world.slas("/oauth2/token", auth=auth, data={"grant_type": "client_credentials", "channel_id": "RefArchDE"})


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


@pytest.mark.parametrize(
    ("name", "path", "method", "status", "call"), [row[1:] for row in WRITES], ids=[r[0] for r in WRITES]
)
def test_a_write_is_answered_as_described(
    workshop: Any, mara: dict[str, Any], name: str, path: str, method: str, status: int, call: Call
) -> None:
    description(name)
    answer = call(workshop, mara)
    assert answer.status_code == status, answer.text
    confirm(name, path, method, answer)


@pytest.mark.parametrize("example", ["CreateSimpleOrder", "CreateFullOrder", "CreateOrderMultiShipment"])
def test_the_official_examples_of_an_order_are_taken(workshop: Any, example: str) -> None:
    body = {**description(ORDERS)["components"]["examples"][example]["value"], "currency": "EUR"}
    token, place = workshop.guest(), {"method": "POST", "params": SITE}
    made = workshop.scapi(ADMIN_ORDERS, "/orders", token=token, json=body, **place)
    assert made.status_code == 201, made.text
    confirm(ORDERS, "/orders", "post", made)
    order = workshop.shop.state.orders.get(body["orderNo"])
    check(ORDERS, {"$ref": "#/components/schemas/Order"}, admin_order(order))
    assert order["status"] == "new"
    for wrong, slug in (
        ({"orderTotal": 1}, "invalid-order-total"),
        ({"taxTotal": 1}, "invalid-tax-total"),
        ({}, "bad-request"),
    ):
        refused = workshop.scapi(ADMIN_ORDERS, "/orders", token=token, json={**body, **wrong}, **place)
        assert refused.json()["type"].endswith(f"/{slug}")
        confirm(ORDERS, "/orders", "post", refused)


def test_every_kind_of_order_fits_both_descriptions(world: Any) -> None:
    """One order of every combination of statuses, as each of its two APIs shows it."""
    axes = ("status", "confirmationStatus", "exportStatus", "paymentStatus", "shippingStatus", "siteId")
    kinds = {tuple(order[axis] for axis in axes): order for order in world.shop.state.orders}
    for order in kinds.values():
        check(ORDERS, {"$ref": "#/components/schemas/Order"}, admin_order(order))
        check(SHOPPER_ORDERS, {"$ref": "#/components/schemas/Order"}, shopper_order(order, oms=True))


def test_every_basket_fits_its_description(world: Any) -> None:
    """Totals that are not calculated yet are null, which the description does not foresee."""
    uncalculated = 0
    for basket in world.shop.state.baskets:
        document = shown(basket)
        uncalculated += document["orderTotal"] is None
        whole = {name: 0 if value is None else value for name, value in document.items()}
        check(SHOPPER_CUSTOMERS, {"$ref": "#/components/schemas/BasketsResult"}, {"total": 1, "baskets": [whole]})
        check(BASKETS, {"$ref": "#/components/schemas/Basket"}, whole)
    assert uncalculated


def test_every_error_slug_is_an_official_one() -> None:
    catalog = SPECS / "error_catalog.txt"
    if not catalog.exists():
        pytest.skip("the official error catalog is not beside this checkout (../shared/specs/sfcc)")
    official = {line.split()[0] for line in catalog.read_text("utf-8").splitlines() if line and line[0] != " "}
    assert errors.slugs() - errors.UNVERIFIED_SLUGS <= official
    assert not errors.UNVERIFIED_SLUGS & official
