"""Reading many tables in one batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from snow_app.batch import BatchItem, BatchResult
from snow_app.client import PLAIN, TABLE_API, SnowClient
from snow_app.errors import BadAnswer, InstallStopped, TableMissing
from snow_app.query import Query
from snow_app.row import Record, record, same

_MOST_ROWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The rows of `table` that match, with these columns."""

    table: str
    query: Query
    fields: tuple[str, ...]


def rows_of(client: SnowClient, looks: Sequence[Look]) -> tuple[tuple[Record, ...], ...]:
    """The rows of every look, in order, read in one batch. A table that does not exist has no rows."""
    items = [
        BatchItem(
            method="GET",
            path=f"{TABLE_API}/{look.table}",
            parameters={
                **PLAIN,
                "sysparm_query": str(look.query.ordered_by("sys_id")),
                "sysparm_fields": ",".join(dict.fromkeys(("sys_id", *look.fields))),
                "sysparm_limit": str(_MOST_ROWS),
            },
        )
        for look in looks
    ]
    return tuple(_rows(look, result) for look, result in zip(looks, client.batch(items), strict=True))


def _rows(look: Look, result: BatchResult) -> tuple[Record, ...]:
    if isinstance(result.error, TableMissing):
        return ()
    if result.error is not None:
        raise InstallStopped(f"The table {look.table} cannot be read: {result.error.message}") from result.error
    answered = result.result()
    if not isinstance(answered, list) or not all(isinstance(one, Mapping) for one in answered):
        raise BadAnswer(f"ServiceNow answered the rows of {look.table} without a list.")
    return tuple(record(look.table, one) for one in answered)


def differing(stored: Record, wanted: Mapping[str, str], columns: Iterable[str] | None = None) -> tuple[str, ...]:
    """The columns (of `wanted`, or of `columns`) in which a stored row holds something else."""
    return tuple(column for column in columns or wanted if not same(stored[column], wanted[column]))
