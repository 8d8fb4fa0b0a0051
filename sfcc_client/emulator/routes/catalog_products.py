"""Products (Admin) 1.2: one product, writing and deleting it, and the searches.

On a staging instance these work on the edited copy; shoppers see a change once it was published.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer, nothing
from sfcc_client.emulator.bodies import body
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.parameters import site
from sfcc_client.emulator.product_changes import CHANGED, CREATED, changed, removed, written_over
from sfcc_client.emulator.product_records import EXPANSIONS, catalog_of, expanded, fields, record
from sfcc_client.emulator.routes.searching import searched
from sfcc_client.emulator.state import Document, SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint("catalog_products", __name__, url_prefix="/product/products/v1/organizations/<organization_id>")
WRITE = "sfcc.products.rw"
READ = ("sfcc.products", WRITE)
_ONE = "/products/<product_id>"
_LONGEST_ID = 100
_SORTABLE = ("id", "name", "creationDate")
# Fields of different groups cannot be joined by "or".
_GROUPS = {"catalogId": "catalog", "categoryId": "category"}


@blueprint.get(_ONE)
@admin(*READ, query=("siteId",))
def one(product_id: str) -> Response:
    product, place = existing(product_id), place_asked_for()
    return answer(record(product, world().state.edited_products, place))


@blueprint.put(_ONE)
@admin(WRITE)
def put(product_id: str) -> Response:
    """201 for a new product, 200 for one that was written over."""
    short_enough(product_id)
    given, state = _given(product_id, body(CREATED)), world().state
    if "id" not in given:
        raise Problem("bad-request", detail="The required property '$.id' is missing.")
    with state.writing:
        old = state.edited_products.get(product_id)
        written = written_over(old, product_id, given, state.attributes, at=now())
        state.edited_products.save(written)
    return answer(record(written, state.edited_products), 200 if old else 201)


@blueprint.patch(_ONE)
@admin(WRITE)
def patch(product_id: str) -> Response:
    """Custom attributes nobody defined are passed over without a word; a value of another type is refused."""
    existing(product_id)
    given, state = _given(product_id, body(CHANGED)), world().state
    after = state.edited_products.revise(
        product_id, lambda product: changed(product, given, state.attributes, at=now())
    )
    return answer(record(after, state.edited_products))


@blueprint.delete(_ONE)
@admin(WRITE)
def delete(product_id: str) -> Response:
    existing(product_id)
    with world().state.writing:
        removed(world().state, product_id, at=now())
    return nothing()


@blueprint.post("/product-search")
@admin(*READ, query=("siteId",))
def search() -> Response:
    """Every product of the instance, masters and variants alike."""
    return _searched(world().state.edited_products, _place_of_search())


@blueprint.post("/unassigned-product-search")
@admin(*READ, query=("siteId",))
def search_unassigned() -> Response:
    """The products of a catalog that are not in one of its categories."""
    sent, place = sent_object(), _place_of_search()
    named = {name: sent.get(name) for name in ("catalogId", "categoryId")}
    missing = next((name for name, value in named.items() if not isinstance(value, str) or not value), None)
    if missing is not None:
        raise Problem("bad-request", detail=f"The required property '$.{missing}' is missing.")
    own = [row for row in world().state.edited_products if catalog_of(row) == named["catalogId"]]
    if not own:
        raise Problem("catalog-not-found", **named)
    if not any(row.get("categoryId") == named["categoryId"] for row in own):
        raise Problem("catalog-category-not-found", **named)
    return _searched([row for row in own if row.get("categoryId") != named["categoryId"]], place, **named)


def existing(product_id: str) -> Document:
    product = world().state.edited_products.get(product_id)
    if product is None:
        raise Problem("catalog-product-not-found", productId=product_id)
    return product


def short_enough(product_id: str) -> None:
    if len(product_id) > _LONGEST_ID:
        raise Problem("out-of-bounds", parameter="productId", expected=f"1..{_LONGEST_ID}")


def place_asked_for() -> SiteRecord | None:
    return site() if "siteId" in request.args else None


def sent_object() -> dict[str, Any]:
    """The body of a search, an empty one when it is no object: what is wrong with it the search itself says."""
    sent = request.get_json(silent=True, force=True)
    return sent if isinstance(sent, dict) else {}


def expand_of(sent: dict[str, Any], allowed: frozenset[str], default: str) -> frozenset[str]:
    """What the member `expand` of a search names. Raises the problem invalid-expand-value."""
    wanted = sent.get("expand", [default])
    if not isinstance(wanted, list):
        raise Problem("wrong-type", path="$.expand", expected="array")
    unknown = next((value for value in wanted if value not in allowed), None)
    if unknown is not None:
        raise Problem("invalid-expand-value", expandValue=str(unknown))
    return frozenset(wanted)


def _searched(rows: Any, place: SiteRecord | None, **members: Any) -> Response:
    sent = sent_object()
    expand = expand_of(sent, frozenset({"all", "none", *EXPANSIONS}), "all")
    if _mixed(sent.get("query")):
        raise Problem("bad-request", detail="Only attributes of the same group can be joined by 'or'.")
    products = world().state.edited_products
    return searched(
        rows,
        fields(place),
        "id",
        sortable=_SORTABLE,
        view=lambda row: expanded(record(row, products, place), expand),
        **members,
    )


def _place_of_search() -> SiteRecord | None:
    """The site named; the descriptions of the searches know no 404 for an unknown one."""
    try:
        return place_asked_for()
    except Problem as error:
        raise Problem("bad-request", detail=error.body()["detail"]) from error


def _mixed(query: Any) -> bool:
    """Whether fields of different groups are joined by "or" anywhere: in `should`, or named side by side."""
    if isinstance(query, list):
        return any(map(_mixed, query))
    if not isinstance(query, dict):
        return False
    alternatives = [query.get("should"), {"fields": query.get("fields")}]
    if query.get("operator") == "or":
        alternatives.append(query.get("filters"))
    groups = ({_GROUPS.get(name, "main") for name in _named(part)} for part in alternatives)
    return any(len(group) > 1 for group in groups) or any(map(_mixed, query.values()))


def _named(query: Any) -> Iterator[str]:
    """The fields a part of a query names."""
    if isinstance(query, list):
        for part in query:
            yield from _named(part)
    elif isinstance(query, dict):
        for name, part in query.items():
            listed = part if name == "fields" and isinstance(part, list) else [part] if name == "field" else []
            yield from (field for field in listed if isinstance(field, str))
            yield from _named(part)


def _given(product_id: str, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("id", product_id) != product_id:
        raise Problem("bad-request", detail="The ID of the body is not that of the path.")
    return given


def now() -> str:
    return iso(world().clock.now())
