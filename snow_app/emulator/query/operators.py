"""Each operator of an encoded query as a fragment of SQL with bound parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from snow_app.emulator.dictionary import NUMERIC_TYPES
from snow_app.emulator.model import Column, Row
from snow_app.emulator.query.moments import Reader, shifted, started, stored
from snow_app.emulator.store import Value
from snow_app.emulator.values import bound

MY_SELF = "90d1921e5f510100a9ad2572f2b477fe"
"""sys_id of the platform's dynamic filter "Me"."""


@dataclass(frozen=True, slots=True)
class Sql:
    """A fragment and its parameters."""

    text: str
    params: tuple[Value, ...] = ()


class Surroundings(Protocol):
    """What an operator may ask beside its own operand."""

    reader: Reader
    previous: Row | None

    def expression(self, path: str) -> str | None:
        """SQL for another column of the same table."""

    def classes(self, table: str) -> tuple[str, ...]:
        """A table and everything below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """The left side: `sql` is an expression that may be NULL behind an outer join."""

    sql: str
    column: Column
    path: str
    around: Surroundings

    @property
    def filled(self) -> str:
        return f"COALESCE({self.sql}, '')"

    @property
    def folded(self) -> str:
        """The expression as it is compared: text ignores case."""
        return self.sql if self.column.type in NUMERIC_TYPES else f"{self.sql} COLLATE NOCASE"

    def bound(self, value: str) -> Value:
        return bound(self.column, value)


Operator = Callable[[Operand, str], Sql | None]


def _equal(left: Operand, value: str) -> Sql:
    if value == "" or (left.column.type == "boolean" and left.bound(value) == "false"):
        wanted = ("", "false") if value else ("",)
        return Sql(f"{left.filled} IN ({', '.join('?' * len(wanted))})", wanted)
    return Sql(f"{left.folded} = ?", (left.bound(value),))


def _different(left: Operand, value: str) -> Sql:
    equal = _equal(left, value)
    return Sql(f"NOT COALESCE({equal.text}, 0)", equal.params)


def _compared(sign: str) -> Operator:
    def compare(left: Operand, value: str) -> Sql:
        limit = left.bound(value[:10] if left.column.type == "glide_date" else value)
        return Sql(f"({left.folded} {sign} ? AND {left.sql} != '')", (limit,))

    return compare


def _pattern(before: str, after: str, *, negated: bool = False) -> Operator:
    def compare(left: Operand, value: str) -> Sql:
        escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        word = "NOT LIKE" if negated else "LIKE"
        return Sql(f"{left.filled} {word} ? ESCAPE '\\'", (f"{before}{escaped}{after}",))

    return compare


def _among(left: Operand, value: str) -> Sql:
    wanted = [left.bound(part) for part in value.split(",")]
    return Sql(f"{left.filled} COLLATE NOCASE IN ({', '.join('?' * len(wanted))})", tuple(wanted))


def _not(positive: Operator) -> Operator:
    def compare(left: Operand, value: str) -> Sql | None:
        found = positive(left, value)
        return found and Sql(f"NOT COALESCE({found.text}, 0)", found.params)

    return compare


def _between(left: Operand, value: str) -> Sql | None:
    low, separator, high = value.partition("@")
    if not separator:
        return None
    return Sql(f"({left.folded} BETWEEN ? AND ? AND {left.sql} != '')", (left.bound(low), left.bound(high)))


def _field(sign: str) -> Operator:
    def compare(left: Operand, value: str) -> Sql | None:
        name, _, part = value.partition("@")
        other = left.around.expression(name)
        if other is None:
            return None
        length = {"hour": 13, "day": 10, "month": 7, "year": 4}.get(part)
        if length:
            return Sql(f"substr({left.sql}, 1, {length}) {sign} substr({other}, 1, {length})")
        return Sql(f"{left.folded} {sign} {other}")

    return compare


def _on(left: Operand, value: str) -> Sql | None:
    """`Today@start@end`, or one date."""
    parts = value.split("@")
    if len(parts) == 3:
        return _between(left, f"{parts[1]}@{parts[2]}")
    return Sql(f"substr({left.sql}, 1, 10) = ?", (value[:10],))


def _relative(sign: str) -> Operator:
    """`@hour@ago@1`, `@day@ahead@3`."""

    def compare(left: Operand, value: str) -> Sql | None:
        parts = value.strip("@").split("@")
        if len(parts) != 3 or not parts[2].isdigit():
            return None
        unit, direction, amount = parts[0].removesuffix("s"), parts[1], int(parts[2])
        if unit not in ("minute", "hour", "day", "week", "month", "quarter", "year"):
            return None
        moment = shifted(left.around.reader.local(), unit, amount if direction == "ahead" else -amount)
        if sign == "=":
            start = started(moment, unit)
            limits = (stored(start), stored(shifted(start, unit, 1)))
            return Sql(f"({left.sql} >= ? AND {left.sql} < ?)", limits)
        return Sql(f"({left.sql} {sign} ? AND {left.sql} != '')", (stored(moment),))

    return compare


def _apart(sign: str) -> Operator:
    """`other_field@day@before@2`: how far two moments of a record lie apart."""
    seconds = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}

    def compare(left: Operand, value: str) -> Sql | None:
        parts = value.split("@")
        if len(parts) != 4 or not parts[3].isdigit() or parts[1].removesuffix("s") not in seconds:
            return None
        other = left.around.expression(parts[0])
        if other is None:
            return None
        first, second = (left.sql, other) if parts[2] == "before" else (other, left.sql)
        limit = int(parts[3]) * seconds[parts[1].removesuffix("s")]
        return Sql(f"(julianday({second}) - julianday({first})) * 86400.0 {sign} ?", (limit,))

    return compare


def _instance_of(left: Operand, value: str) -> Sql:
    classes = left.around.classes(value)
    return Sql(f"{left.sql} IN ({', '.join('?' * len(classes))})", classes)


def _dynamic(left: Operand, value: str) -> Sql | None:
    return _equal(left, left.around.reader.user_id) if value == MY_SELF else None


def _changed(left: Operand, _: str) -> Sql | None:
    previous = left.around.previous
    return None if previous is None else Sql(f"{left.filled} != ?", (left.bound(previous.get(left.path, "")),))


def _changed_from(left: Operand, value: str) -> Sql | None:
    changed = _changed(left, "")
    if changed is None or left.around.previous is None:
        return Sql("0")
    return changed if left.around.previous.get(left.path, "") == value else Sql("0")


def _changed_to(left: Operand, value: str) -> Sql | None:
    equal, changed = _equal(left, value), _changed(left, "")
    return Sql(f"({equal.text} AND {changed.text})", equal.params + changed.params) if changed else equal


_CONTAINS, _LACKS = _pattern("%", "%"), _pattern("%", "%", negated=True)

SQL: dict[str, Operator] = {
    "=": _equal,
    "!=": _different,
    ">": _compared(">"),
    ">=": _compared(">="),
    "<": _compared("<"),
    "<=": _compared("<="),
    "LIKE": _CONTAINS,
    "*": _CONTAINS,
    "CONTAINS": _CONTAINS,
    "NOT LIKE": _LACKS,
    "NOTLIKE": _LACKS,
    "!*": _LACKS,
    "DOES NOT CONTAIN": _LACKS,
    "STARTSWITH": _pattern("", "%"),
    "ENDSWITH": _pattern("%", ""),
    "%": _pattern("%", ""),
    "IN": _among,
    "NOT IN": _not(_among),
    "NOTIN": _not(_among),
    "ISEMPTY": lambda left, _: Sql(f"{left.filled} = ''"),
    "ISNOTEMPTY": lambda left, _: Sql(f"{left.filled} != ''"),
    "EMPTYSTRING": lambda left, _: Sql(f"{left.filled} = ''"),
    "ANYTHING": lambda _left, _value: Sql("1"),
    "BETWEEN": _between,
    "SAMEAS": _field("="),
    "NSAMEAS": _not(_field("=")),
    "GT_FIELD": _field(">"),
    "LT_FIELD": _field("<"),
    "GT_OR_EQUALS_FIELD": _field(">="),
    "LT_OR_EQUALS_FIELD": _field("<="),
    "ON": _on,
    "NOTON": _not(_on),
    "RELATIVEGT": _relative(">"),
    "RELATIVELT": _relative("<"),
    "RELATIVEGE": _relative(">="),
    "RELATIVELE": _relative("<="),
    "RELATIVEEE": _relative("="),
    "MORETHAN": _apart(">"),
    "LESSTHAN": _apart("<"),
    "INSTANCEOF": _instance_of,
    "DYNAMIC": _dynamic,
    "CHANGES": _changed,
    "VALCHANGES": _changed,
    "CHANGESFROM": _changed_from,
    "CHANGESTO": _changed_to,
}

ON_DISPLAY_VALUE = frozenset(
    {"LIKE", "*", "CONTAINS", "NOT LIKE", "NOTLIKE", "!*", "DOES NOT CONTAIN", "STARTSWITH", "ENDSWITH", "%"}
)
"""Operators that look at the display value when the column is a reference."""
