"""A guest fills a basket and signs in: the basket is transferred or merged, as the official descriptions say."""

from __future__ import annotations

from typing import Any

import pytest

ADA, QUERY = "ada@example.com", {"siteId": "North"}
ITEM = {"productId": "mug", "quantity": 5}


@pytest.fixture(params=["v1", "v2"])
def api(request: pytest.FixtureRequest) -> str:
    return f"/checkout/shopper-baskets/{request.param}"


@pytest.fixture
def shop(small: Any) -> Any:
    """Ada has a basket with two mugs; there are plenty."""
    small.shop.state.products.change("mug", stock=100)
    return small


def guest(world: Any, api: str, items: Any = (ITEM,), **more: Any) -> dict[str, Any]:
    """A guest's session with a basket."""
    session = world.on_behalf_answer("guest", "North").json()
    made = world.scapi(
        api,
        "/baskets",
        method="POST",
        token=session["access_token"],
        params=QUERY,
        json={"productItems": list(items), **more},
    )
    assert made.status_code == 200, made.text
    return {**session, "basket": made.json()}


def signed_in(world: Any, session: dict[str, Any], login: str = ADA) -> str:
    """Going on with the guest's session."""
    answer = world.on_behalf_answer(login, "North", usid=session["usid"])
    assert answer.json()["usid"] == session["usid"]
    return str(answer.json()["access_token"])


def act(world: Any, api: str, action: str, token: str, **query: str) -> Any:
    return world.scapi(api, f"/baskets/actions/{action}", method="POST", token=token, params={**QUERY, **query})


def goods(basket: dict[str, Any]) -> dict[str, Any]:
    return {item["productId"]: item["quantity"] for item in basket["productItems"]}


def slug(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[1]


def test_a_basket_changes_hands_as_it_is(shop: Any, api: str) -> None:
    shop.shop.state.baskets.drop("b1")
    session = guest(shop, api)
    token = signed_in(shop, session)
    basket = act(shop, api, "transfer", token).json()
    assert basket["basketId"] == session["basket"]["basketId"]
    assert goods(basket) == {"mug": 5}
    assert basket["customerInfo"]["customerNo"] == "0001"
    read = shop.scapi(api, f"/baskets/{basket['basketId']}", token=session["access_token"], params=QUERY)
    assert read.status_code == 400, "the guest has no part in it any more"
    assert slug(act(shop, api, "transfer", token)) == (409, "no-source-basket-exception")


def test_two_baskets_are_a_conflict_until_somebody_decides(shop: Any, api: str) -> None:
    token = signed_in(shop, guest(shop, api))
    refused = act(shop, api, "transfer", token)
    assert slug(refused) == (409, "basket-transfer-basket-already-exists-exception")
    assert refused.headers["Content-Type"] == "application/json"
    assert goods(act(shop, api, "transfer", token, overrideExisting="true").json()) == {"mug": 5}
    assert shop.shop.state.baskets.get("b1") is None


def test_without_any_basket_there_is_nothing_to_say(shop: Any, api: str) -> None:
    session = guest(shop, api)
    for basket_id in ("b1", session["basket"]["basketId"]):
        shop.shop.state.baskets.drop(basket_id)
    token = signed_in(shop, session)
    for query in ({}, {"merge": "true"}):
        answer = act(shop, api, "transfer", token, **query)
        assert (answer.status_code, answer.content) == (204, b"")


def test_a_transfer_can_merge(shop: Any, api: str) -> None:
    token = signed_in(shop, guest(shop, api))
    basket = act(shop, api, "transfer", token, merge="true").json()
    assert (basket["basketId"], goods(basket), basket["productTotal"]) == ("b1", {"mug": 5}, 62.5)
    assert len(shop.shop.state.baskets) == 1
    assert act(shop, api, "transfer", token, merge="true").json() == basket


@pytest.mark.parametrize(
    ("mode", "quantities"),
    [
        (None, [5]),
        ("higher_quantity", [5]),
        ("sum_quantities", [7]),
        ("saved_quantity", [2]),
        ("separate_item", [2, 5]),
    ],
)
def test_the_mode_says_how_many(shop: Any, api: str, mode: str | None, quantities: list[int]) -> None:
    session = guest(shop, api)
    kept = shop.shop.state.baskets.get("b1")
    line = {"itemId": "item-1", "productId": "mug", "quantity": 2, "shipmentId": "me", "gift": False, "basePrice": 12.5}
    shop.shop.state.baskets.save({**kept, "productItems": [line], "shipments": [{"shipmentId": "me"}]})
    basket = act(
        shop, api, "merge", signed_in(shop, session), **({"productItemMergeMode": mode} if mode else {})
    ).json()
    assert [item["quantity"] for item in basket["productItems"]] == quantities
    assert len({item["itemId"] for item in basket["productItems"]}) == len(quantities)
    assert shop.shop.state.baskets.get(session["basket"]["basketId"]) is None


def test_a_merge_needs_two_baskets_or_leave_to_make_one(shop: Any, api: str) -> None:
    shop.shop.state.baskets.drop("b1")
    token = signed_in(shop, guest(shop, api, customerInfo={"email": "guest@example.com"}))
    assert slug(act(shop, api, "merge", token)) == (409, "basket-merge-no-current-basket-exception")
    made = act(shop, api, "merge", token, createDestinationBasket="true").json()
    assert (goods(made), made["customerInfo"]["email"]) == ({"mug": 5}, ADA)
    assert slug(act(shop, api, "merge", token)) == (409, "no-source-basket-exception")
    assert act(shop, api, "merge", token, productItemMergeMode="both").status_code == 400


def test_who_was_nobody_before_has_nothing_to_bring(shop: Any, api: str) -> None:
    for token in (shop.shopper(ADA, "North"), shop.guest("North")):
        for action in ("transfer", "merge"):
            refused = act(shop, api, action, token)
            assert slug(refused) == (403, "forbidden")
            assert "no previous customer" in refused.json()["detail"]
