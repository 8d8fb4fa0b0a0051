"""Every visible row once: by offset, or by the last key seen (servicenow-rest D3; traps T11, T12, T-AS2).

The platform applies a limit before it hides rows and counts without hiding, so a short or even empty page says nothing.
Offsets advance by the limit that was asked for. A scan goes on behind the last row it saw, and a page without any
visible row is asked again, longer: no offset that rows inserted or deleted meanwhile could shift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from snow_app import errors
from snow_app.answers import Answer
from snow_app.query import Query
from snow_app.row import Record, record

PLAIN = {"sysparm_display_value": "false", "sysparm_exclude_reference_link": "true"}
PAIRS = {"sysparm_display_value": "all", "sysparm_exclude_reference_link": "true"}

Key = Literal["sys_id", "sys_created_on"]
Ask = Callable[[Mapping[str, str]], Answer]
"""Asks the list of one table with these parameters."""


def pages(
    ask: Ask, table: str, query: Query, *, fields: Sequence[str], limit: int | None, page_size: int
) -> Iterator[Record]:
    """The rows by offset, each once, in the order of the query, ties by sys_id: they come in any order otherwise, and
    in another one on the next page.
    """
    unique = {"ORDERBYsys_id", "ORDERBYDESCsys_id"}.intersection(query.orders)
    asked = query if unique else query.ordered_by("sys_id")
    seen: set[str] = set()
    offset, end = 0, limit
    while end is None or offset < end:
        size = page_size if end is None else min(page_size, end - offset)
        found, total = _page(ask, table, asked, fields=fields, limit=size, offset=offset)
        for row in found:
            if row.sys_id not in seen:
                seen.add(row.sys_id)
                yield row
        offset += size
        if total is None:
            total = offset + 1 if len(found) >= size else offset
        end = total if limit is None else min(limit, total)


def scanned(ask: Ask, table: str, query: Query, *, key: Key, fields: Sequence[str], page_size: int) -> Iterator[Record]:
    """The rows by key. Raises UnsafeQuery when the query brings an order of its own."""
    if query.orders:
        raise errors.UnsafeQuery("A scan has an order of its own; leave ordered_by out or use rows().")
    order = ("sys_id",) if key == "sys_id" else (key, "sys_id")
    asked_fields = (*fields, *order) if fields else ()
    last: Record | None = None
    before: frozenset[str] = frozenset()
    limit = page_size
    while True:
        asked = query if last is None else _behind(query, key, last)
        for column in order:
            asked = asked.ordered_by(column)
        found, total = _page(ask, table, asked, fields=asked_fields, limit=limit, offset=0)
        ids = frozenset(row.sys_id for row in found)
        if ids & before or any(not row[key] for row in found):
            raise errors.BadAnswer(
                f"ServiceNow does not order {table} by {key}: it repeats rows, or hides the column.", operation=table
            )
        yield from found
        if total is None:
            raise errors.BadAnswer(f"ServiceNow answered rows of {table} without their number.", operation=table)
        # Rows are counted after they are read, and some may be gone by then: only a clear difference is an end.
        if total <= limit // 2 or (not found and total < limit):
            return
        if found:
            last, before, limit = found[-1], ids, page_size
        else:
            limit = min(total + 1, limit * 2)


def _behind(query: Query, key: Key, last: Record) -> Query:
    if key == "sys_id":
        return query.everywhere("sys_id", ">", last.sys_id)
    same = query.everywhere(key, "=", last[key]).everywhere("sys_id", ">", last.sys_id)
    return query.everywhere(key, ">", last[key]).either(same)


def _page(
    ask: Ask, table: str, query: Query, *, fields: Sequence[str], limit: int, offset: int
) -> tuple[list[Record], int | None]:
    """Visible rows of a page, and how many rows match, hidden ones included (None when the platform does not say)."""
    parameters = {**PAIRS, "sysparm_query": str(query), "sysparm_suppress_pagination_header": "true"}
    answer = ask({**parameters, **chosen(fields), "sysparm_limit": str(limit), "sysparm_offset": str(offset)})
    result = answer.result()
    if not isinstance(result, list) or not all(isinstance(one, Mapping) for one in result):
        raise errors.BadAnswer(f"ServiceNow answered {answer.operation} without a list.", operation=answer.operation)
    total = answer.header("X-Total-Count") or ""
    return [record(table, one) for one in result], int(total) if total.isdigit() else None


def chosen(fields: Sequence[str]) -> dict[str, str]:
    """The parameter that asks for these columns and the sys_id; nothing, which means all, without any."""
    return {"sysparm_fields": ",".join(dict.fromkeys(("sys_id", *fields)))} if fields else {}
