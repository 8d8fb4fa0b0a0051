"""What operators see and do: list, show, replay, drop. Nothing here ever answers with what an event says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update

from sidecar.engine.database import Database
from sidecar.engine.flow import RecordRef
from sidecar.engine.tables import ATTEMPTS, EFFECTS, EVENTS, OPEN_STATES

STATES = ("waiting", "parked", "delivered", "refused", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which events: all that fit everything given. `seqs` by number; `first` and `last` are a range of numbers."""

    seqs: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    flow: str = ""
    first: int | None = None
    last: int | None = None
    since: datetime | None = None

    @property
    def everything(self) -> bool:
        return self == Choice()

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[tuple[object, ColumnElement[bool]]] = [
            (self.seqs, EVENTS.c.seq.in_(self.seqs)),
            (self.states, EVENTS.c.state.in_(self.states)),
            (self.flow, EVENTS.c.flow == self.flow),
            (self.first is not None, EVENTS.c.seq >= (self.first or 0)),
            (self.last is not None, EVENTS.c.seq <= (self.last or 0)),
            (self.since, EVENTS.c.accepted_at >= (self.since.timestamp() if self.since else 0.0)),
        ]
        return [condition for given, condition in found if given]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event as operators see it. `code` and `note` say why it waits, is parked, or what became of it."""

    ref: str
    id: str
    type: str
    flow: str
    key: str
    site_id: str
    time: datetime
    accepted_at: datetime
    state: str
    attempts: int
    retry_at: datetime | None
    settled_at: datetime | None
    code: str
    note: str
    records: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One attempt that failed."""

    run: int
    number: int
    at: datetime
    code: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One step of the flow: `done` is False when it was about to be made and may have arrived."""

    run: int
    name: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`behind` is the event it waits for, empty when it is the next of its key."""

    line: Line
    behind: str
    failures: tuple[Failure, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How many go on where they stopped, how many are done anew, and how many cannot be replayed."""

    resumed: int
    anew: int
    left: int


class EventDesk:
    """Thread-safe; works beside running workers, which see its changes at their next look."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, choice: Choice, *, limit: int = 50) -> tuple[Line, ...]:
        """The newest `limit` that fit, oldest of them first."""
        newest = select(EVENTS).where(*choice.conditions()).order_by(EVENTS.c.seq.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(newest).all()
        return tuple(_line(row) for row in reversed(rows))

    def seq_of(self, name: str) -> int | None:
        """The number of an event by its reference ("E000123", or 123) or by its sender's id."""
        digits = name.upper().removeprefix("E")
        number = int(digits) if digits.isdecimal() and len(digits) < 19 else None
        by_name = or_(EVENTS.c.id == name, EVENTS.c.seq == number) if number is not None else EVENTS.c.id == name
        with self._database.reading() as connection:
            return connection.execute(select(EVENTS.c.seq).where(by_name).order_by(EVENTS.c.seq)).scalars().first()

    def show(self, seq: int) -> Shown | None:
        with self._database.reading() as connection:
            row = connection.execute(select(EVENTS).where(EVENTS.c.seq == seq)).one_or_none()
            if row is None:
                return None
            before = (EVENTS.c.key == row.key, EVENTS.c.seq < seq, EVENTS.c.state.in_(OPEN_STATES))
            first = connection.execute(select(func.min(EVENTS.c.seq)).where(*before)).scalar_one()
            failures = connection.execute(
                select(ATTEMPTS).where(ATTEMPTS.c.seq == seq).order_by(ATTEMPTS.c.run, ATTEMPTS.c.number)
            ).all()
            effects = connection.execute(
                select(EFFECTS).where(EFFECTS.c.seq == seq).order_by(EFFECTS.c.run, EFFECTS.c.name)
            ).all()
        return Shown(
            line=_line(row),
            behind=f"E{first:06d}" if first is not None and row.state in OPEN_STATES else "",
            failures=tuple(
                Failure(run=one.run, number=one.number, at=_moment(one.at), code=one.code, note=one.note)
                for one in failures
            ),
            effects=tuple(Effect(run=one.run, name=one.name, done=one.result is not None) for one in effects),
        )

    def replay(self, choice: Choice, *, again: bool = False) -> Replayed:
        """Parked events go on where they stopped, with the whole retry schedule; what they did is not done twice.

        With `again`, those that were delivered or refused are handled as if nothing had been done yet, on purpose. What
        they say must still be kept.
        """
        fits = choice.conditions()
        kept = EVENTS.c.payload.is_not(None)
        resume = {"state": "waiting", "retry_at": 0.0, "forgiven": EVENTS.c.attempts, "settled_at": None}
        anew = {"state": "waiting", "retry_at": 0.0, "run": EVENTS.c.run + 1, "attempts": 0, "forgiven": 0}
        with self._database.transaction() as connection:
            settled = update(EVENTS).where(*fits, EVENTS.c.state.in_(("delivered", "refused")), kept)
            number = connection.execute(settled.values(**anew, settled_at=None)).rowcount if again else 0
            stopped = update(EVENTS).where(*fits, EVENTS.c.state.in_(("parked", "dropped")), kept)
            resumed = connection.execute(stopped.values(**resume)).rowcount
            rest = select(func.count()).select_from(EVENTS).where(*fits, EVENTS.c.state != "waiting")
            left = int(connection.execute(rest).scalar_one())
        return Replayed(resumed=resumed, anew=number, left=left)

    def drop(self, choice: Choice, *, reason: str, now: datetime) -> int:
        """Give up events that wait or are parked, so that those behind them go on; how many."""
        unfinished = update(EVENTS).where(*choice.conditions(), EVENTS.c.state.in_(OPEN_STATES))
        dropped = {"state": "dropped", "code": "dropped", "note": reason, "settled_at": now.timestamp()}
        with self._database.transaction() as connection:
            return connection.execute(unfinished.values(**dropped)).rowcount

    def counts(self) -> dict[str, dict[str, int]]:
        """How many events of each flow are in each state."""
        counted = select(EVENTS.c.flow, EVENTS.c.state, func.count()).group_by(EVENTS.c.flow, EVENTS.c.state)
        found: dict[str, dict[str, int]] = {}
        with self._database.reading() as connection:
            for flow, state, number in connection.execute(counted):
                found.setdefault(flow, dict.fromkeys(STATES, 0))[state] = number
        return found


def _line(row: Row[Any]) -> Line:
    records: Sequence[Sequence[str]] = json.loads(row.outcome)["records"] if row.outcome else ()
    return Line(
        ref=f"E{row.seq:06d}",
        id=row.id,
        type=row.type,
        flow=row.flow,
        key=row.key,
        site_id=row.site_id,
        time=_moment(row.time),
        accepted_at=_moment(row.accepted_at),
        state=row.state,
        attempts=row.attempts,
        retry_at=_moment(row.retry_at) if row.retry_at and row.state == "waiting" else None,
        settled_at=_moment(row.settled_at) if row.settled_at else None,
        code=row.code,
        note=row.note,
        records=tuple(RecordRef(table=table, sys_id=sys_id, number=number) for table, sys_id, number in records),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
