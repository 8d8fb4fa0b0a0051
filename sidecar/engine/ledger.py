"""What an event already did, so that it does nothing twice: the engine's `Steps`.

The result of a call goes to disk with the next write of the event, its end at the latest: each wait for the disk costs
more than the call's bookkeeping. Until then a crash repeats the call, as it does between the call and any keeping.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from sidecar.engine.database import Database
from sidecar.engine.flow import Json, Transaction
from sidecar.engine.tables import EFFECTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """An event of a flow to its later self."""

    type_name: str
    data: Mapping[str, Any]
    site_id: str
    at: datetime
    event_id: str


Later = Callable[[Connection, Scheduled], None]
Observe = Callable[[str, str], None]
"""Told (step, point) with point "before", "sent" or "kept": where a crash would leave different traces."""


def unobserved(_step: str, _point: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """See `flow.Transaction`."""

    connection: Connection
    schedule: Later

    def later(self, type_name: str, data: Mapping[str, Any], *, site_id: str, at: datetime, event_id: str) -> None:
        wanted = Scheduled(type_name=type_name, data=data, site_id=site_id, at=at, event_id=event_id)
        self.schedule(self.connection, wanted)


_SAME = (
    EFFECTS.c.seq == bindparam("of_seq"),
    EFFECTS.c.run == bindparam("of_run"),
    EFFECTS.c.name == bindparam("of_name"),
)
_AGAIN = update(EFFECTS).where(*_SAME).values(result=bindparam("result"))
_FIRST = insert(EFFECTS).values({name: bindparam(name) for name in ("seq", "run", "name", "result")})


class Ledger:
    """The steps of one event in one run; `known` is what they kept before. One attempt at a time has it."""

    def __init__(
        self,
        database: Database,
        *,
        seq: int,
        run: int,
        known: Mapping[str, str | None],
        now: datetime,
        later: Later,
        observe: Observe = unobserved,
    ) -> None:
        self.now = now
        self._database, self._seq, self._run, self._later, self._observe = database, seq, run, later, observe
        self._known = dict(known)
        self._on_disk = set(known)
        self._unkept: dict[str, str] = {}

    def stored(self, name: str, write: Callable[[Transaction], Json]) -> Json:
        known = self._known.get(name)
        if known is not None:
            return json.loads(known)
        self._observe(name, "before")
        with self._database.transaction() as connection:
            result = json.dumps(write(Writing(connection=connection, schedule=self._later)))
            self.keep(connection)
            self._write(connection, name, result)
        self._written(name)
        return self._kept(name, result)

    def sent(self, name: str, send: Callable[[], Json], *, found: Callable[[], Json | None] | None = None) -> Json:
        begun = name in self._known
        known = self._known.get(name)
        if known is not None:
            return json.loads(known)
        self._observe(name, "before")
        answer = found() if found is not None and begun else None
        if answer is None:
            if found is not None and not begun:
                with self._database.transaction() as connection:
                    self.keep(connection)
                    self._write(connection, name, None)
                self._written(name)
                self._known[name] = None
            answer = send()
            self._observe(name, "sent")
        result = self._unkept[name] = json.dumps(answer)
        return self._kept(name, result)

    def keep(self, connection: Connection) -> None:
        """Write what is known but not on disk yet."""
        for name, result in self._unkept.items():
            self._write(connection, name, result)

    def _written(self, name: str) -> None:
        """The transaction that wrote `name` is on disk, and with it all that was unkept."""
        self._on_disk |= {name, *self._unkept}
        self._unkept.clear()

    def _write(self, connection: Connection, name: str, result: str | None) -> None:
        if name in self._on_disk:
            same = {"of_seq": self._seq, "of_run": self._run, "of_name": name}
            connection.execute(_AGAIN, {**same, "result": result})
        else:
            connection.execute(_FIRST, {"seq": self._seq, "run": self._run, "name": name, "result": result})

    def _kept(self, name: str, result: str) -> Json:
        self._known[name] = result
        self._observe(name, "kept")
        return json.loads(result)
