"""Granular Replications 1.0 (operation/replications): a content asset, product or price table goes to production.

Only a staging instance has somewhere to send things (`State.stage`). Price tables are the same on both sides of this
emulator, so that copying them changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin, grant
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.replications import QueuedTwice, ReplicationRunning, TooManyQueued, documents
from sfcc_client.emulator.parameters import page
from sfcc_client.emulator.product_changes import published
from sfcc_client.emulator.state import State, opaque_id
from sfcc_client.emulator.world import world

blueprint = Blueprint("replications", __name__, url_prefix="/operation/replications/v1/organizations/<organization_id>")
_WRITE = "sfcc.granular-replications.rw"
_READ = ("sfcc.granular-replications", _WRITE)
_REFUSALS = {
    ReplicationRunning: "replication-running",
    TooManyQueued: "too-many-queued",
    QueuedTwice: "published-twice",
}


@blueprint.get("/granular-processes")
@admin(*_READ, query=("limit", "offset"))
def processes() -> Response:
    _on_staging()
    wanted = page(default=20, maximum=200)
    rows = world().office.replications.all()
    shown = documents(wanted.of(rows), world().clock.now())
    return answer({"limit": wanted.limit, "offset": wanted.offset, "total": len(rows), "data": shown})


@blueprint.post("/granular-processes")
@admin(_WRITE)
def publish() -> Response:
    _on_staging()
    item, work = _item(request.get_json(silent=True, force=True))
    process_id = opaque_id("x", world().new_id(), length=28)
    try:
        world().office.replications.queue(process_id, item, grant().client_id, work)
    except (ReplicationRunning, TooManyQueued, QueuedTwice) as error:
        raise Problem(_REFUSALS[type(error)]) from error
    return answer({"id": process_id}, 201)


@blueprint.get("/granular-processes/<process_id>")
@admin(*_READ)
def process(process_id: str) -> Response:
    found = world().office.replications.get(process_id)
    if found is None:
        raise Problem("process-not-found")
    return answer(found.document(world().clock.now()))


def _on_staging() -> None:
    if not world().state.libraries.staged:
        raise Problem("not-on-staging")


def _item(sent: Any) -> tuple[dict[str, Any], Callable[[], bool]]:
    """The item a request names, and what copies it. Raises the problems invalid-request-body and item-not-found."""
    if not isinstance(sent, dict) or len(sent) != 1:
        raise Problem("invalid-request-body")
    ((kind, members),) = sent.items()
    finder = _FINDERS.get(kind)
    if finder is None or not isinstance(members, dict) or not all(isinstance(part, str) for part in members.values()):
        raise Problem("invalid-request-body")
    return {kind: members}, finder(world().state, members)


def _product(state: State, members: dict[str, str]) -> Callable[[], bool]:
    _only(members, "productId")
    product_id = members["productId"]
    if state.edited_products.get(product_id) is None and state.products.get(product_id) is None:
        raise Problem("item-not-found")
    return lambda: published(state, product_id)


def _price_table(state: State, members: dict[str, str]) -> Callable[[], bool]:
    """Price tables are named by the currency of their price book here."""
    _only(members, "priceTableId")
    wanted = members["priceTableId"].casefold()
    if not any(wanted == site.currency.casefold() for site in state.sites.values()):
        raise Problem("item-not-found")
    return lambda: True


def _content_asset(state: State, members: dict[str, str]) -> Callable[[], bool]:
    owner = {"private": "siteId", "shared": "libraryId"}.get(members.get("type", ""))
    if owner is None:
        raise Problem("invalid-request-body")
    _only(members, "contentId", "type", owner)
    library_id, content_id = members[owner], members["contentId"]
    edited, live = state.libraries.edited.get(library_id), state.libraries.live.get(library_id)
    if (
        edited is None
        or live is None
        or (edited.assets.get(content_id) is None and live.assets.get(content_id) is None)
    ):
        raise Problem("item-not-found")
    return lambda: state.libraries.publish(library_id, content_id)


def _only(members: dict[str, str], *names: str) -> None:
    if members.keys() != set(names):
        raise Problem("invalid-request-body")


_FINDERS: dict[str, Callable[[State, dict[str, str]], Callable[[], bool]]] = {
    "product": _product,
    "priceTable": _price_table,
    "contentAsset": _content_asset,
}
