"""What a shopper's token reads: own orders, basket, products; and the two custom APIs and Einstein beside them."""

from __future__ import annotations

from typing import Any

import pytest

SHOPPERS, PRODUCTS = "/customer/shopper-customers/v1", "/product/shopper-products/v1"
LOYALTY, ACTIVITY = "/custom/loyalty-info/v1", "/custom/shopper-activity/v1"
PROBLEM = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"
ADA = {"siteId": "North", "c_customer_id": "abOne", "c_customer_no": "0001"}
REED = {"siteId": "North", "c_customer_id": "abTwo", "c_customer_no": "0002"}


def _own(world: Any, mara: dict[str, Any], what: str, **query: Any) -> Any:
    token = world.shopper(mara["login"])
    path = f"/customers/{mara['customer_id']}{what}"
    return world.scapi(SHOPPERS, path, token=token, params={"siteId": "RefArchDE", **query})


def test_own_orders_come_newest_first_ten_at_a_time(world: Any, mara: dict[str, Any]) -> None:
    first = _own(world, mara, "/orders").json()
    assert (first["limit"], first["offset"], first["total"], len(first["data"])) == (10, 0, 27, 10)
    dates = [order["creationDate"] for order in first["data"]]
    assert dates == sorted(dates, reverse=True)
    rest = _own(world, mara, "/orders", limit=50, offset=10).json()["data"]
    assert len({order["orderNo"] for order in first["data"] + rest}) == 27
    assert _own(world, mara, "/orders", limit=51).status_code == 400


def test_own_orders_can_be_narrowed(world: Any, mara: dict[str, Any]) -> None:
    cancelled = _own(world, mara, "/orders", status="cancelled").json()["data"]
    assert [order["orderNo"] for order in cancelled] == ["00029340"]
    recent = _own(world, mara, "/orders", **{"from": "2026-11-01T00:00:00Z"}).json()["data"]
    assert [order["orderNo"] for order in recent] == ["00031190", "00031204"]
    older = _own(world, mara, "/orders", until="2026-11-01T00:00:00Z").json()
    assert older["total"] == 25


def test_order_management_data_comes_only_when_asked_for(world: Any, mara: dict[str, Any]) -> None:
    path, token = f"/orders/{mara['order_no']}", world.shopper(mara["login"])
    plain = world.scapi("/checkout/shopper-orders/v1", path, token=token, params={"siteId": "RefArchDE"}).json()
    query = {"siteId": "RefArchDE", "expand": "oms"}
    expanded = world.scapi("/checkout/shopper-orders/v1", path, token=token, params=query).json()
    assert "omsData" not in plain
    assert expanded["omsData"]["shipments"][0]["provider"] == "DHL"
    assert expanded["productItems"][0]["omsData"]["quantityAvailableToReturn"] == 0
    wrong = world.scapi("/checkout/shopper-orders/v1", path, token=token, params={**query, "expand": "som"})
    assert wrong.json()["type"] == f"{PROBLEM}invalid-expand-parameter"


def test_a_shopper_order_hides_what_only_the_desk_may_see(world: Any, mara: dict[str, Any]) -> None:
    order = _own(world, mara, "/orders", status="cancelled").json()["data"][0]
    assert not {"placeDate", "invoiceNo", "cancelCode", "cancelDescription", "remoteHost", "notes"} & set(order)


def test_the_one_basket_or_none(world: Any, mara: dict[str, Any]) -> None:
    document = _own(world, mara, "/baskets").json()
    assert document["total"] == 1
    assert document["baskets"][0]["c_paymentFailures"] == 2
    world_customers = {basket["customerInfo"].get("customerId") for basket in world.shop.state.baskets}
    without = next(
        row
        for row in world.shop.state.customers
        if row["customerId"] not in world_customers
        and row["credentials"]["enabled"]
        and row["customerListId"] == "RefArch"
    )
    token = world.shopper(without["credentials"]["login"])
    path = f"/customers/{without['customerId']}/baskets"
    assert world.scapi(SHOPPERS, path, token=token, params={"siteId": "RefArchDE"}).json() == {"total": 0}


def test_a_guest_reads_the_basket_of_their_session(small: Any) -> None:
    guest = small.on_behalf_answer("guest", "North", usid="6f0c1c9e-0000-4000-8000-000000000001").json()
    info = {"customerId": guest["customer_id"]}
    small.shop.state.baskets.save({"basketId": "g1", "siteId": "North", "customerInfo": info})
    path = f"/customers/{guest['customer_id']}/baskets"
    found = small.scapi(SHOPPERS, path, token=guest["access_token"], params={"siteId": "North"}).json()
    assert [basket["basketId"] for basket in found["baskets"]] == ["g1"]


def test_the_profile_expands_as_told(world: Any, mara: dict[str, Any]) -> None:
    assert _own(world, mara, "").json()["addresses"][0]["city"] == "Leipzig"
    assert "addresses" not in _own(world, mara, "", expand="none").json()
    assert "paymentInstruments" not in _own(world, mara, "", expand="addresses").json()


