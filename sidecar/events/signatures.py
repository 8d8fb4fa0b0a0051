"""Who sent this body: Standard Webhooks 1.0.0, or the cartridge's own form. Checked over the bytes as they came.

The cartridge's form: ``X-SN-Key-Id``, ``X-SN-Event-Id``, ``X-SN-Timestamp`` (epoch seconds) and ``X-SN-Signature:
v1=<hex>``, the HMAC-SHA256 of ``timestamp.id.body`` with the secret's text as UTF-8.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

from sfcc_client import Clock
from sidecar.errors import NotSigned

TOLERANCE_S = 300
MOST_SIGNATURES = 8
"""Of one message: its sender is rotating secrets, not guessing."""
Header = Callable[[str], str]
"""The value of a header by name, "" when it was not sent."""
_ID = re.compile(r"[!-~]{1,255}")
_SECONDS = re.compile(r"[0-9]{1,11}")


class Signatures:
    """`secrets` are ``whsec_…`` by key id; every one of them counts, so that they can be replaced one by one."""

    def __init__(self, secrets: Mapping[str, str], *, clock: Clock) -> None:
        self._texts = {kid: secret.encode() for kid, secret in secrets.items()}
        self._hooks = tuple(Webhook(secret) for secret in secrets.values())
        self._clock = clock

    def signed_id(self, header: Header, raw: bytes) -> str:
        """The event id that the signature covers. Raises NotSigned, whatever is wrong."""
        if header("X-SN-Signature") and not header("webhook-signature"):
            return self._of_cartridge(header, raw)
        return self._of_standard(header, raw)

    def _of_standard(self, header: Header, raw: bytes) -> str:
        name = _id(header("webhook-id"))
        at = self._moment(header("webhook-timestamp"))
        given = header("webhook-signature").split(" ")[:MOST_SIGNATURES]
        try:
            body = raw.decode()
            expected = [hook.sign(msg_id=name, timestamp=at, data=body).encode() for hook in self._hooks]
        except ValueError as error:
            raise NotSigned("The body is not UTF-8, so no signature can fit it.") from error
        _compared(expected, [one.encode() for one in given])
        return name

    def _of_cartridge(self, header: Header, raw: bytes) -> str:
        name = _id(header("X-SN-Event-Id"))
        stamp = header("X-SN-Timestamp")
        self._moment(stamp)
        secret = self._texts.get(header("X-SN-Key-Id"))
        signature = hmac.new(secret or b"-", f"{stamp}.{name}.".encode() + raw, hashlib.sha256).hexdigest()
        _compared([f"v1={signature}".encode()] if secret else [], [header("X-SN-Signature").encode()])
        return name

    def _moment(self, stamp: str) -> datetime:
        if not _SECONDS.fullmatch(stamp):
            raise NotSigned("The timestamp of the signature is missing or not in epoch seconds.")
        seconds = int(stamp)
        if abs(self._clock.now().timestamp() - seconds) > TOLERANCE_S:
            raise NotSigned(f"The signature is older or newer than {TOLERANCE_S} s. Sign again, and check both clocks.")
        return datetime.fromtimestamp(seconds, UTC)


def body_signature(secret: str, raw: bytes) -> str:
    """Hex HMAC-SHA256 over the body alone: what platforms send that sign no id and no time."""
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def _id(name: str) -> str:
    if not _ID.fullmatch(name):
        raise NotSigned("The event id of the signature is missing or longer than 255 characters.")
    return name


def _compared(expected: list[bytes], given: list[bytes]) -> None:
    # Every pair, so that the time taken tells nothing.
    if not sum(hmac.compare_digest(one, other) for one in expected for other in given):
        raise NotSigned("No signature fits the body. Check the secret, and sign the bytes that are sent.")
