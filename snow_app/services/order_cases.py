"""Cases about orders on whatever the instance has: Order Case, else Case, else Incident, behind one call.

The rung is found by asking the tables, once. Customer cases may hold the little personal data that answering needs; an
incident is read by IT and holds none: of a draft it gets `title` and `summary` only. What was written is read again and
compared, because the platform drops what it does not know.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from snow_app import errors
from snow_app.handshake import Need, shake
from snow_app.records.record import texts
from snow_app.row import Record
from snow_app.services.shoppers import Shopper
from snow_app.upserts import CORRELATION

if TYPE_CHECKING:
    from snow_app.client import SnowClient

ORDER_CASE, CASE, INCIDENT = "sn_order_case", "sn_customerservice_case", "incident"
RUNGS: Final = (ORDER_CASE, CASE, INCIDENT)
TOPICS: Final = ("payment", "missing", "damaged", "cancel", "wrong_item", "other")
_HIGH = "2"
_COLUMNS: Final = {"issue_type": 20, "evidence_hash": 64, "intake_rung": 40, "site_id": 32, "order_no": 50}
_FLAGS: Final = ("verified", "needs_review")
_WATCHED: Final = ("number", "state", "active", "sys_mod_count", "sys_updated_on", "sys_updated_by", CORRELATION)
_CLOSED: Final = {"3": "closed", "7": "cancelled"}
_STATES: Final[Mapping[str, Mapping[str, str]]] = {
    CASE: {"1": "new", "10": "open", "18": "awaiting_info", "6": "resolved", **_CLOSED},
    INCIDENT: {"1": "new", "2": "open", "3": "on_hold", "6": "resolved", "7": "closed", "8": "cancelled"},
}
_AWAITING_CALLER = "1"
DONE: Final = frozenset({"closed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case to be opened. `title` and `summary` hold no personal data, `story` may; `topic` is one of `TOPICS`.
    `order_no` stays empty while nobody proved that the order is the reporter's. `previous` is the sys_id of the case
    that this one follows."""

    title: str
    summary: str
    story: str = field(default="", repr=False)
    topic: str
    site_id: str
    order_no: str = ""
    customer_no: str = ""
    evidence_hash: str = ""
    verified: bool = False
    needs_review: bool = False
    urgent: bool = False
    shopper: Shopper | None = None
    previous: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """What a case says now. `state` is one of new, open, on_hold, awaiting_info, resolved, closed, cancelled;
    `version` counts the changes, `updated_on` is the last one as the platform writes it."""

    table: str
    sys_id: str
    number: str
    state: str
    version: int
    updated_on: str
    correlation_id: str

    @property
    def done(self) -> bool:
        """Whether the platform takes no more notes on it."""
        return self.state in DONE


class OrderCases:
    """Cases about orders on one instance. Thread-safe. `rung` fixes the table instead of asking for the best one."""

    def __init__(self, client: SnowClient, *, scope: str = "x_acme_sfcc", rung: str = "") -> None:
        self._client, self._scope = client, scope
        self._rung = rung
        self._shaken: set[str] = set()
        self._lock = threading.Lock()

    @property
    def rung(self) -> str:
        """The table that cases are opened in. Raises Forbidden when it is there and the user may not use it."""
        with self._lock:
            self._rung = self._rung or next(table for table in RUNGS if self._is_there(table))
            return self._rung

    @property
    def anonymous(self) -> bool:
        """Whether what is written here is read by people who must see no personal data."""
        return self.rung == INCIDENT

    def opened(self, draft: CaseDraft, *, correlation_id: str) -> CaseState:
        """The one case of `correlation_id`, with what the draft says. Safe to repeat.

        Raises SchemaMismatch before anything is written when the table cannot hold it, WriteLost when it did not.
        """
        table, values = self.rung, self._values(draft)
        self._shake(table)
        rows = self._client.table(table)
        stored = rows.upsert(values, correlation_id=correlation_id)
        again = rows.get(stored.sys_id, fields=(*values, *self._watched(table)))
        rows.kept(again, texts({name: value for name, value in values.items() if name.startswith(self._scope)}))
        return _state(again)

    def state(self, table: str, sys_id: str) -> CaseState:
        """Raises NotFound when the case is gone or hidden."""
        return _state(self._client.table(_known(table)).get(sys_id, fields=self._watched(table)))

    def _is_there(self, table: str) -> bool:
        try:
            next(self._client.table(table).rows(fields=("number",), limit=1), None)
        except errors.TableMissing:
            return False
        return True

    def _shake(self, table: str) -> None:
        if table in self._shaken:
            return
        own = [Need(column=self._own(name), longest=longest) for name, longest in _COLUMNS.items()]
        topics = frozenset(TOPICS)
        own[0] = Need(column=self._own("issue_type"), longest=_COLUMNS["issue_type"], choices=topics)
        flags = [Need(column=self._own(name)) for name in _FLAGS]
        shake(self._client, table, (*own, *flags, Need(column=CORRELATION, longest=100)))
        self._shaken.add(table)

    def _values(self, draft: CaseDraft) -> dict[str, str | bool]:
        own: dict[str, str | bool] = {
            "issue_type": draft.topic,
            "evidence_hash": draft.evidence_hash,
            "intake_rung": self.rung,
            "verified": draft.verified,
            "needs_review": draft.needs_review,
            "site_id": draft.site_id,
            "order_no": draft.order_no,
        }
        if draft.customer_no:
            own["customer_no"] = draft.customer_no
        values: dict[str, str | bool] = {"short_description": draft.title[:160], "description": draft.summary}
        if draft.previous:
            values["parent"] = draft.previous
        if self.anonymous:
            values |= {"urgency": _HIGH, "impact": _HIGH} if draft.urgent else {}
        else:
            values |= {"description": draft.story or draft.summary, "contact_type": "web"}
            values |= {"priority": _HIGH} if draft.urgent else {}
        if draft.shopper is not None:
            values[draft.shopper.column] = draft.shopper.sys_id
        return values | {self._own(name): value for name, value in own.items()}

    def _own(self, name: str) -> str:
        return f"{self._scope}_{name}"

    def _watched(self, table: str) -> tuple[str, ...]:
        return (*_WATCHED, "hold_reason") if table == INCIDENT else _WATCHED


def _state(row: Record) -> CaseState:
    known = _STATES[INCIDENT if row.table == INCIDENT else CASE]
    state = known.get(row["state"], "open")
    if state == "on_hold" and row["hold_reason"] == _AWAITING_CALLER:
        state = "awaiting_info"
    return CaseState(
        table=row.table,
        sys_id=row.sys_id,
        number=row["number"],
        state=state,
        version=int(row["sys_mod_count"] or 0),
        updated_on=row["sys_updated_on"],
        correlation_id=row[CORRELATION],
    )


def _known(table: str) -> str:
    if table not in RUNGS:
        raise errors.UnsafeQuery(f"Cases about orders are in {', '.join(RUNGS)} only.")
    return table
