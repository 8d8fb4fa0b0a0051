"""``{table}_list.do``: the records of a table, sorted, filtered and in pages; and the lookup of reference fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import flask

from snow_app.emulator.query.grammar import Condition, parsed
from snow_app.emulator.tiny_urls import kept_query

from .layout import is_wide, list_columns

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance
    from snow_app.emulator.model import Column
    from snow_app.emulator.scripts.transaction import Transaction

    from .room import Room

PAGE_SIZES = (10, 20, 50, 100)
_LOOKUP_LIMIT = 15
_WORDS = {
    "=": "=", "!=": "!=", "LIKE": "contains", "CONTAINS": "contains", "NOTLIKE": "does not contain",
    "STARTSWITH": "starts with", "ENDSWITH": "ends with", "ISEMPTY": "is empty", "ISNOTEMPTY": "is not empty",
    "IN": "is one of", "NOT IN": "is not one of", "SAMEAS": "is same as", "NSAMEAS": "is different from",
}  # fmt: skip

_RELATED_LINKS = {
    "sys_remote_update_set": (("Import Update Set from XML", "/upload.do?sysparm_target=sys_remote_update_set"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column's head: its label, and the address that sorts by it. `sorted_by` is "", ascending or descending."""

    name: str
    label: str
    address: str
    sorted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    """One condition in words; its address keeps the conditions up to it."""

    text: str
    address: str


def _arguments(instance: Instance) -> dict[str, str]:
    """The address's parameters, with those of the longer address it stands for."""
    own = flask.request.args.to_dict()
    kept = kept_query(instance, own["sysparm_tiny"]) if "sysparm_tiny" in own else None
    return dict(parse_qsl(kept or "")) | own


def shown(room: Room, transaction: Transaction, table: str) -> flask.Response:
    """The list page."""
    session, instance = transaction.session, room.instance
    arguments = _arguments(instance)
    if not session.can("read", table):
        return room.page("message.html", status=403, title="Access denied", text="You may not see this list.")
    query = _searched(instance, table, arguments.get("sysparm_query", ""))
    size = _size(arguments.get("sysparm_rows", ""))
    total = session.count(table, query)
    first = max(1, min(_whole(arguments.get("sysparm_first_row", "1")), max(1, total)))
    rows = session.query(table, query, limit=size, offset=first - 1)
    names = list_columns(instance, session, table, arguments.get("sysparm_view", ""))
    definition = instance.dictionary.table(table)
    here = f"/{table}_list.do"
    own = {"sysparm_query": query, "sysparm_rows": str(size), "sysparm_first_row": str(first)}
    return room.page(
        "list.html",
        transaction=transaction,
        table=table,
        label=definition.label if definition else table,
        headings=[_heading(instance, table, name, query, here) for name in names],
        rows=[_cells(room, transaction, table, row, names) for row in rows],
        crumbs=_crumbs(instance, table, query, here),
        query=query,
        total=total,
        first=first,
        last=first + len(rows) - 1,
        size=size,
        sizes=PAGE_SIZES,
        pages=_pages(here, query, size, first, total),
        searchable=[(name, _label(instance, table, name)) for name in names if "." not in name],
        may_create=session.can("create", table),
        related_links=_RELATED_LINKS.get(table, ()),
        return_to=f"{here}?{urlencode(own)}",
    )


def _cells(
    room: Room, transaction: Transaction, table: str, row: dict[str, str], names: list[str]
) -> dict[str, object]:
    """A row: the first column leads to the record, references lead to theirs."""
    session, columns = transaction.session, room.instance.dictionary.columns(table)
    cells = []
    for name in names:
        column = columns.get(name)
        link = ""
        if column is not None and column.type == "reference" and row.get(name):
            link = f"/{column.reference}.do?{urlencode({'sys_id': row[name]})}"
        readable = column is None or session.can("read", table, row, name)
        cells.append({"text": session.display(table, row, name) if readable else "", "link": link, "name": name,
                      "value": row.get(name, "")})  # fmt: skip
    own = row.get("sys_class_name") or table
    return {"sys_id": row["sys_id"], "link": f"/{own}.do?{urlencode({'sys_id': row['sys_id']})}", "cells": cells}


def _searched(instance: Instance, table: str, query: str) -> str:
    """The query with what the search box adds; a text for a column is a "contains" condition."""
    text, column = flask.request.args.get("search", "").strip(), flask.request.args.get("search_column", "")
    if not text or column not in instance.dictionary.columns(table):
        return query
    definition = instance.dictionary.columns(table)[column]
    value = text.replace("^", "^^")
    chosen = next((c.value for c in definition.choices if c.label.lower() == text.lower()), None)
    if chosen is not None:
        added = f"{column}={chosen}"
    elif definition.reference and (target := instance.dictionary.table(definition.reference)):
        added = f"{column}.{instance.dictionary.display_column(target.name)}LIKE{value}"
    else:
        added = f"{column}LIKE{value}"
    conditions, order = _apart(query)
    return "^".join([*conditions, added, *order])


