"""The sweep behind the doorbell: every change of a record of ours, also of those that nobody rang for.

- A run asks for what changed since the start of the last one, less `overlap`: a cursor that is the last change seen, or
  the end of a run, loses what became visible late. The overlap covers clocks that differ and slow transactions.
- Moments are UTC and whole seconds, as the platform stores them; "since" includes the second itself.
- A change is told under the id that the doorbell gives it (record, second, number of changes), so that what the bell
  or an earlier run told is known already, and two changes within one second are two.
- A record that was deleted is in no list: only its bell tells.
- The platform drops a condition on a column that it does not know, and answers unrelated rows: a row that does not fit
  what was asked ends the run before anything of it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Float, String, Table, delete, insert, select

from sfcc_client import Clock
from sidecar.engine import Database
from sidecar.engine.tables import METADATA
from sidecar.errors import IdTaken
from sidecar.intake import Change
from snow_app import Query, Record, SnowClient
from snow_app.errors import BadAnswer, SchemaMismatch, TableMissing

CURSORS = Table(
    "changes_cursors",
    METADATA,
    Column("record_table", String(80), primary_key=True),
    Column("at", Float, nullable=False),
)
"""When the last finished run over a table began."""

WATCHED: Mapping[str, tuple[str, ...]] = {
    "sn_customerservice_case": ("order_issues",),
    "incident": ("order_issues", "storefront_alerts"),
    "problem": ("feedback",),
}
"""Tables with records of flows; those that extend one are within it."""

Tell = Callable[[Change], object]
"""Stores the change; returns when it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPolicy:
    """`overlap` is more than two clocks may differ and a save may take; `first` how far back the first run looks."""

    overlap: timedelta = timedelta(minutes=5)
    first: timedelta = timedelta(days=1)
    every_s: float = 120.0


class ChangeSweep:
    """Changes of records of flows on one instance. One run at a time; any number of processes may take turns."""

    def __init__(
        self,
        *,
        snow: SnowClient,
        database: Database,
        tell: Tell,
        clock: Clock,
        scope: str,
        watched: Mapping[str, Sequence[str]] = WATCHED,
        policy: SweepPolicy | None = None,
    ) -> None:
        self._snow, self._database, self._tell, self._clock = snow, database, tell, clock
        self._scope, self._watched = scope, watched
        self.policy = policy or SweepPolicy()

    def run(self) -> int:
        """Tell everything that changed; how many changes were told. A table the instance lacks is left out.

        Raises any SnowError, and whatever `tell` raises; the next run starts where this one did.
        """
        return sum(self._run(table, flows) for table, flows in self._watched.items())

    def _run(self, table: str, flows: Sequence[str]) -> int:
        started = self._clock.now()
        since = (self._cursor(table) or started - self.policy.first) - self.policy.overlap
        told = 0
        try:
            for change in self._changes(table, flows, since.replace(microsecond=0)):
                told += self._is_told(change)
        except TableMissing:
            return 0
        with self._database.transaction() as connection:
            connection.execute(delete(CURSORS).where(CURSORS.c.record_table == table))
            connection.execute(insert(CURSORS).values(record_table=table, at=started.timestamp()))
        return told

    def _is_told(self, change: Change) -> bool:
        try:
            self._tell(change)
        except IdTaken:
            return False  # the bell told of this very change in other words
        return True

    def _changes(self, table: str, flows: Iterable[str], since: datetime) -> Iterator[Change]:
        own = [f"{self._scope}_{name}" for name in ("site_id", "order_no")]
        fields = ("sys_class_name", "sys_updated_on", "sys_mod_count", "correlation_id", *own)
        for flow in flows:
            query = Query().where("sys_updated_on", ">=", since).where("correlation_id", "STARTSWITH", f"{flow}:")
            for row in self._snow.table(table).scan(query, fields=fields):
                updated = _checked(row, flow, since)
                yield Change(
                    table=row["sys_class_name"] or table,
                    sys_id=row.sys_id,
                    updated_on=updated,
                    correlation_id=row["correlation_id"],
                    mod_count=int(row["sys_mod_count"] or 0),
                    site_id=row[own[0]],
                    order_no=row[own[1]],
                )

    def _cursor(self, table: str) -> datetime | None:
        with self._database.reading() as connection:
            at = connection.execute(select(CURSORS.c.at).where(CURSORS.c.record_table == table)).scalar()
        return None if at is None else datetime.fromtimestamp(at, UTC)


def _checked(row: Record, flow: str, since: datetime) -> datetime:
    """When the row changed. Raises SchemaMismatch or BadAnswer when the condition was not applied to it."""
    updated = row.time("sys_updated_on")
    if "correlation_id" not in row.values or updated is None:
        problem = f"{row.table} has no correlation_id or sys_updated_on, or hides it."
        raise SchemaMismatch(f"Changes cannot be told: {problem}", problems=(problem,), operation=row.table)
    if updated < since or not row["correlation_id"].casefold().startswith(f"{flow}:"):
        raise BadAnswer(
            f"ServiceNow answered records of {row.table} that were not asked for: it dropped a condition.",
            operation=row.table,
        )
    return updated
