"""``POST /v1/context``: the whole context of a case in one answer.

POST, because the identity is personal data and must not stand in a URL. A body that was answered a moment ago is
answered in front of this, by the fast lane.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, g, request

from sidecar.api.answers import answered
from sidecar.api.auth import Gate, requires
from sidecar.api.bodies import loaded, raw_json
from sidecar.api.documents import described, documented_blueprint
from sidecar.api.fast_lane import PATH, SCOPE
from sidecar.api.looks import looks
from sidecar.api.recently import Recently
from sidecar.api.schemas import ContextRequestSchema
from sidecar.audit import Action
from sidecar.context import ContextRequest
from sidecar.services import Services

_REFUSALS = (
    "malformed",
    "unauthorized",
    "forbidden",
    "body_too_large",
    "unsupported_media_type",
    "invalid",
    "unknown_site",
    "bad_cursor",
    "rate_limited",
    "internal",
    "overloaded",
)


def blueprint(services: Services, gate: Gate, logged: Recently) -> Blueprint:
    """The context endpoint; `logged` is shared with the fast lane in front of it."""
    routes = documented_blueprint("context", "The context of a case.")
    schema = ContextRequestSchema()

    @routes.route(PATH, methods=["POST"])
    @described(
        summary="Read the context of a case",
        answer="Envelope",
        refusals=_REFUSALS,
        scope=SCOPE,
        body=ContextRequestSchema,
        conditional=True,
    )
    @requires(gate, SCOPE)
    def read_context() -> Response:
        """Everything known about the shopper of a case; a slow or failing upstream costs only its section."""
        raw, client = raw_json(), g.token.client
        asked = replace(loaded_request(raw), ref=request.environ["sidecar.ref"])
        answer = services.context.read_raw(raw, client)
        if answer is None:
            answer = services.context.read(asked, raw_body=raw, principal_key=client)
        action: Action = "live" if asked.mode == "live" else "view"
        entries = looks(answer, asked, action=action, ip=request.remote_addr or "", client=client)
        if entries:
            services.access_log.note(*entries)
        logged.remember(raw, client)
        return answered(answer)

    def loaded_request(raw: bytes) -> ContextRequest:
        asked: ContextRequest = loaded(schema, raw)
        return asked

    return routes
