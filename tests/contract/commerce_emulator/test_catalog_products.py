"""Products as the back office reads, writes and searches them, and what shoppers see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.commerce_descriptions.judge import confirm, description

API = "/product/products/v1"
SHOP = "/product/shopper-products/v1"
DESCRIBED = "products-oas-1.2.0"
ONE = "/products/{productId}"
ATTRIBUTES = f"{ONE}/variation-attributes"
MASTER = "VV1001"
EVERYTHING = {"query": {"matchAllQuery": {}}}


def ask(world: Any, method: str, path: str, body: Any = None, **query: str) -> Any:
    return world.scapi(API, path, method=method, token=world.writer(), json=body, params=query)


def term(field: str, *values: Any, operator: str = "is") -> dict[str, Any]:
    return {"termQuery": {"fields": [field], "operator": operator, "values": list(values)}}


def shown_to_shoppers(world: Any, product_id: str, site: str = "North", **query: str) -> Any:
    params = {"siteId": site, **query}
    return world.scapi(SHOP, f"/products/{product_id}", token=world.guest(site), params=params)


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    shirt = {"masterId": "shirt", "name": {"default": "Shirt"}, "prices": {"GBP": 20}, "stock": 3}
    dataset["products"] += [
        {"id": "shirt", "master": True, "name": {"default": "Shirt"}, "prices": {"GBP": 20}},
        {"id": "shirt-s", **shirt, "variation": {"size": {"value": "S", "name": {"default": "Small"}}}},
        {"id": "shirt-m", **shirt, "variation": {"size": {"value": "M", "name": {"default": "Medium"}}}},
    ]
    dataset["attributeDefinitions"] = [
        {"objectType": "Product", "id": "flag", "valueType": "boolean"},
        {"objectType": "Product", "id": "notice", "valueType": "text", "localizable": True},
    ]
    return dataset


def test_a_product_is_read_in_every_language_and_of_one_site(world: Any) -> None:
    plain = ask(world, "GET", f"/products/{MASTER}").json()
    assert plain["name"]["default"] == "Trail Shell Jacket"
    assert plain["name"]["ja-JP"] == "トレイルシェルジャケット"
    assert plain["type"] == {"master": True}
    assert not plain.keys() & {"price", "ats", "online", "inStock"}
    on_site = ask(world, "GET", f"/products/{MASTER}", siteId="RefArchUK").json()
    variants = [row for row in world.shop.state.products if row.get("masterId") == MASTER]
    assert (on_site["price"], on_site["priceCurrency"]) == (variants[0]["prices"]["GBP"], "GBP")
    assert on_site["ats"] == sum(row["stock"] for row in variants)
    assert [row["productId"] for row in plain["variants"]] == [row["id"] for row in variants]


def test_only_the_back_office_with_the_right_scope_comes_in(small: Any) -> None:
    reader = small.admin("sfcc.products")
    path = "/products/mug"
    assert small.scapi(API, path, token=reader).status_code == 200
    assert small.scapi(API, path, method="PATCH", token=reader, json={}).status_code == 403
    assert small.scapi(API, path, token=small.admin()).status_code == 403
    assert small.scapi(API, path, token=small.guest("North")).status_code == 401
    assert small.scapi(API, path, token="x" * 40).json()["accessToken"] == "x" * 27


def test_an_attribute_that_was_set_is_seen_by_shoppers(small: Any, clock: Any) -> None:
    before = ask(small, "GET", "/products/mug").json()
    clock.advance(60)
    after = ask(
        small, "PATCH", "/products/mug", {"id": "mug", "c_flag": True, "c_notice": {"default": "Chips", "de": "Bricht"}}
    )
    assert after.status_code == 200
    assert (after.json()["c_flag"], after.json()["lastModified"]) == (True, "2026-11-22T10:16:00.000Z")
    assert "lastModified" not in before
    assert shown_to_shoppers(small, "mug").json()["c_flag"] is True
    assert shown_to_shoppers(small, "mug").json()["c_notice"] == "Chips"
    assert shown_to_shoppers(small, "mug", locale="de-DE").json()["c_notice"] == "Bricht"
    ask(small, "PATCH", "/products/mug", {"c_flag": None, "c_notice": {"de": "Hält"}})
    assert "c_flag" not in shown_to_shoppers(small, "mug").json()
    assert ask(small, "GET", "/products/mug").json()["c_notice"] == {"default": "Chips", "de": "Hält"}


def test_an_attribute_nobody_defined_is_passed_over_and_a_wrong_value_refused(small: Any) -> None:
    answer = ask(small, "PATCH", "/products/mug", {"c_unheardOf": True, "brand": "Kiln"})
    assert answer.status_code == 200
    assert "c_unheardOf" not in answer.json()
    assert answer.json()["brand"] == "Kiln"
    for wrong in (
        {"c_flag": "yes"},
        {"c_notice": "plain"},
        {"c_notice": {"de": 1}},
        {"id": "other"},
        {"colour": "red"},
    ):
        assert ask(small, "PATCH", "/products/mug", wrong).status_code == 400, wrong
    assert ask(small, "PATCH", "/products/none", {}).json()["productId"] == "none"


def test_a_variant_has_the_attributes_of_its_master_unless_it_has_its_own(small: Any) -> None:
    ask(small, "PATCH", "/products/shirt", {"c_flag": True})
    ask(small, "PATCH", "/products/shirt-m", {"c_flag": False})
    assert shown_to_shoppers(small, "shirt-s").json()["c_flag"] is True
    assert shown_to_shoppers(small, "shirt-m").json()["c_flag"] is False
    assert "c_flag" not in ask(small, "GET", "/products/shirt-s").json()


def test_flags_of_one_site_hide_a_product_there(small: Any) -> None:
    changed = ask(small, "PATCH", "/products/mug", {"onlineFlag": {"North": False}}).json()
    assert changed["onlineFlag"] == {"default": True, "North": False}
    assert ask(small, "GET", "/products/mug", siteId="North").json()["online"] is False
    assert shown_to_shoppers(small, "mug").status_code == 404
    assert shown_to_shoppers(small, "mug", "South").status_code == 200
    ask(small, "PATCH", "/products/mug", {"onlineFlag": {"North": True}, "searchable": {"North": False}})
    search = {"token": small.guest("North"), "params": {"siteId": "North", "q": "mug"}}
    assert small.scapi("/search/shopper-search/v1", "/product-search", **search).json()["total"] == 0


def test_what_commerce_keeps_itself_may_be_sent_back_and_changes_nothing(small: Any) -> None:
    whole = ask(small, "GET", "/products/shirt-s", siteId="North").json()
    after = ask(small, "PATCH", "/products/shirt-s", {**whole, "price": 1, "ats": 99, "unitMeasure": "box"}).json()
    kept = ask(small, "GET", "/products/shirt-s", siteId="North").json()
    assert (kept["price"], kept["ats"], kept["variationValues"]) == (20, 3, {"size": "S"})
    assert "unitMeasure" not in after


def test_a_product_is_made_written_over_and_removed(small: Any) -> None:
    body = {"id": "vase", "name": {"default": "Vase"}, "onlineFlag": {"default": True}, "c_flag": True}
    assert ask(small, "PUT", "/products/vase", body).status_code == 201
    assert shown_to_shoppers(small, "vase").status_code == 404, "it is in no site's catalog"
    again = ask(small, "PUT", "/products/vase", {"id": "vase", "ean": "4006381333931"})
    assert again.status_code == 200
    assert (again.json()["ean"], again.json()["onlineFlag"]) == ("4006381333931", {"default": False})
    assert "c_flag" not in again.json()
    assert ask(small, "PUT", "/products/vase", {"name": {"default": "Vase"}}).status_code == 400
    assert ask(small, "DELETE", "/products/vase").status_code == 204
    assert ask(small, "GET", "/products/vase").status_code == 404
    assert ask(small, "DELETE", "/products/shirt").status_code == 204
    assert ask(small, "GET", "/products/shirt-s").json()["type"] == {"master": False, "item": True}


def test_what_is_edited_on_staging_reaches_shoppers_once_it_is_published(
    opened: Callable[..., Any], clock: Any
) -> None:
    staging = opened(staging=True)
    ask(staging, "PATCH", "/products/mug", {"c_flag": True})
    assert ask(staging, "GET", "/products/mug").json()["c_flag"] is True
    assert "c_flag" not in shown_to_shoppers(staging, "mug").json()
    staging.shop.state.products.change("mug", stock=1)
    token = staging.admin("sfcc.granular-replications.rw")
    queued = {"method": "POST", "token": token, "json": {"product": {"productId": "mug"}}}
    assert staging.scapi("/operation/replications/v1", "/granular-processes", **queued).status_code == 201
    clock.advance(91)
    seen = shown_to_shoppers(staging, "mug").json()
    assert (seen["c_flag"], seen["inventory"]["ats"]) == (True, 1)


def found(world: Any, query: Any, **body: Any) -> list[str]:
    answer = ask(world, "POST", "/product-search", {"query": query, "limit": 200, **body})
    assert answer.status_code == 200, answer.text
    return [hit["id"] for hit in answer.json()["hits"]]


def test_products_are_searched_by_what_the_description_names(small: Any) -> None:
    assert found(small, term("id", "mug")) == ["mug"]
    assert found(small, term("type", "variant")) == ["shirt-m", "shirt-s"]
    assert found(small, term("online", False)) == ["gone"]
    both = {"boolQuery": {"must": [term("type", "item"), term("online", True)]}}
    assert found(small, both) == ["mug"]
    assert found(small, {"textQuery": {"fields": ["id", "name"], "searchPhrase": "shirt s"}}) == ["shirt-s"]
    assert found(small, EVERYTHING["query"], sorts=[{"field": "name", "sortOrder": "desc"}])[0].startswith("shirt")
    ask(small, "PATCH", "/products/mug", {"onlineFlag": {"South": False}})
    of_site = ask(small, "POST", "/product-search", {"query": term("online", False)}, siteId="South").json()
    assert [hit["id"] for hit in of_site["hits"]] == ["gone", "mug"]


def test_a_hit_holds_what_is_asked_for(small: Any) -> None:
    def hit(*expand: str) -> dict[str, Any]:
        body = {"query": term("id", "mug"), "expand": list(expand)}
        return ask(small, "POST", "/product-search", body, siteId="North").json()["hits"][0]

    assert hit("prices")["price"] == 12.5
    assert not hit("prices").keys() & {"ats", "online"}
    assert hit("availability")["ats"] == 4
    assert not hit("none").keys() & {"price", "ats"}
    assert hit("all").keys() >= {"price", "ats"}


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({}, "bad-request"),
        ({"query": term("link", "x")}, "unqueryable-field"),
        ({**EVERYTHING, "sorts": [{"field": "type"}]}, "field-not-sortable"),
        ({**EVERYTHING, "expand": ["stars"]}, "invalid-expand-value"),
        ({**EVERYTHING, "expand": "all"}, "bad-request"),
        ({**EVERYTHING, "limit": 201}, "bad-request"),
        ({"query": {"boolQuery": {"should": [term("id", "a"), term("catalogId", "b")]}}}, "bad-request"),
        ({"query": {"textQuery": {"fields": ["id", "categoryId"], "searchPhrase": "a"}}}, "bad-request"),
    ],
    ids=str,
)
def test_a_search_that_cannot_be_is_refused_as_described(world: Any, body: Any, slug: str) -> None:
    answer = ask(world, "POST", "/product-search", body)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (400, slug)


def test_attributes_of_one_group_may_be_joined_by_or(small: Any) -> None:
    assert found(small, {"boolQuery": {"should": [term("id", "mug"), term("online", False)]}}) == ["gone", "mug"]


def test_what_is_not_in_a_category_is_found(world: Any) -> None:
    place = {"catalogId": "vintervei-catalog", "categoryId": "tents"}
    path = "/unassigned-product-search"
    others = ask(world, "POST", path, {**EVERYTHING, **place, "limit": 200}).json()
    tents = found(world, term("categoryId", "tents"))
    assert others["total"] + len(tents) == len(world.shop.state.products)
    assert not set(tents) & {hit["id"] for hit in others["hits"]}
    assert others["categoryId"] == "tents"
    for wrong, slug in ({"catalogId": "none"}, "catalog-not-found"), ({"categoryId": "none"}, "category-not-found"):
        answer = ask(world, "POST", path, {**EVERYTHING, **place, **wrong})
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (404, slug)
    assert ask(world, "POST", path, EVERYTHING).status_code == 400


def test_the_variations_of_a_master(small: Any) -> None:
    path = "/products/shirt/variations"
    listed = ask(small, "GET", path, limit="1", offset="1").json()
    assert (listed["total"], [row["productId"] for row in listed["data"]]) == (2, ["shirt-m"])
    assert ask(small, "GET", f"{path}/shirt-s", siteId="North").json()["price"] == 20
    assert ask(small, "GET", f"{path}/mug").status_code == 404
    assert ask(small, "GET", "/products/mug/variations").json()["total"] == 0
    search = {"query": term("variationAttribute.size", "M"), "expand": ["availability"]}
    answer = ask(small, "POST", "/products/shirt/variant-search", search, siteId="North").json()
    assert [(row["productId"], row["ats"]) for row in answer["hits"]] == [("shirt-m", 3)]
    assert ask(small, "POST", "/products/shirt/variant-search", {"query": term("colour", "M")}).status_code == 400
    (size,) = ask(small, "GET", "/products/shirt-s/variation-attributes").json()["data"]
    assert [value["value"] for value in size["values"]] == ["S", "M"]
    assert ask(small, "GET", "/products/shirt/variation-attributes/size/values/M").json()["name"] == {
        "default": "Medium"
    }
    assert ask(small, "GET", "/products/shirt/variation-attributes/size/values/XL").status_code == 404
    assert ask(small, "GET", "/products/shirt/variation-attributes/color").status_code == 404


def test_categories_can_be_made_by_own_attributes(small: Any) -> None:
    rows = {row["id"]: row for row in ask(small, "GET", "/categorization-attribute-definitions").json()["data"]}
    assert rows["flag"]["attributeType"] == "custom"
    assert rows["flag"]["valueType"] == "boolean"
    assert rows["brand"]["attributeType"] == "system"
    assert ask(small, "GET", "/categorization-attribute-definitions", locale="nowhere").status_code == 400


@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "called", "method", "status", "body"),
    [
        (ONE, f"/products/{MASTER}", "get", 200, None),
        (ONE, "/products/VV1001-pine-S", "get", 200, None),
        (ONE, "/products/none", "get", 404, None),
        (ONE, "/products/VV1006", "patch", 200, {"id": "VV1006", "c_serviceFlag": True}),
        (ONE, "/products/VV1006", "patch", 400, {"id": "VV1006", "c_serviceFlag": "yes"}),
        (ONE, "/products/none", "patch", 404, {"id": "none"}),
        ("/products/{masterProductId}/variations",
         f"/products/{MASTER}/variations", "get", 200, None),
        (f"{ONE}/variant-search", f"/products/{MASTER}/variant-search", "post", 200, {**EVERYTHING, "expand": ["all"]}),
        (f"{ONE}/variant-search", "/products/none/variant-search", "post", 404, EVERYTHING),
        (ATTRIBUTES, f"/products/{MASTER}/variation-attributes", "get", 200, None),
        (f"{ATTRIBUTES}/{{id}}", f"/products/{MASTER}/variation-attributes/color", "get", 200, None),
        (f"{ATTRIBUTES}/{{attributeId}}/values/{{id}}",
         f"/products/{MASTER}/variation-attributes/color/values/pine", "get", 200, None),
        ("/product-search", "/product-search", "post", 200, {**EVERYTHING, "limit": 200}),
        ("/product-search", "/product-search", "post", 400, {"query": {}}),
        ("/unassigned-product-search", "/unassigned-product-search", "post", 200,
         {**EVERYTHING, "catalogId": "vintervei-catalog", "categoryId": "tents"}),
        ("/categorization-attribute-definitions", "/categorization-attribute-definitions", "get", 200, None),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("site", ["", "RefArchJP"])
def test_an_answer_is_as_described(
    workshop: Any, path: str, called: str, method: str, status: int, body: Any, site: str
) -> None:
    description(DESCRIBED)
    operation = description(DESCRIBED)["paths"][f"/organizations/{{organizationId}}{path}"][method]
    query = {"siteId": site} if site and "siteId" in str(operation["parameters"]) else {}
    answer = ask(workshop, method.upper(), called, body, **query)
    assert answer.status_code == status, answer.text
    confirm(DESCRIBED, path, method, answer)


@pytest.mark.shared
def test_making_and_removing_a_product_is_answered_as_described(small: Any) -> None:
    description(DESCRIBED)
    body = {
        "id": "vase",
        "name": {"default": "Vase"},
        "longDescription": {"default": {"markup": "", "source": "Tall."}},
    }
    for method, status in ("put", 201), ("put", 200), ("delete", 204), ("delete", 404):
        answer = ask(small, method.upper(), "/products/vase", body if method == "put" else None)
        assert answer.status_code == status, answer.text
        confirm(DESCRIBED, ONE, method, answer)


def test_a_product_becomes_a_variation_and_stops_being_one(small: Any) -> None:
    path = "/products/shirt/variations/shirt-l"
    made = ask(small, "PUT", path, {"productId": "shirt-l", "variationValues": {"size": "L"}})
    assert (made.status_code, made.json()["variationValues"]) == (200, {"size": "L"})
    changed = ask(
        small, "PATCH", path, {"productId": "shirt-l", "variationValues": {"size": "S", "fit": "slim"}, "price": 1}
    )
    assert changed.json()["variationValues"] == {"size": "S", "fit": "slim"}
    (size, fit) = ask(small, "GET", "/products/shirt/variation-attributes").json()["data"]
    assert [value["name"]["default"] for value in size["values"]] == ["Small", "Medium"], "a known value keeps its name"
    assert [value["value"] for value in fit["values"]] == ["slim"]
    assert ask(small, "GET", "/products/shirt-l").json()["master"] == {"masterId": "shirt"}
    assert ask(small, "DELETE", path).status_code == 204
    assert ask(small, "GET", "/products/shirt-l").json()["type"] == {"master": False, "item": True}
    for method in ("GET", "PATCH", "DELETE"):
        body = {"productId": "shirt-l"} if method == "PATCH" else None
        assert ask(small, method, path, body).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/products/none/variations/a", {"productId": "a"}, 404),
        ("/products/shirt/variations/a", {"productId": "b"}, 400),
        ("/products/shirt/variations/a", {}, 400),
        ("/products/shirt/variations/shirt", {"productId": "shirt"}, 400),
        ("/products/shirt-s/variations/mug", {"productId": "mug"}, 400),
        ("/products/mug/variations/shirt", {"productId": "shirt"}, 400),
        ("/products/shirt/variations/a", {"productId": "a", "variationValues": {"size": 1}}, 400),
    ],
    ids=str,
)
def test_what_can_be_no_variation_is_refused(small: Any, path: str, body: Any, status: int) -> None:
    assert ask(small, "PUT", path, body).status_code == status
    assert ask(small, "GET", "/products/mug").json()["type"] == {"master": False, "item": True}
