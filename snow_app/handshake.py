"""Whether a table can take what is about to be written, asked before the first write.

The platform drops unknown columns and impossible choices without a word, and cuts long values. The dictionary says so
beforehand, to users who may read it. To others it shows no rows at all: then a visible row of the table says which
columns there are, and what it cannot say (lengths, or anything of an empty table) the comparison after the write does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snow_app import errors
from snow_app.query import Query
from snow_app.row import Record

if TYPE_CHECKING:
    from snow_app.client import SnowClient

_DEEPEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A column that must exist, hold texts of `longest` characters (0: any) and offer these `choices`."""

    column: str
    longest: int = 0
    choices: frozenset[str] = frozenset()


def shake(client: SnowClient, table: str, needs: Sequence[Need]) -> None:
    """Raises SchemaMismatch with every problem at once, TableMissing when there is no such table."""
    lineage = _lineage(client, table)
    columns = [need.column for need in needs]
    query = Query().where("name", "IN", lineage).where("element", "IN", columns)
    rows = _rows(client, "sys_dictionary", query, ("name", "element", "max_length"))
    entries = _nearest(lineage, (row for row in rows if row["element"] in columns))
    problems = [*(_by_dictionary(table, needs, entries) if entries else _by_row(client, table, needs))]
    problems += _choices(client, table, lineage, needs)
    if problems:
        raise errors.SchemaMismatch(
            f"{table} cannot take what is to be written: {' '.join(problems)} Install the app again, or correct it.",
            problems=tuple(problems),
            operation=table,
        )


def _lineage(client: SnowClient, table: str) -> list[str]:
    """The table and those it extends; only itself where the user may not know."""
    found = [table]
    while len(found) < _DEEPEST:
        query = Query().where("name", "=", found[-1])
        rows = _rows(client, "sys_db_object", query, ("name", "super_class.name"))
        parent = next((row["super_class.name"] for row in rows if row["name"] == found[-1]), "")
        if not parent:
            break
        found.append(parent)
    return found


def _rows(client: SnowClient, table: str, query: Query, fields: tuple[str, ...]) -> list[Record]:
    try:
        return list(client.table(table).rows(query, fields=fields))
    except errors.Forbidden:
        return []


def _nearest(lineage: Sequence[str], rows: Iterable[Record]) -> Mapping[str, Record]:
    """The entry of each column that counts: the one of the nearest class."""
    known = [row for row in rows if row["name"] in lineage]
    known.sort(key=lambda row: lineage.index(row["name"]), reverse=True)
    return {row["element"]: row for row in known}


def _by_dictionary(table: str, needs: Sequence[Need], entries: Mapping[str, Record]) -> Iterator[str]:
    for need in needs:
        entry = entries.get(need.column)
        longest = int(entry["max_length"] or 0) if entry else 0
        if entry is None:
            yield f"{table} has no column {need.column}."
        elif need.longest and longest and longest < need.longest:
            yield f"{need.column} holds {longest} characters, {need.longest} are needed."


def _by_row(client: SnowClient, table: str, needs: Sequence[Need]) -> Iterator[str]:
    row = next(client.table(table).rows(fields=tuple(need.column for need in needs), limit=1), None)
    if row is not None:
        yield from (f"{table} has no column {need.column}." for need in needs if need.column not in row.values)


def _choices(client: SnowClient, table: str, lineage: Sequence[str], needs: Sequence[Need]) -> Iterator[str]:
    wanted = {need.column: need.choices for need in needs if need.choices}
    if not wanted:
        return
    query = Query().where("name", "IN", lineage).where("element", "IN", wanted)
    rows = [
        row
        for row in _rows(client, "sys_choice", query, ("name", "element", "value", "inactive"))
        if row["name"] in lineage and row["element"] in wanted and not row.true("inactive")
    ]
    for column, values in wanted.items():
        offered = [row for row in rows if row["element"] == column]
        owner = next((name for name in lineage if any(row["name"] == name for row in offered)), None)
        missing = sorted(values - {row["value"] for row in offered if row["name"] == owner})
        # Without a single choice to see there is no telling a hidden list from a missing one.
        if owner and missing:
            yield f"{table}.{column} has no choice {', '.join(missing)}."
