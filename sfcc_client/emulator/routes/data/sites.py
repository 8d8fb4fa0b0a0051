"""OCAPI Data: sites and the search for them."""

from __future__ import annotations

from typing import Any

from flask import Response

from sfcc_client.emulator.query import Fields
from sfcc_client.emulator.routes.data.door import blueprint, fault, link, listed, one, searched
from sfcc_client.emulator.routes.data.members import snake_members
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

FIELDS: Fields = {
    "id": lambda site: site["id"],
    "display_name": lambda site: site["display_name"]["default"],
    "description": lambda site: site["description"]["default"],
    "in_deletion": lambda site: site["in_deletion"],
}


@blueprint.get("/sites")
def sites() -> Response:
    return listed("sites", "site", _all())


@blueprint.get("/sites/<site_id>")
def site(site_id: str) -> Response:
    found = world().office.sites.get(site_id)
    if found is None:
        raise fault(404, "SiteNotFoundException", f"No site with ID '{site_id}' was found.", siteId=site_id)
    return one("site", _shown(found))


@blueprint.post("/site_search")
def site_search() -> Response:
    return searched("site_search_result", "site", _all(), FIELDS, "id")


def _all() -> list[dict[str, Any]]:
    return [_shown(row) for row in world().office.sites.all()]


def _shown(site: Document) -> dict[str, Any]:
    document = snake_members({name: part for name, part in site.items() if name != "customCartridges"})
    list_id = site["customerListLink"]["customerListId"]
    customers = {"customer_list_id": list_id, "title": {"default": list_id}, "link": link(f"/customer_lists/{list_id}")}
    return {**document, "customer_list_link": customers, "link": link(f"/sites/{site['id']}")}
