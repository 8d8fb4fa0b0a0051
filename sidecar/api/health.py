"""For the platform the sidecar runs on: ``/healthz`` (alive), ``/readyz`` (can work), ``/metrics`` (Prometheus)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from sidecar.api.documents import described, documented_blueprint
from sidecar.services import Services


def blueprint(services: Services) -> Blueprint:
    """The three operational endpoints; none needs a token, none names a customer."""
    routes = documented_blueprint("health", "Operation.")

    @routes.route("/healthz")
    @described(summary="Alive", answer="Alive", refusals=())
    def alive() -> Response:
        """200 as long as requests are answered."""
        return jsonify(status="ok")

    @routes.route("/readyz")
    @described(summary="Ready", answer="Readiness", refusals=())
    def ready() -> tuple[Response, int]:
        """200 when Commerce lets the sidecar in and the access log can be written; 503 with the failing check."""
        report = services.readiness.report()
        return jsonify(ready=report.ready, checks=dict(report.checks)), 200 if report.ready else 503

    @routes.route("/metrics")
    @described(summary="Metrics", answer="Metrics", refusals=())
    def metrics() -> Response:
        """Counters and timings in the Prometheus text format."""
        return Response(services.metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

    return routes
