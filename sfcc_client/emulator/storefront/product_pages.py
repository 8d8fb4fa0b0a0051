"""The storefront's products: what they are, what they cost, and what the shop wants shoppers to know of them.

Custom attributes whose definition says `visible` are shown: one that is yes or no as a notice in the words of its name
while it is yes, a longer text as a notice below its name, everything else as a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import quote

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.library import localized
from sfcc_client.emulator.products import attributes_of, family_of, shown, stock_of
from sfcc_client.emulator.state import SiteRecord, State
from sfcc_client.emulator.storefront.markup import sanitized
from sfcc_client.emulator.storefront.pages import framed
from sfcc_client.emulator.storefront.words import Words

_FEW = 5
_EXPANDED = frozenset({"prices", "variations"})


def product_list(site: SiteRecord, words: Words, products: Iterable[Document], state: State) -> str:
    """Masters and single products, by name."""
    cards = sorted(
        ((_name(product, words), product) for product in products), key=lambda card: (card[0].casefold(), card[1]["id"])
    )
    rows = "".join(_card(name, product, site, words, state) for name, product in cards)
    body = f'<ul class="cards">{rows}</ul>' if rows else f'<p class="notice">{escape(words["no products"])}</p>'
    return framed(site, words, words["products"], body)


def product_page(site: SiteRecord, words: Words, product: Document, state: State) -> str:
    """One product with its notices."""
    seen = shown(product, state, site, locale=words.locale, currency=site.currency, expand=_EXPANDED)
    attributes = attributes_of(product, state, words.locale)
    notices = "".join(_notices(attributes, state, words))
    facts = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
        for label, value in (*_choices(seen), *_facts(attributes, state, words))
    )
    supply = _supply(stock_of(product, state.products), words)
    text = seen.get("longDescription") or seen.get("shortDescription", "")
    return framed(
        site,
        words,
        seen["name"],
        f'<div class="product">{_picture(seen["name"])}<div>{notices}'
        f'<p class="quiet">{escape(str(seen.get("brand", "")))}</p>'
        f'<p class="price">{_price(product, site, words, state)}</p><p>{supply}</p>'
        f"<div>{sanitized(str(text))}</div><dl>{facts}</dl></div></div>",
    )


def _card(name: str, product: Document, site: SiteRecord, words: Words, state: State) -> str:
    address = f"/s/{escape(site.site_id)}/products/{quote(product['id'], safe='')}"
    noticed = next(_notices(attributes_of(product, state, words.locale), state, words), None)
    return (
        f'<li><a href="{address}">{_picture(name)}<span>{escape(name)}</span></a>'
        f'<span class="quiet">{_price(product, site, words, state)}</span>'
        + (f'<span class="mark">{escape(words["noticed"])}</span>' if noticed else "")
        + "</li>"
    )


def _picture(name: str) -> str:
    """Where the picture would be; those of the data are addresses that lead nowhere."""
    letters = "".join(word[0] for word in name.split() if word[0].isalpha())[:2] or name[:1]
    return f'<div class="picture" aria-hidden="true">{escape(letters.upper())}</div>'


def _name(product: Document, words: Words) -> str:
    return str(localized(product["name"], words.locale) or product["id"])


def _price(product: Document, site: SiteRecord, words: Words, state: State) -> str:
    family = family_of(product, state.products) if product.get("master") else [product]
    prices = sorted(part["prices"][site.currency] for part in family if site.currency in part["prices"])
    if not prices:
        return ""
    amount = escape(words.amount(prices[0], site.currency))
    return f"{escape(words['from'])} {amount}" if prices[-1] != prices[0] else amount


def _supply(stock: int, words: Words) -> str:
    if stock <= 0:
        return f'<span class="supply none">{escape(words["sold out"])}</span>'
    told = words["few left"].format(count=stock) if stock <= _FEW else words["in stock"]
    return f'<span class="supply">{escape(told)}</span>'


def _choices(seen: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What its variants differ in; of a variant what it is."""
    chosen = seen.get("variationValues", {})
    for attribute in seen.get("variationAttributes", ()):
        values = [
            value["name"]
            for value in attribute["values"]
            if chosen.get(attribute["id"], value["value"]) == value["value"]
        ]
        yield attribute["name"], ", ".join(values)


def _notices(attributes: dict[str, Any], state: State, words: Words) -> Iterator[str]:
    for label, value, kind in _visible(attributes, state, words):
        if value is True:
            yield f'<p class="notice" role="note">{escape(label)}</p>'
        elif kind in ("text", "html") and value:
            text = sanitized(str(value)) if kind == "html" else escape(str(value)).replace("\n", "<br>")
            yield f'<div class="notice" role="note"><strong>{escape(label)}</strong><br>{text}</div>'


def _facts(attributes: dict[str, Any], state: State, words: Words) -> Iterator[tuple[str, str]]:
    for label, value, kind in _visible(attributes, state, words):
        if kind not in ("boolean", "text", "html") and value != "":
            yield label, words.value(value)


def _visible(attributes: dict[str, Any], state: State, words: Words) -> Iterator[tuple[str, Any, str]]:
    """Name, value and type of what the storefront shows."""
    for definition in state.attributes.visible("Product"):
        value = attributes.get(f"c_{definition['id']}")
        if value is not None:
            label = str(localized(definition.get("displayName"), words.locale) or definition["id"])
            yield label, value, definition["valueType"]
