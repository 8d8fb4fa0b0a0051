"""The Aggregate API (product documentation c_AggregateAPI), under ``/api/now/[v1/]stats/{table}``.

Counts, sums, averages, minima and maxima over the records this user may read, ungrouped or grouped by columns, which
may be dot-walked. `sysparm_having` and `sysparm_order_by` may use aggregates that the answer does not show.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from snow_app.emulator.errors import AccessDenied, InvalidTable
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.rest.filters import encoded_filter
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.values import number

Sortable = tuple[int, float, str]

_COMPARE: Final[dict[str, Callable[[Sortable, Sortable], bool]]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_AGGREGATES: Final = ("avg", "min", "max", "sum")
_GROUP_BY = re.compile(r"\^?GROUPBY([a-z_][a-z0-9_.]*)")
"""Grouping may also stand in the query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Records that have the same values in the grouped columns."""

    values: tuple[str, ...]
    rows: list[Row]

    def aggregate(self, name: str, column: str) -> str:
        """One aggregate; empty where nothing can be computed."""
        return str(len(self.rows)) if name == "count" else _aggregated(name, column, self.rows)


def counted(request: Request, table: str) -> Reply:
    """GET aggregates. Raises InvalidTable, AccessDenied."""
    session = request.session
    definition = session.instance.dictionary.table(table)
    if definition is None:
        raise InvalidTable(table)
    if not definition.ws_access or not session.can("read", table):
        raise AccessDenied
    query = encoded_filter(request, table)
    named = [*_list(request, "sysparm_group_by"), *_GROUP_BY.findall(query)]
    rows = session.query(table, _GROUP_BY.sub("", query))
    columns = [name for name in dict.fromkeys(named) if _leads_somewhere(session, table, name)]
    if not columns:
        return Reply.result(200, {"stats": _stats(request, Group(values=(), rows=rows))})
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(session.value(table, row, name) for name in columns), []).append(row)
    groups = [Group(values=values, rows=found) for values, found in grouped.items()]
    kept = _sorted(request, [group for group in groups if _having(request, group)], columns)
    return Reply.result(200, [_shown(request, table, columns, group) for group in kept])


def _leads_somewhere(session: Session, table: str, path: str) -> bool:
    *steps, last = path.split(".")
    for step in steps:
        column = session.instance.dictionary.columns(table).get(step)
        if column is None or session.instance.dictionary.table(column.reference) is None:
            return False
        table = column.reference
    return last in session.instance.dictionary.columns(table)


def _shown(request: Request, table: str, columns: Sequence[str], group: Group) -> dict[str, Any]:
    mode = request.params.get("sysparm_display_value", "false").lower()
    fields = []
    for name, value in zip(columns, group.values, strict=True):
        field: dict[str, str] = {"field": name, "value": value}
        shown = request.session.display(table, group.rows[0], name) if mode in ("true", "all") else ""
        if mode == "true":
            field["value"] = shown
        elif mode == "all":
            field["display_value"] = shown
        fields.append(field)
    return {"stats": _stats(request, group), "groupby_fields": fields}


def _stats(request: Request, group: Group) -> dict[str, Any]:
    stats: dict[str, Any] = {}
    if request.flag("sysparm_count"):
        stats["count"] = group.aggregate("count", "")
    for name in _AGGREGATES:
        values = {column: group.aggregate(name, column) for column in _list(request, f"sysparm_{name}_fields")}
        if values:
            stats[name] = values
    return stats


def _aggregated(name: str, column: str, rows: Sequence[Row]) -> str:
    """Averages have four decimals; minimum and maximum also work on text and dates."""
    filled = [row[column] for row in rows if row.get(column)]
    if not filled:
        return ""
    try:
        numbers = [float(value) for value in filled]
    except ValueError:
        return {"min": min(filled), "max": max(filled)}.get(name, "")
    if name == "avg":
        return f"{math.fsum(numbers) / len(numbers):.4f}"
    found = {"min": min(numbers), "max": max(numbers), "sum": math.fsum(numbers)}[name]
    return str(int(found)) if found.is_integer() else str(found)


def _having(request: Request, group: Group) -> bool:
    """`count^state^>^3`: aggregate, field, operator, value; several by comma. What cannot be read is left out."""
    for term in _list(request, "sysparm_having"):
        name, column, comparison, wanted, *rest = (*term.split("^"), "", "", "", "")
        if (name not in (*_AGGREGATES, "count")) or comparison not in _COMPARE or any(rest):
            continue
        value = group.aggregate(name, column)
        if not value or not _COMPARE[comparison](_sortable(value), _sortable(wanted)):
            return False
    return True


def _sorted(request: Request, groups: list[Group], columns: Sequence[str]) -> list[Group]:
    """By `AVG^field`, `COUNT` or a grouped field, `^DESC` behind; the first term counts most."""
    for term in reversed(_list(request, "sysparm_order_by")):
        name, *rest = term.split("^")
        descending = any(part.upper() == "DESC" for part in rest)
        aggregate, column = name.lower(), rest[0] if rest else ""
        if aggregate == "count" or (aggregate in _AGGREGATES and column):
            groups.sort(key=lambda group, by=(aggregate, column): _sortable(group.aggregate(*by)), reverse=descending)  # type: ignore[misc]
        elif name in columns:
            at = columns.index(name)
            groups.sort(key=lambda group, at=at: _sortable(group.values[at]), reverse=descending)  # type: ignore[misc]
    return groups


def _sortable(value: str) -> Sortable:
    """Nothing first, then numbers, then text."""
    found = number(value)
    if isinstance(found, (int, float)):
        return 1, float(found), ""
    return (2, 0.0, value.lower()) if value else (0, 0.0, "")


def _list(request: Request, name: str) -> list[str]:
    return [part.strip() for part in request.params.get(name, "").split(",") if part.strip()]
