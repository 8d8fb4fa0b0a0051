"""Product search as shoppers use it: phrase, refinements, sorting, pages."""

from __future__ import annotations

from typing import Any

import pytest

SEARCH = "/search/shopper-search/v1"


def _search(world: Any, **query: Any) -> Any:
    params = {"siteId": "RefArchDE", **query}
    return world.scapi(SEARCH, "/product-search", token=world.guest(), params=params)


def test_a_phrase_finds_masters_once_with_what_their_variants_cost(world: Any) -> None:
    found = _search(world, q="trail SHELL").json()
    (hit,) = found["hits"]
    assert (hit["productId"], hit["hitType"], hit["price"]) == ("VV1001", "master", 189.0)
    assert {"id": "VV1001-pine-S"} in hit["representedProducts"]
    assert (found["query"], found["total"]) == ("trail SHELL", 1)
    assert _search(world, q="シェルジャケット", locale="ja-JP").json()["total"] >= 1
    assert _search(world, q="no such thing").json()["hits"] == []


def test_refinements_narrow_and_are_offered(world: Any) -> None:
    every = _search(world, limit=200).json()
    jackets = _search(world, refine="cgid=jackets").json()
    values = {row["attributeId"]: row["values"] for row in every["refinements"]}
    count = next(value["hitCount"] for value in values["cgid"] if value["value"] == "jackets")
    assert 0 < jackets["total"] == count < every["total"]
    priced = _search(world, refine=["cgid=jackets", "price=(100..200)"]).json()
    assert 0 < priced["total"] < jackets["total"]
    assert all(100 <= hit["price"] <= 200 for hit in priced["hits"])
    assert priced["selectedRefinements"] == {"cgid": "jackets", "price": "(100..200)"}
    assert _search(world, refine="c_color=pine|none").json()["total"] > 0
    assert _search(world, refine="c_color=none").json()["total"] == 0


def test_a_result_is_sorted_paged_and_selected_from(world: Any) -> None:
    prices = [hit["price"] for hit in _search(world, sort="price-high-to-low").json()["hits"]]
    assert prices == sorted(prices, reverse=True)
    first = _search(world, sort="product-name-ascending", limit=3).json()["hits"]
    second = _search(world, sort="product-name-ascending", limit=2, offset=1).json()["hits"]
    assert first[1:] == second
    assert set(_search(world, q="jacket", select="(hits.(productId))").json()["hits"][0]) == {"productId"}


def test_goods_of_no_online_state_are_not_found(small: Any) -> None:
    params = {"siteId": "North"}
    found = small.scapi(SEARCH, "/product-search", token=small.guest("North"), params=params).json()
    assert [hit["productId"] for hit in found["hits"]] == ["mug"]


@pytest.mark.parametrize("query", [{"sort": "luck"}, {"refine": "cgid"}, {"limit": 201}, {"q": "x" * 501}], ids=str)
def test_a_search_that_cannot_be_is_refused(world: Any, query: dict[str, Any]) -> None:
    assert _search(world, **query).status_code == 400
