"""One write while it happens, and the hooks that see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snow_app.emulator.model import Operation, Row

if TYPE_CHECKING:
    from snow_app.emulator.session import Session


@dataclass(slots=True, kw_only=True)
class Write:
    """An insert, update or delete. `current` may be changed before it is stored; `given` are the columns asked for."""

    op: Operation
    table: str
    current: Row
    previous: Row | None
    session: Session
    given: frozenset[str] = frozenset()

    def changed(self, name: str) -> bool:
        """True for a new record's filled column, and for a column whose value differs from before."""
        before = self.previous.get(name, "") if self.previous else ""
        return self.current.get(name, "") != before

    @property
    def names(self) -> frozenset[str]:
        """Every column that differs from before."""
        return frozenset(name for name in self.current if self.changed(name))


Hook = Callable[[Write], None]

BEFORE: dict[tuple[str, Operation], list[Hook]] = {}
AFTER: dict[tuple[str, Operation], list[Hook]] = {}


def hook(registry: dict[tuple[str, Operation], list[Hook]], table: str, *ops: Operation) -> Callable[[Hook], Hook]:
    """Register a function for the writes of a table and of those that extend it."""

    def register(function: Hook) -> Hook:
        for op in ops:
            registry.setdefault((table, op), []).append(function)
        return function

    return register


def run_before(write: Write) -> None:
    """Let the platform prepare a write. Raises `Refused` or a kind of it."""
    _run(BEFORE, write)


def run_after(write: Write) -> None:
    """Let the platform react to a write."""
    _run(AFTER, write)


def _run(registry: dict[tuple[str, Operation], list[Hook]], write: Write) -> None:
    for table in write.session.instance.dictionary.lineage(write.table):
        for function in registry.get((table, write.op), ()):
            function(write)
