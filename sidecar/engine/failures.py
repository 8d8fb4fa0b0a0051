"""What an error of a flow means for its event: whose fault it is, whether to try again, and what may be kept of it."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import requests
from sqlalchemy.exc import InterfaceError, OperationalError

from sfcc_client.errors import CommerceError
from sidecar.errors import CircuitOpen, UpstreamFailed, UpstreamTimeout
from snow_app.errors import SnowError

_COMMERCE = (CommerceError, UpstreamFailed, UpstreamTimeout, CircuitOpen)
_OTHERS: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((OperationalError, InterfaceError), "database_away", "The database of the events did not answer."),
    ((requests.Timeout, TimeoutError), "timed_out", "A host did not answer in time."),
    ((requests.ConnectionError, ConnectionError, socket.gaierror), "unreachable", "A host could not be reached."),
)
"""Errors that are not of our own trees and pass by themselves; a name that is not resolved is one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """`code` is a stable slug, `note` one line without personal data; `upstream` who said so, if one did;
    `retry_after` what it asked for, seconds."""

    code: str
    note: str
    transient: bool
    upstream: str = ""
    retry_after: float | None = None


def failure_of(error: Exception, flow: str) -> Failed:
    """Our own errors say it themselves. Of any other only the kind is kept: its text may quote personal data."""
    if hasattr(error, "transient") and hasattr(error, "message"):
        return Failed(
            code=str(getattr(error, "code", "internal")),
            note=str(error.message),
            transient=bool(error.transient),
            upstream=_upstream(error),
            retry_after=getattr(error, "retry_after", None),
        )
    for kinds, code, note in _OTHERS:
        if isinstance(error, kinds):
            return Failed(code=code, note=note, transient=True)
    note = f"{type(error).__name__} in flow {flow}; the log has more."
    return Failed(code="internal", note=note, transient=False)


def _upstream(error: Exception) -> str:
    if isinstance(error, SnowError):
        return "servicenow"
    return "commerce" if isinstance(error, _COMMERCE) else ""
