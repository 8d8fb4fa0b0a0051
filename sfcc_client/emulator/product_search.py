"""Which products a shopper's search finds, and how a hit looks (Shopper Search 1.10, schema ProductSearchHit)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.library import on_site
from sfcc_client.emulator.products import family_of, localized, orderable, shown, visible
from sfcc_client.emulator.state import SiteRecord, State

# id: (label, what is sorted by, descending)
SORTINGS: dict[str, tuple[str, Callable[[dict[str, Any]], Any], bool]] = {
    "best-matches": ("Best Matches", lambda _: 0, False),
    "price-low-to-high": ("Price Low To High", lambda hit: hit.get("price", 0), False),
    "price-high-to-low": ("Price High to Low", lambda hit: hit.get("price", 0), True),
    "product-name-ascending": ("Product Name A - Z", lambda hit: hit["productName"].casefold(), False),
    "product-name-descending": ("Product Name Z - A", lambda hit: hit["productName"].casefold(), True),
}
_RANGE = re.compile(r"\((\d+(?:\.\d+)?)?\.\.(\d+(?:\.\d+)?)?\)")


def found(state: State, site: SiteRecord, phrase: str, refinements: Mapping[str, str], locale: str) -> list[Document]:
    """Masters and single products of the site that hold every word of the phrase and fit every refinement."""
    words = phrase.casefold().split()
    return [
        product
        for product in state.products
        if not product.get("masterId")
        and visible(product, site.site_id)
        and on_site(product.get("searchable", True), site.site_id)
        and all(word in _searched(product, locale) for word in words)
        and all(_fits(state, site, product, name, value) for name, value in refinements.items())
    ]


def hit(
    product: Document, state: State, site: SiteRecord, *, locale: str, currency: str, expand: frozenset[str]
) -> Any:
    """One hit; `expand` names availability, images, prices, represented_products and variations."""
    whole = shown(product, state, site, locale=locale, currency=currency, expand=expand)
    family = family_of(product, state.products) if product.get("master") else [product]
    document: dict[str, Any] = {
        "productId": product["id"],
        "productName": whole["name"],
        "productType": whole["type"],
        "hitType": "master" if product.get("master") else "product",
        "currency": currency,
    }
    prices = sorted(part["prices"][currency] for part in family if currency in part["prices"])
    if "prices" in expand and prices:
        document["price"] = prices[0]
        if prices[-1] != prices[0]:
            document["priceMax"] = prices[-1]
    if "availability" in expand:
        document["orderable"] = any(orderable(part) for part in family)
    if "represented_products" in expand and family:
        document["representedProduct"] = {"id": family[0]["id"]}
        document["representedProducts"] = [{"id": part["id"]} for part in family]
    if "images" in expand and whole.get("imageGroups"):
        document["image"] = whole["imageGroups"][0]["images"][0]
    if "variations" in expand and whole.get("variationAttributes"):
        document["variationAttributes"] = whole["variationAttributes"]
    return document


def offered(products: Iterable[Document], state: State) -> list[dict[str, Any]]:
    """The refinements of a result: categories, brands, and the values its variants come in."""
    counts: dict[str, dict[str, int]] = {}
    for product in products:
        values = {("cgid", product.get("categoryId")), ("brand", product.get("brand"))}
        for part in family_of(product, state.products) if product.get("master") else (product,):
            values |= {(f"c_{name}", value["value"]) for name, value in part.get("variation", {}).items()}
        for name, value in values:
            if value is not None:
                known = counts.setdefault(name, {})
                known[value] = known.get(value, 0) + 1
    return [
        {
            "attributeId": name,
            "label": name.removeprefix("c_").capitalize() if name != "cgid" else "Category",
            "values": [{"value": value, "label": value, "hitCount": count} for value, count in sorted(values.items())],
        }
        for name, values in sorted(counts.items())
    ]


def _fits(state: State, site: SiteRecord, product: Document, name: str, value: str) -> bool:
    family = family_of(product, state.products) if product.get("master") else [product]
    if name == "price":
        bounds = _RANGE.fullmatch(value)
        price = product["prices"].get(site.currency)
        if bounds is None or price is None:
            return False
        return bool(float(bounds[1] or 0) <= price <= float(bounds[2] or "inf"))
    wanted = value.split("|")
    if name == "cgid":
        return "root" in wanted or product.get("categoryId") in wanted
    if name == "brand":
        return product.get("brand") in wanted
    attribute = name.removeprefix("c_")
    return any(part.get("variation", {}).get(attribute, {}).get("value", part.get(name)) in wanted for part in family)


def _searched(product: Document, locale: str) -> str:
    texts = [product["id"], product.get("brand", ""), product.get("categoryId", "")]
    texts += [localized(product[name], locale) for name in ("name", "shortDescription") if product.get(name)]
    return "\n".join(texts).casefold()
