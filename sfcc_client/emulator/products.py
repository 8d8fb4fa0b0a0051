"""How a stored product looks to shoppers (Shopper Products 1.11, schema Product): one locale, one currency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sfcc_client.emulator.state import Document, SiteRecord, State

_STATIC = "https://static.example.com/on/demandware.static/-/Sites-vintervei-catalog/default/"
_VIEWS = ("large", "medium", "small")
_ATTRIBUTES = {
    "color": {"default": "Color", "en": "Colour", "de": "Farbe", "ja": "カラー"},
    "size": {"default": "Size", "de": "Größe", "ja": "サイズ"},
}


def visible(product: Document, site_id: str) -> bool:
    """Online, and assigned to the site."""
    return bool(product.get("online", True)) and site_id in product.get("sites", (site_id,))


def localized(texts: Document, locale: str) -> str:
    """The text of a locale, of its language, or the default one."""
    return str(texts.get(locale) or texts.get(locale.split("-", maxsplit=1)[0]) or texts["default"])


def shown(
    product: Document, state: State, site: SiteRecord, *, locale: str, currency: str, expand: frozenset[str]
) -> dict[str, Any]:
    """The product document; `expand` names the groups wanted: availability, images, prices, variations."""
    master = bool(product.get("master"))
    document: dict[str, Any] = {
        "id": product["id"],
        "name": localized(product["name"], locale),
        "brand": product.get("brand"),
        "currency": currency,
        "minOrderQuantity": 1,
        "stepQuantity": 1,
        "primaryCategoryId": product.get("categoryId"),
        "type": _type(product),
        **{name: value for name, value in product.items() if name.startswith("c_")},
    }
    if product.get("shortDescription"):
        document["shortDescription"] = localized(product["shortDescription"], locale)
    if product.get("masterId"):
        document["master"] = {"masterId": product["masterId"]}
        document["variationValues"] = {name: part["value"] for name, part in product.get("variation", {}).items()}
    if "prices" in expand and currency in product["prices"]:
        document["price"] = product["prices"][currency]
    if "availability" in expand:
        document["inventory"] = _inventory(product, state, site)
    if "images" in expand and product.get("image"):
        document["imageGroups"] = [_image_group(view, product, document["name"]) for view in _VIEWS]
    if "variations" in expand and (master or product.get("masterId")):
        family = family_of(product, state)
        document["variationAttributes"] = _variation_attributes(family, locale)
        if master:
            document["variants"] = [_variant(variant, currency) for variant in family]
    return {name: value for name, value in document.items() if value is not None}


def _type(product: Document) -> dict[str, bool]:
    if product.get("master"):
        return {"master": True}
    return {"variant": True} if product.get("masterId") else {"item": True}


def orderable(product: Document) -> bool:
    return bool(product.get("orderable", product.get("stock", 0) > 0))


def _inventory(product: Document, state: State, site: SiteRecord) -> dict[str, Any]:
    """A master's stock is that of its variants."""
    family = family_of(product, state) if product.get("master") else [product]
    stock = sum(part.get("stock", 0) for part in family)
    return {
        "id": f"inventory_{site.site_id}",
        "ats": stock,
        "stockLevel": stock,
        "orderable": any(orderable(part) for part in family),
        "backorderable": False,
        "preorderable": False,
    }


def family_of(product: Document, state: State) -> list[Document]:
    return state.products.find("master", product.get("masterId", product["id"]))


def _image_group(view: str, product: Document, name: str) -> dict[str, Any]:
    link = f"{_STATIC}{product['image'].replace('images/', f'images/{view}/', 1)}"
    return {"viewType": view, "images": [{"link": link, "disBaseLink": link, "alt": f"{name}, {view}", "title": name}]}


def _variation_attributes(family: Iterable[Document], locale: str) -> list[dict[str, Any]]:
    attributes: dict[str, dict[str, dict[str, Any]]] = {}
    for variant in family:
        for name, part in variant.get("variation", {}).items():
            value = {"value": part["value"], "name": localized(part["name"], locale), "orderable": orderable(variant)}
            known = attributes.setdefault(name, {}).setdefault(part["value"], value)
            known["orderable"] = known["orderable"] or value["orderable"]
    return [
        {
            "id": name,
            "name": localized(_ATTRIBUTES.get(name, {"default": name}), locale),
            "values": list(values.values()),
        }
        for name, values in attributes.items()
    ]


def _variant(variant: Document, currency: str) -> dict[str, Any]:
    document = {
        "productId": variant["id"],
        "orderable": orderable(variant),
        "price": variant["prices"].get(currency),
        "variationValues": {name: part["value"] for name, part in variant.get("variation", {}).items()},
    }
    return {name: value for name, value in document.items() if value is not None}
