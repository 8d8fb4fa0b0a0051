"""One line of the access log: who looked at what of whom, when, from where, for which case, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Action = Literal["view", "live", "reveal", "choose", "note", "search", "dismiss", "panel_link", "panel_open", "erase"]
Result = Literal["shown", "refused", "not_found", "failed", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom the entry is about: a customer number, or the e-mail or order number when that is all that was known.

    `kind` is ``customer_no``, ``email`` or ``order_no``. An e-mail address is compared without case.
    """

    kind: str
    value: str = field(repr=False)

    @property
    def key(self) -> str:
        value = self.value.strip().casefold() if self.kind == "email" else self.value
        return f"{self.kind}:{value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened. Everything but the time and the action is sealed with the subject's own key."""

    action: Action
    subject: Subject
    user: str
    result: Result
    site_id: str = ""
    case_table: str = ""
    case_id: str = ""
    field_name: str = ""
    reason: str = field(default="", repr=False)
    ip: str = ""
    client: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEntry:
    """An entry as exported: its place in the chain and its time (ISO 8601, UTC)."""

    seq: int
    at: str
    entry: Entry
