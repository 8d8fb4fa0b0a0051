"""The short way for ``POST /v1/events``: checked, stored and answered before Flask sees the request.

Half of what taking an event costs would be the framework around it. So this layer takes every event; what it refuses
it hands to the application, which words the refusal as every other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sidecar.api.bodies import MEDIA_TYPE, declared_json, document
from sidecar.api.edge import ROUTE
from sidecar.events.signatures import Signatures
from sidecar.intake import Intake, Receipt

PATH = "/v1/events"
REFUSED = "sidecar.event_refused"
"""Where in the environment the reason of a refusal is handed on."""


class EventLane:
    """Wraps the application."""

    def __init__(self, app: WSGIApplication, *, intake: Intake, signatures: Signatures) -> None:
        self._app, self._intake, self._signatures = app, intake, signatures

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        try:
            receipt = self._taken(environ)
        except Exception as error:  # noqa: BLE001 - whatever it is, the application has the words for it
            environ[REFUSED] = error
            return self._app(environ, start_response)
        environ[ROUTE] = PATH
        body = json.dumps(accepted(receipt)).encode()
        start_response("202 ACCEPTED", [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body)))])
        return [body]

    def _taken(self, environ: WSGIEnvironment) -> Receipt:
        declared_json(environ)
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))

        def header(name: str) -> str:
            return str(environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))

        signed_id = self._signatures.signed_id(header, raw)
        return self._intake.taken(document(raw), signed_id=signed_id)


def accepted(receipt: Receipt) -> dict[str, str]:
    """What 202 says."""
    return {"id": receipt.id, "ref": receipt.ref, "status": "accepted"}
