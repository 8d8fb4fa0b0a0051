"""What the sidecar refuses or fails to do: one tree, and the branch alone decides whether to try again.

::

    SidecarError
    ├── Transient              the same request may succeed later
    │   ├── Overloaded         503  more loads are waiting than there is room for    overloaded
    │   ├── CircuitOpen        503  an upstream failed too often and is left alone   circuit_open
    │   ├── UpstreamFailed     502  Commerce did not answer properly                 upstream_failed
    │   ├── UpstreamTimeout    504  Commerce did not answer in time                  upstream_timeout
    │   ├── StoreUnavailable   503  the event could not be stored                    store_unavailable
    │   └── AuditUnavailable   503  the access log cannot be written                 audit_unavailable
    └── Terminal               somebody has to change something first
        ├── InvalidRequest     422  the request contradicts itself                   invalid
        │   ├── UnknownSite    422  no such storefront is configured                 unknown_site
        │   ├── UnknownType    422  no flow takes this type of event                 unknown_type
        │   ├── UnknownVersion 422  the type is taken, not in this version           unknown_version
        │   └── BadCursor      422  the cursor was not made here                     bad_cursor
        ├── NotSigned          401  the signature does not fit                       not_signed
        ├── IdTaken            409  another event has this id                        id_taken
        ├── NotPermitted       403  the viewer's roles do not allow this             not_permitted
        ├── NotFound           404  no such shopper, or nothing to reveal            not_found
        └── Ambiguous          409  several shoppers fit; one has to be chosen       ambiguous

Messages are for people and hold no personal data: what happened, to which record, what to do.
"""

from __future__ import annotations

from typing import ClassVar


class SidecarError(Exception):
    """Any failure the sidecar answers for.

    `code` is a stable slug, `status` the HTTP status it becomes, `request_id` the reference to quote, `retry_after`
    seconds until another try makes sense, when known.
    """

    code: ClassVar[str] = "sidecar_error"
    status: ClassVar[int] = 500
    transient: ClassVar[bool] = False

    def __init__(self, message: str, *, request_id: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.request_id = request_id
        self.retry_after = retry_after


class Transient(SidecarError):  # noqa: N818 - the branch is an adjective on purpose
    """The same request may succeed later."""

    code = "transient"
    status = 503
    transient = True


class StoreUnavailable(Transient):
    """The event could not be stored; it may be sent again."""

    code = "store_unavailable"


class Terminal(SidecarError):  # noqa: N818
    """The same request fails again until somebody changes something."""

    code = "terminal"
    status = 422


class Overloaded(Transient):
    """More loads are waiting than there is room for."""

    code = "overloaded"


class CircuitOpen(Transient):
    """An upstream capability failed too often and is left alone until `retry_after` seconds have passed.

    `because` is the code of the failure that opened the circuit.
    """

    code = "circuit_open"

    def __init__(self, message: str, *, retry_after: float, because: str = "") -> None:
        super().__init__(message, retry_after=retry_after)
        self.because = because


class UpstreamFailed(Transient):
    """Commerce did not answer properly."""

    code = "upstream_failed"
    status = 502


class UpstreamTimeout(Transient):
    """Commerce did not answer in time."""

    code = "upstream_timeout"
    status = 504


class AuditUnavailable(Transient):
    """The access log cannot be written, so nothing that must be logged is shown."""

    code = "audit_unavailable"


class InvalidRequest(Terminal):
    """The request contradicts itself or names something that does not exist here."""

    code = "invalid"


class UnknownSite(InvalidRequest):
    """No storefront with this id is configured."""

    code = "unknown_site"


class UnknownType(InvalidRequest):
    """No flow takes this type of event from this sender."""

    code = "unknown_type"


class UnknownVersion(InvalidRequest):
    """The type is taken, but not in this version."""

    code = "unknown_version"


class BadCursor(InvalidRequest):
    """The cursor was not made here, or for another list."""

    code = "bad_cursor"


class NotSigned(Terminal):
    """The signature of a webhook is missing, too old, or does not fit."""

    code = "not_signed"
    status = 401


class IdTaken(Terminal):
    """Another event has this id already."""

    code = "id_taken"
    status = 409


class NotPermitted(Terminal):
    """The viewer's roles do not allow this."""

    code = "not_permitted"
    status = 403


class NotFound(Terminal):
    """There is no such shopper, or nothing to reveal."""

    code = "not_found"
    status = 404


class Ambiguous(Terminal):
    """Several shoppers fit; a person has to choose one."""

    code = "ambiguous"
    status = 409
