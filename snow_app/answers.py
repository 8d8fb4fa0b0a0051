"""From an answer of the platform to its JSON, or to the error that says why not (servicenow-rest D4)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from snow_app import errors

_RULE = re.compile(r"aborted by Business Rule '([^'^]*)")
_LABELS = re.compile(r"fields? (?:are|is) mandatory: (.+)$|^(.+) is mandatory$", re.MULTILINE)
_CANCELLED = "maximum execution time exceeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer, also of a batch item. Header names are matched without case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    operation: str

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)

    def json(self) -> Any:
        """The parsed body, None when empty. Raises the matching SnowError for every failure, status 200 included."""
        if self.status >= 300:
            raise self.error()
        if not self.body.strip():
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            raise self._unreadable() from None

    def result(self) -> Any:
        """The ``result`` of the body."""
        parsed = self.json()
        if not isinstance(parsed, dict) or "result" not in parsed:
            raise errors.BadAnswer(f"ServiceNow answered {self.operation} without a result.", **self._details())
        return parsed["result"]

    def error(self) -> errors.SnowError:
        """The error an answer with a status of 300 or more stands for."""
        message, detail = self._texts()
        said = f"{detail} {message}"
        if self.status == 403 or _RULE.search(said) or "Data Policy Exception" in said:
            return self._refusal(message, detail)
        if "invalid table" in message.lower():
            return errors.TableMissing(
                f"ServiceNow has no such table ({self.operation}). Activate the plugin or install the app.",
                **self._details(),
            )
        if _CANCELLED in said:
            return errors.Cancelled(
                f"ServiceNow stopped {self.operation} at its time limit; look for the write before repeating it.",
                **self._details(),
            )
        if "unique key violation" in said.lower():
            return errors.Duplicate(f"A record with this key exists already ({self.operation}).", **self._details())
        kind, sentence = _BY_STATUS.get(self.status) or _BY_CLASS[self.status // 100]
        return kind(sentence.format(operation=self.operation, status=self.status), **self._details())

    def _refusal(self, message: str, detail: str) -> errors.SnowError:
        rule, labels = _RULE.search(f"{detail} {message}"), _LABELS.search(detail) or _LABELS.search(message)
        if rule:
            return errors.RuleRefused(
                f"The business rule '{rule[1]}' refused {self.operation}.", rule=rule[1], **self._details()
            )
        if labels:
            names = tuple(label.strip() for label in (labels[1] or labels[2]).split(","))
            return errors.PolicyRefused(
                f"A data policy refused {self.operation}; missing: {', '.join(names)}.", labels=names, **self._details()
            )
        kind, sentence = next(
            ((kind, sentence) for needle, kind, sentence in _REFUSALS if needle in f"{message} {detail}".lower()),
            (errors.Forbidden, "ServiceNow refused {operation}; ask its administrator for the missing role."),
        )
        return kind(sentence.format(operation=self.operation), **self._details())

    def _unreadable(self) -> errors.SnowError:
        start = self.body[:512].lstrip().lower()
        if _CANCELLED.encode() in self.body:
            return errors.Cancelled(
                f"ServiceNow ran out of time in the middle of {self.operation}; ask for fewer rows.", **self._details()
            )
        if start.startswith((b"<!doctype", b"<html", b"<")):
            return errors.Hibernating(
                f"ServiceNow answered {self.operation} with a web page: the instance sleeps or wants a sign-in.",
                **self._details(),
            )
        return errors.BadAnswer(f"ServiceNow answered {self.operation} with broken JSON.", **self._details())

    def _texts(self) -> tuple[str, str]:
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return "", ""
        found = parsed.get("error") if isinstance(parsed, dict) else None
        if not isinstance(found, dict):
            return "", ""
        return str(found.get("message") or ""), str(found.get("detail") or "")

    def _details(self) -> dict[str, Any]:
        wait = self.header("Retry-After")
        return {
            "status": self.status,
            "request_id": self.header("X-Transaction-ID"),
            "retry_after": float(wait) if wait and wait.strip().isdigit() else None,
            "operation": self.operation,
        }


_Kind = Callable[..., errors.SnowError]

_REFUSALS: tuple[tuple[str, _Kind, str], ...] = (
    (
        "failed api level acl validation",
        errors.TableForbidden,
        "ServiceNow closes this table to the user or to web services ({operation}).",
    ),
    ("acl exception", errors.RowForbidden, "An access rule of ServiceNow refused {operation}."),
    ("error during insert of", errors.Duplicate, "A record with this key exists already ({operation})."),
    ("unique key violation", errors.Duplicate, "A record with this key exists already ({operation})."),
)
_BY_STATUS: Mapping[int, tuple[_Kind, str]] = {
    401: (
        errors.SignInRefused,
        "ServiceNow refused the sign-in ({operation}); check user, password or client, and whether single sign-on or "
        "MFA closes Basic authentication.",
    ),
    404: (errors.NotFound, "ServiceNow has no such record, or an access rule hides it ({operation})."),
    429: (errors.RateLimited, "ServiceNow limits the rate of {operation}."),
}
_BY_CLASS: Mapping[int, tuple[_Kind, str]] = {
    3: (
        errors.Hibernating,
        "ServiceNow sent {operation} to another address: the instance wants a sign-in there, or the url is another.",
    ),
    4: (errors.Rejected, "ServiceNow rejected {operation} with status {status}."),
    5: (errors.Unavailable, "ServiceNow failed at {operation} with status {status}."),
}
