"""One configuration record as we declare it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Channel = Literal["table_api", "package"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Stands for the sys_id of the declared record `name` of `table`."""

    table: str
    name: str


Value = str | int | bool | Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What we want to exist. `name` is unique and stable within `table`; the sys_id derives from it.

    - `values` are ours: every apply restores them.
    - `initial` are written when the record is created and belong to the operator from then on (an address, a switch).
    - `secret` are written with the record and never read back: the platform encrypts them.
    - `channel` ``package``: the Table API refuses such records, an update set or an app package carries them.
    """

    table: str
    name: str
    values: Mapping[str, Value]
    initial: Mapping[str, Value] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    channel: Channel = "table_api"

    def links(self) -> tuple[Link, ...]:
        """The declared records this one needs first."""
        return tuple(value for value in (*self.values.values(), *self.initial.values()) if isinstance(value, Link))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A declaration with every link and value as the text that the Table API speaks.

    `needs` are the (table, name) of the records that must exist first, `layer` how many of them stand in a row.
    """

    table: str
    name: str
    sys_id: str
    values: Mapping[str, str]
    initial: Mapping[str, str]
    secret: Mapping[str, str] = field(repr=False)
    channel: Channel
    layer: int
    needs: frozenset[tuple[str, str]] = frozenset()

    @property
    def label(self) -> str:
        """For people: the table and the record's name."""
        return f"{self.table}: {self.name}"


def text(value: str | int | bool) -> str:
    """A value as the Table API stores it: booleans are ``true`` and ``false``, numbers are digits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def texts(values: Mapping[str, str | int | bool]) -> dict[str, str]:
    """All of them as `text`."""
    return {column: text(value) for column, value in values.items()}
