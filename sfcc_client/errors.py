"""What can go wrong between us and B2C Commerce: one tree, and the branch alone decides whether to try again.

::

    CommerceError
    ├── Transient            the same call may succeed later
    │   ├── Unreachable      no connection, or it broke                      unreachable
    │   ├── TimedOut         the deadline of the call passed                 timed_out
    │   ├── RateLimited      429                                             rate_limited
    │   ├── Conflict         409 of a shopper sign-in repeated within 3 s    conflict
    │   ├── Unavailable      5xx, load shedding                              unavailable
    │   │   └── Maintenance  503 announced by `sfdc_maintenance`             maintenance
    │   └── BadAnswer        HTML, broken JSON, wrong types, too large       bad_answer
    └── Terminal             somebody has to change something first
        ├── InvalidSettings  the settings contradict themselves              invalid_settings
        ├── NotConfigured    the settings leave this capability out          not_configured
        ├── Untrusted        the host's certificate is not trusted           untrusted
        ├── SignInRefused    401, or a token endpoint said no                sign_in_refused
        ├── Forbidden        403; `scope` names what the client lacks        forbidden
        ├── NotFound         404                                             not_found
        ├── StateConflict    409, 412, or the record is not as expected      state_conflict
        ├── OutcomeUnknown   the write may have happened; look first         outcome_unknown
        ├── TooMany          more than Commerce can list                     too_many
        ├── TrackingRefused  the shopper does not consent to being recorded  tracking_refused
        └── Rejected         any other 3xx or 4xx                            rejected

Messages are written here, never copied from an answer: what upstream says may hold an e-mail address or markup. Of an
answer only its slug (`upstream_code`) and its correlation id (`request_id`) are kept.
"""

from __future__ import annotations

from typing import ClassVar


class CommerceError(Exception):
    """Any failure of the SDK.

    `code` is a stable slug; `status` the HTTP status when an answer came; `request_id` the correlation id to quote to
    Salesforce; `retry_after` seconds, when upstream said; `upstream_code` the slug of the SCAPI problem, the type of
    the OCAPI fault, or the OAuth2 error; `operation` the name of the call, such as ``orders.by_number``.
    """

    code: ClassVar[str] = "commerce_error"
    transient: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        upstream_code: str | None = None,
        operation: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.upstream_code = upstream_code
        self.operation = operation


class Transient(CommerceError):  # noqa: N818 - the branch is an adjective on purpose
    """The same call may succeed later."""

    code = "transient"
    transient = True


class Terminal(CommerceError):  # noqa: N818
    """The same call fails again until somebody changes a setting, a permission or the data."""

    code = "terminal"


class Unreachable(Transient):
    """No connection, or it broke before the answer was complete."""

    code = "unreachable"


class TimedOut(Transient):
    """The deadline of the call passed."""

    code = "timed_out"


class RateLimited(Transient):
    """429; `retry_after` is set when upstream said how long."""

    code = "rate_limited"


class Conflict(Transient):
    """409 of the shopper sign-in: the same shopper signed in less than three seconds ago."""

    code = "conflict"


class Unavailable(Transient):
    """5xx: a failure or load shedding on the Commerce side."""

    code = "unavailable"


class Maintenance(Unavailable):
    """503 with the header `sfdc_maintenance`: the site or the whole system is down on purpose."""

    code = "maintenance"


class BadAnswer(Transient):
    """An answer that cannot be understood: HTML, broken JSON, wrong types, or more than the size limit."""

    code = "bad_answer"


class InvalidSettings(Terminal, ValueError):  # noqa: N818
    """Settings that contradict themselves; the message lists every problem at once."""

    code = "invalid_settings"


class NotConfigured(Terminal):
    """The settings leave this capability out."""

    code = "not_configured"


class Untrusted(Terminal):
    """The host's certificate is not trusted, so nothing was sent."""

    code = "untrusted"


class SignInRefused(Terminal):
    """401 after a fresh token, or a token endpoint that refused the client."""

    code = "sign_in_refused"


class Forbidden(Terminal):
    """403; `scope` names the permission the client most likely lacks."""

    code = "forbidden"

    def __init__(self, message: str, *, scope: str | None = None, **details: object) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.scope = scope


class NotFound(Terminal):
    """404: no such record."""

    code = "not_found"


class StateConflict(Terminal):
    """The record is not in the state the change is for: somebody else was there first (409, 412, or seen before
    writing). `found` is the state it is in, where that is known and no personal data."""

    code = "state_conflict"

    def __init__(self, message: str, *, found: str | None = None, **details: object) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.found = found


class OutcomeUnknown(Terminal):
    """A write that must not be repeated blindly was sent, and no answer says whether it happened."""

    code = "outcome_unknown"


class TooMany(Terminal):
    """More records than Commerce lets anybody list."""

    code = "too_many"


class TrackingRefused(Terminal):
    """The shopper does not consent to tracking (or is unknown to the site), so nothing was recorded."""

    code = "tracking_refused"


class Rejected(Terminal):
    """Any other 3xx or 4xx: the request itself, or the address it went to, is at fault."""

    code = "rejected"
