"""What is kept for how long: what an event says, the event itself, and what dbos noted of its attempts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select

from sidecar.engine.database import Database
from sidecar.engine.tables import EVENTS, forgotten

_SETTLED = ("delivered", "refused", "dropped")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days after an event was settled. Parked events stay until an operator decides.

    `payload_days`: what it says, and whom it speaks of. `event_days`: that it existed, by which a repeat is known; the
    sender's window for repeats is minutes, so days are more than twice that.
    """

    payload_days: int = 30
    event_days: int = 90


def cleaned(database: Database, retention: Retention, now: datetime) -> tuple[int, int]:
    """Remove what is older than it may be; how many payloads and how many events that were."""
    days = (retention.payload_days, max(retention.event_days, retention.payload_days))
    payloads, events = (EVENTS.c.settled_at < (now - timedelta(days=number)).timestamp() for number in days)
    return (
        _removed(database, (payloads, EVENTS.c.payload.is_not(None)), forgotten),
        _removed(database, (events,), _deleted),
    )


def _removed(
    database: Database,
    conditions: Iterable[ColumnElement[bool]],
    remove: Callable[[Connection, Sequence[int]], None],
) -> int:
    old = select(EVENTS.c.seq).where(EVENTS.c.state.in_(_SETTLED), *conditions).limit(_AT_ONCE)
    removed = 0
    while True:
        with database.transaction() as connection:
            some = list(connection.execute(old).scalars())
            remove(connection, some)
        removed += len(some)
        if len(some) < _AT_ONCE:
            return removed


def _deleted(connection: Connection, seqs: Sequence[int]) -> None:
    connection.execute(delete(EVENTS).where(EVENTS.c.seq.in_(seqs)))
