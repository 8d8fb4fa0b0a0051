"""What the OpenAPI description says about answers, and how a view is described without wrapping it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Blueprint, Flask
from flask_smorest import Api  # type: ignore[import-untyped]
from flask_smorest import Blueprint as DocumentedBlueprint
from marshmallow import Schema

from sidecar.api.problems import KINDS, MEDIA_TYPE

View = TypeVar("View", bound=Callable[..., Any])

_TEXT = {"type": "string"}
_MONEY = {
    "type": "object",
    "description": "Amount as a decimal string, with its ISO 4217 currency.",
    "required": ["amount", "currency"],
    "properties": {"amount": _TEXT, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}},
}
_STATUSES = ["ok", "empty", "stale", "error", "forbidden", "disabled", "opted_out", "pending"]
_MATCHES = ["one", "many", "none", "guest", "no_identity", "pending"]

COMPONENTS: Mapping[str, dict[str, Any]] = {
    "Money": _MONEY,
    "Problem": {
        "type": "object",
        "description": "RFC 9457 problem details. `ref` is the reference to quote; `code` is stable.",
        "required": ["type", "title", "status", "detail", "code", "ref"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "code": {"type": "string", "enum": sorted(KINDS)},
            "ref": _TEXT,
            "scope": {"type": "string", "description": "The scope the token lacks."},
            "retry_after_s": {"type": "integer"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": {"field": _TEXT, "message": _TEXT},
                },
            },
        },
    },
    "Section": {
        "type": "object",
        "description": "One part of the context with its own status, age and source; `data` depends on the section.",
        "required": ["status"],
        "properties": {
            "status": {"type": "string", "enum": _STATUSES},
            "as_of": {"type": ["string", "null"], "format": "date-time"},
            "source": {"type": ["string", "null"], "enum": ["live", "cache", None]},
            "stale_after_s": {"type": ["number", "null"]},
            "data": {},
            "error": {
                "type": ["object", "null"],
                "properties": {
                    "code": _TEXT,
                    "retryable": {"type": "boolean"},
                    "retry_after_s": {"type": ["number", "null"]},
                    "ref": _TEXT,
                },
            },
            "role": {"type": ["string", "null"], "description": "The role that would show a forbidden section."},
        },
    },
    "Envelope": {
        "type": "object",
        "description": "The context of one case: who the shopper is, how sure that is, and the sections.",
        "required": ["v", "req", "generated_at", "mode", "customer", "sections"],
        "properties": {
            "v": {"type": "integer", "const": 1},
            "req": {"type": "string", "description": "Reference of the request."},
            "generated_at": {"type": "string", "format": "date-time"},
            "mode": {"type": "string", "enum": ["live", "cached"]},
            "customer": {
                "type": "object",
                "required": ["match"],
                "properties": {
                    "match": {"type": "string", "enum": _MATCHES},
                    "by": {"type": "array", "items": _TEXT},
                    "confidence": {"type": ["string", "null"], "enum": ["exact", "probable", None]},
                    "searched": {"type": "array", "items": {"type": "object"}},
                    "sites": {"type": "array", "items": _TEXT},
                    "candidates": {"type": "array", "items": {"type": "object"}},
                },
            },
            "viewer": {"type": "object"},
            "links": {"type": "object"},
            "sections": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Section"}},
        },
    },
    "Revealed": {
        "type": "object",
        "required": ["field", "value", "expires_in_s"],
        "properties": {
            "field": _TEXT,
            "value": _TEXT,
            "customer_no": {"type": ["string", "null"]},
            "site_id": {"type": ["string", "null"]},
            "expires_in_s": {"type": "integer"},
        },
    },
    "PanelLink": {
        "type": "object",
        "required": ["url", "expires_in_s"],
        "properties": {"url": {"type": "string", "format": "uri"}, "expires_in_s": {"type": "integer"}},
    },
    "Erased": {
        "type": "object",
        "required": ["access_log_entries", "cached_entries", "browsing_sites", "events"],
        "properties": {
            "access_log_entries": {"type": "integer"},
            "events": {"type": "integer"},
            "cached_entries": {"type": "integer"},
            "browsing_sites": {"type": "array", "items": {"type": "string"}},
        },
    },
    "Accepted": {
        "type": "object",
        "description": "The event is stored, not yet handled. Sent again, it is answered the same.",
        "required": ["id", "ref", "status"],
        "properties": {
            "id": _TEXT,
            "ref": {"type": "string", "description": "Short reference, which records made from the event carry."},
            "status": {"const": "accepted"},
        },
    },
    "Heard": {
        "type": "object",
        "description": "Every alert of the message is stored.",
        "required": ["refs"],
        "properties": {"refs": {"type": "array", "items": _TEXT}},
    },
    "StreamAnswer": {
        "type": "object",
        "description": "Amazon Data Firehose HTTP endpoint delivery, version 1.0; `errorMessage` when it is not 200.",
        "required": ["requestId", "timestamp"],
        "properties": {"requestId": _TEXT, "timestamp": {"type": "integer"}, "errorMessage": _TEXT},
    },
    "EventTypes": {
        "type": "object",
        "required": ["eventTypes"],
        "properties": {
            "eventTypes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["type", "schemaVersion", "summary", "schema", "example"],
                    "properties": {
                        "type": _TEXT,
                        "schemaVersion": {"type": "integer"},
                        "summary": _TEXT,
                        "schema": {"type": "object", "description": "JSON Schema 2020-12 of `data`."},
                        "example": {"type": "object"},
                    },
                },
            }
        },
    },
    "AsyncApi": {"type": "object", "description": "An AsyncAPI 3.0.0 document."},
    "Alive": {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}},
    "Metrics": {"type": "string"},
    "Readiness": {
        "type": "object",
        "required": ["ready", "checks"],
        "properties": {
            "ready": {"type": "boolean"},
            "checks": {"type": "object", "additionalProperties": _TEXT},
        },
    },
}

_CONDITIONAL = {
    "ETag": {"schema": _TEXT, "description": "Send it back as If-None-Match to get 304 instead of the same body."},
    "X-Cache": {"schema": {"type": "string", "enum": ["HIT", "STALE", "MISS"]}},
}
_IF_NONE_MATCH = {"in": "header", "name": "If-None-Match", "schema": _TEXT, "required": False}


SECURITY: Mapping[str, dict[str, str]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "id.secret"},
    "basic": {"type": "http", "scheme": "basic", "description": "id and secret of the same token"},
}


def documented_blueprint(name: str, description: str) -> Blueprint:
    """A blueprint whose described views appear in the OpenAPI description."""
    made: Blueprint = DocumentedBlueprint(name, __name__, description=description)
    return made


def documented_api(app: Flask) -> Any:
    """flask-smorest's Api of the application, which serves ``/openapi.json`` from what is registered with it."""
    api = Api(app)
    for name, component in COMPONENTS.items():
        api.spec.components.schema(name, component)
    for name, scheme in SECURITY.items():
        api.spec.components.security_scheme(name, scheme)
    return api


