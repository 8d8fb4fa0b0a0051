"""Counts and figures over rows, by the Aggregate API (servicenow-rest D6).

The platform counts on its side, so nothing but the figures travels. A condition on a column that it does not know is
dropped, and everything is counted: check a query on a new column with `Table.first` once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from snow_app import errors
from snow_app.answers import Answer
from snow_app.query import Query

if TYPE_CHECKING:
    from snow_app.client import SnowClient

STATS_API = "/api/now/v1/stats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that agree in the columns of `values` (`displays` as people see them); both empty without grouping.

    A figure is absent when no row of the group has a value there.
    """

    count: int
    values: Mapping[str, str] = field(default_factory=dict)
    displays: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    averages: Mapping[str, Decimal] = field(default_factory=dict)
    lowest: Mapping[str, str] = field(default_factory=dict)
    highest: Mapping[str, str] = field(default_factory=dict)


def counted(client: SnowClient, table: str, query: Query) -> int:
    """How many rows match."""
    return grouped(client, table, query, group_by=(), figures={})[0].count


def grouped(
    client: SnowClient, table: str, query: Query, *, group_by: Sequence[str], figures: Mapping[str, Sequence[str]]
) -> tuple[Group, ...]:
    """One group for each combination of `group_by`, or one for all; `figures` by the API's names (sum, avg, …).

    Raises BadAnswer when the answer has another shape.
    """
    parameters = {"sysparm_count": "true", "sysparm_display_value": "all", "sysparm_query": str(query)}
    parameters |= {f"sysparm_{name}_fields": ",".join(columns) for name, columns in figures.items() if columns}
    if group_by:
        parameters["sysparm_group_by"] = ",".join(group_by)
    answer = client.request("GET", f"{STATS_API}/{table}", parameters=parameters)
    result = answer.result()
    found = result if isinstance(result, list) else [result]
    return tuple(_group(answer, one) for one in found)


def _group(answer: Answer, one: Any) -> Group:
    try:
        stats, fields = one["stats"], one.get("groupby_fields") or ()
        return Group(
            count=int(stats["count"]),
            values={each["field"]: str(each["value"]) for each in fields},
            displays={each["field"]: str(each.get("display_value", each["value"])) for each in fields},
            sums={name: Decimal(value) for name, value in _filled(stats, "sum")},
            averages={name: Decimal(value) for name, value in _filled(stats, "avg")},
            lowest=dict(_filled(stats, "min")),
            highest=dict(_filled(stats, "max")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise errors.BadAnswer(
            f"ServiceNow answered {answer.operation} in an unknown shape.", operation=answer.operation
        ) from None


def _filled(stats: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    """Figures of one kind; with display values a figure is a pair."""
    cells = (
        (column, cell["value"] if isinstance(cell, Mapping) else cell) for column, cell in stats.get(name, {}).items()
    )
    return [(column, str(value)) for column, value in cells if value not in ("", None)]
