"""Shopper Experience 1.6: Page Designer's pages, one by its id, and the one that stands for a product or category."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.page_designer import assigned, shown
from sfcc_client.emulator.parameters import locale, one_of, required
from sfcc_client.emulator.products import visible
from sfcc_client.emulator.state import SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint("pages", __name__, url_prefix="/experience/shopper-experience/v1/organizations/<organization_id>")
_READ = ("sfcc.shopper-experience.pages", "sfcc.shopper-experience", "sfcc.shopper-standard")
_QUERY = ("siteId", "locale", "personalized", "aspectAttributes", "parameters")
_LONGEST = 256


@blueprint.get("/pages/<page_id>")
@shopper(*_READ, query=_QUERY)
def page(page_id: str) -> Response:
    own = _site()
    found = world().state.pages.get((own.site_id, page_id))
    if found is None or not found.get("visible", True):
        raise Problem("page-not-found", page_id=page_id, site_id=own.site_id)
    return answer(shown(found, locale(own)))


@blueprint.get("/pages")
@shopper(*_READ, query=(*_QUERY, "aspectTypeId", "categoryId", "productId"))
def pages() -> Response:
    """At most one, for each aspect type has one page for a product or category."""
    own, aspect_type_id = _site(), required("aspectTypeId")
    member, identifier = _business_object(own)
    state = world().state
    if not state.pages.find("aspect", (own.site_id, aspect_type_id)):
        raise Problem("aspect-type-not-found", aspect_type_id=aspect_type_id, site_id=own.site_id)
    found = assigned(state.pages, own.site_id, aspect_type_id, member, identifier)
    return answer({"data": [shown(row, locale(own)) for row in found]})


def _business_object(own: SiteRecord) -> tuple[str, str]:
    """The list of a page that has to name it, and its id: a product or a category, not both."""
    product_id, category_id = request.args.get("productId"), request.args.get("categoryId")
    state = world().state
    if product_id and not category_id:
        product = state.products.get(product_id)
        if product is not None and visible(product, own.site_id):
            return "productIds", product_id
    elif category_id and not product_id and any(row.get("categoryId") == category_id for row in state.products):
        return "categoryIds", category_id
    raise Problem("business-object-id-invalid")


def _site() -> SiteRecord:
    """The site; what a page is called with must be readable, although no page of this shop asks for any of it."""
    own = own_site()
    one_of("personalized", ("none",))
    for name in ("aspectAttributes", "parameters"):
        if len(request.args.get(name, "")) > _LONGEST:
            raise Problem("out-of-bounds", parameter=name, expected=f"0..{_LONGEST}")
    try:
        attributes = json.loads(request.args.get("aspectAttributes") or "{}")
    except ValueError:
        attributes = None
    if not isinstance(attributes, dict):
        raise Problem("wrong-type", path="$.aspectAttributes", expected="a JSON object")
    return own