def _products(caller: Any, **query: Any) -> Any:
    return caller.scapi(PRODUCTS, "/products", token=caller.guest("North"), params={"siteId": "North", **query})


def test_unknown_and_offline_products_are_left_out(small: Any) -> None:
    document = _products(small, ids="mug,gone,none,mug").json()
    assert [product["id"] for product in document["data"]] == ["mug"]
    assert (document["limit"], document["total"]) == (1, 1)
    one = small.scapi(PRODUCTS, "/products/gone", token=small.guest("North"), params={"siteId": "North"})
    assert one.json()["detail"] == "No product with ID 'gone' for site 'North' could be found."


@pytest.mark.parametrize("ids", ["a%252Cmug", "a%2Cmug", "a,mug", "a&ids=mug"])
def test_ids_are_read_however_a_client_writes_them(small: Any, ids: str) -> None:
    path = f"{PRODUCTS}{small.organization}/products?siteId=North&ids={ids}"
    found = small.call("GET", path, token=small.guest("North")).json()
    assert [product["id"] for product in found["data"]] == ["mug"]


def test_25_products_at_once_and_no_more(small: Any) -> None:
    assert _products(small, ids=",".join(map(str, range(25)))).status_code == 200
    answer = _products(small, ids=",".join(map(str, range(26))))
    assert answer.json()["detail"] == "Maximum number of products you can request in one call is 25."
    assert _products(small).json()["detail"] == "Missing required query parameter(s): 'ids'"


def test_products_speak_the_language_asked_for(small: Any) -> None:
    names = [_products(small, ids="mug", locale=locale).json()["data"][0]["name"] for locale in ("de-AT", "fr-FR")]
    assert names == ["Becher", "Mug"]
    assert _products(small, ids="mug", locale="xx-INVALID").json()["detail"] == "The locale 'xx-INVALID' is not valid."


def test_a_selector_keeps_only_what_it_names(small: Any) -> None:
    document = _products(small, ids="mug", select="(data.(id,inventory.(ats)))").json()
    assert document == {"data": [{"id": "mug", "inventory": {"ats": 4}}]}
    assert _products(small, ids="mug", select="(data.(id)").json()["type"] == f"{PROBLEM}malformed-selector"


def test_a_variant_names_its_choice_and_a_master_its_variants(world: Any) -> None:
    query = {"siteId": "RefArchJP", "ids": "VV1001-pine-M,VV1001"}
    answer = world.scapi(PRODUCTS, "/products", token=world.guest("RefArchJP"), params=query).json()["data"]
    variant, master = answer
    assert variant["variationValues"] == {"color": "pine", "size": "M"}
    colors = next(part for part in variant["variationAttributes"] if part["id"] == "color")
    assert {"value": "pine", "name": "パイン", "orderable": True} in colors["values"]
    assert (variant["currency"], variant["price"] % 100) == ("JPY", 0)
    assert len(master["variants"]) == 8
    assert master["type"] == {"master": True}


def test_loyalty_is_the_customers_own(world: Any, mara: dict[str, Any]) -> None:
    query = {"siteId": "RefArchDE", "c_customer_id": mara["customer_id"], "c_customer_no": mara["customer_no"]}
    document = world.scapi(LOYALTY, "/customers", token=world.admin(), params=query).json()
    assert document["tier"] == "Gold"
    assert (document["points"], document["pointsToNext"]) == (8240, 1760)
    assert (document["voucherCount"], document["voucherTotal"], document["currency"]) == (2, 15.0, "EUR")
    assert world.scapi(LOYALTY, "/customers", token=world.shopper(mara["login"]), params=query).status_code == 401


def test_who_is_no_member_has_neither_tier_nor_points(small: Any) -> None:
    document = small.scapi(LOYALTY, "/customers", token=small.admin(), params=ADA).json()
    assert document == {"customerId": "abOne", "currency": "GBP"}


def test_a_custom_api_needs_its_own_scope(small: Any) -> None:
    token = small.admin("sfcc.orders c_loyalty_info")
    assert small.scapi(LOYALTY, "/customers", token=token, params=ADA).status_code == 200
    assert small.scapi(ACTIVITY, "/activities", token=token, params=ADA).status_code == 403


def _activities(caller: Any, query: dict[str, Any], method: str = "GET", **options: Any) -> Any:
    return caller.scapi(ACTIVITY, "/activities", method=method, token=caller.admin(), params=query, **options)


def test_activity_is_of_one_site_newest_first_and_forgotten_in_time(small: Any, clock: Any) -> None:
    document = _activities(small, ADA).json()
    assert document["consent"]["tracking"] is True
    assert document["retentionDays"] == 30
    assert [(row["kind"], row["text"], row["count"]) for row in document["data"]] == [
        ("view", "Mug", 1),
        ("search", "cup", 1),
    ]
    clock.advance(86_400 * 2)
    small.kept.clear()
    assert [row["text"] for row in _activities(small, ADA).json()["data"]] == ["Mug"]
    assert [row["text"] for row in _activities(small, {**ADA, "siteId": "South"}).json()["data"]] == ["Returns"]


