"""Operators on dates: ranges, days, distances from now and from each other, parts of a date."""

from __future__ import annotations

from snow_app.emulator.query.moments import PARTS, shifted, started, stored
from snow_app.emulator.query.operand import Operand, Operator, Sql


def between(left: Operand, value: str) -> Sql | None:
    low, separator, high = value.partition("@")
    if not separator:
        return None
    return Sql(f"({left.folded} BETWEEN ? AND ? AND {left.sql} != '')", (left.bound(low), left.bound(high)))


def on_day(left: Operand, value: str) -> Sql | None:
    """`Today@start@end`, or one date."""
    parts = value.split("@")
    if len(parts) == 3:
        return between(left, f"{parts[1]}@{parts[2]}")
    return Sql(f"substr({left.sql}, 1, 10) = ?", (value[:10],))


def relative(sign: str) -> Operator:
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


def apart(sign: str) -> Operator:
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


_SIGNS = {"EE": "=", "GT": ">", "GE": ">=", "LT": "<", "LE": "<="}
_WORDS = {
    "dayofweek": ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
    "month": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
}
"""Names of parts, of which the first three letters count; each is the number of its place, from 1."""


def at_part(left: Operand, value: str) -> Sql | None:
    """`Monday@dayofweek@monday@GE`, what ``Monday@javascript:gs.datePart('dayofweek','monday','GE')`` comes to.

    The part is that of the date where the user is; a column of days has no time zone.
    """
    label_and_rest = value.split("@")
    if len(label_and_rest) != 4:
        return None
    _, part, wanted, comparison = label_and_rest
    number, sign = _numbered(part, wanted), _SIGNS.get(comparison)
    if part not in PARTS or number is None or sign is None:
        return None
    zone = "UTC" if left.column.type == "glide_date" else left.around.reader.time_zone
    return Sql(f"date_part({left.sql}, ?, ?) {sign} ?", (part, zone, number))


def _numbered(part: str, wanted: str) -> int | None:
    short = wanted[:3].lower()
    words = _WORDS.get(part, ())
    if short in words:
        return words.index(short) + 1
    return int(wanted) if wanted.isdigit() and not words else None
