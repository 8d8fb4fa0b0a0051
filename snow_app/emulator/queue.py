"""Work that is put off: first come, first served. What has a kind and values is kept in the database until it is done,
so that a restart goes on with it; a function is only as lasting as the process."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from snow_app.emulator.store import Store

Values = dict[str, Any]
Handler = Callable[[Values], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """One piece of work; `row` is its key in the database, None when it is not kept there."""

    work: Callable[[], None]
    row: int | None = None


class WorkQueue:
    """Thread-safe for adding; `next_done` is for one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._handlers: dict[str, Handler] = {}
        self._waiting: deque[_Waiting] = deque()
        store.run(
            "CREATE TABLE IF NOT EXISTS _work (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL)"
        )
        for row, kind, payload in store.rows("SELECT id, kind, payload FROM _work ORDER BY id"):
            self._append(int(row), str(kind), json.loads(str(payload)))

    def handle(self, kind: str, handler: Handler) -> None:
        """Name who does work of a kind. A piece of work may be done twice when the process dies while doing it."""
        self._handlers[kind] = handler

    def add(self, work: Callable[[], None]) -> None:
        self._waiting.append(_Waiting(work=work))

    def keep(self, kind: str, values: Values) -> None:
        """Add work that survives a restart; the values are JSON."""
        with self._store.transaction():
            self._store.run("INSERT INTO _work (kind, payload) VALUES (?, ?)", (kind, json.dumps(values)))
            row = self._store.row("SELECT last_insert_rowid()")
        self._append(int(row[0]) if row else 0, kind, values)

    def next_done(self) -> bool:
        """Do the first piece of work; False when none waits. Whatever the work raises leaves, and the work is over."""
        if not self._waiting:
            return False
        first = self._waiting.popleft()
        try:
            first.work()
        finally:
            if first.row is not None:
                self._store.run("DELETE FROM _work WHERE id = ?", (first.row,))
        return True

    def __len__(self) -> int:
        return len(self._waiting)

    def _append(self, row: int, kind: str, values: Values) -> None:
        self._waiting.append(_Waiting(work=lambda: self._handlers[kind](values), row=row))
