"""A table whose rows are of one declared type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from snow_app.errors import UnsafeQuery
from snow_app.paging import Key
from snow_app.query import Query
from snow_app.tables.row import Row, columns_of, names_of
from snow_app.upserts import CORRELATION, Upserted

if TYPE_CHECKING:
    from snow_app.client import SnowClient

R = TypeVar("R", bound=Row)


class TypedTable(Generic[R]):
    """Reads and writes rows of type `R`; made by `client.of(Incident)`. Asks for the declared columns only.

    Its methods are those of `Table`, with the same errors; `table` is that table, for what has no type.
    """

    def __init__(self, client: SnowClient, kind: type[R]) -> None:
        self.kind = kind
        self.table = client.table(kind.TABLE)
        self._fields = names_of(kind)

    def get(self, sys_id: str) -> R:
        """Raises NotFound also when an access rule hides the row."""
        return self.kind.of(self.table.get(sys_id, fields=self._fields))

    def rows(self, query: Query | None = None, *, limit: int | None = None, page_size: int = 500) -> Iterator[R]:
        """See `Table.rows`."""
        return map(self.kind.of, self.table.rows(query, fields=self._fields, limit=limit, page_size=page_size))

    def scan(self, query: Query | None = None, *, key: Key = "sys_id", page_size: int = 500) -> Iterator[R]:
        """See `Table.scan`."""
        return map(self.kind.of, self.table.scan(query, key=key, fields=self._fields, page_size=page_size))

    def first(self, query: Query) -> R | None:
        """The first visible row that matches."""
        found = self.table.first(query, fields=self._fields)
        return self.kind.of(found) if found else None

    def insert(self, row: R) -> R:
        """The row as stored; fields that were left out get the platform's defaults. A `sys_id` of its own is kept."""
        return self.kind.of(self.table.insert(row.changes(), sys_id=row.sys_id or None))

    def update(self, before: R, after: R) -> R:
        """Writes the fields in which `after` (``dataclasses.replace(before, …)``) differs, and nothing without any.

        Raises WriteLost when the platform accepted but did not store a value.
        """
        if not before.sys_id or before.sys_id != after.sys_id:
            raise UnsafeQuery("An update takes a row that was read, and a changed copy of it.")
        changed = after.changes(before)
        return self.kind.of(self.table.update(after.sys_id, changed)) if changed else before

    def upsert(self, row: R, *, correlation_id: str, column: str = CORRELATION) -> R:
        """The one row of `correlation_id`, created or updated with the fields that are filled. See `Table.upsert`."""
        return self.kind.of(self.table.upsert(self._repeatable(row), correlation_id=correlation_id, column=column))

    def upsert_many(self, rows: Mapping[str, R], *, column: str = CORRELATION) -> tuple[Upserted, ...]:
        """See `Table.upsert_many`."""
        values = {key: self._repeatable(row) for key, row in rows.items()}
        return self.table.upsert_many(values, column=column)

    def count(self, query: Query | None = None) -> int:
        """See `Table.count`."""
        return self.table.count(query)

    def delete(self, sys_id: str) -> None:
        """Raises NotFound when the row is gone already or hidden."""
        self.table.delete(sys_id)

    def _repeatable(self, row: R) -> Mapping[str, str]:
        """What the row fills. Raises UnsafeQuery for a journal: each repeated write would add a note."""
        values = row.changes()
        journals = [
            column.name for column in columns_of(self.kind) if column.kind == "journal" and column.name in values
        ]
        if journals:
            raise UnsafeQuery(f"An upsert may be repeated, and repeating {', '.join(journals)} adds a second note.")
        return values
