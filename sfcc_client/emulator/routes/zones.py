"""CDN Zones 1.0 (cdn/zones): purging the cache of the zone, and nothing else of the embedded CDN."""

from __future__ import annotations

from flask import Blueprint, Response

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.bodies import Members, Rows, Text, body
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.edge import Purge
from sfcc_client.emulator.world import world

blueprint = Blueprint("zones", __name__, url_prefix="/cdn/zones/v1/organizations/<organization_id>")
_PURGE = Members(known={"path": Text(), "tags": Rows(of=Text())})


@blueprint.post("/zones/<zone_id>/cachepurge")
@admin("sfcc.cdn-zones.rw")
def purge(zone_id: str) -> Response:
    """A purge that was not done is a 200 too; the document says so."""
    edge, given = world().office.edge, body(_PURGE)
    if zone_id != edge.zone_id:
        raise Problem("resource-not-found")
    problem = edge.purge(Purge(path=given.get("path"), tags=tuple(given.get("tags", ()))))
    details = problem or "Cache purged successfully"
    return answer({"data": {"cachePurged": problem is None, "details": details}})