def test_recording_takes_consent(small: Any) -> None:
    seen = {"kind": "search", "text": "teapot", "results": 3}
    answer = _activities(small, ADA, "POST", json=seen)
    assert answer.status_code == 201
    assert _activities(small, ADA).json()["data"][0]["text"] == "teapot"
    refused = _activities(small, REED, "POST", json=seen)
    assert (refused.status_code, refused.json()["type"]) == (409, f"{PROBLEM}tracking-refused")
    document = _activities(small, REED).json()
    assert document["consent"] == {"tracking": False, "changedAt": "2026-11-19T00:00:00.000Z"}
    assert document["data"] == []


def test_withdrawing_consent_hides_what_was_recorded(small: Any) -> None:
    small.shop.state.customers.change(("People", "0001"), c_trackingOptOut="2026-11-22")
    assert _activities(small, ADA).json()["data"] == []


BAD_RECORDS: list[Any] = [
    {},
    [],
    {"kind": "buy", "text": "x"},
    {"kind": "view", "text": ""},
    {"kind": "view", "text": 5},
    {"kind": "view", "text": "x", "at": "now"},
]


@pytest.mark.parametrize("seen", BAD_RECORDS, ids=str)
def test_a_bad_record_is_refused(small: Any, seen: Any) -> None:
    assert _activities(small, ADA, "POST", json=seen).status_code == 400


def test_erasing_takes_one_site_and_is_never_an_error(small: Any) -> None:
    assert _activities(small, ADA, "DELETE").status_code == 204
    assert _activities(small, ADA, "DELETE").status_code == 204
    assert _activities(small, ADA).json()["data"] == []
    assert len(_activities(small, {**ADA, "siteId": "South"}).json()["data"]) == 1


def test_the_same_deed_again_is_counted(small: Any, clock: Any) -> None:
    for results in (3, 4):
        clock.advance(60)
        _activities(small, ADA, "POST", json={"kind": "search", "text": "teapot", "results": results})
    newest = _activities(small, ADA).json()["data"][0]
    assert (newest["text"], newest["results"], newest["count"]) == ("teapot", 4, 2)


def test_without_the_number_nobody_is_found(small: Any) -> None:
    answer = _activities(small, {"siteId": "North", "c_customer_id": "abOne"})
    assert (answer.status_code, answer.json()["type"]) == (400, f"{PROBLEM}missing-query-parameter")


def test_nobody_consents_for_a_stranger(small: Any) -> None:
    query = {"siteId": "North", "c_customer_id": "stranger", "c_customer_no": "0001"}
    assert _activities(small, query).json()["consent"]["tracking"] is False
    assert _activities(small, query, "POST", json={"kind": "view", "text": "x"}).status_code == 409


def _einstein(caller: Any, path: str, client: str | None = None, **options: Any) -> Any:
    headers = {"x-cq-client-id": client or caller.shop.settings().einstein_client_id}
    return caller.call(options.pop("method", "POST"), f"/v3/personalization{path}", headers=headers, **options)


def test_einstein_knows_what_was_viewed_last(world: Any, mara: dict[str, Any]) -> None:
    known = _einstein(world, "/recommenders/zzrf-RefArchDE", method="GET").json()["recommenders"][0]
    assert known["recommenderType"] == "recently-viewed"
    token = world.on_behalf(mara["login"])
    for body in ({"userId": token["enc_user_id"]}, {"cookieId": token["usid"]}):
        recs = _einstein(world, f"/recs/zzrf-RefArchDE/{known['name']}", json=body).json()["recs"]
        assert [rec["id"] for rec in recs] == ["VV1004-sand"]
        assert set(recs[0]) == {"id", "product_name", "product_url", "image_url"}


def test_einstein_says_nothing_of_who_refused_tracking(small: Any) -> None:
    token = small.on_behalf("ada@example.com", "North")
    body = {"userId": token["enc_user_id"], "cookieId": token["usid"]}
    assert _einstein(small, "/recs/zzrf-North/recently-viewed", json=body).json()["recs"]
    small.shop.state.customers.change(("People", "0001"), c_trackingOptOut="2026-11-22")
    assert _einstein(small, "/recs/zzrf-North/recently-viewed", json=body).json()["recs"] == []


@pytest.mark.parametrize(
    ("path", "client", "body", "status"),
    [
        ("/recs/zzrf-North/recently-viewed", "stranger", {"userId": "x"}, 401),
        ("/recs/aaaa-North/recently-viewed", None, {"userId": "x"}, 404),
        ("/recs/zzrf-North/bestsellers", None, {"userId": "x"}, 404),
        ("/recs/zzrf-North/recently-viewed", None, {}, 400),
    ],
)
def test_einstein_refuses_in_its_own_words(small: Any, path: str, client: str | None, body: Any, status: int) -> None:
    answer = _einstein(small, path, client, json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "msg", "errors"}
