"""Which custom APIs the active code version registers: every endpoint of every ``rest-apis`` folder, on every site.

The description of an API, ``schema.yaml``, is read as far as an endpoint needs: paths, methods, operation ids and
security schemes, written in block style as the platform's own examples are.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sfcc_client.emulator.office.code_versions import ROOT, CodeVersions
from sfcc_client.emulator.office.files import Files, Path
from sfcc_client.emulator.office.sites import Sites

_NAMES = uuid.UUID("0d9c6a57-8b7e-4f7c-9d36-6d1a7f3f5e21")
_METHODS = frozenset({"get", "put", "post", "delete", "patch", "options", "head"})
_LINE = re.compile(r"^(?P<indent> *)(?:- )?(?P<name>[^\s:#][^:]*):(?:\s+(?P<value>.*))?$")
_SCHEMES = ("ShopperToken", "AmOAuth2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of a description."""

    path: str
    method: str
    operation_id: str
    scheme: str | None


def operations(description: str) -> list[Operation]:
    """The operations a ``schema.yaml`` describes; those without an operation id are left out."""
    found: list[Operation] = []
    section = path = method = operation_id = ""
    scheme: str | None = None

    def finish() -> None:
        if method and operation_id:
            found.append(Operation(path=path, method=method, operation_id=operation_id, scheme=scheme))

    for line in description.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        depth, name, value = len(match["indent"]), match["name"].strip("'\""), (match["value"] or "").strip()
        if depth == 0:
            finish()
            section, method = name, ""
        elif section != "paths":
            continue
        elif depth == 2:
            finish()
            path, method = name, ""
        elif depth == 4 and name in _METHODS:
            finish()
            method, operation_id, scheme = name.upper(), "", None
        elif name == "operationId":
            operation_id = value.strip("'\"")
        elif name in _SCHEMES:
            scheme = name
    finish()
    return found


def endpoints(files: Files, versions: CodeVersions, sites: Sites) -> list[dict[str, Any]]:
    """Custom APIs 1.0.1, schema CustomApiEndpoint, in the order sites, cartridge path, APIs, endpoints."""
    active = versions.active
    if active is None:
        return []
    return [
        {**endpoint, "siteId": site["id"], "id": str(uuid.uuid5(_NAMES, f"{site['id']}{endpoint}"))}
        for site in sites.all()
        for cartridge in sites.cartridges_of(site["id"])
        for endpoint in _of_cartridge(files, (ROOT, active, cartridge))
    ]


def _of_cartridge(files: Files, cartridge: Path) -> Iterator[dict[str, Any]]:
    folder = (*cartridge, "cartridge", "rest-apis")
    for api in files.children(folder):
        content = files.get((*api.path, "api.json"))
        try:
            declared = json.loads(content.content or b"") if content is not None else {}
        except ValueError:
            declared = {}
        rows = declared.get("endpoints") if isinstance(declared, dict) else None
        for row in rows if isinstance(rows, list) else ():
            yield from _endpoint(files, api.path, cartridge[-1], row)


def _endpoint(files: Files, api: Path, cartridge: str, row: dict[str, str]) -> Iterator[dict[str, Any]]:
    schema_file, script = row.get("schema", "schema.yaml"), row.get("implementation", "script")
    common = {
        "apiName": api[-1],
        "apiVersion": "v1",
        "cartridgeName": cartridge,
        "schemaFile": schema_file,
        "implementationScript": f"{script}.js",
    }
    description = files.get((*api, schema_file))
    text = (description.content or b"").decode("utf-8", "replace") if description is not None else ""
    for operation in operations(text):
        if operation.operation_id == row.get("endpoint"):
            reason = _reason(files, api, script, operation)
            outcome = {"status": "not_registered", "errorReason": reason} if reason else {"status": "active"}
            scheme = {"securityScheme": operation.scheme} if operation.scheme else {}
            yield {
                **common,
                "endpointPath": operation.path,
                "httpMethod": operation.method,
                "operationId": operation.operation_id,
                **scheme,
                **outcome,
            }
            return
    missing = f"{schema_file} describes no operation '{row.get('endpoint')}'."
    yield {**common, "operationId": str(row.get("endpoint")), "status": "not_registered", "errorReason": missing}


def _reason(files: Files, api: Path, script: str, operation: Operation) -> str | None:
    if files.get((*api, f"{script}.js")) is None:
        return f"The script '{script}.js' is missing."
    return None if operation.scheme else "The operation names no security scheme."
