"""The left side of a comparison, what it may ask about its surroundings, and the fragment of SQL that comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from snow_app.emulator.dictionary import NUMERIC_TYPES
from snow_app.emulator.model import Column, Row
from snow_app.emulator.query.moments import Reader
from snow_app.emulator.store import Value
from snow_app.emulator.values import bound


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

    def parent(self, table: str) -> str | None:
        """The class that stores the column by which records of a table stand below each other, None without one."""

    def dynamic(self, sys_id: str) -> str | None:
        """What a dynamic filter option means for this user now, None when there is none."""


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
