"""What an event already did, so that it does nothing twice: the engine's `Steps`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

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


def _unobserved(_step: str, _point: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """See `flow.Transaction`."""

    connection: Connection
    schedule: Later

    def later(self, type_name: str, data: Mapping[str, Any], *, site_id: str, at: datetime, event_id: str) -> None:
        wanted = Scheduled(type_name=type_name, data=data, site_id=site_id, at=at, event_id=event_id)
        self.schedule(self.connection, wanted)


class Ledger:
    """The steps of one event in one run. One attempt at a time has it."""

    def __init__(
        self, database: Database, *, seq: int, run: int, now: datetime, later: Later, observe: Observe = _unobserved
    ) -> None:
        self.now = now
        self._database, self._seq, self._run, self._later, self._observe = database, seq, run, later, observe
        self._known: dict[str, str | None] | None = None

    def stored(self, name: str, write: Callable[[Transaction], Json]) -> Json:
        known = self._seen().get(name)
        if known is not None:
            return json.loads(known)
        self._observe(name, "before")
        with self._database.transaction() as connection:
            result = json.dumps(write(Writing(connection=connection, schedule=self._later)))
            self._keep(connection, name, result)
        return self._kept(name, result)

    def sent(self, name: str, send: Callable[[], Json], *, found: Callable[[], Json | None] | None = None) -> Json:
        seen = self._seen()
        known = seen.get(name)
        if known is not None:
            return json.loads(known)
        self._observe(name, "before")
        answer = found() if found is not None and name in seen else None
        if answer is None:
            if found is not None and name not in seen:
                with self._database.transaction() as connection:
                    self._keep(connection, name, None)
                seen[name] = None
            answer = send()
            self._observe(name, "sent")
        result = json.dumps(answer)
        with self._database.transaction() as connection:
            self._keep(connection, name, result)
        return self._kept(name, result)

    def _seen(self) -> dict[str, str | None]:
        if self._known is None:
            own = select(EFFECTS.c.name, EFFECTS.c.result).where(EFFECTS.c.seq == self._seq, EFFECTS.c.run == self._run)
            with self._database.reading() as connection:
                self._known = {row.name: row.result for row in connection.execute(own)}
        return self._known

    def _keep(self, connection: Connection, name: str, result: str | None) -> None:
        same = (EFFECTS.c.seq == self._seq, EFFECTS.c.run == self._run, EFFECTS.c.name == name)
        if name in self._seen():
            connection.execute(update(EFFECTS).where(*same).values(result=result))
        else:
            row = {"seq": self._seq, "run": self._run, "name": name, "result": result}
            connection.execute(insert(EFFECTS).values(**row))

    def _kept(self, name: str, result: str) -> Json:
        self._seen()[name] = result
        self._observe(name, "kept")
        return json.loads(result)
