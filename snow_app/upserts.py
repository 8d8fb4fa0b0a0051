"""One row for each key, however often, from however many callers, and whatever happens to the answers.

A key, usually a correlation id, gives the row its sys_id: a hash of table, column and key, the same in every process.
The platform stores no second row with a sys_id, so callers that race end at one row. Every attempt first looks whether
the row is there, then inserts or updates it; after an answer that leaves open what happened (a time-out, a broken
connection, 5xx, a key that is taken) it looks again. A found row counts only when it holds the key: the platform drops
a condition on a column that it does not know, and ignores case.

Limits: the oldest row that somebody else made with this key and another sys_id is found and updated, but nothing here
can stop another program from adding one. Where `glide.rest.table_api.admin_only_sys_fields` reserves sys_ids and the
user is no admin, callers one after the other end at one row, but two at the same moment may make one each. When
others write the row at the same moment, the answer may hold their values. A write that is still under way when its
caller gave up can land later.
Journal columns are refused, because a repeated note is a second note: write notes with `Table.update`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snow_app import errors
from snow_app.batch import BatchItem
from snow_app.paging import PAIRS, chosen
from snow_app.query import Query
from snow_app.records.identity import sys_id
from snow_app.records.record import texts
from snow_app.row import Record, record, same
from snow_app.transport import pause

if TYPE_CHECKING:
    from snow_app.client import SnowClient
    from snow_app.table import Table, Values

CORRELATION = "correlation_id"
_LONGEST = 100
_JOURNALS = frozenset({"comments", "work_notes", "comments_and_work_notes"})
_LOOKED_UP = 60
"""Keys asked for at a time: a query of twice as many values stays within the length of a URL."""
_OPEN = (errors.Transient, errors.Duplicate, errors.NotFound, errors.WriteLost)
"""What leaves open whether the row is there, or whose values it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upserted:
    """What became of one row of `upsert_many`: `error` is None once the row holds what was asked for."""

    key: str
    sys_id: str
    error: errors.SnowError | None = None


def upserted(client: SnowClient, table: Table, column: str, key: str, values: Values) -> Record:
    """See `Table.upsert`. Tries as often as the settings say."""
    wanted = _wanted(column, key, values)
    _check_column(client, table, column)
    for attempt in range(1, client.settings.attempts):
        try:
            return _attempt(table, column, key, wanted, again=attempt > 1)
        except _OPEN as failure:
            if (failure.retry_after or 0) > client.settings.retry_after_cap_s:
                raise
            client.clock.sleep(failure.retry_after or pause(attempt))
    return _attempt(table, column, key, wanted, again=True)


def upserted_many(client: SnowClient, table: Table, column: str, rows: Mapping[str, Values]) -> tuple[Upserted, ...]:
    """See `Table.upsert_many`. Goes on while rows get settled, and as often as the settings say while none does."""
    waiting = {key: _wanted(column, key, values) for key, values in rows.items()}
    if waiting:
        _check_column(client, table, column)
    reached: dict[str, Upserted] = {}
    idle = 0
    while True:
        results = _round(client, table, column, waiting, again=bool(reached))
        reached |= results
        settled = [key for key, result in results.items() if not isinstance(result.error, _OPEN)]
        waiting = {key: wanted for key, wanted in waiting.items() if key not in settled}
        idle = 0 if settled else idle + 1
        wait = max((result.error.retry_after or 0 for result in results.values() if result.error), default=0)
        if not waiting or idle >= client.settings.attempts or wait > client.settings.retry_after_cap_s:
            return tuple(reached[key] for key in rows)
        client.clock.sleep(wait or pause(idle + 1))


def _attempt(table: Table, column: str, key: str, wanted: Mapping[str, str], *, again: bool) -> Record:
    found, strangers = _found(table, column, [key], ())
    if key in strangers:
        raise _taken(table, column)
    known = found.get(key)
    if known is None:
        chosen_id = sys_id(column, table.name, key)
        stored = _ours(table, table.insert(wanted, sys_id=chosen_id), chosen_id)
    elif _differs(known, wanted):
        stored = table.patched(known.sys_id, wanted)
    else:
        return known
    return _kept(table, stored, wanted, known, again=again)


def _kept(table: Table, stored: Record, wanted: Mapping[str, str], known: Record | None, *, again: bool) -> Record:
    """`stored`, when it holds what was wanted, or what somebody else wrote right after us. Raises WriteLost.

    A value that the platform changes or drops is the same before and after the second try; another caller's is not.
    """
    try:
        return table.kept(stored, wanted)
    except errors.WriteLost as lost:
        if again and known is not None and all(stored[name] != known[name] for name in lost.columns):
            return stored
        raise


