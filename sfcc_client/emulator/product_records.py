"""A product as the back office sees it (Products 1.2, schema Product): every language, and what Commerce keeps itself.

What depends on a site (stock, price, whether it is online) is there only when the request names one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.emulator.collection import Collection, Document
from sfcc_client.emulator.library import on_site
from sfcc_client.emulator.products import (
    ATTRIBUTES,
    CATALOG,
    STATIC,
    VIEWS,
    family_of,
    kind_of,
    orderable,
    stock_of,
    visible,
)
from sfcc_client.emulator.query import Fields
from sfcc_client.emulator.state import SiteRecord

TEXTS = ("name", "pageDescription", "pageKeywords", "pageTitle")
MARKUPS = ("longDescription", "shortDescription")
PLAIN = (
    *("brand", "defaultVariantId", "ean", "manufacturerName", "manufacturerSku", "taxClassId", "unit", "unitMeasure"),
    *("unitQuantity", "upc"),
)
_STAMPS = ("creationDate", "lastModified")
# What an expansion of a search adds to a hit; a part without a row here is in every hit.
EXPANSIONS: Mapping[str, tuple[str, ...]] = {
    "availability": ("ats", "inStock", "online"),
    "categories": ("assignedCategories",),
    "images": ("image",),
    "allImages": ("image", "imageGroups"),
    "prices": ("price", "priceCurrency"),
    "sets": (),
    "bundles": (),
}
_EXPANDED = frozenset(name for names in EXPANSIONS.values() for name in names)


def catalog_of(product: Document) -> str:
    return str(product.get("catalogId", CATALOG))


def flags(product: Document, member: str) -> dict[str, bool]:
    """The site-specific flag `online` or `searchable`: by site id, ``default`` for every other site."""
    value = product.get(member, True)
    return dict(value) if isinstance(value, Mapping) else {"default": bool(value)}


def record(product: Document, products: Collection, site: SiteRecord | None = None) -> dict[str, Any]:
    """One product; `products` are those it belongs to, so that a master knows its variants."""
    category = {"catalogId": catalog_of(product), "categoryId": product.get("categoryId")}
    document: dict[str, Any] = {
        "id": product["id"],
        **{name: product[name] for name in (*TEXTS, *PLAIN, *_STAMPS) if name in product},
        **{name: _markup(product[name]) for name in MARKUPS if name in product},
        "onlineFlag": flags(product, "online"),
        "searchable": flags(product, "searchable"),
        "owningCatalogId": catalog_of(product),
        "type": {"master": False, kind_of(product): True},
        **{name: value for name, value in product.items() if name.startswith("c_")},
    }
    if category["categoryId"]:
        document["primaryCategoryId"] = category["categoryId"]
        document["assignedCategories"] = document["primaryCategories"] = [category]
    if product.get("image"):
        document["image"] = _media(product["image"], product)
        document["imageGroups"] = [
            {
                "viewType": view,
                "images": [_media(product["image"].replace("images/", f"images/{view}/", 1), product)],
            }
            for view in VIEWS
        ]
    if product.get("master") or product.get("masterId"):
        document["variationAttributes"] = variation_attributes(product, products)
    if product.get("master"):
        document["variants"] = [variant(part) for part in family_of(product, products)]
    if product.get("masterId"):
        document["master"] = {"masterId": product["masterId"]}
        document["variationValues"] = _values(product)
    return {**document, **(_on_site(product, products, site) if site else {})}


def expanded(document: Mapping[str, Any], expand: frozenset[str]) -> dict[str, Any]:
    """A hit with the parts that are asked for; ``all`` asks for every one."""
    if "all" in expand:
        return dict(document)
    kept = {name for group in expand for name in EXPANSIONS.get(group, ())}
    return {name: value for name, value in document.items() if name not in _EXPANDED or name in kept}


def variant(product: Document, site: SiteRecord | None = None) -> dict[str, Any]:
    """The schema Variant."""
    document: dict[str, Any] = {"productId": product["id"], "variationValues": _values(product)}
    if site is None:
        return document
    priced = {"price": product["prices"][site.currency], "priceCurrency": site.currency}
    return {
        **document,
        "ats": product.get("stock", 0),
        "inStock": product.get("stock", 0) > 0,
        "online": visible(product, site.site_id),
        "orderable": orderable(product),
        **(priced if site.currency in product["prices"] else {}),
    }


def variation_attributes(product: Document, products: Collection) -> list[dict[str, Any]]:
    """What the variants of a master differ in, with the values they have (schema VariationAttribute)."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for part in family_of(product, products):
        for name, chosen in part.get("variation", {}).items():
            values = found.setdefault(name, {})
            value = {"value": chosen["value"], "name": dict(chosen["name"]), "position": len(values) + 1}
            known = values.setdefault(chosen["value"], value)
            known["orderable"] = known.get("orderable", False) or orderable(part)
    return [
        {
            "id": name,
            "name": _named(name),
            "attributeDefinitionId": name,
            "attributeDefinitionName": _named(name),
            "shared": False,
            "slicing": False,
            "variationAttributeType": "string",
            "values": list(values.values()),
        }
        for name, values in found.items()
    ]


def fields(site: SiteRecord | None) -> Fields:
    """What a product search can ask for; without a site its flags mean what holds for every site."""
    place = site.site_id if site else "default"
    return {
        "id": lambda product: product["id"],
        "name": lambda product: product["name"].get("default"),
        "online": lambda product: on_site(flags(product, "online"), place),
        "searchable": lambda product: on_site(flags(product, "searchable"), place),
        "validFrom": lambda _: None,
        "validTo": lambda _: None,
        "type": kind_of,
        "creationDate": lambda product: product.get("creationDate"),
        "lastModified": lambda product: product.get("lastModified"),
        "catalogId": catalog_of,
        "categoryId": lambda product: product.get("categoryId"),
    }


def variant_fields(site: SiteRecord | None, attribute_ids: tuple[str, ...]) -> Fields:
    """What a search among variants can ask for."""
    return {
        **{name: found for name, found in fields(site).items() if name in ("id", "name", "online", "searchable")},
        "productId": lambda product: product["id"],
        "inStock": lambda product: product.get("stock", 0) > 0,
        "ats": lambda product: product.get("stock", 0),
        **{
            f"variationAttribute.{name}": lambda product, name=name: _values(product).get(name)  # type: ignore[misc]
            for name in attribute_ids
        },
    }


def _on_site(product: Document, products: Collection, site: SiteRecord) -> dict[str, Any]:
    family = family_of(product, products) if product.get("master") else [product]
    prices = sorted(part["prices"][site.currency] for part in family if site.currency in part["prices"])
    stock = stock_of(product, products)
    return {
        "ats": stock,
        "inStock": stock > 0,
        "online": visible(product, site.site_id),
        **({"price": prices[0], "priceCurrency": site.currency} if prices else {}),
    }


def _markup(texts: Mapping[str, str]) -> dict[str, Any]:
    return {locale: {"markup": text, "source": text} for locale, text in texts.items()}


def _media(path: str, product: Document) -> dict[str, Any]:
    return {"path": path, "absUrl": STATIC + path, "alt": dict(product["name"]), "title": dict(product["name"])}


def _values(product: Document) -> dict[str, str]:
    return {name: part["value"] for name, part in product.get("variation", {}).items()}


def _named(attribute_id: str) -> dict[str, str]:
    return dict(ATTRIBUTES.get(attribute_id, {"default": attribute_id}))
