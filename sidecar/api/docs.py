"""``/docs``: the OpenAPI description as one page of plain HTML, without a script and without a request elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, NamedTuple

from flask import Blueprint, Response
from jinja2 import Environment

from sidecar.api.problems import KINDS
from sidecar.api.tokens import SCOPES

_REF = "#/components/schemas/"
_VERBS = ("get", "post", "put", "patch", "delete")


class Field(NamedTuple):
    """One member of a schema, as a row."""

    name: str
    type: str
    required: bool
    description: str


class Operation(NamedTuple):
    """One operation, ready to print."""

    verb: str
    path: str
    document: Mapping[str, Any]
    body: str | None


def blueprint(spec: Any, *, takes_events: bool = False) -> Blueprint:
    """The docs page of `spec` (an apispec.APISpec, complete once every blueprint is registered)."""
    routes = Blueprint("docs", __name__)
    style = _asset("docs.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_asset("docs.html"))
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"

    @routes.route("/docs")
    def show_docs() -> Response:
        """Every operation, what it takes and answers, every problem code, every scope."""
        document = spec.to_dict()
        body = template.render(
            style=style,
            info=document["info"],
            operations=list(_operations(document["paths"])),
            schemas={name: list(_fields(schema)) for name, schema in document["components"]["schemas"].items()},
            problems=KINDS,
            scopes=SCOPES,
            takes_events=takes_events,
        )
        headers = {"Content-Security-Policy": policy}
        return Response(body, headers=headers, content_type="text/html; charset=utf-8")

    @routes.route("/favicon.ico")
    def no_icon() -> Response:
        """Browsers ask for it on every page; an empty answer keeps their consoles clean."""
        return Response(status=204)

    return routes


def _asset(name: str) -> str:
    return resources.files("sidecar.api").joinpath("templates", name).read_text(encoding="utf-8")


def _operations(paths: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in paths.items():
        for verb in _VERBS:
            if verb in item:
                body = item[verb].get("requestBody")
                schema = body["content"]["application/json"]["schema"] if body else None
                yield Operation(verb.upper(), path, item[verb], _type(schema) if schema else None)


def _fields(schema: Mapping[str, Any]) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield Field(name, _type(member), name in required, member.get("description", ""))


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: the name it refers to, its type, its choices."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(_type(one) for one in schema[several])
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("type", "any")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
