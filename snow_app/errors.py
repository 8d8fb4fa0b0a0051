"""What can go wrong between us and ServiceNow: one tree, and the branch alone decides whether to try again.

::

    SnowError
    ├── Transient              the same call may succeed later
    │   ├── Unreachable        no connection, or it broke                                   unreachable
    │   ├── TimedOut           our time is up                                               timed_out
    │   │   └── Cancelled      the platform's time is up; a write may have happened         cancelled
    │   ├── RateLimited        429                                                          rate_limited
    │   ├── Unavailable        5xx                                                          unavailable
    │   │   └── Hibernating    a web page or a redirect: instance asleep, or a sign-in page hibernating
    │   ├── BadAnswer          JSON that is broken or has another shape                     bad_answer
    │   └── Unserviced         a batch item the instance never got to                       unserviced
    └── Terminal               somebody has to change something first
        ├── InvalidSettings    the settings contradict themselves                           invalid_settings
        ├── InvalidDeclaration records that contradict each other                           invalid_declaration
        ├── UnsafeQuery        a field or value that would change the query's meaning       unsafe_query
        ├── SignInRefused      401, or the token endpoint said no                           sign_in_refused
        ├── Forbidden          403                                                          forbidden
        │   ├── TableForbidden the whole table is closed to this user or to web services    table_forbidden
        │   ├── RowForbidden   an access rule refused this row                              row_forbidden
        │   ├── RuleRefused    a business rule aborted the write; `rule` is its name        rule_refused
        │   └── PolicyRefused  a data policy wants more; `labels` are the field labels      policy_refused
        ├── Duplicate          unique key                                                   duplicate
        ├── TableMissing       400 Invalid table                                            table_missing
        ├── NotFound           404: missing, or hidden by an access rule                    not_found
        ├── InstallStopped     the installer met something it must not step over            install_stopped
        ├── WriteLost          accepted, but the record does not hold what was sent         write_lost
        └── Rejected           any other 4xx                                                rejected

Messages are written here. Of an answer only names are kept (of a rule, of labels), never values.
"""

from __future__ import annotations

from typing import ClassVar


class SnowError(Exception):
    """Any failure of the SDK.

    `code` is a stable slug; `status` the HTTP status when an answer came; `request_id` the platform's transaction id;
    `retry_after` seconds, when the platform said; `operation` the method and path, which never holds personal data.
    """

    code: ClassVar[str] = "snow_error"
    transient: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        operation: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.operation = operation


class Transient(SnowError):  # noqa: N818 - the branch is an adjective on purpose
    """The same call may succeed later."""

    code = "transient"
    transient = True


class Terminal(SnowError):  # noqa: N818
    """The same call fails again until somebody changes a setting, a permission or the data."""

    code = "terminal"


class Unreachable(Transient):
    """No connection, or it broke before the answer was complete."""

    code = "unreachable"


class TimedOut(Transient):
    """The instance did not answer in time."""

    code = "timed_out"


class Cancelled(TimedOut):
    """The platform cancelled the transaction after its maximum execution time. A write may have been committed."""

    code = "cancelled"


class RateLimited(Transient):
    """429; `retry_after` is set when the platform said how long."""

    code = "rate_limited"


class Unavailable(Transient):
    """5xx: the platform failed."""

    code = "unavailable"


class Hibernating(Unavailable):
    """A web page or a redirect instead of JSON: a sleeping developer instance, or a sign-in page in between."""

    code = "hibernating"


class BadAnswer(Transient):
    """JSON that is broken or has another shape than documented."""

    code = "bad_answer"


class Unserviced(Transient):
    """A batch item that the instance did not get to, although it was sent again while others made progress."""

    code = "unserviced"


class InvalidSettings(Terminal, ValueError):  # noqa: N818
    """Settings that contradict themselves; the message lists every problem at once."""

    code = "invalid_settings"


class InvalidDeclaration(Terminal, ValueError):  # noqa: N818
    """Declared records that contradict each other."""

    code = "invalid_declaration"


class UnsafeQuery(Terminal, ValueError):  # noqa: N818
    """A field, operator or value that would change the meaning of the query."""

    code = "unsafe_query"


class SignInRefused(Terminal):
    """401: wrong or expired credentials, or Basic authentication is closed to this user (single sign-on, MFA)."""

    code = "sign_in_refused"


class Forbidden(Terminal):
    """403 whose reason is not one of the known ones."""

    code = "forbidden"


class TableForbidden(Forbidden):
    """The user's roles do not reach the table, or the table is closed to web services (`ws_access`)."""

    code = "table_forbidden"


class RowForbidden(Forbidden):
    """An access rule refused to write this row."""

    code = "row_forbidden"


class RuleRefused(Forbidden):
    """A business rule aborted the write; `rule` is its name."""

    code = "rule_refused"

    def __init__(self, message: str, *, rule: str, **details: object) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.rule = rule


class PolicyRefused(Forbidden):
    """A data policy misses values; `labels` are the labels of the fields, as people see them."""

    code = "policy_refused"

    def __init__(self, message: str, *, labels: tuple[str, ...], **details: object) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.labels = labels


class Duplicate(Terminal):
    """A unique key is taken already."""

    code = "duplicate"


class TableMissing(Terminal):
    """The instance has no such table: a plugin is not active, or the app is not installed."""

    code = "table_missing"


class NotFound(Terminal):
    """No such record, or an access rule hides it: the platform answers both alike."""

    code = "not_found"


class WriteLost(Terminal):
    """The write was accepted, but the record holds something else; `columns` names the columns."""

    code = "write_lost"

    def __init__(self, message: str, *, columns: tuple[str, ...], **details: object) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.columns = columns


class SchemaMismatch(Terminal):
    """A table lacks what is about to be written to it; `problems` says what, one sentence each."""

    code = "schema_mismatch"

    def __init__(self, message: str, *, problems: tuple[str, ...], **details: object) -> None:
        super().__init__(message, **details)  # type: ignore[arg-type]
        self.problems = problems


class InstallStopped(Terminal):
    """The installer stopped at the first thing it must not step over; the message says where and what to do."""

    code = "install_stopped"


class Rejected(Terminal):
    """Any other 4xx: the request itself is at fault."""

    code = "rejected"
