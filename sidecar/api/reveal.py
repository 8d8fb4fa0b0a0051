"""``POST /v1/reveal``: one masked value in full, for a viewer whose role allows it, after the access log took note."""

from __future__ import annotations

from dataclasses import asdict, replace

from flask import Blueprint, Response, g, jsonify, request

from sidecar.api.auth import Gate, requires
from sidecar.api.bodies import loaded, raw_json
from sidecar.api.documents import described, documented_blueprint
from sidecar.api.looks import entry, subject_of
from sidecar.api.problems import invalid, rate_limited
from sidecar.api.schemas import RevealRequestSchema
from sidecar.audit import Caller, Subject, called_by
from sidecar.context import Revealed, RevealRequest
from sidecar.errors import NotPermitted
from sidecar.services import Services

SCOPE = "reveal"
_REFUSALS = (
    "malformed",
    "unauthorized",
    "forbidden",
    "not_permitted",
    "not_found",
    "ambiguous",
    "body_too_large",
    "unsupported_media_type",
    "invalid",
    "rate_limited",
    "internal",
    "upstream_failed",
    "audit_unavailable",
    "upstream_timeout",
)


def blueprint(services: Services, gate: Gate) -> Blueprint:
    """The reveal endpoint."""
    routes = documented_blueprint("reveal", "Masked values in full.")
    schema = RevealRequestSchema()

    @routes.route("/v1/reveal", methods=["POST"])
    @described(
        summary="Reveal a masked value", answer="Revealed", refusals=_REFUSALS, scope=SCOPE, body=RevealRequestSchema
    )
    @requires(gate, SCOPE)
    def reveal() -> Response:
        """The e-mail address or phone number in full. Recorded before it is answered; not answered if not recorded."""
        asked: RevealRequest = loaded(schema, raw_json())
        return shown(revealed(services, asked, client=g.token.client))

    return routes


def revealed(services: Services, asked: RevealRequest, *, client: str) -> Revealed:
    """The value, recorded. Raises Problem (429, 422 without a required reason) and the errors of the context room."""
    wait = services.reveal_rates.wait_s((client, asked.viewer.user))
    if wait:
        raise rate_limited(wait)
    if services.settings.reveal_reason_required and not asked.reason:
        raise invalid([("reason", "Say why the value is needed.")])
    asked = replace(asked, ref=request.environ["sidecar.ref"])
    subject = subject_of(asked.identity)
    if subject is None:
        raise invalid([("identity", "Name a customer_no, an email or an order_no.")])
    with called_by(Caller(ip=request.remote_addr or "", client=client, subject=subject)):
        try:
            return services.context.reveal(asked)
        except NotPermitted:
            _note_refusal(services, asked, subject, client)
            raise


def shown(value: Revealed) -> Response:
    return jsonify(asdict(value))


def _note_refusal(services: Services, asked: RevealRequest, subject: Subject, client: str) -> None:
    services.access_log.write(
        entry(
            "reveal",
            subject,
            viewer=asked.viewer,
            case=asked.case,
            result="refused",
            field_name=asked.field,
            reason=asked.reason or "",
            ip=request.remote_addr or "",
            client=client,
            ref=asked.ref or "",
        )
    )
