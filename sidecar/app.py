"""The WSGI application: every blueprint behind one edge."""

from __future__ import annotations

from wsgiref.types import WSGIApplication

from flask import Flask, request

from sidecar.api import (
    context,
    customers,
    docs,
    event_types,
    events,
    health,
    panel,
    panel_links,
    problems,
    reveal,
    sources,
)
from sidecar.api.auth import Gate
from sidecar.api.bodies import MAX_BYTES
from sidecar.api.documents import documented_api
from sidecar.api.edge import ROUTE, Edge
from sidecar.api.event_lane import EventLane
from sidecar.api.fast_lane import FastLane
from sidecar.api.recently import Recently
from sidecar.services import Services


def create_app(services: Services) -> Flask:
    """The application for `services`, which the caller closes."""
    app = Flask("sidecar", static_folder=None)
    app.config.update(
        API_TITLE="Agent-context sidecar",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=MAX_BYTES,
        PROVIDE_AUTOMATIC_OPTIONS=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    api = documented_api(app)
    gate = Gate(services.tokens, services.request_rates)
    logged = Recently(services.clock)
    api.register_blueprint(context.blueprint(services, gate, logged))
    api.register_blueprint(customers.blueprint(services, gate, logged))
    for room in (reveal, panel_links):
        api.register_blueprint(room.blueprint(services, gate))
    if services.intake is not None and services.signatures is not None:
        api.register_blueprint(events.blueprint(services.intake, gate))
        api.register_blueprint(sources.blueprint(services.intake, services.settings, services.clock))
        api.register_blueprint(event_types.blueprint(services.intake, public_url=services.settings.public_url))
    api.register_blueprint(health.blueprint(services))
    app.register_blueprint(panel.blueprint(services))
    app.register_blueprint(docs.blueprint(api.spec, takes_events=services.intake is not None))
    problems.register(app)

    @app.before_request
    def name_route() -> None:
        """The route's template for metrics and log, where a path may hold a customer number."""
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule

    lane: WSGIApplication = FastLane(app.wsgi_app, context=services.context, gate=gate, logged=logged)
    if services.intake is not None and services.signatures is not None:
        lane = EventLane(lane, intake=services.intake, signatures=services.signatures)
    settings = services.settings
    https = settings.public_url.startswith("https://")
    edge = Edge(lane, metrics=services.metrics, access_log=settings.access_log, https=https)
    app.wsgi_app = edge  # type: ignore[method-assign]
    return app
