"""Events on their way in: those of one transaction are looked up together and written together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from sidecar.engine.tables import EVENTS, SUBJECTS
from sidecar.events.event import EventType

_TOGETHER = 500
"""So many at most in one statement: databases limit its parameters (SQLite: 32,766)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A checked event that is not stored yet. `payload` is its `data` as the wire had it, scrubbed; `digest` tells
    whether a second arrival with this id is the same event. `lookups` are keyed hashes of the people it speaks of."""

    id: str
    type: EventType
    flow: str
    key: str
    site_id: str
    time: datetime
    payload: Mapping[str, Any]
    lookups: tuple[str, ...] = ()
    available_at: datetime | None = None

    @property
    def digest(self) -> str:
        named = [self.type.name, self.type.version, self.site_id, self.payload]
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of an arrival: `again` when the same event was there, `other` when its id belongs to another."""

    seq: int
    again: bool = False
    other: bool = False


# Made once: the statement's shape is worked out at its first use and kept with it.
_KNOWN = select(EVENTS.c.id, EVENTS.c.seq, EVENTS.c.digest).where(EVENTS.c.id.in_(bindparam("ids", expanding=True)))
# On PostgreSQL somebody else may store the same event at this moment: then this waits for them, and it is theirs.
_NEW = {
    name: inserted(EVENTS).on_conflict_do_nothing().returning(EVENTS.c.id, EVENTS.c.seq)
    for name, inserted in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_OF_PEOPLE = insert(SUBJECTS)


def stored(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> tuple[Stored, ...]:
    """All of `arrivals`, in their order, within a transaction of the caller's."""
    slices = (arrivals[start : start + _TOGETHER] for start in range(0, len(arrivals), _TOGETHER))
    return tuple(one for some in slices for one in _stored(connection, some, now))


def _stored(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> list[Stored]:
    rows = [_row(arrival, now) for arrival in arrivals]
    known = _known(connection, rows)
    fresh: dict[str, int] = {}
    for place, arrival in enumerate(arrivals):
        if arrival.id not in known:
            fresh.setdefault(arrival.id, place)
    new: set[int] = set()
    while missing := [place for name, place in fresh.items() if name not in known]:
        statement = _NEW[connection.dialect.name]
        made = {row.id: row.seq for row in connection.execute(statement, [rows[place] for place in missing])}
        subjects = [
            {"seq": made[arrivals[place].id], "lookup": lookup}
            for place in missing
            if arrivals[place].id in made
            for lookup in set(arrivals[place].lookups)
        ]
        if subjects:
            connection.execute(_OF_PEOPLE, subjects)
        new.update(fresh[name] for name in made)
        known.update((name, (seq, rows[fresh[name]]["digest"])) for name, seq in made.items())
        if len(made) < len(missing):
            known.update(_known(connection, [rows[place] for place in missing if arrivals[place].id not in made]))
    return [_became(known[row["id"]], row["digest"], is_new=place in new) for place, row in enumerate(rows)]


def _became(known: tuple[int, str], digest: str, *, is_new: bool) -> Stored:
    seq, kept = known
    same = kept == digest
    return Stored(seq=seq, again=same and not is_new, other=not same)


def _known(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, str]]:
    """Number and digest of the events that are there, by id."""
    found = connection.execute(_KNOWN, {"ids": [row["id"] for row in rows]})
    return {name: (seq, digest) for name, seq, digest in found}


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "id": arrival.id,
        "type": arrival.type.name,
        "version": arrival.type.version,
        "flow": arrival.flow,
        "key": arrival.key,
        "site_id": arrival.site_id,
        "time": arrival.time.timestamp(),
        "accepted_at": now.timestamp(),
        "available_at": arrival.available_at.timestamp() if arrival.available_at else 0.0,
        "digest": arrival.digest,
        "payload": json.dumps(dict(arrival.payload), ensure_ascii=False),
    }
