"""What is kept of a person's events: handed out, or erased."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from sidecar.engine.database import Database
from sidecar.engine.tables import EVENTS, OPEN_STATES, SUBJECTS, forgotten

_CHUNK = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """`data` is what was sent, scrubbed."""

    ref: str
    id: str
    type: str
    site_id: str
    time: datetime
    accepted_at: datetime
    state: str
    data: Any


def exported(database: Database, lookups: Sequence[str]) -> Iterator[KeptEvent]:
    """Every event that speaks of whoever has one of `lookups`, oldest first (GDPR article 15)."""
    about = select(SUBJECTS.c.seq).where(SUBJECTS.c.lookup.in_(lookups))
    own = select(EVENTS).where(EVENTS.c.seq.in_(about), EVENTS.c.payload.is_not(None)).order_by(EVENTS.c.seq)
    with database.reading() as connection:
        for row in connection.execute(own):
            yield KeptEvent(
                ref=f"E{row.seq:06d}",
                id=row.id,
                type=row.type,
                site_id=row.site_id,
                time=datetime.fromtimestamp(row.time, UTC),
                accepted_at=datetime.fromtimestamp(row.accepted_at, UTC),
                state=row.state,
                data=json.loads(row.payload),
            )


def erased(database: Database, lookups: Sequence[str], now: datetime) -> int:
    """Remove what these events say and whom they speak of; how many they were.

    What was not delivered yet never will be. The rows stay, empty, so that the same event sent again is not taken for
    a new one.
    """
    with database.transaction() as connection:
        about = select(SUBJECTS.c.seq).where(SUBJECTS.c.lookup.in_(lookups)).distinct()
        found = list(connection.execute(about).scalars())
        for start in range(0, len(found), _CHUNK):
            some = found[start : start + _CHUNK]
            dropped = {"state": "dropped", "settled_at": now.timestamp(), "note": "Erased on request."}
            unfinished = (EVENTS.c.seq.in_(some), EVENTS.c.state.in_(OPEN_STATES))
            connection.execute(update(EVENTS).where(*unfinished).values(**dropped))
            # A key may hold an order number; nothing waits behind a settled event.
            connection.execute(update(EVENTS).where(EVENTS.c.seq.in_(some)).values(key="", code="erased"))
            forgotten(connection, some)
    database.fold()
    return len(found)
