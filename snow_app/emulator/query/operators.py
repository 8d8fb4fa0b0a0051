"""Each operator of an encoded query as a fragment of SQL with bound parameters."""

from __future__ import annotations

from snow_app.emulator.query.dates import apart, at_part, between, on_day, relative
from snow_app.emulator.query.operand import Operand, Operator, Sql
from snow_app.emulator.query.references import among, dynamic, in_hierarchy


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


def _not(positive: Operator) -> Operator:
    def compare(left: Operand, value: str) -> Sql | None:
        found = positive(left, value)
        return found and Sql(f"NOT COALESCE({found.text}, 0)", found.params)

    return compare


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


def _instance_of(left: Operand, value: str) -> Sql:
    classes = left.around.classes(value)
    return Sql(f"{left.sql} IN ({', '.join('?' * len(classes))})", classes)


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
    "IN": among,
    "NOT IN": _not(among),
    "NOTIN": _not(among),
    "ISEMPTY": lambda left, _: Sql(f"{left.filled} = ''"),
    "ISNOTEMPTY": lambda left, _: Sql(f"{left.filled} != ''"),
    "EMPTYSTRING": lambda left, _: Sql(f"{left.filled} = ''"),
    "ANYTHING": lambda _left, _value: Sql("1"),
    "BETWEEN": between,
    "SAMEAS": _field("="),
    "NSAMEAS": _not(_field("=")),
    "GT_FIELD": _field(">"),
    "LT_FIELD": _field("<"),
    "GT_OR_EQUALS_FIELD": _field(">="),
    "LT_OR_EQUALS_FIELD": _field("<="),
    "ON": on_day,
    "NOTON": _not(on_day),
    "RELATIVEGT": relative(">"),
    "RELATIVELT": relative("<"),
    "RELATIVEGE": relative(">="),
    "RELATIVELE": relative("<="),
    "RELATIVEEE": relative("="),
    "MORETHAN": apart(">"),
    "LESSTHAN": apart("<"),
    "INSTANCEOF": _instance_of,
    "DYNAMIC": dynamic,
    "IN_HIERARCHY": in_hierarchy,
    "DATEPART": at_part,
    "CHANGES": _changed,
    "VALCHANGES": _changed,
    "CHANGESFROM": _changed_from,
    "CHANGESTO": _changed_to,
}

ON_DISPLAY_VALUE = frozenset(
    {"LIKE", "*", "CONTAINS", "NOT LIKE", "NOTLIKE", "!*", "DOES NOT CONTAIN", "STARTSWITH", "ENDSWITH", "%"}
)
"""Operators that look at the display value when the column is a reference."""
