"""OCAPI's description of itself: which APIs there are, in which versions. Everybody may read it."""

from __future__ import annotations

from flask import Blueprint, Response, request

from sfcc_client.emulator.answers import answer

blueprint = Blueprint("meta", __name__)
_VERSION = "25.6"
_APIS = ("data", "shop")


@blueprint.get("/s/-/dw/meta/v1/rest")
@blueprint.get("/dw/meta/v1/rest")
def apis() -> Response:
    """The current version of each API; older ones answer too."""
    root = request.base_url
    rows = [{"name": name, "link": f"{root}/{name}", "versions": [_shown(name)]} for name in _APIS]
    return answer({"_v": _VERSION, "apis": rows})


@blueprint.get("/s/-/dw/meta/v1/rest/<any(data, shop):name>")
@blueprint.get("/dw/meta/v1/rest/<any(data, shop):name>")
def api(name: str) -> Response:
    return answer({"_v": _VERSION, "name": name, "versions": [_shown(name)]})


def _shown(name: str) -> dict[str, str]:
    site = "-" if name == "data" else "{site_id}"
    path = f"/s/{site}/dw/{name}/v{_VERSION.replace('.', '_')}"
    return {"name": _VERSION, "status": "current", "base_url": request.host_url.rstrip("/") + path}
