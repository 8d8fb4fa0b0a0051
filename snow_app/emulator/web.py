"""The instance behind Flask: the REST interface, the token endpoint, and whatever pages another room adds."""

from __future__ import annotations

from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, request, session
from werkzeug.datastructures import Headers

from sfcc_client.emulator.loopback import CLIENT_CERTIFICATE
from snow_app.emulator.errors import BadRequest, Cancelled, NotSignedIn, ScopedToken
from snow_app.emulator.instance import GUEST, Instance, Session
from snow_app.emulator.rest import services
from snow_app.emulator.rest.apis import Called
from snow_app.emulator.rest.limits import counted
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.rest.routes import open_to_guests, served
from snow_app.emulator.rest.signing_in import Presented, signed_in, token

PATH_LIMIT = 16_384
"""Longer paths are refused before the platform sees them, in HTML."""

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
_TOO_LONG = "<html><head><title>414 Request-URI Too Large</title></head><body><h1>414</h1></body></html>"
_COMMON = {
    "Server": "ServiceNow",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache,no-store,must-revalidate,max-age=-1",
    "Pragma": "no-store,no-cache",
    "Expires": "0",
}


def application(instance: Instance, *, secret_key: str) -> Flask:
    """The WSGI application of an instance."""
    services.attach(instance)
    app = Flask("snow_app.emulator", static_folder=None)
    app.config["SECRET_KEY"] = secret_key
    app.config["SESSION_COOKIE_NAME"] = "JSESSIONID"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"

    @app.route("/api/<path:_path>", methods=_METHODS)
    def rest(_path: str) -> Response:
        if len(request.full_path) > PATH_LIMIT and len(request.path) > PATH_LIMIT:
            return Response(_TOO_LONG, status=414, content_type="text/html")
        called = Called.of(request.headers.get("X-HTTP-Method-Override", request.method).upper(), request.path)
        try:
            user = _caller(instance, called)
            _check_length(instance)
        except NotSignedIn as error:
            kind = "BEARER" if request.headers.get("Authorization", "").lower().startswith("bearer") else "BASIC"
            return _response(Reply.error(error), {"WWW-Authenticate": f'{kind} realm="Service-now"'})
        except (BadRequest, ScopedToken) as error:
            return _response(Reply.error(error))
        allowance = counted(user, called)
        headers = allowance.headers if allowance else {}
        if allowance and allowance.refusal:
            return _response(Reply.error(allowance.refusal), headers)
        reply = _in_time(instance, called, user)
        return _response(reply, {"X-Is-Logged-In": "true", "X-Transaction-ID": instance.new_id()[:12], **headers})

    @app.post("/oauth_token.do")
    def oauth_token() -> Response:
        form = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
        return _response(token(instance, form, request.headers.get("Authorization", "")))

    return app


def _caller(instance: Instance, called: Called) -> Session:
    """Who is asking; a guest where the resource is open to everybody. Raises NotSignedIn, ScopedToken."""
    presented = _presented()
    try:
        return signed_in(instance, presented, called)
    except NotSignedIn:
        if presented.authorization or not open_to_guests(instance, request.method, request.path):
            raise
        return instance.session(GUEST)


def _presented() -> Presented:
    return Presented(
        authorization=request.headers.get("Authorization", ""),
        headers={name.lower(): value for name, value in request.headers.items()},
        params=request.args,
        certificate=request.environ.get(CLIENT_CERTIFICATE, ""),
        page_user=session.get("user_name", ""),
        elevated=frozenset(session.get("elevated", ())),
    )


def _in_time(instance: Instance, called: Called, user: Session) -> Reply:
    """The answer, or that its transaction took too long."""
    query = request.query_string.decode("utf-8", "replace")
    url = f"{request.path}?{query}" if query else request.path
    base, headers = instance.address(request.scheme, request.host), dict(request.headers)
    asked = Request.of(request.method, url, user, base=base, headers=headers, body=request.get_data())
    try:
        with instance.quotas.transaction(called.api):
            return served(asked)
    except Cancelled as error:
        return Reply.error(error)


def _check_length(instance: Instance) -> None:
    """Raises BadRequest for a JSON body over the instance's limit; files have a limit of their own."""
    length = request.content_length or 0
    limit = min(25, int(instance.property("glide.rest.max_content_length", "10") or 10)) * 1024 * 1024
    if length > limit and "/attachment/" not in request.path:
        raise BadRequest(
            "Exception while reading request",
            f"Rejected large REST payload with content-length = {length} bytes. Max allowed: {limit} bytes.",
        )


class _Answer(Response):
    """Sends Location as it was written; otherwise its scheme would become lower case."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        headers = super().get_wsgi_headers(environ)
        if "Location" in self.headers:
            headers["Location"] = self.headers["Location"]
        return headers


def _response(reply: Reply, more: dict[str, str] | None = None) -> Response:
    response = _Answer(reply.body, status=reply.status)
    response.headers.update(_COMMON | (more or {}))
    for name, value in reply.headers:
        response.headers[name] = value
    if reply.body or reply.status != 204:
        response.headers["Content-Type"] = reply.content_type
    return response
