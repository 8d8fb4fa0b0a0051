"""The events as they are kept: stored once, handed out in order, settled.

An event waits behind every earlier one of its key that is not settled: one that is parked holds up its own key and no
other. One that is to be handled later holds up nobody until its moment has come.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, func, insert, select, update

from sidecar.engine.arrivals import Arrival, Stored, stored
from sidecar.engine.database import Database
from sidecar.engine.flow import Outcome
from sidecar.engine.tables import ATTEMPTS, EFFECTS, EVENTS
from sidecar.events.event import Event, EventType

Also = Callable[[Connection], None]


def nothing_else(_: Connection) -> None:
    """Nothing is written besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The event of a key that is next, with the attempt about to be made."""

    seq: int
    run: int
    attempt: int
    flow: str = field(default="", compare=False)
    forgiven: int = field(default=0, compare=False)

    @property
    def tries(self) -> int:
        """The place of this attempt in the retry schedule, from 1."""
        return self.attempt - self.forgiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An event about to be attempted: its row, and what each of its steps kept in this run."""

    head: Head
    row: Row[Any]
    effects: Mapping[str, str | None]


# Made once: the statement's shape is worked out at its first use and kept with it.
_FIRST = (
    select(EVENTS)
    .where(
        EVENTS.c.key == bindparam("key"),
        EVENTS.c.state.in_(("waiting", "parked")),
        EVENTS.c.available_at <= bindparam("moment"),
    )
    .order_by(EVENTS.c.seq)
    .limit(1)
)
_OWN = select(EVENTS).where(EVENTS.c.seq == bindparam("seq"))
_EFFECTS = select(EFFECTS.c.name, EFFECTS.c.result).where(
    EFFECTS.c.seq == bindparam("seq"), EFFECTS.c.run == bindparam("run")
)


