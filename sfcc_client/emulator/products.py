"""How a stored product looks to shoppers (Shopper Products 1.11, schema Product): one locale, one currency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sfcc_client.emulator.collection import Collection
from sfcc_client.emulator.library import localized as value_in
from sfcc_client.emulator.library import on_site
from sfcc_client.emulator.state import Document, SiteRecord, State

CATALOG = "vintervei-catalog"
STATIC = f"https://static.example.com/on/demandware.static/-/Sites-{CATALOG}/default/"
VIEWS = ("large", "medium", "small")
ATTRIBUTES = {
    "color": {"default": "Color", "en": "Colour", "de": "Farbe", "ja": "カラー"},
    "size": {"default": "Size", "de": "Größe", "ja": "サイズ"},
}
_TEXTS = ("shortDescription", "longDescription", "pageTitle", "pageDescription", "pageKeywords")
_PLAIN = ("ean", "manufacturerName", "manufacturerSku", "unit", "upc")


def visible(product: Document, site_id: str) -> bool:
    """Online, and assigned to the site."""
    return on_site(product.get("online", True), site_id) and site_id in product.get("sites", (site_id,))


def localized(texts: Document, locale: str) -> str:
    """The text of a locale, of its language, or the default one; any other where there is none of them."""
    return str(value_in(texts, locale) or next(iter(texts.values()), ""))


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
        "type": {kind_of(product): True},
        **{name: product[name] for name in _PLAIN if name in product},
        **{name: localized(product[name], locale) for name in _TEXTS if product.get(name)},
        **attributes_of(product, state, locale),
    }
    if product.get("masterId"):
        document["master"] = {"masterId": product["masterId"]}
        document["variationValues"] = {name: part["value"] for name, part in product.get("variation", {}).items()}
    if "prices" in expand and currency in product["prices"]:
        document["price"] = product["prices"][currency]
    if "availability" in expand:
        document["inventory"] = _inventory(product, state, site)
    if "images" in expand and product.get("image"):
        document["imageGroups"] = [_image_group(view, product, document["name"]) for view in VIEWS]
    if "variations" in expand and (master or product.get("masterId")):
        family = family_of(product, state.products)
        document["variationAttributes"] = _variation_attributes(family, locale)
        if master:
            document["variants"] = [_variant(variant, currency) for variant in family]
    return {name: value for name, value in document.items() if value is not None}


def attributes_of(product: Document, state: State, locale: str) -> dict[str, Any]:
    """The custom attributes in one locale; what a variant does not say itself is what its master says."""
    master = state.products.get(product.get("masterId")) or {}
    members = {name: value for part in (master, product) for name, value in part.items() if name.startswith("c_")}
    return {name: text for name, value in members.items() if (text := value_in(value, locale)) is not None}


def kind_of(product: Document) -> str:
    """``master``, ``variant`` or ``item``."""
    if product.get("master"):
        return "master"
    return "variant" if product.get("masterId") else "item"


def orderable(product: Document) -> bool:
    return bool(product.get("orderable", product.get("stock", 0) > 0))


def stock_of(product: Document, products: Collection) -> int:
    """A master's stock is that of its variants."""
    family = family_of(product, products) if product.get("master") else [product]
    return sum(part.get("stock", 0) for part in family)


def _inventory(product: Document, state: State, site: SiteRecord) -> dict[str, Any]:
    family = family_of(product, state.products) if product.get("master") else [product]
    stock = stock_of(product, state.products)
    return {
        "id": f"inventory_{site.site_id}",
        "ats": stock,
        "stockLevel": stock,
        "orderable": any(orderable(part) for part in family),
        "backorderable": False,
        "preorderable": False,
    }


def family_of(product: Document, products: Collection) -> list[Document]:
    """The variants of a master, or those a variant is one of."""
    return products.find("master", product.get("masterId", product["id"]))


def _image_group(view: str, product: Document, name: str) -> dict[str, Any]:
    link = f"{STATIC}{product['image'].replace('images/', f'images/{view}/', 1)}"
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
            "name": localized(ATTRIBUTES.get(name, {"default": name}), locale),
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
