"""The short way for ``POST /v1/events``: checked, stored and answered before Flask sees the request.

Half of what taking an event costs would be the framework around it, and much of the rest a thread that waits for the
disk. So this layer takes every event, in two steps where the server knows them; what it refuses it hands to the
application, which words the refusal as every other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from sidecar.api.bodies import MEDIA_TYPE, declared_json, document
from sidecar.api.edge import ROUTE
from sidecar.errors import SidecarError
from sidecar.events.signatures import Signatures
from sidecar.intake import Intake, Pending, Receipt

PATH = "/v1/events"
PENDING = "sidecar.event_pending"
REFUSED = "sidecar.event_refused"
"""Where in the environment the reason of a refusal is handed on."""


class EventLane:
    """Wraps the application."""

    def __init__(self, app: WSGIApplication, *, intake: Intake, signatures: Signatures) -> None:
        self._app, self._intake, self._signatures = app, intake, signatures

    def begun(self, environ: WSGIEnvironment) -> Future[Any] | None:
        """Done when the event of this request is on disk; None when there is nothing to wait for."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return None
        try:
            pending = environ[PENDING] = self._pending(environ)
        except Exception as error:  # noqa: BLE001 - whatever it is, the application has the words for it
            environ[REFUSED] = error
            return None
        return pending.stored

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if PENDING not in environ and REFUSED not in environ:
            self.begun(environ)
        if PENDING not in environ:
            return self._app(environ, start_response)
        try:
            (receipt,) = self._intake.receipts(environ[PENDING])
        except SidecarError as error:
            environ[REFUSED] = error
            return self._app(environ, start_response)
        environ[ROUTE] = PATH
        body = json.dumps(accepted(receipt)).encode()
        start_response("202 ACCEPTED", [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body)))])
        return [body]

    def _pending(self, environ: WSGIEnvironment) -> Pending:
        declared_json(environ)
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))

        def header(name: str) -> str:
            return str(environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))

        signed_id = self._signatures.signed_id(header, raw)
        return self._intake.begun(document(raw), signed_id=signed_id)


def accepted(receipt: Receipt) -> dict[str, str]:
    """What 202 says."""
    return {"id": receipt.id, "ref": receipt.ref, "status": "accepted"}
