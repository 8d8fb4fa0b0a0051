"""Scripted REST: the addresses of services and resources, made of namespace, service, version and relative path."""

from __future__ import annotations

import re

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, hook
from snow_app.emulator.model import GLOBAL_SCOPE, Row


@hook(BEFORE, "sys_ws_definition", "insert", "update")
def address_service(write: Write) -> None:
    """The namespace is the application's scope, in Global the company code."""
    row, instance = write.current, write.session.instance
    if not row.get("service_id"):
        row["service_id"] = re.sub(r"\W+", "_", row.get("name", "").strip().lower())
    if not row.get("namespace"):
        scope = instance.records.get("sys_scope", row.get("sys_scope", ""))
        own = scope["scope"] if scope else GLOBAL_SCOPE
        row["namespace"] = own if own != GLOBAL_SCOPE else instance.property("glide.appcreator.company.code", "") or ""
    row["base_uri"] = f"/api/{row['namespace']}/{row['service_id']}"


@hook(BEFORE, "sys_ws_operation", "insert", "update")
def address_resource(write: Write) -> None:
    row, records = write.current, write.session.instance.records
    row["http_method"] = row.get("http_method", "").upper()
    if not row.get("relative_path", "").startswith("/"):
        row["relative_path"] = f"/{row.get('relative_path', '')}"
    service = records.get("sys_ws_definition", row.get("web_service_definition", ""))
    if service:
        version = records.get("sys_ws_version", row.get("web_service_version", ""))
        row["operation_uri"] = _address(service, version, row["relative_path"])
        row["default_operation_uri"] = (
            _address(service, None, row["relative_path"]) if version and version["is_default"] == "true" else ""
        )


@hook(BEFORE, "sys_ws_version", "insert", "update")
def name_version(write: Write) -> None:
    row = write.current
    row["version_id"] = f"v{row['version']}" if row.get("version") else row.get("version_id", "")


@hook(AFTER, "sys_ws_definition", "update")
@hook(AFTER, "sys_ws_version", "update")
def readdress_resources(write: Write) -> None:
    """Resources move with their service and version."""
    session = write.session
    column = "web_service_version" if write.table == "sys_ws_version" else "web_service_definition"
    for row in session.instance.records.all("sys_ws_operation", **{column: write.current["sys_id"]}):
        # Without its address a resource gets a new one.
        session.update("sys_ws_operation", row["sys_id"], {"operation_uri": ""}, workflow=False, acl=False)


def _address(service: Row, version: Row | None, relative_path: str) -> str:
    versioned = f"/{version['version_id']}" if version and service.get("is_versioned") == "true" else ""
    return f"/api/{service['namespace']}{versioned}/{service['service_id']}{relative_path.removesuffix('/')}"
