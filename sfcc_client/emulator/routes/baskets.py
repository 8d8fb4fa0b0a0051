"""Shopper Baskets 2.11: one basket of the shopper."""

from __future__ import annotations

from flask import Blueprint, Response

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.baskets import shown
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import expands
from sfcc_client.emulator.world import world

blueprint = Blueprint("baskets", __name__, url_prefix="/checkout/shopper-baskets/v2/organizations/<organization_id>")
_READ = ("sfcc.shopper-baskets-orders", "sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")


@blueprint.get("/baskets/<basket_id>")
@shopper(*_READ, query=("siteId", "locale", "expand"))
def basket(basket_id: str) -> Response:
    site_id = own_site().site_id
    expands("payment_references", "approaching_discounts")
    found = world().state.baskets.get(basket_id)
    if found is None or found["siteId"] != site_id:
        raise Problem("basket-not-found", basket_id=basket_id)
    if found["customerInfo"].get("customerId") != grant().customer_id:
        raise Problem("basket-of-another")
    return answer(shown(found))
