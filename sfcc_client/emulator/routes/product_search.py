"""Shopper Search 1.10: product search, and suggestions while a shopper types."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import grant, own_site, shopper
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.parameters import expands, listed, locale, one_of, page, required, whole
from sfcc_client.emulator.product_search import SORTINGS, found, hit, offered
from sfcc_client.emulator.selector import selected
from sfcc_client.emulator.suggestions import LONGEST, phrases, suggested
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "product_search", __name__, url_prefix="/search/shopper-search/v1/organizations/<organization_id>"
)
_READ = ("sfcc.shopper-product-search", "sfcc.shopper-standard")
_EXPANDED = ("availability", "images", "prices", "represented_products", "variations")
_OTHER_EXPANDS = ("none", "promotions", "custom_properties", "page_meta_tags")
_QUERY = (
    *("siteId", "q", "refine", "sort", "limit", "offset", "select", "currency", "locale", "expand", "allImages"),
    *("imgTypes", "perPricebook", "allVariationProperties", "includedCustomVariationProperties"),
)
_REFINED_BY = ("cgid", "price", "brand")
_LONGEST_PHRASE = 500
_SHORTEST_TYPED = 3
_MOST_PROPERTIES = 5
_SUGGESTING = (
    *("siteId", "q", "limit", "currency", "locale", "expand", "includedCustomProductProperties"),
    "includeEinsteinSuggestedPhrases",
)
_PROPERTIES = "custom_product_properties"


@blueprint.get("/product-search")
@shopper(*_READ, query=_QUERY)
def search() -> Response:
    """Masters and single products, one hit each."""
    own, wanted, state = own_site(), page(default=25, maximum=200), world().state
    phrase, spoken = request.args.get("q", ""), locale(own)
    if len(phrase) > _LONGEST_PHRASE:
        raise Problem("out-of-bounds", parameter="q", expected=f"1..{_LONGEST_PHRASE}")
    currency = request.args.get("currency", own.currency)
    expand = expands(*_EXPANDED, *_OTHER_EXPANDS) or frozenset(_EXPANDED)
    refinements, sorting = _refinements(), request.args.get("sort", "best-matches")
    if sorting not in SORTINGS:
        raise Problem("bad-request", detail=f"The value '{sorting}' of the parameter 'sort' is unknown.")
    products = found(state, own, phrase, refinements, spoken)
    hits = [hit(row, state, own, locale=spoken, currency=currency, expand=expand) for row in products]
    _, key, descending = SORTINGS[sorting]
    hits.sort(key=key, reverse=descending)
    document: dict[str, Any] = {
        "limit": wanted.limit,
        "offset": wanted.offset,
        "total": len(hits),
        "query": phrase,
        "hits": list(wanted.of(hits)),
        "refinements": offered(products, state),
        "searchPhraseSuggestions": {"suggestedTerms": []},
        "sortingOptions": [{"id": name, "label": label} for name, (label, _, _) in SORTINGS.items()],
    }
    if "sort" in request.args:
        document["selectedSortingOption"] = sorting
    if refinements:
        document["selectedRefinements"] = refinements
    selector = request.args.get("select")
    return answer(selected(document, selector) if selector else document)


@blueprint.get("/search-suggestions")
@shopper(*_READ, query=_SUGGESTING)
def suggestions() -> Response:
    """Prices are told in any case, for the schema requires them; pictures have no place in it."""
    own, spoken, limit = own_site(), locale(own_site()), whole("limit", 5, 1, 10)
    phrase = required("q")
    if not _SHORTEST_TYPED <= len(phrase) <= LONGEST:
        raise Problem("string-constraint-violation", parameter="q", expected=f"({_SHORTEST_TYPED}..{LONGEST})")
    expand = expands("images", "prices", _PROPERTIES)
    properties = listed("includedCustomProductProperties", maximum=_MOST_PROPERTIES)
    document = suggested(
        world().state,
        own,
        phrase,
        locale=spoken,
        currency=request.args.get("currency", own.currency),
        limit=limit,
        properties=properties if _PROPERTIES in expand else (),
    )
    if one_of("includeEinsteinSuggestedPhrases", ("true", "false")) == "true":
        document["einsteinSuggestedPhrases"] = phrases(world().state, own, phrase, grant().customer_id)
    return answer(document)


def _refinements() -> dict[str, str]:
    refinements: dict[str, str] = {}
    for given in request.args.getlist("refine"):
        name, equals, value = given.partition("=")
        if not equals or not value or not (name in _REFINED_BY or name.startswith("c_")):
            raise Problem("wrong-refinement", parameter="refine")
        refinements[name] = value
    return refinements
