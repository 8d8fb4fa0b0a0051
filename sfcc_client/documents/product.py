"""Product documents of Shopper Products (schema Product)."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from sfcc_client.documents import values
from sfcc_client.documents.schema import Document, Flag, Number, Text, Texts
from sfcc_client.documents.values import tolerant
from sfcc_client.models import Product, Stock

LOW_STOCK: Final = 5
_VIEW_TYPES: Final = ("small", "swatch", "medium", "large")  # what the reference storefront calls them, smallest first


class _Inventory(Document):
    ats = Number()
    orderable = Flag()


class _Image(Document):
    link = Text()
    dis_base_link = Text()


class _ImageGroup(Document):
    view_type = Text()
    images = fields.List(fields.Nested(_Image))


class _VariationValue(Document):
    value = Text()
    name = Text()


class _VariationAttribute(Document):
    id = Text()
    values = fields.List(fields.Nested(_VariationValue))


class _Product(Document):
    id = Text(required=True)
    name = Text()
    inventory = fields.Nested(_Inventory)
    image_groups = fields.List(fields.Nested(_ImageGroup))
    variation_attributes = fields.List(fields.Nested(_VariationAttribute))
    variation_values = Texts()


class ProductResult(Document):
    """Answer of getProducts."""

    data = fields.List(fields.Nested(_Product))


PRODUCTS = ProductResult()


def product_from(loaded: dict[str, Any]) -> Product:
    inventory = loaded["inventory"] or {}
    return Product(
        product_id=loaded["id"],
        name=loaded["name"] or None,
        variant=_variant(loaded),
        image_url=_image_url(loaded["image_groups"] or []),
        orderable=inventory.get("orderable"),
        stock=_stock(inventory),
    )


def _variant(loaded: dict[str, Any]) -> str | None:
    """What tells this variant from its siblings, in words: ``Pine · M``."""
    words = {
        (attribute["id"], value["value"]): value["name"]
        for attribute in loaded["variation_attributes"] or []
        for value in attribute["values"] or []
    }
    chosen = loaded["variation_values"] or {}
    return " · ".join(words.get((name, value)) or value for name, value in chosen.items() if value) or None


def _image_url(groups: list[dict[str, Any]]) -> str | None:
    """The first image of the smallest view."""
    ranked = sorted(groups, key=lambda group: _rank(group["view_type"]))
    links = (
        tolerant(values.web_address, image["dis_base_link"] or image["link"])
        for group in ranked
        for image in group["images"] or []
    )
    return next(filter(None, links), None)


def _rank(view_type: str | None) -> int:
    return _VIEW_TYPES.index(view_type) if view_type in _VIEW_TYPES else len(_VIEW_TYPES)


def _stock(inventory: dict[str, Any]) -> Stock | None:
    """Whether it can be bought now; `low` up to five pieces. None when Commerce does not say."""
    available, orderable = inventory.get("ats"), inventory.get("orderable")
    if orderable is False or (available is not None and available <= 0 and not orderable):
        return "out"
    if available is None:
        return "ok" if orderable else None
    return "low" if 0 < available <= LOW_STOCK else "ok"
