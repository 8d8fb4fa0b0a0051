"""The short way for a context that was answered a moment ago: finished bytes, before Flask sees the request.

Half of what a repeated read costs is the framework around it. So this layer recognises one case only, an admitted
``POST /v1/context`` whose exact bytes have a finished answer, and passes everything else on, unusual or not, to the
application, which alone decides about refusals.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sidecar.api.answers import not_changed, status_and_headers
from sidecar.api.auth import ADMITTED, CLIENT, Gate
from sidecar.api.bodies import MEDIA_TYPE
from sidecar.api.edge import ROUTE
from sidecar.api.problems import Problem
from sidecar.api.recently import Recently
from sidecar.context import ContextAnswer, ContextService

PATH = "/v1/context"
_JSON = frozenset({MEDIA_TYPE, f"{MEDIA_TYPE}; charset=utf-8", f"{MEDIA_TYPE};charset=UTF-8"})
SCOPE = "context:read"


class FastLane:
    """Wraps the application."""

    def __init__(self, app: WSGIApplication, *, context: ContextService, gate: Gate, logged: Recently) -> None:
        self._app = app
        self._context = context
        self._gate = gate
        self._logged = logged

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = self._finished(environ) if environ["PATH_INFO"] == PATH else None
        if answer is None:
            return self._app(environ, start_response)
        environ[ROUTE] = PATH
        unchanged = not_changed(environ.get("HTTP_IF_NONE_MATCH"), answer.etag)
        start_response(*status_and_headers(answer, unchanged=unchanged))
        return [] if unchanged else [answer.body]

    def _finished(self, environ: WSGIEnvironment) -> ContextAnswer | None:
        """The finished answer, when there is one, the caller may have it, and the access log knows of it already."""
        if environ["REQUEST_METHOD"] != "POST" or environ.get("CONTENT_TYPE") not in _JSON:
            return None
        try:
            token = self._gate.admitted(environ.get("HTTP_AUTHORIZATION"), SCOPE)
        except Problem:
            return None
        environ[ADMITTED], environ[CLIENT] = token, token.client
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(raw)
        if self._logged.due(raw, token.client):
            return None
        return self._context.read_raw(raw, token.client)
