"""Cases and incidents as the sidecar needs them: what the open one says, and who wrote before about the same thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from snow_app.errors import UnsafeQuery
from snow_app.query import Query
from snow_app.row import Record

if TYPE_CHECKING:
    from snow_app.client import SnowClient

TABLES = ("incident", "sn_customerservice_case")
_FIELDS = ("number", "short_description", "description", "state", "active", "opened_at", "sys_created_on")
_REMEMBERED = ("customer_no", "site_id", "order_no")
_LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case or incident. `opened_at` is aware UTC; `customer_no`, `site_id` and `order_no` are what it remembers."""

    table: str
    sys_id: str
    number: str
    short_description: str = field(repr=False)
    description: str = field(repr=False)
    state: str
    active: bool
    opened_at: datetime | None
    customer_no: str
    site_id: str
    order_no: str


class Cases:
    """The cases of one instance. `scope` is the scope of the installed app, whose columns remember the shopper."""

    def __init__(self, client: SnowClient, *, scope: str = "x_acme_sfcc") -> None:
        self._client = client
        self._scope = scope

    def get(self, table: str, sys_id: str) -> Case:
        """Raises NotFound when the case is missing or hidden, UnsafeQuery when `table` holds no cases."""
        return self._case(self._client.table(_known(table)).get(sys_id, fields=self._fields()))

    def contacts_about(
        self,
        *,
        table: str,
        since: datetime,
        order_no: str | None = None,
        customer_no: str | None = None,
        site_id: str | None = None,
        limit: int = 50,
        timeout_s: float | None = None,
    ) -> tuple[Case, ...]:
        """The cases opened at or after `since` that remember this order or, without one, this customer; newest first.

        Either `order_no` or `customer_no` is needed. Every answered row is checked again, because the platform drops
        conditions on columns it does not know.
        """
        name, wanted = ("order_no", order_no) if order_no else ("customer_no", customer_no)
        if not wanted:
            raise UnsafeQuery("Contacts are looked up by order number or customer number.")
        query = Query().where(self._column(name), "=", wanted).where("opened_at", ">=", since)
        if site_id:
            query = query.where(self._column("site_id"), "=", site_id)
        found = self._client.table(_known(table)).rows(
            query.ordered_by("opened_at", descending=True), fields=self._fields(), limit=limit, timeout_s=timeout_s
        )
        cases = (self._case(row) for row in found)
        return tuple(case for case in cases if getattr(case, name) == wanted and site_id in (None, case.site_id))

    def add_work_note(self, table: str, sys_id: str, note: str) -> None:
        """Append a work note of at most 4000 characters. Never repeated by itself: that would be a second note."""
        if not note.strip() or len(note) > _LONGEST_NOTE:
            raise UnsafeQuery(f"A work note has 1 to {_LONGEST_NOTE} characters.")
        self._client.table(_known(table)).update(sys_id, {"work_notes": note})

    def _fields(self) -> tuple[str, ...]:
        return (*_FIELDS, *(self._column(name) for name in _REMEMBERED))

    def _column(self, name: str) -> str:
        return f"{self._scope}_{name}"

    def _case(self, row: Record) -> Case:
        return Case(
            table=row.table,
            sys_id=row.sys_id,
            number=row["number"],
            short_description=row["short_description"],
            description=row["description"],
            state=row.display("state"),
            active=row.true("active"),
            opened_at=row.time("opened_at") or row.time("sys_created_on"),
            customer_no=row[self._column("customer_no")],
            site_id=row[self._column("site_id")],
            order_no=row[self._column("order_no")],
        )


def _known(table: str) -> str:
    if table not in TABLES:
        raise UnsafeQuery("Cases are read from incident and sn_customerservice_case only.")
    return table
