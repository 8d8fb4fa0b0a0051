"""``/v1/customers/{customer_no}``: one section for flows, and forgetting a customer altogether."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, request

from sidecar.api.answers import answered
from sidecar.api.auth import Gate, requires
from sidecar.api.bodies import query, validated
from sidecar.api.documents import described, documented_blueprint
from sidecar.api.problems import Problem
from sidecar.api.recently import Recently
from sidecar.api.schemas import CustomerPathSchema, SectionQuerySchema
from sidecar.audit import Subject
from sidecar.browsing import erased_browsing
from sidecar.context import LOADED_SECTIONS, SectionRequest
from sidecar.services import Services

READ = "customers:read"
ERASE = "customers:erase"
_CALL = ("unauthorized", "forbidden", "invalid", "rate_limited", "internal")
_READ_REFUSALS = (
    *_CALL,
    "not_found",
    "ambiguous",
    "unknown_site",
    "bad_cursor",
    "upstream_failed",
    "circuit_open",
    "overloaded",
    "upstream_timeout",
)


def blueprint(services: Services, gate: Gate, logged: Recently) -> Blueprint:
    """The customers endpoints. The customer number is opaque; nothing else may identify a customer in a URL."""
    routes = documented_blueprint("customers", "One customer.")
    path, arguments = CustomerPathSchema(), SectionQuerySchema()

    @routes.route("/v1/customers/<customer_no>/<section>")
    @described(
        summary="Read one section of a customer",
        answer="Section",
        refusals=_READ_REFUSALS,
        scope=READ,
        query=SectionQuerySchema,
        conditional=True,
    )
    @requires(gate, READ)
    def read_section(customer_no: str, section: str) -> Response:
        """Profile, orders, cart, loyalty or activity, each with its own status and age."""
        if section not in LOADED_SECTIONS:
            raise Problem("not_found", f"A customer has the sections {', '.join(LOADED_SECTIONS)}.")
        named = validated(path, {"customer_no": customer_no})
        ref = request.environ["sidecar.ref"]
        asked = SectionRequest(**named, section=section, **query(arguments), ref=ref)
        return answered(services.context.section(asked))

    @routes.route("/v1/customers/<customer_no>", methods=["DELETE"])
    @described(
        summary="Forget a customer",
        answer="Erased",
        refusals=(*_CALL, "upstream_failed", "audit_unavailable"),
        scope=ERASE,
    )
    @requires(gate, ERASE)
    def erase_customer(customer_no: str) -> Response:
        """Erase what was recorded of their browsing, drop every cached copy, empty their events, close open panel
        pages, and make the customer's access log unreadable for ever. When Commerce refuses the first, nothing else is
        done."""
        named = validated(path, {"customer_no": customer_no})["customer_no"]
        subject = Subject(kind="customer_no", value=named)
        sites = erased_browsing(services.commerce, named)
        entries = services.access_log.erase(subject, by=f"client:{g.token.client}")
        cached = services.context.erase(customer_no=named)
        events = 0 if services.deliveries is None else services.deliveries.erased((("customer_no", named),))
        services.pages.forget_all()
        logged.clear()
        return jsonify(access_log_entries=entries, cached_entries=cached, browsing_sites=list(sites), events=events)

    return routes