class Inbox:
    """Reads and writes the events. Thread-safe; any number of processes may share the database."""

    def __init__(self, database: Database, types: Mapping[tuple[str, int], EventType]) -> None:
        self._database = database
        self._types = types

    def store(self, arrivals: Sequence[Arrival], now: datetime) -> tuple[Stored, ...]:
        """All of `arrivals`, in their order, in one transaction; on disk when this returns."""
        with self._database.transaction() as connection:
            return stored(connection, arrivals, now)

    def due_keys(self, now: datetime, *, flows: Iterable[str], limit: int = 500) -> tuple[tuple[str, str], ...]:
        """(flow, key) of keys whose next event may be handled now, those that wait longest first."""
        moment = now.timestamp()
        first = (
            select(func.min(EVENTS.c.seq).label("seq"))
            .where(EVENTS.c.state.in_(("waiting", "parked")), EVENTS.c.available_at <= moment)
            .group_by(EVENTS.c.key)
            .subquery()
        )
        heads = (
            select(EVENTS.c.flow, EVENTS.c.key)
            .join(first, EVENTS.c.seq == first.c.seq)
            .where(EVENTS.c.state == "waiting", EVENTS.c.retry_at <= moment, EVENTS.c.flow.in_(tuple(flows)))
            .order_by(EVENTS.c.seq)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple((flow, key) for flow, key in connection.execute(heads))

    def head(self, key: str, now: datetime) -> Head | None:
        """The next event of `key`; None when there is none, or it must wait or is parked."""
        taken = self.taken(key, now)
        return taken.head if taken else None

    def taken(self, key: str, now: datetime) -> Taken | None:
        """The same, with everything an attempt needs, from one look."""
        moment = now.timestamp()
        with self._database.reading() as connection:
            row = connection.execute(_FIRST, {"key": key, "moment": moment}).one_or_none()
            if row is None or row.state != "waiting" or row.retry_at > moment:
                return None
            return _taken(connection, row)

    def awaited(self, head: Head) -> Taken | None:
        """The same attempt, looked up anew; None when it is not to be made any more."""
        with self._database.reading() as connection:
            row = connection.execute(_OWN, {"seq": head.seq}).one_or_none()
            if row is None or row.state != "waiting" or _head(row) != head:
                return None
            return _taken(connection, row)

    def event(self, taken: Taken) -> Event:
        """What is to be handled. Raises LookupError when its type is unknown or its payload was erased."""
        row = taken.row
        if row.payload is None:
            raise LookupError(f"What event {row.seq} says is no longer kept.")
        kind = self._types[row.type, row.version]
        return Event(
            seq=row.seq,
            id=row.id,
            type=row.type,
            version=row.version,
            site_id=row.site_id,
            time=_moment(row.time),
            accepted_at=_moment(row.accepted_at),
            key=row.key,
            data=kind.schema().load(json.loads(row.payload)),
        )

    def settle(self, head: Head, outcome: Outcome, now: datetime, *, also: Also = nothing_else) -> None:
        """The event is done; `also` is written with it. Repeating it changes nothing."""
        kept = {
            "records": [[ref.table, ref.sys_id, ref.number] for ref in outcome.records],
        }
        with self._database.transaction() as connection:
            also(connection)
            _change(
                connection,
                head,
                state=outcome.state,
                attempts=head.attempt,
                note=outcome.note,
                code="",
                outcome=json.dumps(kept),
                settled_at=now.timestamp(),
            )

    def put_off(
        self,
        head: Head,
        *,
        code: str,
        note: str,
        now: datetime,
        retry_at: datetime | None,
        also: Also = nothing_else,
    ) -> None:
        """The attempt failed: to be tried again at `retry_at`, or parked when that is None."""
        with self._database.transaction() as connection:
            also(connection)
            attempt = {"seq": head.seq, "run": head.run, "number": head.attempt, "at": now.timestamp()}
            known = select(ATTEMPTS.c.seq).where(
                *(ATTEMPTS.c[name] == attempt[name] for name in ("seq", "run", "number"))
            )
            if connection.execute(known).first() is None:
                connection.execute(insert(ATTEMPTS).values(**attempt, code=code, note=note))
            _change(
                connection,
                head,
                state="parked" if retry_at is None else "waiting",
                attempts=head.attempt,
                retry_at=0.0 if retry_at is None else retry_at.timestamp(),
                code=code,
                note=note,
            )

    def counts(self) -> dict[str, dict[str, int]]:
        """How many events of each flow are in each state."""
        counted = select(EVENTS.c.flow, EVENTS.c.state, func.count()).group_by(EVENTS.c.flow, EVENTS.c.state)
        found: dict[str, dict[str, int]] = {}
        with self._database.reading() as connection:
            for flow, state, number in connection.execute(counted):
                found.setdefault(flow, {})[state] = number
        return found


def _change(connection: Connection, head: Head, **values: Any) -> None:
    same = {"of_seq": head.seq, "of_run": head.run, "of_attempts": head.attempt - 1}
    connection.execute(_changing(tuple(values)), {**same, **values})


@cache
def _changing(names: tuple[str, ...]) -> Update:
    """Sets these columns of an event whose attempt was still to be made."""
    return (
        update(EVENTS)
        .where(
            EVENTS.c.seq == bindparam("of_seq"),
            EVENTS.c.run == bindparam("of_run"),
            EVENTS.c.attempts == bindparam("of_attempts"),
            EVENTS.c.state == "waiting",
        )
        .values({name: bindparam(name) for name in names})
    )


def _taken(connection: Connection, row: Row[Any]) -> Taken:
    done = connection.execute(_EFFECTS, {"seq": row.seq, "run": row.run})
    return Taken(head=_head(row), row=row, effects={one.name: one.result for one in done})


def _head(row: Row[Any]) -> Head:
    return Head(seq=row.seq, run=row.run, attempt=row.attempts + 1, flow=row.flow, forgiven=row.forgiven)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
