"""``POST /v1/events``: signed events of the shop. ``POST /v1/changes``: ServiceNow's doorbell."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from marshmallow import ValidationError

from sidecar.api.auth import Gate, requires
from sidecar.api.bodies import loaded, raw_json, refused
from sidecar.api.documents import described, documented_blueprint
from sidecar.api.event_lane import REFUSED, accepted
from sidecar.api.schemas import ChangeSchema
from sidecar.events.envelope import EventSchema
from sidecar.intake import Intake

SCOPE = "changes"
_REFUSALS = (
    "malformed",
    "id_taken",
    "body_too_large",
    "unsupported_media_type",
    "invalid",
    "unknown_type",
    "internal",
    "overloaded",
    "store_unavailable",
)
_OF_SHOP = ("not_signed", "unknown_version", "unknown_site")
_OF_TOKEN = ("unauthorized", "forbidden", "rate_limited")


def blueprint(intake: Intake, gate: Gate) -> Blueprint:
    """Both doors."""
    routes = documented_blueprint("events", "Events in.")
    change = ChangeSchema()

    @routes.route("/v1/events", methods=["POST"])
    @described(
        summary="Take an event",
        answer="Accepted",
        refusals=(*_REFUSALS, *_OF_SHOP),
        body=EventSchema,
        status=202,
    )
    def take_event() -> tuple[Response, int]:
        """Signed as in Standard Webhooks 1.0.0 (webhook-id, webhook-timestamp, webhook-signature), or with X-SN-Key-Id,
        X-SN-Event-Id, X-SN-Timestamp and X-SN-Signature. Accepted means stored; what is sent again is stored once.
        """
        # Those that can be taken were taken before: see EventLane.
        error: Exception = request.environ[REFUSED]
        raise refused(error) if isinstance(error, ValidationError) else error

    @routes.route("/v1/changes", methods=["POST"])
    @described(
        summary="Say that a record changed",
        answer="Accepted",
        refusals=(*_REFUSALS, *_OF_TOKEN),
        scope=SCOPE,
        body=ChangeSchema,
        status=202,
    )
    @requires(gate, SCOPE)
    def take_change() -> tuple[Response, int]:
        """Ids only; the sidecar reads the record itself."""
        told = loaded(change, raw_json())
        try:
            return jsonify(accepted(intake.changed(told))), 202
        except ValidationError as error:
            raise refused(error) from error

    return routes


def header(name: str) -> str:
    """A header of the current request, "" when it was not sent."""
    return str(request.headers.get(name, ""))
