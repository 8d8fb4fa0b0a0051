"""``GET /panel``: the page for an iframe, opened by a signed link; ``POST /panel/{operation}``: what the page asks.

No cookie: the page holds a token of its own in memory, and takes the link's token out of its address. Only the
configured ServiceNow origins may frame it. A link or page past its time shows the state "expired".
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request
from jinja2 import Environment

import ui_macros
from sidecar.api.bodies import loaded, raw_json
from sidecar.api.looks import entry, subject_of
from sidecar.api.pages import Page
from sidecar.api.panel_links import AUDIENCE, claimed
from sidecar.api.panel_operations import OPERATIONS, Call, Failure, envelope_of, failure_of
from sidecar.api.problems import Problem, rate_limited
from sidecar.api.schemas import PanelCallSchema
from sidecar.api.signing import BadToken
from sidecar.context import ContextRequest
from sidecar.errors import SidecarError
from sidecar.services import Services

_THEMES = frozenset({"light", "dark"})
_TITLE = "Commerce customer"
_ASSETS = {"panel.js": "text/javascript; charset=utf-8", "embed.css": "text/css; charset=utf-8"}
_ASSET_AGE = "public, max-age=31536000, immutable"


def blueprint(services: Services) -> Blueprint:
    """The page, its assets, and its operations."""
    routes = Blueprint("panel", __name__)
    schema = PanelCallSchema()
    assets = {name: ui_macros.text(name).encode() for name in _ASSETS}
    version = hashlib.sha256(b"".join(assets.values())).hexdigest()[:12]
    page = _PageText(f"/panel/assets/{version}", services.frame_ancestors)

    @routes.route("/panel")
    def show_page() -> Response:
        """The page with what is cached; 403 with the expired state when the link does not hold."""
        try:
            claims = services.signer.claims(request.args.get("t", ""), audience=AUDIENCE)
        except BadToken:
            return page.answer({"token": ""}, status=403)
        wait = services.page_rates.wait_s(claims["jti"])
        if wait:
            raise rate_limited(wait)
        boot, status = _boot(services, claims)
        return page.answer(boot, status=status)

    @routes.route("/panel/assets/<revision>/<name>")
    def show_asset(revision: str, name: str) -> Response:
        """The panel's script and theme; their address changes with their content."""
        if revision != version or name not in assets:
            raise Problem("not_found", "This version of the panel is not served any more. Reload the page.")
        headers = {"Cache-Control": _ASSET_AGE, "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(assets[name], headers=headers, content_type=_ASSETS[name])

    @routes.route("/panel/<operation>", methods=["POST"])
    def operate(operation: str) -> Response:
        """One operation of an open page. Failures are ``{"error": {…}}``, as the case form's are."""
        try:
            return _json(_operated(services, operation, schema))
        except (Problem, SidecarError) as error:
            failure = failure_of(error, request.environ["sidecar.ref"])
            return _failed(failure)

    return routes


def _boot(services: Services, claims: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The page's data and status: a token, and the context as far as it is cached.

    Without an entry in the access log, or when the context room refuses, the page comes without data; it then asks, and
    shows what it is told.
    """
    identity, case, viewer, client = claimed(dict(claims))
    page = Page(identity=identity, case=case, viewer=viewer, client=client)
    boot = {
        "token": services.pages.opened(page),
        "base": "/panel/",
        "locale": viewer.locale,
        "tz": viewer.tz,
        "reveal_reason_required": services.settings.reveal_reason_required,
    }
    try:
        return {**boot, "envelope": _first_envelope(services, page)}, 200
    except SidecarError as error:
        return boot, error.status


def _first_envelope(services: Services, page: Page) -> Mapping[str, Any]:
    """What is cached, recorded before it is shown."""
    ref, subject = request.environ["sidecar.ref"], subject_of(page.identity)
    if subject is not None:
        opened = entry(
            "panel_open",
            subject,
            viewer=page.viewer,
            case=page.case,
            ip=request.remote_addr or "",
            client=page.client,
            ref=ref,
        )
        services.access_log.write(opened)
    asked = ContextRequest(identity=page.identity, mode="cached", case=page.case, viewer=page.viewer, ref=ref)
    return envelope_of(services, page, services.context.read(asked))


def _operated(services: Services, operation: str, schema: PanelCallSchema) -> Mapping[str, Any]:
    scheme, _, token = (request.headers.get("Authorization") or "").partition(" ")
    page = services.pages.used(token.strip()) if scheme.lower() == "bearer" else None
    if page is None:
        raise Problem("page_expired", "This view has expired. Reload it.")
    wait = services.page_rates.wait_s(token)
    if wait:
        raise rate_limited(wait)
    run = OPERATIONS.get(operation)
    if run is None:
        raise Problem("not_found", "The page has no such operation.")
    given = loaded(schema, raw_json())
    call = Call(services=services, page=page, token=token.strip(), given=given, ref=request.environ["sidecar.ref"])
    return run(call)


def _json(document: Mapping[str, Any]) -> Response:
    return Response(json.dumps(document), content_type="application/json")


def _failed(failure: Failure) -> Response:
    return Response(
        json.dumps({"error": failure.document}), failure.status, failure.headers, content_type="application/json"
    )


class _PageText:
    """The page's text and headers (the reference design's policy: nothing runs that the sidecar did not write)."""

    def __init__(self, assets: str, frame_ancestors: tuple[str, ...]) -> None:
        self._template = Environment(autoescape=True).from_string(ui_macros.text("embed.html"))
        self._assets = assets
        self._ancestors = " ".join(frame_ancestors) or "'none'"

    def answer(self, boot: Mapping[str, Any], *, status: int = 200) -> Response:
        nonce = secrets.token_urlsafe(18)
        theme = request.args.get("theme", "")
        body = self._template.render(
            lang=boot.get("locale") or "en",
            theme=theme if theme in _THEMES else "",
            title=_TITLE,
            nonce=nonce,
            assets=self._assets,
            boot=boot,
        )
        return Response(body, status, self._headers(nonce), content_type="text/html; charset=utf-8")

    def _headers(self, nonce: str) -> dict[str, str]:
        policy = {
            "default-src": "'none'",
            "script-src": f"'nonce-{nonce}'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": "'self'",
            "font-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": self._ancestors,
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }
        return {
            "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
