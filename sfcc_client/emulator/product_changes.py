"""Changing products: what may be written, and how a staging instance brings it to shoppers.

Prices, stock, pictures, categories and variations are other people's business (price books, inventory lists, catalogs);
a document that was read may be sent back with them, they change nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.emulator.attributes import PREFIX, Attributes
from sfcc_client.emulator.bodies import Anything, Each, Flag, Members, Number, Shape, Text
from sfcc_client.emulator.collection import Document
from sfcc_client.emulator.product_records import MARKUPS, PLAIN, TEXTS, flags
from sfcc_client.emulator.products import family_of
from sfcc_client.emulator.state import State

OBJECT_TYPE = "Product"
_FLAGS = {"onlineFlag": "online", "searchable": "searchable"}
# The description's list of what `updateProduct` changes; the rest is passed over there.
_CHANGEABLE = frozenset(
    {
        *(*TEXTS, *_FLAGS, "longDescription"),
        *("brand", "defaultVariantId", "ean", "manufacturerName", "manufacturerSku", "unit", "upc"),
    }
)
_LINE = Text(most=256)
_MARKUP = Members(known={"markup": Anything(), "source": Text(most=100_000)}, required=("source",))
_KEPT = (
    *("assignedCategories", "ats", "bundledProducts", "classificationCategory", "creationDate", "image", "imageGroups"),
    *("inStock", "lastModified", "localizedTaxClassId", "master", "online", "owningCatalogName"),
    *("price", "priceCurrency", "pricePerUnit", "primaryCategories", "primaryCategoryId", "productBundles"),
    *("productOptions", "productSets", "setProducts", "type", "validFrom", "validTo", "variants"),
    *("variationAttributes", "variationGroups", "variationValues"),
)
_MEMBERS: Mapping[str, Shape] = {
    **dict.fromkeys(PLAIN, _LINE),
    **dict.fromkeys(TEXTS, Each(of=Text())),
    **dict.fromkeys(MARKUPS, Each(of=_MARKUP)),
    **dict.fromkeys(_FLAGS, Each(of=Flag())),
    **dict.fromkeys(_KEPT, Anything()),
    "id": Text(least=1, most=100),
    "owningCatalogId": Text(least=1, most=256),
    "unitQuantity": Number(),
}
VARIATION = Members(
    known={
        "productId": Text(least=1, most=100),
        "variationValues": Each(of=Text(least=1, most=256)),
        **dict.fromkeys(
            (
                *("ats", "defaultProductVariation", "image", "inStock", "online", "orderable", "price"),
                *("priceCurrency", "searchable", "variationAttributes"),
            ),
            Anything(),
        ),
    },
    required=("productId",),
)
CREATED = Members(known=_MEMBERS, custom=OBJECT_TYPE, lenient=True)
CHANGED = Members(known=_MEMBERS, custom=OBJECT_TYPE, nullable=True, lenient=True)
# What a product that is written over keeps.
_OUTLIVING = frozenset(
    {
        *("categoryId", "catalogId", "creationDate", "image", "master", "masterId", "orderable", "prices", "sites"),
        *("stock", "variation"),
    }
)
_SUPPLY = ("stock", "orderable")


def changed(product: Document, given: Mapping[str, Any], attributes: Attributes, *, at: str) -> Document:
    """The product with what may be changed of it; texts and flags are merged by locale and site, null removes."""
    wanted = {name: value for name, value in given.items() if name in _CHANGEABLE or name.startswith(PREFIX)}
    members = {**product, **_stored(wanted, attributes, product), "lastModified": at}
    return {name: value for name, value in members.items() if value is not None}


def written_over(
    old: Document | None, product_id: str, given: Mapping[str, Any], attributes: Attributes, *, at: str
) -> Document:
    """A new product, or what was there with everything of its own replaced. A new one is on no site yet."""
    fresh: dict[str, Any] = {"prices": {}, "sites": [], "creationDate": at, "online": False, "searchable": True}
    kept = {name: value for name, value in old.items() if name in _OUTLIVING} if old else {}
    own = {"id": product_id, "name": {"default": product_id}, "lastModified": at}
    owner = {"catalogId": given["owningCatalogId"]} if "owningCatalogId" in given and old is None else {}
    members = {**fresh, **kept, **own, **owner, **_stored(given, attributes, {})}
    return {name: value for name, value in members.items() if value is not None}


def removed(state: State, product_id: str, *, at: str) -> None:
    """Forget a product; the variants of a master stay, as products of their own."""
    products = state.edited_products
    for part in products.find("master", product_id):
        no_variation(state, part["id"], at=at)
    products.drop(product_id)


def published(state: State, product_id: str) -> bool:
    """Bring one product over to shoppers as it is now, or its deletion; False when neither side has it.

    Stock is counted where goods are sold and stays what it is there.
    """
    edited, live = state.edited_products.get(product_id), state.products.get(product_id)
    if edited is None and live is None:
        return False
    if state.edited_products is not state.products:
        if edited is None:
            state.products.drop(product_id)
        else:
            supply = {name: live[name] for name in _SUPPLY if name in live} if live else {}
            state.products.save({**edited, **supply})
    return True


def _stored(given: Mapping[str, Any], attributes: Attributes, before: Document) -> dict[str, Any]:
    """What the store keeps of a body. A custom attribute nobody defined is passed over, as Commerce does."""
    stored: dict[str, Any] = {}
    for name, value in given.items():
        if name.startswith(PREFIX):
            if attributes.known(OBJECT_TYPE, name):
                stored[name] = {**_texts(before.get(name)), **value} if isinstance(value, Mapping) else value
        elif value is None:
            if name in (*PLAIN, *TEXTS, *MARKUPS):
                stored[name] = None
        elif name in _FLAGS:
            member = _FLAGS[name]
            stored[member] = {**(flags(before, member) if before else {}), **value}
        elif name in MARKUPS:
            stored[name] = {**_texts(before.get(name)), **{locale: part["source"] for locale, part in value.items()}}
        elif name in TEXTS:
            stored[name] = {**_texts(before.get(name)), **value}
        elif name in PLAIN:
            stored[name] = value
    if stored.get("name", "x") in (None, {}):
        del stored["name"]
    return stored


def _texts(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def as_variation(state: State, master: Document, product_id: str, values: Mapping[str, str], *, at: str) -> Document:
    """Make a product a variation of a master, or change what tells it from its siblings; a missing one is made.

    A value the master's variations know already keeps its name. Hold `writing` meanwhile.
    """
    products = state.edited_products
    product = products.get(product_id) or written_over(None, product_id, {}, state.attributes, at=at)
    if not master.get("master"):
        products.change(master["id"], master=True, lastModified=at)
    known = {
        (name, chosen["value"]): chosen["name"]
        for sibling in family_of(master, products)
        for name, chosen in sibling.get("variation", {}).items()
    }
    chosen = {
        name: {"value": value, "name": known.get((name, value), {"default": value})} for name, value in values.items()
    }
    before = product.get("variation", {}) if product.get("masterId") == master["id"] else {}
    members = {"masterId": master["id"], "variation": {**before, **chosen}, "lastModified": at}
    return products.save({**product, **members})


def no_variation(state: State, product_id: str, *, at: str) -> None:
    """Take a product away from its master; it stays as a product of its own."""
    state.edited_products.change(product_id, masterId=None, variation=None, lastModified=at)
