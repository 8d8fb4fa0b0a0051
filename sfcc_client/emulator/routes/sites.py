"""Sites 1.3.0 (site/sites): the sites, the search for them, and their cartridge paths."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.sites import CartridgePathInvalid
from sfcc_client.emulator.parameters import page
from sfcc_client.emulator.query import Fields
from sfcc_client.emulator.routes.searching import searched
from sfcc_client.emulator.selector import selected
from sfcc_client.emulator.world import world

blueprint = Blueprint("sites", __name__, url_prefix="/site/sites/v1/organizations/<organization_id>")
_WRITE = "sfcc.sites.rw"
_READ = ("sfcc.sites", _WRITE)
_PATH = "/sites/<site_id>/custom-cartridges"
_FIELDS: Fields = {
    "id": lambda site: site["id"],
    "displayName": lambda site: site["displayName"]["default"],
    "description": lambda site: site["description"]["default"],
    "inDeletion": lambda site: site["inDeletion"],
}


@blueprint.get("/sites")
@admin(*_READ, query=("select", "limit", "offset"))
def sites() -> Response:
    """The description limits how many sites a page has, and not how deep it lies."""
    rows = world().office.sites.all()
    wanted = page(default=25, maximum=50, depth=None)
    standing = {"limit": wanted.limit, "offset": wanted.offset, "total": len(rows)}
    document: dict[str, Any] = {**standing, "data": list(wanted.of(rows))}
    selector = request.args.get("select")
    return answer({**selected(document, selector), **standing} if selector else document)


@blueprint.get("/sites/<site_id>")
@admin(*_READ)
def site(site_id: str) -> Response:
    return answer(_existing(site_id))


@blueprint.post("/site-search")
@admin(*_READ)
def search() -> Response:
    return searched(world().office.sites.all(), _FIELDS, "id")


@blueprint.get(_PATH)
@admin(*_READ)
def custom_cartridges(site_id: str) -> Response:
    return answer({"customCartridges": _existing(site_id)["customCartridges"]})


@blueprint.put(_PATH)
@admin(_WRITE)
def put_custom_cartridges(site_id: str) -> Response:
    _existing(site_id)
    sent: Any = request.get_json(silent=True, force=True)
    path = sent.get("customCartridges") if isinstance(sent, dict) else None
    if not isinstance(path, str):
        raise Problem("wrong-type", path="$.customCartridges", expected="string")
    try:
        world().office.sites.set_cartridges(site_id, path)
    except CartridgePathInvalid as error:
        raise Problem("bad-request", detail="The path has to be cartridge names with colons between them.") from error
    return answer({"customCartridges": path})


def _existing(site_id: str) -> dict[str, Any]:
    found = world().office.sites.get(site_id)
    if found is None:
        raise Problem("site-not-found", siteId=site_id)
    return found
