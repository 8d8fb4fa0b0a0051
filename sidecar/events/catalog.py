"""What may be sent, for those who send it: each type with its JSON Schema, and all of them as AsyncAPI 3.0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from sidecar.events.envelope import EventSchema
from sidecar.events.event import EventType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PATH = "/v1/events"


def json_schema(schema: type[Schema]) -> dict[str, Any]:
    """A schema as JSON Schema, complete in itself."""
    plugin = MarshmallowPlugin(schema_name_resolver=_inline)
    APISpec("", "", "3.1.0", plugins=[plugin])
    converter = plugin.converter
    if converter is None:
        raise TypeError("apispec did not set its converter up.")
    found: dict[str, Any] = _portable(converter.schema2jsonschema(schema()))  # type: ignore[no-untyped-call]
    return found


def _inline(_schema: Any) -> Any:
    """No name: apispec then writes a nested schema where it stands."""
    return None


def listed(kinds: Iterable[EventType]) -> list[dict[str, Any]]:
    """Every type in every version, with the schema of its `data` and a complete example."""
    return [
        {
            "type": kind.name,
            "schemaVersion": kind.version,
            "summary": kind.summary,
            "schema": {"$schema": DIALECT, **json_schema(kind.schema)},
            "example": example(kind),
        }
        for kind in kinds
    ]


def example(kind: EventType) -> dict[str, Any]:
    """One event on the wire."""
    return {
        "id": f"{kind.name}:00000001",
        "type": kind.name,
        "specversion": "1.0",
        "time": "2026-03-02T09:00:00Z",
        "source": {"realm": "zzrf", "instance": "zzrf_001", "site": "RefArch"},
        "schemaVersion": kind.version,
        "data": dict(kind.example),
    }


def asyncapi(kinds: Iterable[EventType], *, url: str) -> dict[str, Any]:
    """The AsyncAPI 3.0.0 document of a sidecar that is reached at `url`."""
    known = {f"{kind.name}.v{kind.version}": kind for kind in kinds}
    scheme, _, host = url.partition("://")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events into the sidecar",
            "version": "1.0.0",
            "description": "Each event is one signed POST (Standard Webhooks 1.0.0). 202 means stored.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "sidecar": {"host": host, "protocol": scheme, "security": [{"$ref": _at("securitySchemes", "webhook")}]}
        },
        "channels": {
            "events": {
                "address": PATH,
                "servers": [{"$ref": "#/servers/sidecar"}],
                "messages": {name: {"$ref": _at("messages", name)} for name in known},
                "bindings": {"http": {}},
            }
        },
        "operations": {
            "takeEvent": {
                "action": "receive",
                "channel": {"$ref": "#/channels/events"},
                "summary": "The sidecar takes an event.",
                "messages": [{"$ref": f"#/channels/events/messages/{name}"} for name in known],
                "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
            }
        },
        "components": {
            "securitySchemes": {
                "webhook": {
                    "type": "httpApiKey",
                    "name": "webhook-signature",
                    "in": "header",
                    "description": "HMAC-SHA256 over webhook-id, webhook-timestamp and the body.",
                }
            },
            "messages": {name: _message(name, kind) for name, kind in known.items()},
            "schemas": {name: _on_the_wire(kind) for name, kind in known.items()},
        },
    }


def _message(name: str, kind: EventType) -> dict[str, Any]:
    return {
        "name": kind.name,
        "title": f"{kind.name}, version {kind.version}",
        "summary": kind.summary,
        "contentType": "application/json",
        "payload": {"$ref": _at("schemas", name)},
        "examples": [{"name": "complete", "payload": example(kind)}],
    }


def _on_the_wire(kind: EventType) -> dict[str, Any]:
    """The envelope with this type's `data` in it."""
    schema = json_schema(EventSchema)
    members = schema["properties"]
    members["type"] = {"const": kind.name}
    members["schemaVersion"] = {"const": kind.version}
    members["data"] = json_schema(kind.schema)
    return schema


def _at(group: str, name: str) -> str:
    return f"#/components/{group}/{name}"


def _portable(found: Any) -> Any:
    r"""Plain dicts and lists, with Python's ``\Z`` in patterns as every other language writes it."""
    if isinstance(found, Mapping):
        return {name: _portable(value) for name, value in found.items()}
    if isinstance(found, list | tuple):
        return [_portable(value) for value in found]
    return found.replace(r"\Z", "$") if isinstance(found, str) else found
