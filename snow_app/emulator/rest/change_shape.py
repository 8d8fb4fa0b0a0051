"""How the Change Management API shows records and reads fields (product documentation change-management-api).

A value is ``{"display_value", "value"}``, numbers and booleans as JSON has them, moments with `display_value_internal`
besides. Fields come from the query string or the body, the body winning; what is unknown or read-only is ignored, and
named so in `__meta`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from snow_app.emulator.dictionary import DATE_TIME_TYPES, NUMERIC_TYPES
from snow_app.emulator.errors import BadRequest, Refused
from snow_app.emulator.instance import Column, Row
from snow_app.emulator.query.moments import STORED, zone
from snow_app.emulator.rest.filters import encoded_filter, escaped
from snow_app.emulator.rest.input import display_input, plain_input
from snow_app.emulator.rest.rendering import Rendering
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.rest.table import page_links
from snow_app.emulator.values import number

DEFAULT_LIMIT: Final = 500

_OWN: Final = ("order", "textSearch", "text_search", "encrypted_fields", "association_type")
_MOMENTS: Final = DATE_TIME_TYPES | {"glide_date"}


class Shape:
    """Renders records of one table."""

    def __init__(self, request: Request, table: str) -> None:
        params = {"sysparm_display_value": "all", "sysparm_exclude_reference_link": "true"}
        fields = request.params.get("sysparm_fields", "")
        self._rendering = Rendering(replace(request, params=params | {"sysparm_fields": fields}), table)
        self._columns = request.session.instance.dictionary.columns(table)
        self._zone = zone(request.session.user.time_zone)

    def document(self, row: Row) -> dict[str, Any]:
        return {
            name: self._typed(self._columns[name], value) if name in self._columns else value
            for name, value in self._rendering.record(row).items()
        }

    def _typed(self, column: Column, shown: dict[str, str]) -> dict[str, Any]:
        value = shown["value"]
        if column.type in _MOMENTS:
            return {**shown, "display_value_internal": self._internal(column, value)}
        if column.type == "boolean":
            return {**shown, "display_value": value or "false", "value": value == "true"}
        if column.type in NUMERIC_TYPES and value:
            found = number(value)
            return {**shown, "value": float(found) if isinstance(found, (int, float)) else value}
        return shown

    def _internal(self, column: Column, value: str) -> str:
        """A moment in the user's time zone, in the format values are stored in."""
        if not value or column.type == "glide_date":
            return value
        moment = datetime.strptime(value, STORED).replace(tzinfo=UTC)
        return moment.astimezone(self._zone).strftime(STORED)


def listed(request: Request, table: str, condition: str = "") -> Reply:
    """GET a list of a table: `sysparm_query` or name=value pairs, `order`, `textSearch`, limit, offset."""
    session = request.session
    pairs = tuple((name, value) for name, value in request.pairs if name not in _OWN)
    terms = [condition, encoded_filter(replace(request, pairs=pairs), table)]
    searched = request.params.get("textSearch") or request.params.get("text_search", "")
    if searched:
        terms.append(f"123TEXTQUERY321={escaped(searched)}")
    if request.params.get("order") in session.instance.dictionary.columns(table):
        terms.append(f"ORDERBY{request.params['order']}")
    query = "^".join(filter(None, terms))
    limit = max(0, request.number("sysparm_limit", DEFAULT_LIMIT))
    offset = max(0, request.number("sysparm_offset", 0))
    shape = Shape(request, table)
    rows = session.query(table, query, limit=limit, offset=offset)
    total = session.count(table, query)
    link = page_links(request, total, limit, offset)
    headers = [("X-Total-Count", str(total)), *([("Link", link)] if link else [])]
    return Reply.result(200, [shape.document(row) for row in rows], *headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What a call wants to write, and the names of what it cannot."""

    values: Row
    ignored: tuple[str, ...]

    def meta(self) -> dict[str, Any]:
        return {"__meta": {"ignoredFields": list(self.ignored)}}


def fields_of(request: Request, table: str, operation: str, row: Row | None = None) -> Fields:
    """The fields of a call; `operation` is create or write. `encrypted_fields` names those given as display values."""
    session = request.session
    given = {name: value for name, value in request.pairs if not name.startswith("sysparm_")} | request.document()
    displayed = {part.strip() for part in str(given.pop("encrypted_fields", "")).split(",")}
    columns = session.instance.dictionary.columns(table)
    values, ignored = {}, []
    for name, value in given.items():
        column = columns.get(name)
        writable = column is not None and not column.read_only and not name.startswith("sys_")
        if column is None or not writable or not session.can(operation, table, row, name):
            ignored.append(name)
            continue
        reading = display_input if name in displayed else plain_input
        values[name] = reading(session, table, column, value)
    return Fields(values=values, ignored=tuple(ignored))


class NotWritten(BadRequest):
    """400: a rule or a data policy refused the record; the reason is in the message."""

    def __init__(self, label: str, done: str, refusal: Refused) -> None:
        super().__init__(f"{label} record could not be {done}. {refusal.detail}", "")
