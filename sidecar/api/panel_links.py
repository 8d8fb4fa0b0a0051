"""``POST /v1/panel-links``: a link to the panel page, for one viewer of one case, good for two minutes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from sidecar.api.auth import Gate, requires
from sidecar.api.bodies import loaded, raw_json
from sidecar.api.documents import described, documented_blueprint
from sidecar.api.looks import entry, subject_of
from sidecar.api.schemas import PanelLinkRequestSchema
from sidecar.context import CaseRef, Identity, Viewer
from sidecar.services import Services

SCOPE = "panel:link"
AUDIENCE = "panel"
_REFUSALS = (
    "malformed",
    "unauthorized",
    "forbidden",
    "body_too_large",
    "unsupported_media_type",
    "invalid",
    "rate_limited",
    "internal",
    "audit_unavailable",
)


def blueprint(services: Services, gate: Gate) -> Blueprint:
    """The panel-links endpoint."""
    routes = documented_blueprint("panel-links", "Links to the panel page.")
    schema = PanelLinkRequestSchema()

    @routes.route("/v1/panel-links", methods=["POST"])
    @described(
        summary="Make a link to the panel page",
        answer="PanelLink",
        refusals=_REFUSALS,
        scope=SCOPE,
        body=PanelLinkRequestSchema,
    )
    @requires(gate, SCOPE)
    def make_link() -> Response:
        """Nothing in the link can be read; it opens this case's panel for this viewer until it expires."""
        asked = loaded(schema, raw_json())
        client, lifetime = g.token.client, services.settings.link_lifetime_s
        subject = subject_of(asked["identity"])
        if subject is not None:
            services.access_log.write(
                entry(
                    "panel_link",
                    subject,
                    viewer=asked["viewer"],
                    case=asked["case"],
                    result="done",
                    ip=request.remote_addr or "",
                    client=client,
                    ref=request.environ["sidecar.ref"],
                )
            )
        token = services.signer.token(_claims(asked, client), audience=AUDIENCE, lifetime_s=lifetime)
        base = services.settings.public_url or request.host_url.rstrip("/")
        return jsonify(url=f"{base}/panel?t={token}", expires_in_s=lifetime)

    return routes


def _claims(asked: dict[str, Any], client: str) -> dict[str, Any]:
    named = {name: value for name, value in asdict(asked["identity"]).items() if value}
    return {"id": named, "case": asdict(asked["case"]), "viewer": asdict(asked["viewer"]), "client": client}


def claimed(claims: dict[str, Any]) -> tuple[Identity, CaseRef, Viewer, str]:
    """What a link was made for."""
    viewer = Viewer(**{**claims["viewer"], "roles": tuple(claims["viewer"]["roles"])})
    return Identity(**claims["id"]), CaseRef(**claims["case"]), viewer, claims["client"]
