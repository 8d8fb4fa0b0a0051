"""One write while it happens, and the hooks that see it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from snow_app.emulator.errors import Aborted, Refused
from snow_app.emulator.model import Operation, Row
from snow_app.emulator.schema.declared import sys_id_of

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

    def entered(self, name: str, value: str) -> bool:
        """True when a column takes this value with this write."""
        return self.current.get(name, "") == value and self.changed(name)

    @property
    def names(self) -> frozenset[str]:
        """Every column that differs from before."""
        return frozenset(name for name in self.current if self.changed(name))


def refuse(write: Write, rule: str) -> NoReturn:
    """Abort a write the way one of the platform's own rules does."""
    raise Aborted(write.table, ((rule, sys_id_of("sys_script", rule)),))


def follow(session: Session, table: str, sys_id: str, values: Row) -> None:
    """A write the platform makes because of another one; what refuses it does not refuse that one."""
    with suppress(Refused):
        session.update(table, sys_id, values, acl=False)


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
