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


def _suggestions(world: Any, q: str, site: str = "RefArchUK", **query: Any) -> Any:
    return world.scapi(SEARCH, "/search-suggestions", token=world.guest(site), params={"siteId": site, "q": q, **query})


def _phrases(block: dict[str, Any]) -> list[str]:
    return [row["phrase"] for row in block.get("suggestedPhrases", ())]


def test_what_is_typed_is_completed_from_the_shops_own_words(world: Any) -> None:
    found = _suggestions(world, "Trai", limit=2).json()
    assert found["searchPhrase"] == "Trai"
    goods = found["productSuggestions"]
    assert [row["productId"] for row in goods["products"]] == ["VV1001", "VV1012"]
    assert goods["products"][0] == {
        "productId": "VV1001", "productName": "Trail Shell Jacket", "currency": "GBP", "price": 162.95
    }  # fmt: skip
    (term,) = goods["suggestedTerms"][0]["terms"]
    assert term == {"value": "trail", "completed": True, "corrected": False, "exactMatch": False}
    assert _phrases(goods) == ["trail"]
    assert found["categorySuggestions"] == {"suggestedTerms": [{"originalTerm": "trai"}], "categories": []}
    japanese = _suggestions(world, "トレイル", locale="ja-JP").json()["productSuggestions"]["products"]
    assert "トレイルシェルジャケット" in [row["productName"] for row in japanese]


def test_a_slip_of_the_finger_is_corrected(world: Any) -> None:
    goods = _suggestions(world, "merino jakcet tee").json()["productSuggestions"]
    assert goods["products"] == []
    goods = _suggestions(world, "trail jakcet").json()["productSuggestions"]
    assert _phrases(goods) == ["trail jacket"]
    assert {row["productId"] for row in goods["products"]} == {"VV1001", "VV1048"}
    assert goods["suggestedTerms"][1]["terms"][0]["corrected"] is True
    assert _phrases(_suggestions(world, "merino te").json()["productSuggestions"]) == ["merino tee"]


def test_brands_and_categories_are_suggested(world: Any) -> None:
    assert _phrases(_suggestions(world, "vint").json()["brandSuggestions"]) == ["vintervei"]
    (tents,) = _suggestions(world, "tent").json()["categorySuggestions"]["categories"]
    assert tents["id"] == "tents"


def test_own_attributes_are_told_when_they_are_asked_for(small: Any) -> None:
    small.shop.state.products.change("mug", c_glaze="matt", c_secret="x")
    wanted = {"site": "North", "includedCustomProductProperties": "c_glaze,c_none"}
    (plain,) = _suggestions(small, "mug", **wanted).json()["productSuggestions"]["products"]
    assert not [name for name in plain if name.startswith("c_")]
    asked = _suggestions(small, "mug", expand="custom_product_properties", **wanted).json()
    (told,) = asked["productSuggestions"]["products"]
    assert [name for name in told if name.startswith("c_")] == ["c_glaze"]


def test_phrases_of_einstein_are_what_was_searched_for(small: Any) -> None:
    asked = {"siteId": "North", "q": "cup", "includeEinsteinSuggestedPhrases": "true"}
    own = small.scapi(
        SEARCH, "/search-suggestions", token=small.shopper("ada@example.com", "North"), params=asked
    ).json()
    assert own["einsteinSuggestedPhrases"] == {
        "popularSearchPhrases": [{"phrase": "cup", "exactMatch": True}],
        "recentSearchPhrases": [{"phrase": "cup", "exactMatch": True}],
    }
    guest = _suggestions(small, "cup", site="North", includeEinsteinSuggestedPhrases="true").json()
    assert guest["einsteinSuggestedPhrases"]["recentSearchPhrases"] == []
    assert "einsteinSuggestedPhrases" not in _suggestions(small, "cup", site="North").json()


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ({"q": "so"}, "string-constraint-violation"),
        ({"q": "x" * 51}, "string-constraint-violation"),
        ({"q": ""}, "missing-query-parameter"),
        ({"q": "son", "limit": 11}, "bad-request"),
        ({"q": "son", "expand": "stars"}, "invalid-expand-parameter"),
        ({"q": "son", "includedCustomProductProperties": "c_a,c_b,c_c,c_d,c_e,c_f"}, "bad-request"),
    ],
    ids=str,
)
def test_suggestions_that_cannot_be_are_refused_as_described(world: Any, query: dict[str, Any], slug: str) -> None:
    answer = _suggestions(world, **query)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (400, slug)
