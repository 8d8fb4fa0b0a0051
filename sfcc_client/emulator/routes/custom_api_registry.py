"""Custom APIs 1.0.1 (dx/custom-apis): which endpoints the active code version registers."""

from __future__ import annotations

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.custom_apis import endpoints
from sfcc_client.emulator.world import world

blueprint = Blueprint("custom_api_registry", __name__, url_prefix="/dx/custom-apis/v1/organizations/<organization_id>")
_STATUSES = ("active", "not_registered")


@blueprint.get("/endpoints")
@admin("sfcc.custom-apis", query=("status",))
def custom_api_endpoints() -> Response:
    office = world().office
    status = request.args.get("status")
    if status is not None and status not in _STATUSES:
        raise Problem("bad-request", detail=f"The value '{status}' of the parameter 'status' is unknown.")
    rows = endpoints(office.files, office.code_versions, office.sites)
    rows = [row for row in rows if status in (None, row["status"])]
    filtered = {"filter": {"status": status}} if status else {}
    active = {"activeCodeVersion": office.code_versions.active} if office.code_versions.active else {}
    return answer({"limit": max(1, len(rows)), "total": len(rows), **filtered, **active, "data": rows})
