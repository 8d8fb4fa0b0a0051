"""The pages of products: what they are, and a notice while a flag of the back office says so."""

from __future__ import annotations

from typing import Any

import pytest

API = "/product/products/v1"
HOSTILE = "<script>alert(1)</script>"
NOTICE = 'class="notice"'


@pytest.fixture
def dataset(dataset: dict[str, Any]) -> dict[str, Any]:
    shared = {"name": {"default": "Shirt", "de": "Hemd"}, "prices": {"GBP": 20, "EUR": 24}}
    sizes = {"S": ("Small", 3), "M": ("Medium", 0)}
    dataset["products"] += [
        {"id": "shirt", "master": True, **shared, "brand": "Loom", "c_stuff": "Linen", "c_secret": "Costs 2"},
        *(
            {
                "id": f"shirt-{size}",
                "masterId": "shirt",
                **shared,
                "stock": stock,
                "variation": {"size": {"value": size, "name": {"default": name}}},
            }
            for size, (name, stock) in sizes.items()
        ),
    ]
    visible = {"objectType": "Product", "visible": True}
    dataset["attributeDefinitions"] = [
        {
            **visible,
            "id": "flag",
            "valueType": "boolean",
            "displayName": {"default": "Runs small", "de": "Fällt klein aus"},
        },
        {
            **visible,
            "id": "notice",
            "valueType": "text",
            "localizable": True,
            "displayName": {"default": "Please note"},
        },
        {**visible, "id": "stuff", "valueType": "string", "displayName": {"default": "Made of"}},
    ]
    return dataset


def mark(world: Any, product_id: str, **attributes: Any) -> None:
    answer = world.scapi(
        API, f"/products/{product_id}", method="PATCH", token=world.writer(), json={"id": product_id, **attributes}
    )
    assert answer.status_code == 200, answer.text


def page(world: Any, product_id: str, site: str = "North", status: int = 200) -> str:
    answer = world.call("GET", f"/s/{site}/products/{product_id}")
    assert answer.status_code == status
    return str(answer.text)


def test_a_product_is_shown_with_price_supply_and_choices(small: Any) -> None:
    text = page(small, "shirt")
    for told in ("<h1>Shirt</h1>", "Loom", "£20.00", "Only 3 left", "Small, Medium", "Made of", "Linen"):
        assert told in text
    assert "Costs 2" not in text
    assert NOTICE not in text
    assert "24,00 €" in page(small, "shirt", "South")
    assert "Hemd" in page(small, "shirt", "South")
    variant = page(small, "shirt-M")
    assert "Medium" in variant
    assert "Small" not in variant
    assert "Sold out" in variant


def test_a_notice_is_there_as_long_as_the_flag_says_so(small: Any) -> None:
    mark(small, "shirt", c_flag=True)
    assert f'{NOTICE} role="note">Runs small</p>' in page(small, "shirt")
    assert "Fällt klein aus" in page(small, "shirt-S", "South"), "a variant has what its master says"
    assert "Please note</span>" in small.call("GET", "/s/North/products").text
    mark(small, "shirt", c_flag=False)
    assert NOTICE not in page(small, "shirt")
    mark(small, "shirt", c_flag=True)
    mark(small, "shirt", c_flag=None)
    assert NOTICE not in page(small, "shirt")


def test_the_text_of_a_notice_is_no_markup(small: Any) -> None:
    mark(small, "shirt", c_notice={"default": f"Wash cold.\n{HOSTILE}", "de": "Kalt waschen."})
    text = page(small, "shirt")
    assert "<strong>Please note</strong><br>Wash cold.<br>&lt;script&gt;" in text
    assert "<script" not in text
    assert "Kalt waschen." in page(small, "shirt", "South")


def test_products_are_listed_once_and_only_those_that_are_online(small: Any) -> None:
    text = small.call("GET", "/s/North/products").text
    assert [text.count(f'href="/s/North/products/{name}"') for name in ("shirt", "shirt-S", "mug", "gone")] == [
        1,
        0,
        1,
        0,
    ]
    for missing in ("gone", "none"):
        assert "does not exist" in page(small, missing, status=404)
    assert small.call("GET", "/s/Nowhere/products").status_code == 404


def test_a_shop_without_products_says_so(small: Any) -> None:
    for product in small.shop.state.products:
        small.shop.state.products.drop(product["id"])
    assert "no products" in small.call("GET", "/s/North/products").text


def test_every_generated_product_can_be_shown(world: Any) -> None:
    for site, word in (("RefArchDE", "Produkte"), ("RefArchUK", "Products"), ("RefArchJP", "商品")):
        assert word in world.call("GET", f"/s/{site}/products").text
        for product in list(world.shop.state.products)[::9]:
            assert "</main>" in page(world, product["id"], site)
