"""Encoded queries that a value cannot break out of (servicenow-rest D5; traps T7 to T10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from urllib.parse import quote

from snow_app.errors import UnsafeQuery
from snow_app.moments import Period
from snow_app.row import date_time

Operand = str | int | bool | date | datetime

_FIELD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_OPERATORS = frozenset({"=", "!=", ">", ">=", "<", "<=", "LIKE", "NOT LIKE", "STARTSWITH", "ENDSWITH"})
_SETS = frozenset({"IN", "NOT IN"})
_FIELDS = frozenset({"SAMEAS", "NSAMEAS", "GT_FIELD", "LT_FIELD", "GT_OR_EQUALS_FIELD", "LT_OR_EQUALS_FIELD"})
# A value behind one of these may not begin like this, or the two read as another operator.
_RUNS_ON = {">": ("=",), "<": ("=",), "IN": ("STANCEOF",)}
_FORBIDDEN = ("^", "javascript:")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_JOIN = re.compile(r"JOIN\w+\.\w+=\w+\.\w+!")


@dataclass(frozen=True, slots=True)
class Query:
    """An encoded query, built one condition at a time; every method answers a new query.

    Values travel as text, so that 0 and False keep their meaning; a column may be dot-walked (``caller_id.email``).
    The platform drops a condition on a column it does not know and then answers *unfiltered* rows: check the rows that
    come back. Raises UnsafeQuery for anything that would change the query's meaning.
    """

    conditions: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()

    def where(self, column: str, operator: str, value: Operand | Iterable[Operand]) -> Self:
        """AND `column` `operator` `value`; ``IN`` and ``NOT IN`` take several values, ``SAMEAS``, ``GT_FIELD`` and
        their kin the name of another column. After `either` it binds to the last alternative.
        """
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

    def between(self, column: str, low: Operand, high: Operand) -> Self:
        """AND `column` from `low` to `high`, both included."""
        bounds = [_value(bound) for bound in (low, high)]
        if any("@" in bound for bound in bounds):
            raise UnsafeQuery("A bound of BETWEEN holds no @.")
        return self._and(f"{_field(column)}BETWEEN{'@'.join(bounds)}")

    def within(self, column: str, period: Period) -> Self:
        """AND the date-time `column` inside `period`: its start included, its end not."""
        return self.where(column, ">=", period.start).where(column, "<", period.end)

    def everywhere(self, column: str, operator: str, value: Operand | Iterable[Operand]) -> Self:
        """AND one condition to each of the alternatives that `either` joined."""
        condition = _condition(column, operator, value)
        blocks = [(*block, condition) for block in self._alternatives()]
        return type(self)(tuple(_joined(blocks)), self.orders)

    def split(self, column: str, values: Iterable[Operand], *, longest: int = 6000) -> Iterator[Self]:
        """This query with `column` ``IN`` so many of `values` at a time that it stays within `longest` characters of a
        URL. Every value comes once, in order; none may hold a comma.
        """
        room = longest - len(quote(str(self)))
        taken: list[str] = []
        size = 0
        for member in map(_member, dict.fromkeys(values)):
            weight = len(quote(member)) + len(quote(","))
            if taken and size + weight > room:
                yield self.everywhere(column, "IN", taken)
                taken, size = [], 0
            taken.append(member)
            size += weight
        if taken:
            yield self.everywhere(column, "IN", taken)

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

    def _alternatives(self) -> list[tuple[str, ...]]:
        blocks: list[tuple[str, ...]] = [()]
        for condition in self.conditions:
            if condition.startswith("NQ"):
                blocks.append(())
            blocks[-1] += (condition.removeprefix("NQ"),)
        return blocks


def _joined(blocks: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for place, block in enumerate(blocks):
        yield ("NQ" if place else "") + block[0]
        yield from block[1:]


def _condition(column: str, operator: str, value: Operand | Iterable[Operand]) -> str:
    if operator in _SETS:
        if isinstance(value, str | int | date):
            raise UnsafeQuery(f"{operator} takes a list of values.")
        members = [_member(member) for member in value]
        if not members:
            raise UnsafeQuery(f"{operator} takes at least one value.")
        return f"{_field(column)}{operator}{_kept(operator, ','.join(members))}"
    if operator in _FIELDS:
        return f"{_field(column)}{operator}{_field(str(value))}"
    if operator not in _OPERATORS:
        raise UnsafeQuery(f"The operator {operator!r} is not supported.")
    if not isinstance(value, str | int | date):
        raise UnsafeQuery(f"{operator} takes one value.")
    return f"{_field(column)}{operator}{_kept(operator, _value(value))}"


def _kept(operator: str, value: str) -> str:
    if value.startswith(_RUNS_ON.get(operator, ())):
        raise UnsafeQuery(f"A value after {operator} begins so that the two read as another operator.")
    return value


def _member(value: Operand) -> str:
    member = _value(value)
    if "," in member:
        raise UnsafeQuery("A value of a list holds no comma.")
    return member


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
    if any(sign in text.lower() for sign in _FORBIDDEN) or _CONTROL.search(text) or _JOIN.search(text):
        raise UnsafeQuery(
            "A value holds what would change the query (^, a line break or control character, javascript: or a join)."
        )
    return text
