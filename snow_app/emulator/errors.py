"""What the local instance refuses, as the REST interface words it.

    PlatformError (Terminal: the same request fails again)
    ├── BadRequest        400  bad_request        malformed body or URI
    │   └── InvalidTable  400  invalid_table
    ├── NotSignedIn       401  not_authenticated
    ├── Refused           403  refused            ACL, cross-scope limit
    │   ├── AccessDenied  403  access_denied      table is closed to this user altogether
    │   ├── ScopedToken   403  scoped_token       a token or key with an authentication scope
    │   ├── Aborted       403  aborted            a business rule said no
    │   ├── DuplicateKey  403  duplicate_key      the record exists; the status is a setting
    │   └── DataPolicy    403  data_policy        mandatory fields are empty, read-only ones change
    ├── NoRecord          404  no_record
    ├── NotAllowed        405  method_not_allowed
    ├── NotAcceptable     406  not_acceptable     an answer format it does not speak
    ├── Unsupported       415  unsupported_media  a body format it does not read
    ├── RateLimited       429  rate_limited       too many requests this hour
    └── Cancelled         500  cancelled          the transaction took too long

`message` and `detail` are the two texts of the platform's error body.
"""

# ruff: noqa: N818 - named for what happened
from __future__ import annotations


class PlatformError(Exception):
    """A request the platform does not serve."""

    status: int = 500
    code: str = "error"
    request_id: str = ""
    retry_after: float | None = None

    def __init__(self, message: str, detail: str | None = None) -> None:
        super().__init__(f"{message}: {detail}" if detail else message)
        self.message, self.detail = message, detail

    def body(self) -> dict[str, object]:
        """The platform's error document."""
        return {"error": {"message": self.message, "detail": self.detail}, "status": "failure"}


class BadRequest(PlatformError):
    """400."""

    status, code = 400, "bad_request"


class InvalidTable(BadRequest):
    """400, the same for every user whether or not they could see the table."""

    code = "invalid_table"

    def __init__(self, table: str) -> None:
        super().__init__(f"Invalid table {table}")


class NotSignedIn(PlatformError):
    """401."""

    status, code = 401, "not_authenticated"

    def __init__(self) -> None:
        super().__init__("User is not authenticated", "Required to provide Auth information")


class Refused(PlatformError):
    """403."""

    status, code = 403, "refused"

    def __init__(self, detail: str) -> None:
        super().__init__("Operation Failed", detail)


class AccessDenied(PlatformError):
    """403: no access control lets this user near the table, or the table is closed to web services."""

    status, code = 403, "access_denied"

    def __init__(self) -> None:
        super().__init__("User Not Authorized", "Failed API level ACL Validation")


class ScopedToken(Refused):
    """403: a token or key with an authentication scope, for an API that belongs to none."""

    code = "scoped_token"

    def __init__(self) -> None:
        super().__init__("Access to unscoped api is not allowed")


class Aborted(Refused):
    """403: a business rule aborted the write. `rules` are (name, sys_id) pairs, innermost first."""

    code = "aborted"

    def __init__(self, table: str, rules: tuple[tuple[str, str], ...]) -> None:
        name, sys_id = rules[0]
        stack = ",".join(rule for rule, _ in rules)
        rule = f"Operation against file '{table}' was aborted by Business Rule '{name}^{sys_id}'"
        super().__init__(f"{rule}. Business Rule Stack:{stack}")
        self.table, self.rules = table, rules


class DuplicateKey(Refused):
    """A record with this sys_id or another unique value exists; instances differ in the status."""

    code = "duplicate_key"

    def __init__(self, table: str, title: str, status: int) -> None:
        super().__init__(f"Error during insert of {table} ({title})")
        self.status = status


class DataPolicy(Refused):
    """403: a data policy wants these fields, given by label, filled (`mandatory`) or left alone (`read only`)."""

    code = "data_policy"

    def __init__(self, labels: tuple[str, ...], kind: str = "mandatory") -> None:
        super().__init__(f"Data Policy Exception: The following fields are {kind}: {', '.join(labels)}")
        self.labels = labels


class NoRecord(PlatformError):
    """404: missing, or hidden by an access control; the two look alike."""

    status, code = 404, "no_record"

    def __init__(self) -> None:
        super().__init__("No Record found", "Record doesn't exist or ACL restricts the record retrieval")


class NotAllowed(PlatformError):
    """405."""

    status, code = 405, "method_not_allowed"

    def __init__(self) -> None:
        super().__init__("Method not supported", None)


class NotAcceptable(PlatformError):
    """406."""

    status, code = 406, "not_acceptable"

    def __init__(self) -> None:
        super().__init__("Not acceptable", "No acceptable response format; application/json is")


class Unsupported(PlatformError):
    """415."""

    status, code = 415, "unsupported_media"

    def __init__(self) -> None:
        super().__init__("Unsupported media type", "The body must be application/json")


class RateLimited(PlatformError):
    """429: a rate limit rule allows this user no more requests in this hour."""

    status, code = 429, "rate_limited"

    def __init__(self, limit: int, api: str) -> None:
        super().__init__("Rate limit exceeded", f"Rate limit of {limit} requests per hour for {api} exceeded")


class Cancelled(PlatformError):
    """500: a transaction quota ended the request; what it had stored by then stays."""

    status, code = 500, "cancelled"

    def __init__(self) -> None:
        reason = "Transaction cancelled: maximum execution time exceeded"
        hint = "Check logs for error trace or enable glide.rest.debug property to verify REST request processing"
        super().__init__(reason, f"{reason} {hint}")
