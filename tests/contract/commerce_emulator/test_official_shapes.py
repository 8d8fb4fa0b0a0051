"""Whatever the shop holds fits the official schemas, and what it refuses has official names."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client.emulator import errors
from sfcc_client.emulator.baskets import shown
from sfcc_client.emulator.orders import admin_order, shopper_order
from tests.commerce_descriptions.judge import (
    BASKETS,
    ORDERS,
    SHOPPER_CUSTOMERS,
    SHOPPER_ORDERS,
    SPECS,
    check,
)

pytestmark = pytest.mark.shared


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
