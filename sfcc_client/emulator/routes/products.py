"""Shopper Products 1.11: several products by id, and one."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import expands, listed, locale, required
from sfcc_client.emulator.products import shown, visible
from sfcc_client.emulator.selector import selected
from sfcc_client.emulator.state import Document, SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint("products", __name__, url_prefix="/product/shopper-products/v1/organizations/<organization_id>")
# The description's text says 24, its error example 25.
MAXIMUM = 25
_READ = ("sfcc.shopper-products", "sfcc.shopper-standard")
_QUERY = (
    *("siteId", "expand", "inventoryIds", "allImages", "imgTypes", "perPricebook"),
    *("select", "locale", "currency", "personalized"),
)
_EXPANDED = frozenset({"availability", "images", "prices", "variations"})
_OTHER_EXPANDS = (
    *("none", "bundled_products", "links", "promotions", "options", "set_products", "recommendations"),
    *("shipping_methods", "page_meta_tags", "primary_category"),
)
_CURRENCY = re.compile(r"[A-Z]{3}")


@blueprint.get("/products")
@shopper(*_READ, query=(*_QUERY, "ids"))
def several() -> Response:
    """Unknown and offline products are left out."""
    site = own_site()
    required("ids")
    ids = listed("ids")
    if len(ids) > MAXIMUM:
        raise Problem("too-many-products", maximum=MAXIMUM)
    found = [product for product_id in dict.fromkeys(ids) if (product := _product(product_id, site))]
    rows = _shown(found, site)
    return answer(_selected({"limit": len(rows), "data": rows, "total": len(rows)}))


@blueprint.get("/products/<product_id>")
@shopper(*_READ, query=_QUERY)
def one(product_id: str) -> Response:
    site = own_site()
    product = _product(product_id, site)
    if product is None:
        raise Problem("product-not-found", productId=product_id, siteId=site.site_id)
    return answer(_selected(_shown([product], site)[0]))


def _product(product_id: str, site: SiteRecord) -> Document | None:
    product = world().state.products.get(product_id)
    return product if product is not None and visible(product, site.site_id) else None


def _shown(products: list[Document], site: SiteRecord) -> list[dict[str, Any]]:
    spoken = locale(site)
    currency = request.args.get("currency", site.currency)
    if not _CURRENCY.fullmatch(currency):
        raise Problem("bad-request", detail=f"The currency '{currency}' is not valid.")
    expand = expands(*_EXPANDED, *_OTHER_EXPANDS) or _EXPANDED
    return [
        shown(product, world().state, site, locale=spoken, currency=currency, expand=expand) for product in products
    ]


def _selected(document: dict[str, Any]) -> Any:
    selector = request.args.get("select")
    return selected(document, selector) if selector else document
