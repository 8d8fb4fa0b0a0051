"""What is suggested while a shopper types (Shopper Search 1.10, schema SuggestionResult): words completed or corrected
to those the shop's products, categories and brands are named by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.product_search import found
from sfcc_client.emulator.products import attributes_of, family_of, localized
from sfcc_client.emulator.state import SiteRecord, State

LONGEST = 50
_WORD = re.compile(r"\w+")
_ALIKE = 0.75
_PHRASES = 10
Terms = Sequence[Mapping[str, Any]]


def suggested(
    state: State,
    site: SiteRecord,
    phrase: str,
    *,
    locale: str,
    currency: str,
    limit: int,
    properties: Collection[str] = (),
) -> dict[str, Any]:
    """At most `limit` suggestions of each kind; `properties` are custom attributes a suggested product tells."""
    products = found(state, site, "", {}, locale)
    names = {product["id"]: localized(product["name"], locale) for product in products}
    brands = sorted({product["brand"] for product in products if product.get("brand")})
    categories = sorted({product["categoryId"] for product in products if product.get("categoryId")})
    priced = [product for product in products if _price(product, state, currency) is not None]

    def suggested_product(product: Document) -> dict[str, Any]:
        custom = attributes_of(product, state, locale)
        return {
            "productId": product["id"],
            "productName": names[product["id"]],
            "currency": currency,
            "price": _price(product, state, currency),
            **{name: custom[name] for name in properties if name in custom},
        }

    goods, hits = _matched(phrase, priced, lambda product: names[product["id"]], limit)
    rooms, places = _matched(phrase, categories, _category_name, limit)
    makers, _ = _matched(phrase, brands, str, limit)
    return {
        "searchPhrase": phrase,
        "productSuggestions": {**goods, "products": [suggested_product(product) for product in hits]},
        "categorySuggestions": {
            **rooms,
            "categories": [{"id": name, "name": _category_name(name), "parentCategoryName": "root"} for name in places],
        },
        "brandSuggestions": makers,
    }


def phrases(state: State, site: SiteRecord, phrase: str, customer_id: str | None) -> dict[str, Any]:
    """What others searched for most on the site, and what this shopper did last, as far as it holds the phrase."""
    wanted = phrase.casefold()
    searches = [
        row
        for row in state.activities
        if row["siteId"] == site.site_id
        and row["kind"] == "search"
        and wanted in row["text"].casefold()
        and len(row["text"]) <= LONGEST
    ]
    counts: Counter[str] = Counter()
    for row in searches:
        counts[row["text"].casefold()] += row.get("count", 1)
    own = [row for row in searches if customer_id and row["customerId"] == customer_id]
    recent = dict.fromkeys(row["text"].casefold() for row in sorted(own, key=lambda row: row["at"], reverse=True))
    return {
        "popularSearchPhrases": [_phrase(text, wanted) for text, _ in counts.most_common(_PHRASES)],
        "recentSearchPhrases": [_phrase(text, wanted) for text in list(recent)[:_PHRASES]],
    }


def _matched(
    phrase: str, rows: Iterable[Any], name_of: Callable[[Any], str], limit: int
) -> tuple[dict[str, Any], list[Any]]:
    """The words and phrase suggested, and the rows whose names hold one of each, the best first."""
    named = [(name_of(row), row) for row in rows]
    vocabulary: Counter[str] = Counter()
    for name, _ in named:
        vocabulary.update({word for word in _words(name) if len(word) <= LONGEST})
    given = _words(phrase)
    terms = {word: _terms(word, vocabulary, limit) for word in given}
    block: dict[str, Any] = {
        "suggestedTerms": [{"originalTerm": word, **({"terms": terms[word]} if terms[word] else {})} for word in given]
    }
    if not given or not all(terms.values()):
        return block, []
    values = [{term["value"] for term in terms[word]} for word in given]
    hits = [(name, row) for name, row in named if all(wanted & set(_words(name)) for wanted in values)]
    hits.sort(key=lambda hit: (not hit[0].casefold().startswith(phrase.casefold()), hit[0].casefold()))
    if hits:
        best = _words(hits[0][0])
        text = " ".join(next(term["value"] for term in terms[word] if term["value"] in best) for word in given)
        block["suggestedPhrases"] = [_phrase(text, phrase.casefold())] if len(text) <= LONGEST else []
    return block, [row for _, row in hits[:limit]]


def _terms(word: str, vocabulary: Counter[str], limit: int) -> Terms:
    """The word itself, then words it is the beginning of, the most frequent first; corrections where there are none."""
    completed = [(known, count) for known, count in vocabulary.items() if known.startswith(word)]
    completed.sort(key=lambda row: (row[0] != word, -row[1], row[0]))
    if completed:
        return [_term(known, word, completed=True) for known, _ in completed[:limit]]
    alike = get_close_matches(word, sorted(vocabulary), n=limit, cutoff=_ALIKE)
    return [_term(known, word, corrected=True) for known in alike]


def _term(value: str, word: str, *, completed: bool = False, corrected: bool = False) -> dict[str, Any]:
    return {"value": value, "exactMatch": value == word, "completed": completed, "corrected": corrected}


def _phrase(text: str, wanted: str) -> dict[str, Any]:
    return {"phrase": text, "exactMatch": text == wanted}


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(_WORD.findall(text.casefold())))


def _category_name(category_id: str) -> str:
    """Categories have no names in this shop: their ids, as people would write them."""
    return category_id.replace("-", " ").capitalize()


def _price(product: Document, state: State, currency: str) -> float | None:
    family = family_of(product, state.products) if product.get("master") else [product]
    return min((part["prices"][currency] for part in family if currency in part["prices"]), default=None)
