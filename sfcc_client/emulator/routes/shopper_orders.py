"""Shopper Orders 1.17: one order of the shopper."""

from __future__ import annotations

from flask import Blueprint, Response

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer_text
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import expands
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "shopper_orders", __name__, url_prefix="/checkout/shopper-orders/v1/organizations/<organization_id>"
)
_READ = ("sfcc.shopper-baskets-orders", "sfcc.shopper-baskets-orders.rw", "sfcc.shopper-standard")


@blueprint.get("/orders/<order_no>")
@shopper(*_READ, query=("siteId", "locale", "expand"))
def order(order_no: str) -> Response:
    """Another shopper's order is as unknown as one that does not exist."""
    site_id = own_site().site_id
    expanded = expands("oms", "oms_shipments")
    found = world().state.orders.get(order_no)
    mine = found is not None and found["customerInfo"].get("customerId") == grant().customer_id
    if found is None or not mine or found["siteId"] != site_id:
        raise Problem("order-not-found", order_no=order_no)
    texts = world().orders.managed if expanded else world().orders.plain
    return answer_text(texts.of(found))