def described(
    *,
    summary: str,
    answer: str,
    refusals: tuple[str, ...],
    scope: str | None = None,
    body: type[Schema] | None = None,
    query: type[Schema] | None = None,
    conditional: bool = False,
    status: int = 200,
) -> Callable[[View], View]:
    """Describe a view. `answer` is a component, `refusals` are problem codes, `scope` what its token must have."""
    said = "What was asked for." if status == 200 else "It is done."
    responses: dict[str, Any] = {str(status): _json(answer, said)}
    if conditional:
        responses["200"]["headers"] = _CONDITIONAL
        responses["304"] = {"description": "The caller has this content already."}
    for code in refusals:
        kind = KINDS[code]
        seen = responses.get(str(kind.status))
        said = f"{seen['description']}; {kind.title} (`{code}`)" if seen else f"{kind.title} (`{code}`)"
        responses[str(kind.status)] = _json("Problem", said, MEDIA_TYPE)
    operation: dict[str, Any] = {"summary": summary, "responses": responses}
    if scope is not None:
        operation["security"] = [{"bearer": []}, {"basic": []}]
        operation["description"] = f"Needs a token with the scope `{scope}`."
    parameters: list[Any] = [_IF_NONE_MATCH] if conditional else []
    if query is not None:
        parameters.append({"in": "query", "schema": query})
    if parameters:
        operation["parameters"] = parameters
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}

    def with_document(view: View) -> View:
        # What flask-smorest's own decorator leaves on a view, without the wrapper that costs every call.
        view.__dict__["_apidoc"] = {"manual_doc": operation}
        return view

    return with_document


def _json(component: str, description: str, media_type: str = "application/json") -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{component}"}
    return {"description": description, "content": {media_type: {"schema": schema}}}
