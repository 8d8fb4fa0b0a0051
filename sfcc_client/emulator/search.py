"""A whole search request: query, sorting, page. Shared by customer search (SCAPI) and order search (OCAPI)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sfcc_client.emulator.parameters import DEPTH
from sfcc_client.emulator.query import Fields, QueryRefused, predicate_of
from sfcc_client.emulator.state import Document

DEFAULT_LIMIT, MAXIMUM_LIMIT = 25, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of hits, and how many there are."""

    hits: list[Document]
    total: int
    limit: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the two APIs call the same things."""

    limit: str
    offset: str
    order: str


SCAPI = Dialect(limit="limit", offset="offset", order="sortOrder")
OCAPI = Dialect(limit="count", offset="start", order="sort_order")


def found(
    body: Any,
    candidates: Iterable[Document],
    fields: Fields,
    dialect: Dialect,
    default_sort: str,
    *,
    sortable: Iterable[str] | None = None,
) -> Found:
    """The hits of a search request; by what can be searched they can be sorted, unless `sortable` says less. Raises
    QueryRefused."""
    if not isinstance(body, dict):
        raise QueryRefused(expected="object")
    limit = _whole(body, dialect.limit, DEFAULT_LIMIT, 1, MAXIMUM_LIMIT)
    offset = _whole(body, dialect.offset, 0, 0, DEPTH - limit)
    matches = predicate_of(body.get("query"), fields)
    hits = sorted((row for row in candidates if matches(row)), key=lambda row: _sortable(fields[default_sort](row)))
    # Python's sort is stable, so sorting by the last criterion first leaves them all in force.
    by = fields if sortable is None else {name: fields[name] for name in sortable}
    for field, descending in reversed(list(_sorts(body.get("sorts"), by, dialect))):
        hits.sort(key=lambda row, field=field: _sortable(fields[field](row)), reverse=descending)  # type: ignore[misc]
    return Found(hits=hits[offset : offset + limit], total=len(hits), limit=limit, offset=offset)


def _sorts(sorts: Any, fields: Fields, dialect: Dialect) -> Iterable[tuple[str, bool]]:
    if sorts is None:
        return
    if not isinstance(sorts, list):
        raise QueryRefused(path="$.sorts", expected="array")
    for number, sort in enumerate(sorts):
        if not isinstance(sort, Mapping) or not isinstance(sort.get("field"), str):
            raise QueryRefused(path=f"$.sorts[{number}]", expected="object with a field")
        if sort["field"] not in fields:
            raise NotSortable(field=sort["field"])
        order = sort.get(dialect.order, "asc")
        if order not in ("asc", "desc"):
            raise QueryRefused(path=f"$.sorts[{number}].{dialect.order}", expected="asc or desc")
        yield sort["field"], order == "desc"


class NotSortable(QueryRefused):
    """`field` cannot be sorted by."""


def _whole(body: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise QueryRefused(path=f"$.{name}", expected="integer")
    if not least <= value <= most:
        raise OutOfBounds(name, least, most)
    return value


class OutOfBounds(QueryRefused):
    """A number is outside its bounds."""

    def __init__(self, name: str, least: int, most: int) -> None:
        super().__init__(path=f"$.{name}", expected=f"{least}..{most}")
        self.name = name


def _sortable(value: Any) -> tuple[bool, str]:
    return (value is not None, str(value).casefold())
