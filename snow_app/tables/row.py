"""What every typed row has, and how it is read from a record and written to the Table API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import ClassVar, Self

from snow_app.errors import BadAnswer
from snow_app.row import Record
from snow_app.tables.columns import KEY, Column, moment, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of any table. `source` is the record it was read from, None before it was."""

    TABLE: ClassVar[str] = ""

    sys_id: str = text(shown=True)
    created: datetime | None = moment("sys_created_on", writable=False)
    created_by: str = text("sys_created_by", writable=False)
    updated: datetime | None = moment("sys_updated_on", writable=False)
    updated_by: str = text("sys_updated_by", writable=False)
    source: Record | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, found: Record) -> Self:
        """The row of a record. Raises BadAnswer when a value is not of its column's type."""
        try:
            values = {
                column.attribute: column.read(found, column.name)
                for column in columns_of(cls)
                if column.name in found.values
            }
        except ValueError:
            raise BadAnswer(f"ServiceNow answered a record of {found.table} with a value of another type.") from None
        return cls(**values, source=found)

    def display(self, attribute: str) -> str:
        """What people see in the column of this field, empty when the row was not read."""
        name = next(column.name for column in columns_of(type(self)) if column.attribute == attribute)
        return self.source.display(name) if self.source else ""

    def changes(self, before: Self | None = None) -> Mapping[str, str]:
        """The columns whose fields differ from `before`, or from an empty row, as the Table API takes them.

        A field that is None is left alone in a new row and emptied in a known one.
        """
        old = before if before is not None else type(self)()
        return {
            column.name: "" if new is None else column.write(new)
            for column in columns_of(type(self))
            if column.writable and (new := getattr(self, column.attribute)) != getattr(old, column.attribute)
        }


_declared: dict[type[Row], tuple[Column, ...]] = {}


def columns_of(kind: type[Row]) -> tuple[Column, ...]:
    """The columns a class declares, inherited ones first."""
    found = _declared.get(kind)
    if found is None:
        found = tuple(each.metadata[KEY](each.name) for each in fields(kind) if KEY in each.metadata)
        _declared[kind] = found
    return found


def names_of(kind: type[Row]) -> tuple[str, ...]:
    """The names of its columns, as `sysparm_fields` takes them."""
    return tuple(column.name for column in columns_of(kind))
