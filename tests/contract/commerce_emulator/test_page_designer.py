"""Page Designer's pages as shoppers read them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commerce_descriptions.judge import EXPERIENCE, check, confirm, description

API = "/experience/shopper-experience/v1"


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    banner = {"id": "b", "typeId": "banner", "data": {"title": {"default": "Hello", "de": "Hallo"}, "rows": {"a": 1}}}
    hidden = {"id": "h", "typeId": "banner", "visible": False}
    dataset["products"][0]["categoryId"] = "cups"
    dataset["pages"] = [
        {
            "siteId": "North",
            "id": "home",
            "typeId": "storePage",
            "name": {"default": "Home"},
            "regions": [{"id": "main", "components": [banner, hidden]}, {"id": "footer"}],
        },
        {"siteId": "North", "id": "off", "typeId": "storePage", "visible": False},
        {"siteId": "North", "id": "cups", "typeId": "story", "aspectTypeId": "plp", "categoryIds": ["cups"]},
        {"siteId": "North", "id": "mug", "typeId": "story", "aspectTypeId": "pdp", "productIds": ["mug"]},
    ]
    return dataset


def read(world: Any, path: str, site: str = "North", **query: str) -> Any:
    return world.scapi(API, path, token=world.guest(site), params={"siteId": site, **query})


def slug(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[1]


def test_a_page_is_read_in_one_locale(small: Any) -> None:
    page = read(small, "/pages/home").json()
    (banner, hidden), footer = (region["components"] for region in page["regions"])
    assert (page["name"], page["localized"], page["visible"]) == ("Home", False, True)
    assert banner["data"] == {"title": "Hello", "rows": {"a": 1}}
    assert (banner["visible"], hidden["visible"], footer) == (True, False, [])
    (german, _), _ = (region["components"] for region in read(small, "/pages/home", locale="de-DE").json()["regions"])
    assert (german["data"]["title"], german["localized"]) == ("Hallo", True)


def test_a_page_that_is_not_shown_is_not_there(small: Any) -> None:
    for path, site in ("/pages/off", "North"), ("/pages/none", "North"), ("/pages/home", "South"):
        assert slug(read(small, path, site)) == (404, "page-not-found")


def test_the_page_of_a_product_or_category_is_found(small: Any) -> None:
    def ids(**query: str) -> list[str]:
        return [page["id"] for page in read(small, "/pages", **query).json()["data"]]

    assert ids(aspectTypeId="pdp", productId="mug") == ["mug"]
    assert ids(aspectTypeId="plp", categoryId="cups") == ["cups"]
    assert ids(aspectTypeId="pdp", categoryId="cups") == []
    small.shop.state.pages.change(("North", "mug"), visible=False)
    assert ids(aspectTypeId="pdp", productId="mug") == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"productId": "mug"}, (400, "missing-query-parameter")),
        ({"aspectTypeId": "pdp"}, (400, "business-object-id-invalid")),
        ({"aspectTypeId": "pdp", "productId": "mug", "categoryId": "cups"}, (400, "business-object-id-invalid")),
        ({"aspectTypeId": "pdp", "productId": "gone"}, (400, "business-object-id-invalid")),
        ({"aspectTypeId": "pdp", "categoryId": "none"}, (400, "business-object-id-invalid")),
        ({"aspectTypeId": "none", "productId": "mug"}, (404, "aspect-type-not-found")),
        ({"aspectTypeId": "pdp", "productId": "mug", "aspectAttributes": "{"}, (400, "bad-request")),
        ({"aspectTypeId": "pdp", "productId": "mug", "parameters": "x" * 257}, (400, "bad-request")),
    ],
    ids=str,
)
def test_what_names_no_page_is_refused_as_described(small: Any, query: dict[str, str], said: tuple[int, str]) -> None:
    assert slug(read(small, "/pages", **query)) == said


def without_data(part: Any) -> Any:
    """The description allows no member in any `data`, against its own example."""
    if isinstance(part, dict):
        return {name: without_data(value) for name, value in part.items() if name != "data"}
    return [without_data(row) for row in part] if isinstance(part, list) else part


@pytest.mark.shared
@pytest.mark.parametrize("site", ["RefArchDE", "RefArchUK", "RefArchJP"])
def test_the_generated_pages_are_as_described(world: Any, site: str) -> None:
    description(EXPERIENCE)
    page = {"$ref": "#/components/schemas/Page"}
    check(EXPERIENCE, page, without_data(read(world, "/pages/homepage", site).json()))
    for query in {"aspectTypeId": "pdp", "productId": "VV1001"}, {"aspectTypeId": "plp", "categoryId": "jackets"}:
        (found,) = read(world, "/pages", site, **query).json()["data"]
        check(EXPERIENCE, page, without_data(found))
    confirm(EXPERIENCE, "/pages/{pageId}", "get", read(world, "/pages/none", site))
    confirm(EXPERIENCE, "/pages", "get", read(world, "/pages", site, aspectTypeId="none", productId="VV1001"))
