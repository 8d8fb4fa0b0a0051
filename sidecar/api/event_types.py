"""``GET /v1/event-types`` and ``/asyncapi.json``: what may be sent. Neither needs a token, neither names a customer."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from sidecar.api.documents import described, documented_blueprint
from sidecar.events import catalog
from sidecar.intake import Intake


def blueprint(intake: Intake, *, public_url: str) -> Blueprint:
    """Both documents, made once."""
    routes = documented_blueprint("event-types", "What may be sent.")
    listed = catalog.listed(intake.types)

    @routes.route("/v1/event-types")
    @described(summary="List the types of events", answer="EventTypes", refusals=())
    def list_types() -> Response:
        """Every type in every version, with the JSON Schema of its data and an example."""
        return jsonify(eventTypes=listed)

    @routes.route("/asyncapi.json")
    @described(summary="Describe the events", answer="AsyncApi", refusals=())
    def describe() -> Response:
        """The same as AsyncAPI 3.0.0."""
        return jsonify(catalog.asyncapi(intake.types, url=public_url or request.host_url.rstrip("/")))

    return routes
