"""OCAPI Data: code versions."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from sfcc_client.emulator.errors import Fault
from sfcc_client.emulator.office.code_versions import (
    CodeVersionFixed,
    CodeVersions,
    CodeVersionTaken,
    CodeVersionUnknown,
)
from sfcc_client.emulator.office.files import FileRefused
from sfcc_client.emulator.orders import snake_case
from sfcc_client.emulator.routes.data.door import blueprint, body, fault, listed, nothing, one
from sfcc_client.emulator.world import world

_ONE = "/code_versions/<version_id>"


@blueprint.get("/code_versions")
def code_versions() -> Response:
    return listed("code_version_result", "code_version", [_shown(version_id) for version_id in _versions().ids()])


@blueprint.get(_ONE)
def code_version(version_id: str) -> Response:
    try:
        return one("code_version", _shown(version_id))
    except CodeVersionUnknown as error:
        raise _unknown(version_id) from error


@blueprint.put(_ONE)
def create_code_version(version_id: str) -> Response:
    try:
        _versions().create(version_id)
    except CodeVersionTaken as error:
        raise _taken(version_id) from error
    except FileRefused as error:
        raise fault(400, "InvalidParameterException", str(error), codeVersionId=version_id) from error
    return one("code_version", _shown(version_id))


@blueprint.patch(_ONE)
def change_code_version(version_id: str) -> Response:
    """Rename an inactive one (`id`), activate it (`active` true), or both."""
    wanted = body()
    new_id = wanted.get("id", version_id)
    if wanted.get("active") is False or not isinstance(new_id, str) or not new_id:
        raise _fixed(version_id, "updated")
    try:
        _versions().get(version_id)
        if new_id != version_id:
            _versions().rename(version_id, new_id)
        if wanted.get("active"):
            _versions().activate(new_id)
        return one("code_version", _shown(new_id))
    except CodeVersionUnknown as error:
        raise _unknown(version_id) from error
    except CodeVersionFixed as error:
        raise _fixed(version_id, "updated") from error
    except CodeVersionTaken as error:
        raise _taken(new_id) from error


@blueprint.delete(_ONE)
def delete_code_version(version_id: str) -> Response:
    try:
        _versions().delete(version_id)
    except CodeVersionUnknown as error:
        raise _unknown(version_id) from error
    except CodeVersionFixed as error:
        raise _fixed(version_id, "deleted") from error
    return nothing()


def _versions() -> CodeVersions:
    return world().office.code_versions


def _shown(version_id: str) -> dict[str, Any]:
    document: dict[str, Any] = snake_case(_versions().get(version_id))
    document["web_dav_url"] = f"{request.host_url}on/demandware.servlet/webdav/Sites/Cartridges/{version_id}"
    if "size" in request.args.get("expand", ""):
        document["total_size"] = _versions().size_of(version_id)
    return document


def _unknown(version_id: str) -> Fault:
    message = f"No code version with ID '{version_id}' was found."
    return fault(404, "CodeVersionIdNotFoundException", message, codeVersionId=version_id)


def _fixed(version_id: str, done: str) -> Fault:
    message = f"The code version '{version_id}' can't be {done}; the active one stays as it is."
    return fault(400, "CodeVersionModificationException", message, codeVersionId=version_id)


def _taken(version_id: str) -> Fault:
    message = f"A code version with ID '{version_id}' already exists."
    return fault(409, "CodeVersionIdAlreadyExistsException", message, codeVersionId=version_id)