def _ours(table: Table, stored: Record, chosen_id: str) -> Record:
    """The inserted row. Raises WriteLost, which leads to another look, when the instance chose the sys_id itself."""
    if stored.sys_id != chosen_id:
        raise errors.WriteLost(
            f"ServiceNow gave a record of {table.name} another sys_id than asked for: its property "
            "glide.rest.table_api.admin_only_sys_fields reserves them.",
            columns=("sys_id",),
            operation=table.path,
        )
    return stored


def _round(
    client: SnowClient, table: Table, column: str, waiting: Mapping[str, Mapping[str, str]], *, again: bool
) -> dict[str, Upserted]:
    """One look at every row that waits, one batch of what it misses."""
    columns = dict.fromkeys(name for wanted in waiting.values() for name in wanted)
    items: dict[str, BatchItem] = {}
    before: dict[str, Record] = {}
    reached: dict[str, Upserted] = {}
    try:
        for some in _parts(list(waiting)):
            found, strangers = _found(table, column, some, tuple(columns))
            before |= found
            for key in some:
                known = found.get(key)
                row_id = known.sys_id if known else sys_id(column, table.name, key)
                error = _taken(table, column) if key in strangers else None
                reached[key] = Upserted(key=key, sys_id=row_id, error=error)
                if error is None and (known is None or _differs(known, waiting[key])):
                    items[key] = _item(table, known, row_id, waiting[key])
        results = client.batch(list(items.values()))
    except errors.Transient as failure:
        failed = set(waiting) - (set(reached) - set(items))
        return reached | {
            key: Upserted(key=key, sys_id=sys_id(column, table.name, key), error=failure) for key in failed
        }
    for key, result in zip(items, results, strict=True):
        error = result.error
        if error is None:
            try:
                stored = record(table.name, result.result())
                if key not in before:
                    _ours(table, stored, reached[key].sys_id)
                _kept(table, stored, waiting[key], before.get(key), again=again)
            except errors.SnowError as lost:
                error = lost
        reached[key] = Upserted(key=key, sys_id=reached[key].sys_id, error=error)
    return reached


def _item(table: Table, known: Record | None, row_id: str, wanted: Mapping[str, str]) -> BatchItem:
    parameters = {**PAIRS, **chosen(tuple(wanted))}
    if known is None:
        return BatchItem(method="POST", path=table.path, parameters=parameters, values={**wanted, "sys_id": row_id})
    return BatchItem(method="PATCH", path=f"{table.path}/{row_id}", parameters=parameters, values=wanted)


def _found(table: Table, column: str, keys: Sequence[str], fields: Sequence[str]) -> tuple[dict[str, Record], set[str]]:
    """The row of each key that has one, ours before older ones; and the keys whose sys_id holds another key."""
    ours = {sys_id(column, table.name, key): key for key in keys}
    query = Query().where("sys_id", "IN", ours)
    listed = [key for key in keys if "," not in key]
    if listed:
        query = query.or_where(column, "IN", listed)
    for key in keys:
        if "," in key:
            query = query.or_where(column, "=", key)
    rows = list(table.rows(query, fields=(column, "sys_created_on", *fields) if fields else ()))
    rows.sort(key=lambda row: (row.sys_id not in ours, row["sys_created_on"], row.sys_id))
    found: dict[str, Record] = {}
    for row in rows:
        if row[column] in keys:
            found.setdefault(row[column], row)
    return found, {ours[row.sys_id] for row in rows if row.sys_id in ours} - found.keys()


def _differs(known: Record, wanted: Mapping[str, str]) -> bool:
    return not all(same(known[name], value) for name, value in wanted.items())


def _wanted(column: str, key: str, values: Values) -> dict[str, str]:
    if not key or (column == CORRELATION and len(key) > _LONGEST):
        raise errors.UnsafeQuery(f"A correlation id has 1 to {_LONGEST} characters.")
    Query().where(column, "=", key)
    journals = sorted(_JOURNALS & values.keys())
    if journals:
        raise errors.UnsafeQuery(
            f"An upsert may be repeated, and repeating {', '.join(journals)} adds a second note: use update()."
        )
    return {**texts(values), column: key}


def _check_column(client: SnowClient, table: Table, column: str) -> None:
    """Raises UnsafeQuery when the table has no such column. An empty table cannot tell; the write itself will."""
    if (table.name, column) in client.known_columns:
        return
    row = next(table.rows(fields=(column,), limit=1), None)
    if row is None:
        return
    if column not in row.values:
        raise errors.UnsafeQuery(f"{table.name} has no column {column}, or hides it: rows cannot be told by it.")
    client.known_columns.add((table.name, column))


def _taken(table: Table, column: str) -> errors.SnowError:
    return errors.Duplicate(
        f"A record of {table.name} has the sys_id of this {column} but holds another {column}: somebody changed it, or "
        "the table has no such column. Restore it on the instance or choose another key.",
        operation=table.path,
    )


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _LOOKED_UP):
        yield keys[start : start + _LOOKED_UP]
