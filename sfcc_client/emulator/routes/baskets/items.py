"""What is in a basket: goods and coupons."""

from __future__ import annotations

from flask import Response

from sfcc_client.emulator.access import shopper
from sfcc_client.emulator.basket_forms import COUPON, ITEM, ITEMS
from sfcc_client.emulator.basket_lines import NotOrderable, with_quantity
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.order_changes import NoSuchPart
from sfcc_client.emulator.routes.baskets.door import BASKET_PATH, QUERY, WRITE, blueprint, changed, with_items, without
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world


@blueprint.post(f"{BASKET_PATH}/items")
@shopper(*WRITE, query=QUERY)
def add_items(basket_id: str) -> Response:
    rows = body(ITEMS)
    return changed(basket_id, lambda basket: with_items(basket, rows))


@blueprint.patch(f"{BASKET_PATH}/items")
@shopper(*WRITE, query=(*QUERY, "removeExternalTax"))
def change_items(basket_id: str) -> Response:
    rows = body(ITEMS)

    def revision(basket: Document) -> Document:
        for row in rows:
            basket = _with_quantity(basket, str(row.get("itemId")), row)
        return basket

    return changed(basket_id, revision)


@blueprint.patch(f"{BASKET_PATH}/items/<item_id>")
@shopper(*WRITE, query=(*QUERY, "removeExternalTax"))
def change_item(basket_id: str, item_id: str) -> Response:
    row = body(ITEM)
    return changed(basket_id, lambda basket: _with_quantity(basket, item_id, row))


@blueprint.delete(f"{BASKET_PATH}/items/<item_id>")
@shopper(*WRITE, query=QUERY)
def remove_item(basket_id: str, item_id: str) -> Response:
    return changed(basket_id, lambda basket: without(basket, "productItems", "itemId", item_id))


@blueprint.post(f"{BASKET_PATH}/coupons")
@shopper(*WRITE, query=QUERY)
def add_coupon(basket_id: str) -> Response:
    code = body(COUPON)["code"]

    def revision(basket: Document) -> Document:
        if world().state.coupons.get((basket["siteId"], code)) is None:
            raise Problem("bad-request", detail=f"The coupon code '{code}' is invalid.")
        known = basket.get("couponItems", ())
        if any(item["code"] == code for item in known):
            raise Problem("bad-request", detail=f"The coupon code '{code}' is already in the basket.")
        return {**basket, "couponItems": [*known, {"code": code}]}

    return changed(basket_id, revision)


@blueprint.delete(f"{BASKET_PATH}/coupons/<coupon_item_id>")
@shopper(*WRITE, query=QUERY)
def remove_coupon(basket_id: str, coupon_item_id: str) -> Response:
    return changed(basket_id, lambda basket: without(basket, "couponItems", "couponItemId", coupon_item_id))


def _with_quantity(basket: Document, item_id: str, row: Document) -> Document:
    try:
        return with_quantity(world().state, basket, item_id, row)
    except NotOrderable as error:
        raise Problem("bad-request", detail=str(error)) from error
    except NoSuchPart as error:
        raise Problem("basket-part-not-found", kind="item", part_id=item_id) from error
