"""``POST /v1/sources/…``: alerts from where the platform can send them, each in its own language, with a proof.

Log Center and Commerce's eventing sign nothing, so a secret is the last part of their address; log lines and metrics
hold the route's template, never the address.
"""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Callable
from urllib.parse import parse_qs

from flask import Blueprint, Response, jsonify, request
from marshmallow import ValidationError

from sfcc_client import Clock
from sidecar.api.bodies import MAX_STREAM_BYTES, MEDIA_TYPE, STREAM_PATH, document, raw_json, refused
from sidecar.api.documents import described, documented_blueprint
from sidecar.api.events import header
from sidecar.api.problems import Problem, from_sidecar, invalid
from sidecar.errors import NotSigned, SidecarError
from sidecar.events.adapters import Alert, Unreadable, ecdn, eventing, log_center, log_stream
from sidecar.events.signatures import body_signature
from sidecar.intake import Intake
from sidecar.settings import SidecarSettings
from sidecar.variables import Secret

_MOST_INFLATED = 2 * MAX_STREAM_BYTES
_REFUSALS = (
    "malformed",
    "not_signed",
    "body_too_large",
    "unsupported_media_type",
    "invalid",
    "unknown_type",
    "internal",
    "overloaded",
    "store_unavailable",
)


def blueprint(intake: Intake, settings: SidecarSettings, clock: Clock) -> Blueprint:
    """The four sources. One whose secret is not set refuses everybody."""
    routes = documented_blueprint("sources", "Alerts from the platform's own senders.")

    @routes.route("/v1/sources/log-center/<token>", methods=["POST"])
    @described(summary="Take an alert of Log Center", answer="Heard", refusals=_REFUSALS)
    def hear_log_center(token: str) -> Response:
        """A message as for a Slack webhook, as JSON or in the form field payload."""
        _proven(settings.source_token, token)
        raw = _slack()
        return _heard(intake, "log-center", lambda: log_center.alert(document(raw), raw, clock.now()))

    @routes.route("/v1/sources/eventing/<token>", methods=["POST"])
    @described(summary="Take a replication event of Commerce", answer="Heard", refusals=_REFUSALS)
    def hear_eventing(token: str) -> Response:
        """B2C Commerce Eventing, with its x-sf-cc-* headers."""
        _proven(settings.source_token, token)
        raw = raw_json()
        return _heard(intake, "eventing", lambda: eventing.alert(document(raw), raw, header, clock.now()))

    @routes.route("/v1/sources/ecdn", methods=["POST"])
    @described(summary="Take a notice of the eCDN", answer="Heard", refusals=_REFUSALS)
    def hear_ecdn() -> Response:
        """Signed with the secret of the zone's notifications, over the raw body."""
        raw = raw_json()
        given, secret = header(settings.ecdn_header).removeprefix("sha256="), settings.ecdn_secret
        signed = Secret(body_signature(secret.value, raw)) if secret else secret
        if not _is(signed, given):
            _proven(secret, given)
        return _heard(intake, "ecdn", lambda: ecdn.alert(document(raw), raw, clock.now()))

    @routes.route(STREAM_PATH, methods=["POST"])
    @described(summary="Take records of the log stream", answer="StreamAnswer", refusals=_REFUSALS)
    def hear_stream() -> tuple[Response, int]:
        """Amazon Data Firehose HTTP endpoint delivery: 200 when every record is stored, the same for a repeat."""
        request.max_content_length = MAX_STREAM_BYTES
        name, status, said = header("X-Amz-Firehose-Request-Id"), 200, {}
        try:
            _proven(settings.log_stream_key, header("X-Amz-Firehose-Access-Key"))
            body = document(_inflated(raw_json()))
            name = log_stream.request_id(body)
            intake.alerted(log_stream.alerts(body, clock.now()), "log-stream")
        except (Problem, SidecarError, Unreadable, ValidationError) as error:
            problem = _problem(error)
            status, said = problem.status, {"errorMessage": f"{problem.code}: {problem.detail}"}
        return jsonify(requestId=name[:100], timestamp=int(clock.now().timestamp() * 1000), **said), status

    return routes


def _heard(intake: Intake, source: str, read: Callable[[], Alert]) -> Response:
    try:
        receipts = intake.alerted((read(),), source)
    except (Unreadable, ValidationError) as error:
        raise _problem(error) from error
    return jsonify(refs=[receipt.ref for receipt in receipts])


def _problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, SidecarError):
        return from_sidecar(error)
    return refused(error) if isinstance(error, ValidationError) else invalid([("", str(error))])


def _proven(secret: Secret, given: str) -> None:
    if not _is(secret, given):
        raise NotSigned("The secret does not fit, or this source is not set up here.")


def _is(secret: Secret, given: str) -> bool:
    same = hmac.compare_digest(secret.value.encode(), given.encode("utf-8", "surrogatepass"))
    return same and bool(secret)


def _slack() -> bytes:
    if request.mimetype == "application/x-www-form-urlencoded":
        found = parse_qs(request.get_data(cache=False), max_num_fields=4).get(b"payload", [b""])
        return found[0]
    return raw_json()


def _inflated(raw: bytes) -> bytes:
    """Raises Problem: 413 when the body unpacks to more than twice what may be sent, 400 when it does not unpack."""
    encoding = header("Content-Encoding").lower()
    if encoding in ("", "identity"):
        return raw
    if encoding != "gzip":
        raise Problem("unsupported_media_type", f"Send {MEDIA_TYPE}, plain or with Content-Encoding: gzip.")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(raw, _MOST_INFLATED)
    except zlib.error as error:
        raise Problem("malformed", "The body is not gzip.") from error
    if unpacker.unconsumed_tail:
        raise Problem("body_too_large", "The body unpacks to more than may be sent.")
    return found
