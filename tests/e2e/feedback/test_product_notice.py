"""A notice on the product itself, seen on its storefront page."""

from __future__ import annotations

import requests

from tests.e2e.feedback.conftest import SITE


def test_a_product_says_it_until_it_is_withdrawn(world, shop):
    for _ in range(5):
        world.says("The zip of my jacket is stuck", productId="VV1012", orderNo="00012345", consent=True, rating=1)
    (problem,) = world.problems()
    chosen = {"action": "product_flag", "action_text": "The zip may jam.", "publish": True}
    after = world.writes(problem, **{world.own(name): value for name, value in chosen.items()})
    assert (after[world.own("action_state")], after[world.own("action_target")]) == ("published", "VV1012")
    page = f"{shop.url}/s/{SITE}/products/VV1012"
    assert "The zip may jam." in requests.get(page, timeout=20).text
    gone = world.writes(after, **{world.own("publish"): False})
    assert gone[world.own("action_state")] == "withdrawn"
    assert "The zip may jam." not in requests.get(page, timeout=20).text
