"""Help content as shoppers read it: one site's library, one locale, what is online, what is found."""

from __future__ import annotations

from typing import Any

import pytest

EXPERIENCE = "/experience/shopper-experience/v1"
PROBLEM = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    returns = {
        "id": "returns",
        "name": {"default": "Returns", "de": "Rückgabe"},
        "c_body": {
            "default": {"source": "<p>Within <b>30</b> days &amp; free.</p>"},
            "de": {"source": "<p>30 Tage</p>"},
        },
        "c_topic": {"default": "after"},
        "folderIds": ["help"],
    }
    return {
        **dataset,
        "libraries": [{"id": "Common", "siteIds": ["South"]}],
        "contentFolders": [
            {"libraryId": "North", "id": "help", "name": {"default": "Help"}},
            {"libraryId": "North", "id": "old", "online": False},
            {"libraryId": "North", "id": "deep", "parentFolderId": "help"},
            {"libraryId": "Common", "id": "help"},
        ],
        "contentAssets": [
            {**returns, "libraryId": "North"},
            {**returns, "libraryId": "North", "id": "hidden", "online": {"default": True, "North": False}},
            {**returns, "libraryId": "North", "id": "loose", "folderIds": []},
            {**returns, "libraryId": "North", "id": "archived", "folderIds": ["old"]},
            {**returns, "libraryId": "North", "id": "secret", "searchable": {"default": False}},
            {
                **returns,
                "libraryId": "North",
                "id": "size",
                "name": {"default": "Sizes"},
                "c_topic": {"default": "before"},
            },
            {**returns, "libraryId": "Common", "id": "common"},
        ],
    }


def _get(world: Any, path: str, site: str = "North", **query: Any) -> Any:
    return world.scapi(EXPERIENCE, path, token=world.guest(site), params={"siteId": site, **query})


def _found(world: Any, site: str = "North", **query: Any) -> list[str]:
    return [hit["id"] for hit in _get(world, "/content-search", site, **query).json()["hits"]]


def test_an_asset_is_read_in_one_locale(small: Any) -> None:
    english = _get(small, "/contents/returns").json()
    assert english == {
        "id": "returns",
        "name": "Returns",
        "c_body": "<p>Within <b>30</b> days &amp; free.</p>",
        "c_topic": "after",
    }
    assert _get(small, "/contents/returns", locale="de-AT").json()["c_body"] == "<p>30 Tage</p>"
    assert _get(small, "/contents/returns", locale="xx_YY").status_code == 400


def test_only_what_is_online_on_the_site_is_read(small: Any) -> None:
    refused = _get(small, "/contents/hidden")
    assert (refused.status_code, refused.json()["type"]) == (404, PROBLEM + "content-not-found")
    assert _get(small, "/contents/loose").status_code == 200
    rows = _get(small, "/contents", ids="returns,hidden,loose,none").json()
    assert ([row["id"] for row in rows["data"]], rows["total"]) == (["returns", "loose"], 2)
    assert _get(small, "/contents", ids=",".join(map(str, range(51)))).status_code == 400
    assert _get(small, "/contents").status_code == 400


def test_a_site_shows_its_own_library_or_the_shared_one(small: Any) -> None:
    assert _found(small) == ["returns", "size"]
    assert _found(small, "South") == ["common"]
    assert _get(small, "/contents/returns", "South").status_code == 404


def test_a_search_finds_words_in_the_locale(small: Any) -> None:
    assert _found(small, q="30 DAYS & free") == ["returns", "size"]
    assert _found(small, q="sizes") == ["size"]
    assert _found(small, q="Tage") == []
    assert _found(small, q="Tage", locale="de-DE") == ["returns", "size"]
    assert _found(small, q="<b>") == [], "markup is no text"


def test_a_search_is_refined_sorted_and_paged(small: Any) -> None:
    assert _found(small, refine="fdid=help", refine_1="c_topic=before|other") == ["size"]
    assert _found(small, refine="fdid=old") == []
    assert _found(small, sort="name=desc") == ["size", "returns"]
    page = _get(small, "/content-search", limit=1, offset=1, refine="fdid=help").json()
    assert [page[name] for name in ("limit", "offset", "total")] == [1, 1, 2]
    assert page["selectedRefinements"] == {"fdid": "help"}
    assert page["refinements"][0]["values"] == [{"value": "help", "label": "Help", "hitCount": 2}]


@pytest.mark.parametrize(
    "query",
    [{"q": "x" * 51}, {"q": ""}, {"refine": "help"}, {"refine": "fdid=a|b"}, {"sort": "name"}, {"limit": 201}],
    ids=str,
)
def test_a_search_that_cannot_be_is_refused(small: Any, query: dict[str, Any]) -> None:
    answer = _get(small, "/content-search", **query)
    assert (answer.status_code, answer.json()["type"]) == (400, PROBLEM + "bad-request")


def test_folders_show_what_is_online_below_them(small: Any) -> None:
    root = _get(small, "/folders/root").json()
    assert [row["id"] for row in root["folders"]] == ["help"]
    assert "folders" not in root["folders"][0]
    assert _get(small, "/folders/root", levels=2).json()["folders"][0]["folders"][0]["id"] == "deep"
    assert "folders" not in _get(small, "/folders/root", levels=0).json()
    assert _get(small, "/folders/old").status_code == 404
    assert [row["id"] for row in _get(small, "/folders", ids="help,old").json()["data"]] == ["help"]


def test_on_staging_shoppers_read_what_was_published(small: Any) -> None:
    libraries = small.shop.state.libraries
    libraries.stage()
    libraries.edited["North"].assets.change("returns", name={"default": "Send it back"})
    assert _get(small, "/contents/returns").json()["name"] == "Returns"
    libraries.publish("North", "returns")
    assert _get(small, "/contents/returns").json()["name"] == "Send it back"


def test_the_generated_shop_helps_in_the_language_of_each_site(world: Any) -> None:
    for site in world.shop.state.sites.values():
        hits = _get(world, "/content-search", site.site_id, locale=site.locale, refine="fdid=help").json()["hits"]
        assert {hit["id"] for hit in hits} == {"faq-returns", "faq-shipping", "faq-payment"}
    bodies = {
        _get(world, "/contents/faq-returns", site.site_id).json()["c_body"] for site in world.shop.state.sites.values()
    }
    assert len(bodies) == 3
