"""The rows of one table: read, written, counted, and kept one to a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from snow_app import errors, paging, statistics, upserts
from snow_app.answers import Answer
from snow_app.paging import PAIRS, Key
from snow_app.query import Operand, Query
from snow_app.records.identity import checked
from snow_app.records.record import texts
from snow_app.row import Record, record, same
from snow_app.statistics import Group
from snow_app.upserts import CORRELATION, Upserted

if TYPE_CHECKING:
    from snow_app.client import SnowClient

TABLE_API = "/api/now/table"
# Written values that the platform turns into something else: journals append a row, passwords are encrypted.
_NOT_COMPARED = frozenset({"work_notes", "comments", "password", "user_password"})
_LOOK = 10
"""Rows asked for when one is wanted: access rules may hide the first ones."""

Values = Mapping[str, str | int | bool]


class Table:
    """The rows of one table. Raises the errors of `snow_app.errors` and nothing else."""

    def __init__(self, client: SnowClient, name: str) -> None:
        self._client = client
        self.name = name
        self.path = f"{TABLE_API}/{name}"

    # Reading ---------------------------------------------------------------------------------------------------------

    def get(self, sys_id: str, *, fields: Sequence[str] = ()) -> Record:
        """The row, all columns without `fields`. Raises NotFound also when an access rule hides it."""
        with self._client.glide_record(self.name) as native:
            if fields:
                native.fields = list(fields)
            if not native.get(checked(sys_id)):
                raise errors.NotFound("ServiceNow has no such record, or an access rule hides it.")
            return _plain(self.name, native)

    def rows(
        self,
        query: Query | None = None,
        *,
        fields: Sequence[str] = (),
        limit: int | None = None,
        page_size: int = 500,
        timeout_s: float | None = None,
    ) -> Iterator[Record]:
        """The rows that match and are visible, each once, in the order of the query, ties by sys_id.

        Fewer rows than `limit` may come although more match, because the platform counts before it hides. Rows deleted
        while pages are read can shift others out of sight; `scan` does not have that limit.
        """
        return paging.pages(
            lambda page: self._client.request("GET", self.path, parameters=page, timeout_s=timeout_s),
            self.name,
            query or Query(),
            fields=fields,
            limit=limit,
            page_size=page_size,
        )

    def scan(
        self,
        query: Query | None = None,
        *,
        key: Key = "sys_id",
        fields: Sequence[str] = (),
        page_size: int = 500,
        timeout_s: float | None = None,
    ) -> Iterator[Record]:
        """Every visible row that matches from the first to the last page, each exactly once, in the order of `key`,
        however many rows are inserted or deleted meanwhile. A row that came meanwhile may be among them; with
        `sys_created_on` it is, unless it came within the second read last.

        Raises UnsafeQuery when the query brings an order, BadAnswer when the platform does not order by `key`.
        """
        return paging.scanned(
            lambda page: self._client.request("GET", self.path, parameters=page, timeout_s=timeout_s),
            self.name,
            query or Query(),
            key=key,
            fields=fields,
            page_size=page_size,
        )

    def among(
        self,
        column: str,
        values: Iterable[Operand],
        query: Query | None = None,
        *,
        fields: Sequence[str] = (),
        timeout_s: float | None = None,
    ) -> Iterator[Record]:
        """The rows whose `column` is one of any number of `values`, asked in as many requests as the length of a URL
        takes; each row once, ordered within a request only.
        """
        seen: set[str] = set()
        for part in (query or Query()).split(column, values):
            for row in self.rows(part, fields=fields, timeout_s=timeout_s):
                if row.sys_id not in seen:
                    seen.add(row.sys_id)
                    yield row

    def first(self, query: Query, *, fields: Sequence[str] = ()) -> Record | None:
        """The first visible row that matches."""
        return next(self.rows(query, fields=fields, page_size=_LOOK), None)

    # Counting --------------------------------------------------------------------------------------------------------

    def count(self, query: Query | None = None) -> int:
        """How many rows match, by the Aggregate API."""
        return statistics.counted(self._client, self.name, query or Query())

    def stats(
        self,
        query: Query | None = None,
        *,
        group_by: Sequence[str] = (),
        sums: Sequence[str] = (),
        averages: Sequence[str] = (),
        lowest: Sequence[str] = (),
        highest: Sequence[str] = (),
    ) -> tuple[Group, ...]:
        """Counts and figures for each group, or one for all rows without `group_by`. See `snow_app.statistics`."""
        figures = {"sum": sums, "avg": averages, "min": lowest, "max": highest}
        return statistics.grouped(self._client, self.name, query or Query(), group_by=group_by, figures=figures)

    # Writing ---------------------------------------------------------------------------------------------------------

    def insert(self, values: Values, *, sys_id: str | None = None) -> Record:
        """The row as the platform stored it. With `sys_id` a repeated insert fails instead of adding a second row."""
        with self._client.glide_record(self.name) as native:
            native.initialize()
            if sys_id is not None:
                native.set_new_guid_value(checked(sys_id))
            for column, value in texts(values).items():
                native.set_value(column, value)
            native.insert()
            return _plain(self.name, native)

    def update(self, sys_id: str, values: Values) -> Record:
        """The row after the update. Raises WriteLost when the platform accepted but did not store a value.

        Never repeated by itself: a repeated journal entry would be a second note.
        """
        sent = texts(values)
        return self.kept(self.patched(sys_id, sent), sent)

    def patched(self, sys_id: str, sent: Mapping[str, str]) -> Record:
        """The row after the update, whatever it holds."""
        answer = self._client.request("PATCH", f"{self.path}/{checked(sys_id)}", parameters=PAIRS, json=sent)
        return record(self.name, _object(answer))

    def delete(self, sys_id: str) -> None:
        """Raises NotFound when the row is gone already or hidden."""
        self._client.request("DELETE", f"{self.path}/{checked(sys_id)}")

    def upsert(self, values: Values, *, correlation_id: str, column: str = CORRELATION) -> Record:
        """The one row of `correlation_id`, created or updated, holding `values`. Safe to repeat and to call from many
        threads and processes at once. See `snow_app.upserts` for how, and for its limits.

        `column` holds the key where a table keeps it elsewhere (`employee_number`, `user_name`). Raises UnsafeQuery
        for journal columns and for a key that fits no query, WriteLost when the row does not hold key and values.
        """
        return upserts.upserted(self._client, self, column, correlation_id, values)

    def upsert_many(self, rows: Mapping[str, Values], *, column: str = CORRELATION) -> tuple[Upserted, ...]:
        """`upsert` for any number of rows by correlation id: reads and writes in batches, one result for each row in
        order. What failed says so; the same call again carries on where this one, or a process that died, stopped.
        """
        return upserts.upserted_many(self._client, self, column, rows)

    def kept(self, stored: Record, sent: Mapping[str, str]) -> Record:
        """`stored` when it holds what was `sent`. Raises WriteLost naming the columns that it does not."""
        lost = tuple(name for name, value in sent.items() if not _holds(stored, name, value))
        if lost:
            raise errors.WriteLost(
                f"ServiceNow accepted the write to {self.name} but did not store {', '.join(lost)}.",
                columns=lost,
                operation=self.path,
            )
        return stored


def _holds(stored: Record, name: str, value: str) -> bool:
    """Whether a column holds what was sent; a journal shows it among its entries and has no value of its own."""
    if name in _NOT_COMPARED or same(stored[name], value):
        return True
    return not stored[name] and bool(value) and value.strip() in stored.display(name)


def _object(answer: Answer) -> Mapping[str, Any]:
    result = answer.result()
    if not isinstance(result, Mapping):
        raise errors.BadAnswer(f"ServiceNow answered {answer.operation} without a record.", operation=answer.operation)
    return result


def _plain(table: str, native: Any) -> Record:
    """A copy of the native record without any of the library's own values."""
    columns = native.fields or ()
    pairs = {
        column: {"value": native.get_value(column), "display_value": native.get_display_value(column)}
        for column in columns
    }
    return record(table, pairs)
