"""Scripts 1.0.0 (dx/scripts): code versions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.code_versions import (
    CodeVersionFixed,
    CodeVersions,
    CodeVersionTaken,
    CodeVersionUnknown,
)
from sfcc_client.emulator.office.files import FileRefused
from sfcc_client.emulator.parameters import expands
from sfcc_client.emulator.world import world

blueprint = Blueprint("scripts", __name__, url_prefix="/dx/scripts/v1/organizations/<organization_id>")
_WRITE = "sfcc.scripts.rw"
_READ = ("sfcc.scripts", _WRITE)
_ONE = "/code-versions/<version_id>"
_LONGEST = 256


@blueprint.get("/code-versions")
@admin(*_READ, query=("expand",))
def code_versions() -> Response:
    rows = [_shown(version_id) for version_id in _versions().ids()]
    return answer({"limit": len(rows), "total": len(rows), "data": rows})


@blueprint.get(_ONE)
@admin(*_READ, query=("expand",))
def code_version(version_id: str) -> Response:
    try:
        return answer(_shown(version_id))
    except CodeVersionUnknown as error:
        raise Problem("code-version-not-found", version_id=version_id) from error


@blueprint.put(_ONE)
@admin(_WRITE)
def create(version_id: str) -> Response:
    _check_length(version_id)
    try:
        _versions().create(version_id)
    except CodeVersionTaken as error:
        raise Problem("code-version-exists", version_id=version_id) from error
    except FileRefused as error:
        raise Problem("bad-request", detail=str(error)) from error
    return answer(_shown(version_id), 201)


@blueprint.patch(_ONE)
@admin(_WRITE)
def change(version_id: str) -> Response:
    """Rename an inactive one (`id`), activate it (`active` true), or both."""
    sent: Any = request.get_json(silent=True, force=True)
    if not isinstance(sent, dict):
        raise Problem("wrong-type", path="$", expected="object")
    new_id = sent.get("id", version_id)
    if sent.get("active") is False or not isinstance(new_id, str) or not new_id:
        raise Problem("code-version-fixed", version_id=version_id)
    _check_length(new_id)
    try:
        _versions().get(version_id)
        if new_id != version_id:
            _versions().rename(version_id, new_id)
        if sent.get("active"):
            _versions().activate(new_id)
        return answer(_shown(new_id))
    except CodeVersionUnknown as error:
        raise Problem("code-version-not-found", version_id=version_id) from error
    except CodeVersionFixed as error:
        raise Problem("code-version-fixed", version_id=version_id) from error
    except CodeVersionTaken as error:
        raise Problem("code-version-exists", version_id=new_id) from error


@blueprint.delete(_ONE)
@admin(_WRITE)
def delete(version_id: str) -> Response:
    try:
        _versions().delete(version_id)
    except CodeVersionUnknown as error:
        raise Problem("code-version-not-found", version_id=version_id) from error
    except CodeVersionFixed as error:
        raise Problem("code-version-fixed", version_id=version_id) from error
    return Response(status=204)


def _check_length(version_id: str) -> None:
    if len(version_id) > _LONGEST:
        raise Problem("bad-request", detail=f"The id of a code version has at most {_LONGEST} characters.")


def _versions() -> CodeVersions:
    return world().office.code_versions


def _shown(version_id: str) -> dict[str, Any]:
    document = _versions().get(version_id)
    document["webDavUrl"] = f"{request.host_url}on/demandware.servlet/webdav/Sites/Cartridges/{version_id}"
    if expands("size"):
        document["totalSize"] = _versions().size_of(version_id)
    return document
