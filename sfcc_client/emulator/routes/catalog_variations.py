"""Products (Admin) 1.2: the variations of a master, what they differ in, and what categories can be made by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer, nothing
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.categorization import definitions
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import locale_code, page
from sfcc_client.emulator.product_changes import VARIATION, as_variation, no_variation
from sfcc_client.emulator.product_records import flags, variant, variant_fields, variation_attributes
from sfcc_client.emulator.products import family_of
from sfcc_client.emulator.routes.catalog_products import (
    READ,
    WRITE,
    existing,
    expand_of,
    now,
    place_asked_for,
    sent_object,
    short_enough,
)
from sfcc_client.emulator.routes.searching import searched
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

blueprint = Blueprint("catalog_variations", __name__, url_prefix="/product/products/v1/organizations/<organization_id>")
_ATTRIBUTES = "/products/<product_id>/variation-attributes"
_VARIATION = "/products/<product_id>/variations/<variation_id>"
_PAGE = ("limit", "offset")
_MOST = 50
# The groups a search among variants can ask for, and what each adds; the rest is in every hit.
_EXPANSIONS = {
    "_base": (),
    "variations": (),
    "attributes": ("variationAttributes",),
    "availability": ("ats", "inStock", "online", "searchable"),
}
_EXPANDED = frozenset({"ats", "inStock", "online", "price", "priceCurrency", "searchable", "variationAttributes"})


@blueprint.get("/products/<product_id>/variations")
@admin(*READ, query=("siteId", *_PAGE))
def variations(product_id: str) -> Response:
    family, place = _family(product_id), place_asked_for()
    return _listed([variant(part, place) for part in family])


@blueprint.get(_VARIATION)
@admin(*READ, query=("siteId",))
def variation(product_id: str, variation_id: str) -> Response:
    place = place_asked_for()
    return answer(variant(_variation(product_id, variation_id), place))


@blueprint.put(_VARIATION)
@admin(WRITE)
def assign(product_id: str, variation_id: str) -> Response:
    """A product that does not exist is made; the other one becomes a master."""
    existing(product_id)
    short_enough(variation_id)
    values, state = _values(variation_id), world().state
    with state.writing:
        master, product = existing(product_id), state.edited_products.get(variation_id)
        if variation_id == product_id or master.get("masterId") or (product and product.get("master")):
            raise Problem("bad-request", detail="A variation can be no master, and a master no variation.")
        return answer(variant(as_variation(state, master, variation_id, values, at=now())))


@blueprint.patch(_VARIATION)
@admin(WRITE)
def change(product_id: str, variation_id: str) -> Response:
    _variation(product_id, variation_id)
    values, state = _values(variation_id), world().state
    with state.writing:
        _variation(product_id, variation_id)
        return answer(variant(as_variation(state, existing(product_id), variation_id, values, at=now())))


@blueprint.delete(_VARIATION)
@admin(WRITE)
def unassign(product_id: str, variation_id: str) -> Response:
    _variation(product_id, variation_id)
    no_variation(world().state, variation_id, at=now())
    return nothing()


@blueprint.post("/products/<product_id>/variant-search")
@admin(*READ, query=("siteId",))
def search(product_id: str) -> Response:
    family, place, products = _family(product_id), place_asked_for(), world().state.edited_products
    expand = expand_of(sent_object(), frozenset({"all", *_EXPANSIONS}), "_base")
    attributes = variation_attributes(existing(product_id), products)
    kept = {name for group in expand for name in _EXPANSIONS.get(group, ())}

    def shown(part: Document) -> dict[str, Any]:
        whole = {**variant(part, place), "searchable": flags(part, "searchable"), "variationAttributes": attributes}
        return (
            whole if "all" in expand else {name: whole[name] for name in whole if name in kept or name not in _EXPANDED}
        )

    fields = variant_fields(place, tuple(row["id"] for row in attributes))
    sortable = [name for name in fields if "." not in name]
    return searched(family, fields, "id", sortable=sortable, view=shown)


@blueprint.get(_ATTRIBUTES)
@admin(*READ, query=_PAGE)
def attributes(product_id: str) -> Response:
    return _listed(_attributes(product_id))


@blueprint.get(f"{_ATTRIBUTES}/<attribute_id>")
@admin(*READ)
def attribute(product_id: str, attribute_id: str) -> Response:
    return answer(_attribute(product_id, attribute_id))


@blueprint.get(f"{_ATTRIBUTES}/<attribute_id>/values/<value_id>")
@admin(*READ, query=("siteId",))
def value(product_id: str, attribute_id: str, value_id: str) -> Response:
    place_asked_for()
    values = _attribute(product_id, attribute_id)["values"]
    found = next((row for row in values if row["value"] == value_id), None)
    if found is None:
        raise Problem("variation-not-found", productId=product_id, kind="variation value", part_id=value_id)
    return answer(found)


@blueprint.get("/categorization-attribute-definitions")
@admin(*READ, query=("locale",))
def categorization() -> Response:
    """What categories by rule can be made of: some attributes of the system, and the custom ones of products."""
    rows = definitions(world().state, locale_code("default"))
    return answer({"limit": len(rows), "total": len(rows), "data": rows})


def _family(product_id: str) -> list[Document]:
    """The variants of a master; other products have none."""
    product = existing(product_id)
    return family_of(product, world().state.edited_products) if product.get("master") else []


def _variation(product_id: str, variation_id: str) -> Document:
    found = next((part for part in _family(product_id) if part["id"] == variation_id), None)
    if found is None:
        raise Problem("variation-not-found", productId=product_id, kind="variation", part_id=variation_id)
    return found


def _values(variation_id: str) -> dict[str, str]:
    """What the body says a variation is; prices and stock are not its business."""
    given = body(VARIATION)
    if given["productId"] != variation_id:
        raise Problem("bad-request", detail="The product ID of the body is not that of the path.")
    return dict(given.get("variationValues", {}))


def _attributes(product_id: str) -> list[dict[str, Any]]:
    return variation_attributes(existing(product_id), world().state.edited_products)


def _attribute(product_id: str, attribute_id: str) -> dict[str, Any]:
    found = next((row for row in _attributes(product_id) if row["id"] == attribute_id), None)
    if found is None:
        raise Problem("variation-not-found", productId=product_id, kind="variation attribute", part_id=attribute_id)
    return found


def _listed(rows: Sequence[Any]) -> Response:
    wanted = page(default=25, maximum=_MOST)
    return answer({"limit": wanted.limit, "offset": wanted.offset, "total": len(rows), "data": list(wanted.of(rows))})