def _apart(query: str) -> tuple[list[str], list[str]]:
    """Conditions and sort terms of an encoded query."""
    terms = [term.replace("\0", "^^") for term in query.replace("^^", "\0").split("^") if term]
    order = [term for term in terms if term.startswith("ORDERBY")]
    return [term for term in terms if not term.startswith("ORDERBY")], order


def _heading(instance: Instance, table: str, name: str, query: str, here: str) -> Heading:
    conditions, order = _apart(query)
    now = {"ORDERBY" + name: "ascending", "ORDERBYDESC" + name: "descending"}.get(order[0] if order else "", "")
    wanted = f"ORDERBYDESC{name}" if now == "ascending" else f"ORDERBY{name}"
    address = f"{here}?{urlencode({'sysparm_query': '^'.join([*conditions, wanted])})}"
    return Heading(name=name, label=_label(instance, table, name), address=address, sorted_by=now)


def _column(instance: Instance, table: str, path: str) -> Column | None:
    """The column a dot-walked path ends at."""
    *steps, last = path.split(".")
    for step in steps:
        found = instance.dictionary.columns(table).get(step)
        if found is None or not found.reference:
            return None
        table = found.reference
    return instance.dictionary.columns(table).get(last)


def _label(instance: Instance, table: str, path: str) -> str:
    column = _column(instance, table, path)
    return column.label if column is not None and column.label else path


def _crumbs(instance: Instance, table: str, query: str, here: str) -> list[Crumb]:
    out = [Crumb(text="All", address=here)]
    terms, _ = _apart(query)
    for index, term in enumerate(terms):
        joined = "or " if term.startswith("OR") else ""
        blocks = parsed(term.removeprefix("OR").removeprefix("NQ")).blocks
        found = [condition for block in blocks for group in block for condition in group]
        if found:
            kept = "^".join(terms[: index + 1])
            address = f"{here}?{urlencode({'sysparm_query': kept})}"
            out.append(Crumb(text=joined + _said(instance, table, found[0]), address=address))
    return out


def _said(instance: Instance, table: str, condition: Condition) -> str:
    """ "Priority = 1 - Critical" """
    column = _column(instance, table, condition.path)
    value = condition.value
    if column is not None:
        labels = {choice.value: choice.label for choice in column.choices}
        value = ", ".join(labels.get(part, part) for part in value.split(",")) if labels else value
    label = column.label if column else condition.path
    return f"{label} {_WORDS.get(condition.operator, condition.operator.lower())} {value}".strip()


def _pages(here: str, query: str, size: int, first: int, total: int) -> dict[str, str]:
    """Addresses of the first, previous, next and last page; missing where there is none."""

    def at(row: int) -> str:
        return f"{here}?{urlencode({'sysparm_query': query, 'sysparm_rows': size, 'sysparm_first_row': row})}"

    pages: dict[str, str] = {}
    if first > 1:
        pages.update(first=at(1), previous=at(max(1, first - size)))
    if first + size <= total:
        pages.update(next=at(first + size), last=at((total - 1) // size * size + 1))
    return pages


def _size(text: str) -> int:
    return size if (size := _whole(text)) in PAGE_SIZES else 20


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 1


def lookup(room: Room, transaction: Transaction, table: str, text: str) -> list[dict[str, str]]:
    """Records whose display value begins with the text, then those that contain it, for a reference field."""
    session, dictionary = transaction.session, room.instance.dictionary
    if dictionary.table(table) is None or not session.can("read", table):
        return []
    name = dictionary.display_column(table)
    value = text.replace("^", "^^")
    found: dict[str, dict[str, str]] = {}
    for operator in ("STARTSWITH", "LIKE") if text else ("ISNOTEMPTY",):
        encoded = f"{name}{operator}{value if text else ''}^ORDERBY{name}"
        for row in session.query(table, encoded, limit=_LOOKUP_LIMIT):
            found.setdefault(row["sys_id"], {"value": row["sys_id"], "label": session.display(table, row, name),
                                             "hint": _hint(dictionary.columns(table).values(), row, name)})  # fmt: skip
    return list(found.values())[:_LOOKUP_LIMIT]


def _hint(columns: Iterable[Column], row: dict[str, str], name: str) -> str:
    """A second line that tells equal names apart."""
    known = {column.name for column in columns if not is_wide(column)} - {name}
    return next(
        (row[c] for c in ("email", "short_description", "number", "user_name") if c in known and row.get(c)), ""
    )
