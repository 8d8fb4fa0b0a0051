"""Records as the Table API shows them: value shapes, reference links, dot-walked fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from snow_app.emulator.dictionary import JOURNAL_TYPES
from snow_app.emulator.display import MASK, SECRET_TYPES
from snow_app.emulator.instance import Column, Instance, Row, Session
from snow_app.emulator.rest.ordering import hashmap_order
from snow_app.emulator.rest.request import Request

_LINKED_TYPES = frozenset({"reference", "domain_id"})


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of the answer: where it is read and what it is called."""

    key: str
    table: str
    column: Column


class Rendering:
    """Renders records of one table the way one request asked for them."""

    def __init__(self, request: Request, table: str) -> None:
        self._session: Session = request.session
        self._instance: Instance = request.session.instance
        self._table = table
        mode = request.params.get("sysparm_display_value", "").lower()
        self._mode = mode if mode in ("true", "all") else "false"
        self._links = not request.flag("sysparm_exclude_reference_link")
        self._base = f"{request.base}/api/now/table"
        self._displays = request.session.displays()
        fields = [name.strip() for name in request.params.get("sysparm_fields", "").split(",") if name.strip()]
        self._fields = self._wanted(tuple(dict.fromkeys(fields)))
        self._walks: dict[tuple[str, str], Row | None] = {}

    def _wanted(self, names: tuple[str, ...]) -> tuple[_Field, ...]:
        """The fields in the order of the answer; names that lead nowhere are ignored."""
        columns = self._instance.dictionary.columns(self._table)
        found = {}
        for name in names or columns:
            reached = self._owner(name)
            if reached:
                found[name] = _Field(name, *reached)
        return tuple(found[name] for name in hashmap_order(tuple(found)))

    def _owner(self, path: str) -> tuple[str, Column] | None:
        table, dictionary = self._table, self._instance.dictionary
        *steps, last = path.split(".")
        for step in steps:
            column = dictionary.columns(table).get(step)
            if column is None or dictionary.table(column.reference) is None:
                return None
            table = column.reference
        column = dictionary.columns(table).get(last)
        return (table, column) if column else None

    def record(self, row: Row) -> dict[str, Any]:
        """One record as a JSON object."""
        shape = _SHAPES[self._mode]
        document = {}
        for field in self._fields:
            source: Row | None = row
            if "." in field.key:
                source = self._reached(row, field.key)
            document[field.key] = shape(self, field, source or {})
        return document

    def _reached(self, row: Row, path: str) -> Row | None:
        """The record a dot-walked path ends at; None when it breaks off or is hidden."""
        table, current = self._table, row
        for step in path.split(".")[:-1]:
            column = self._instance.dictionary.columns(table)[step]
            value = current.get(step, "")
            if not value:
                return None
            key = (column.reference, value)
            if key not in self._walks:
                name = column.reference_key or "sys_id"
                found = self._instance.records.first(column.reference, **{name: value})
                readable = found and self._session.can("read", column.reference, found)
                self._walks[key] = found if readable else None
            reached = self._walks[key]
            if reached is None:
                return None
            table, current = column.reference, reached
        return current

    def value(self, field: _Field, row: Row) -> str:
        column = field.column
        stored = row.get(column.name, "")
        if column.type in JOURNAL_TYPES:
            return ""
        return MASK if stored and column.type in SECRET_TYPES else stored

    def shown(self, field: _Field, row: Row) -> str:
        """The display value; a journal's is its entries, which are not in the row and need asking."""
        journal = field.column.type in JOURNAL_TYPES
        if journal and row and not self._session.can("read", field.table, row, field.column.name):
            return ""
        return self._displays.value(field.table, field.column, row) if row else ""

    def link(self, field: _Field, row: Row) -> str:
        """The link of a filled reference, empty where there is none."""
        column, value = field.column, row.get(field.column.name, "")
        if not self._links or not value or column.type not in _LINKED_TYPES:
            return ""
        base = self._base
        if column.type == "domain_id":
            return f"{base}/{column.reference or 'sys_user_group'}/{value}"
        if not column.reference:
            return ""
        if column.reference_key:
            return f"{base}/{column.reference}?{column.reference_key}={value}"
        return f"{base}/{column.reference}/{value}"


def _plain(rendering: Rendering, field: _Field, row: Row) -> object:
    value, link = rendering.value(field, row), rendering.link(field, row)
    return {"link": link, "value": value} if link else value


def _shown(rendering: Rendering, field: _Field, row: Row) -> object:
    shown, link = rendering.shown(field, row), rendering.link(field, row)
    return {"display_value": shown, "link": link} if link else shown


def _both(rendering: Rendering, field: _Field, row: Row) -> object:
    document = {"display_value": rendering.shown(field, row), "value": rendering.value(field, row)}
    link = rendering.link(field, row)
    return document | {"link": link} if link else document


_SHAPES: dict[str, Callable[[Rendering, _Field, Row], object]] = {"false": _plain, "true": _shown, "all": _both}
