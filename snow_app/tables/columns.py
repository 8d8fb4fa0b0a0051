"""The engine of typed tables: a table is a frozen dataclass, a column a field that knows its name and its kind.

::

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Parcel(Row):
        TABLE: ClassVar[str] = "x_acme_parcel"

        customer: Reference = reference("u_customer", to="sys_user")
        weight: int | None = integer()
        sent: bool | None = boolean("u_sent")

Each function here stands for a kind and has its type, so a type checker sees what a column holds. The first argument is
the column's name where it differs from the field's; a dot-walked name is read and never written. A column that was not
answered (no such column, or hidden) has the default: empty, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from snow_app.row import Record, date_time
from snow_app.tables.values import Choice, Journal, Reference

KEY = "snow_app"
"""Where a dataclass field keeps its column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How one field is read from a record and written to the Table API. `kind` names the function that declared it."""

    attribute: str
    name: str
    kind: str
    read: Callable[[Record, str], Any]
    write: Callable[[Any], str]
    writable: bool = True
    table: str = ""


def text(name: str = "", *, shown: bool = False, writable: bool = True) -> str:
    """Text of any kind. `shown`: part of the `repr`, which shows no other values."""
    return cast(str, _field("text", name, "", Record.__getitem__, str, shown=shown, writable=writable))


def integer(name: str = "", *, writable: bool = True) -> int | None:
    return cast("int | None", _field("integer", name, None, _integer, str, writable=writable))


def boolean(name: str = "", *, writable: bool = True) -> bool | None:
    """True or false; an empty one is false, as on the platform."""
    return cast("bool | None", _field("boolean", name, None, _boolean, _switched, writable=writable))


def choice(name: str = "", *, writable: bool = True) -> Choice:
    return cast(Choice, _field("choice", name, Choice(), _choice, _value, writable=writable))


def reference(name: str = "", *, to: str, writable: bool = True) -> Reference:
    """A record of the table `to`."""

    def read(row: Record, column: str) -> Reference:
        return Reference(row[column], row.display(column), to) if row[column] else Reference()

    return cast(Reference, _field("reference", name, Reference(), read, _value, writable=writable, table=to))


def moment(name: str = "", *, writable: bool = True) -> datetime | None:
    """A date-time, aware UTC."""
    return cast("datetime | None", _field("moment", name, None, Record.time, date_time, writable=writable))


def day(name: str = "", *, writable: bool = True) -> date | None:
    return cast("date | None", _field("day", name, None, _day, str, writable=writable))


def journal(name: str = "") -> Journal:
    return cast(Journal, _field("journal", name, Journal(), _journal, _note))


def _field(
    kind: str,
    name: str,
    default: object,
    read: Callable[[Record, str], Any],
    write: Callable[[Any], str],
    *,
    shown: bool = False,
    writable: bool = True,
    table: str = "",
) -> object:
    def made(attribute: str) -> Column:
        column = name or attribute
        return Column(
            attribute=attribute,
            name=column,
            kind=kind,
            read=read,
            write=write,
            writable=writable and "." not in column and column != "sys_id",
            table=table,
        )

    return field(default=default, repr=shown, metadata={KEY: made})


def _integer(row: Record, column: str) -> int | None:
    return int(row[column]) if row[column] else None


def _boolean(row: Record, column: str) -> bool:
    return row[column] in ("true", "1")


def _day(row: Record, column: str) -> date | None:
    return date.fromisoformat(row[column][:10]) if row[column] else None


def _choice(row: Record, column: str) -> Choice:
    return Choice(row[column], row.display(column))


def _journal(row: Record, column: str) -> Journal:
    return Journal(row.display(column))


def _switched(value: bool) -> str:
    return "true" if value else "false"


def _value(value: Choice | Reference) -> str:
    return value.value


def _note(value: Journal) -> str:
    return value.text
