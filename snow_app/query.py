"""Encoded queries that a value cannot break out of (servicenow-rest D5; traps T7 to T10)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from snow_app.errors import UnsafeQuery
from snow_app.row import date_time

Operand = str | int | bool | datetime

_FIELD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_OPERATORS = frozenset({"=", "!=", ">", ">=", "<", "<=", "LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH"})
_SETS = frozenset({"IN", "NOT IN"})
_FORBIDDEN = ("^", "\n", "\r", "\0", "javascript:")


@dataclass(frozen=True, slots=True)
class Query:
    """An encoded query, built one condition at a time; every method answers a new query.

    Values travel as text, so that 0 and False keep their meaning. The platform drops a condition on a field it does
    not know and then answers *unfiltered* rows: check the rows that come back.
    Raises UnsafeQuery for anything that would change the query's meaning.
    """

    conditions: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()

    def where(self, column: str, operator: str, value: Operand | Iterable[Operand]) -> Self:
        """AND `column` `operator` `value`; ``IN`` and ``NOT IN`` take several values."""
        return self._and(_condition(column, operator, value))

    def or_where(self, column: str, operator: str, value: Operand | Iterable[Operand]) -> Self:
        """OR, bound to the condition before it."""
        if not self.conditions:
            raise UnsafeQuery("A query cannot start with OR.")
        return self._and("OR" + _condition(column, operator, value))

    def either(self, other: Query) -> Self:
        """This query or all of `other`; the order of this one counts."""
        if not self.conditions or not other.conditions:
            raise UnsafeQuery("Both sides of an alternative need a condition.")
        return type(self)((*self.conditions, "NQ" + other.conditions[0], *other.conditions[1:]), self.orders)

    def empty(self, column: str) -> Self:
        return self._and(f"{_field(column)}ISEMPTY")

    def filled(self, column: str) -> Self:
        return self._and(f"{_field(column)}ISNOTEMPTY")

    def ordered_by(self, column: str, *, descending: bool = False) -> Self:
        order = f"ORDERBY{'DESC' if descending else ''}{_field(column)}"
        return type(self)(self.conditions, (*self.orders, order))

    def __str__(self) -> str:
        return "^".join((*self.conditions, *self.orders))

    def _and(self, condition: str) -> Self:
        return type(self)((*self.conditions, condition), self.orders)


def _condition(column: str, operator: str, value: Operand | Iterable[Operand]) -> str:
    if operator in _SETS:
        if isinstance(value, str | int | datetime):
            raise UnsafeQuery(f"{operator} takes a list of values.")
        members = [_value(member) for member in value]
        if not members or any("," in member for member in members):
            raise UnsafeQuery(f"{operator} takes at least one value, and none with a comma.")
        return f"{_field(column)}{operator}{','.join(members)}"
    if operator not in _OPERATORS:
        raise UnsafeQuery(f"The operator {operator!r} is not supported.")
    if not isinstance(value, str | int | datetime):
        raise UnsafeQuery(f"{operator} takes one value.")
    return f"{_field(column)}{operator}{_value(value)}"


def _field(column: str) -> str:
    if not _FIELD.fullmatch(column):
        raise UnsafeQuery("A query names a column that cannot exist.")
    return column


def _value(value: Operand) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = date_time(value) if isinstance(value, datetime) else str(value)
    if not text:
        raise UnsafeQuery("An empty value compares with nothing: ask for empty() or filled().")
    if any(sign in text.lower() for sign in _FORBIDDEN):
        raise UnsafeQuery("A value holds a character that would change the query (^, line break or javascript:).")
    return text
