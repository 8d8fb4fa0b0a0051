"""The Aggregate API (product documentation c_AggregateAPI), under ``/api/now/[v1/]stats/{table}``.

Counts, sums, averages, minima and maxima, ungrouped or grouped by columns of the table, `sysparm_having` on them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from snow_app.emulator.errors import AccessDenied, InvalidTable
from snow_app.emulator.instance import Row
from snow_app.emulator.rest.filters import encoded_filter
from snow_app.emulator.rest.request import Reply, Request

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_AGGREGATES = ("avg", "min", "max", "sum")


def counted(request: Request, table: str) -> Reply:
    """GET aggregates over the records this user may read."""
    session = request.session
    definition = session.instance.dictionary.table(table)
    if definition is None:
        raise InvalidTable(table)
    if not definition.ws_access or not session.can("read", table):
        raise AccessDenied
    rows = session.query(table, encoded_filter(request, table))
    groups = [name for name in _list(request, "sysparm_group_by") if name in session.instance.dictionary.columns(table)]
    if not groups:
        return Reply.result(200, {"stats": _stats(request, rows)})
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault(tuple(row[name] for name in groups), []).append(row)
    answers = [_group(request, table, groups, key, found) for key, found in grouped.items()]
    kept = [answer for answer in answers if _having(request, answer["stats"])]
    return Reply.result(200, _sorted(request, kept))


def _group(request: Request, table: str, groups: list[str], key: tuple[str, ...], rows: list[Row]) -> dict[str, Any]:
    mode = request.params.get("sysparm_display_value", "false").lower()
    fields = []
    for name, value in zip(groups, key, strict=True):
        field: dict[str, str] = {"field": name, "value": value}
        shown = request.session.display(table, rows[0], name)
        if mode == "true":
            field["value"] = shown
        elif mode == "all":
            field["display_value"] = shown
        fields.append(field)
    return {"stats": _stats(request, rows), "groupby_fields": fields}


def _stats(request: Request, rows: Sequence[Row]) -> dict[str, Any]:
    stats: dict[str, Any] = {}
    if request.flag("sysparm_count"):
        stats["count"] = str(len(rows))
    for aggregate in _AGGREGATES:
        values = {name: _aggregated(aggregate, name, rows) for name in _list(request, f"sysparm_{aggregate}_fields")}
        if values:
            stats[aggregate] = values
    return stats


def _aggregated(aggregate: str, name: str, rows: Sequence[Row]) -> str:
    """Averages have four decimals; minimum and maximum also work on text and dates."""
    filled = [row[name] for row in rows if row.get(name)]
    if not filled:
        return ""
    try:
        numbers = [float(value) for value in filled]
    except ValueError:
        return {"min": min(filled), "max": max(filled)}.get(aggregate, "")
    if aggregate == "avg":
        return f"{sum(numbers) / len(numbers):.4f}"
    found = {"min": min(numbers), "max": max(numbers), "sum": math.fsum(numbers)}[aggregate]
    return str(int(found)) if found.is_integer() else str(found)


def _having(request: Request, stats: dict[str, Any]) -> bool:
    """`count^state^>^3`: aggregate, field, operator, number; several by comma."""
    for term in _list(request, "sysparm_having"):
        parts = term.split("^")
        if len(parts) != 4 or parts[2] not in _COMPARE:
            continue
        value = stats.get("count") if parts[0] == "count" else stats.get(parts[0], {}).get(parts[1])
        if not value or not _COMPARE[parts[2]](float(value), float(parts[3])):
            return False
    return True


def _sorted(request: Request, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`AVG^field`, `COUNT` or a grouped field, `^DESC` behind."""
    for term in reversed(_list(request, "sysparm_order_by")):
        name, *rest = term.split("^")
        descending = "DESC" in (part.upper() for part in rest)
        answers.sort(key=_key(name, rest), reverse=descending)
    return answers


def _key(name: str, rest: list[str]) -> Callable[[dict[str, Any]], Any]:
    aggregate = name.lower()
    if aggregate == "count":
        return lambda answer: float(answer["stats"].get("count", 0))
    if aggregate in _AGGREGATES and rest:
        return lambda answer: float(answer["stats"].get(aggregate, {}).get(rest[0]) or 0)
    return lambda answer: next((field["value"] for field in answer["groupby_fields"] if field["field"] == name), "")


def _list(request: Request, name: str) -> list[str]:
    return [part.strip() for part in request.params.get(name, "").split(",") if part.strip()]
