"""The tables of the events. Flows keep their own tables in the same database, declared on the same `METADATA`.

A flow's table that quotes what an event says names the column with the event's number, ``info={"of_event": "seq"}``:
its rows go when the event is erased or its payload's time is over.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    text,
    update,
)

METADATA = MetaData()
_SERIAL = BigInteger().with_variant(Integer, "sqlite")

OF_EVENT = "of_event"
EMPTIED = "emptied"
"""Beside `OF_EVENT`: what columns hold once the event is forgotten, where the row itself still counts."""
OPEN_STATES = ("waiting", "parked")
"""Of an event that still holds up those behind it."""

EVENTS = Table(
    "events",
    METADATA,
    Column("seq", _SERIAL, primary_key=True, autoincrement=True),
    Column("id", String(255), nullable=False, unique=True),
    Column("type", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("flow", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("site_id", String(32), nullable=False),
    Column("time", Float, nullable=False),
    Column("accepted_at", Float, nullable=False),
    Column("available_at", Float, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("run", Integer, nullable=False, server_default="1"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("forgiven", Integer, nullable=False, server_default="0"),
    Column("retry_at", Float, nullable=False, server_default="0"),
    Column("digest", String(64), nullable=False),
    Column("payload", Text),
    Column("code", String(60), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("outcome", Text),
    Column("settled_at", Float),
    sqlite_autoincrement=True,
)
"""`state`: waiting, then delivered, refused, parked (needs an operator) or dropped (by one). Moments are epoch seconds.
`available_at` is when a later event begins to count, `retry_at` when a failed one may be tried again. `forgiven` are
the attempts made before an operator's replay: the retry schedule begins anew after them."""

# The predicate is literal: a partial index does not serve a condition with a bound parameter.
_OPEN = text("state IN ('waiting', 'parked')")
Index("events_open", EVENTS.c.key, EVENTS.c.seq, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("events_by_flow", EVENTS.c.flow, EVENTS.c.state, EVENTS.c.seq)

EFFECTS = Table(
    "effects",
    METADATA,
    Column("seq", _SERIAL, ForeignKey("events.seq", ondelete="CASCADE"), primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("result", Text),
)
"""What an event already did. A row without a result: the call was about to be made."""

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("seq", _SERIAL, ForeignKey("events.seq", ondelete="CASCADE"), primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("code", String(60), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
)
"""Every attempt that failed, for whoever asks why."""

SUBJECTS = Table(
    "event_subjects",
    METADATA,
    Column("seq", _SERIAL, ForeignKey("events.seq", ondelete="CASCADE"), primary_key=True),
    Column("lookup", String(64), primary_key=True),
    Index("event_subjects_by_lookup", "lookup"),
    info={OF_EVENT: "seq"},
)
"""Whom an event speaks of, as keyed hashes."""

PAUSES = Table(
    "pauses",
    METADATA,
    Column("upstream", String(40), primary_key=True),
    Column("since", Float, nullable=False),
    Column("until", Float),
    Column("reason", Text, nullable=False, server_default=""),
)
"""Upstreams that get nothing for a while; without `until`: until an operator resumes them."""


def forgotten(connection: Connection, seqs: Sequence[int]) -> None:
    """Remove what these events say, and every row that quotes them or names whom they speak of."""
    connection.execute(update(EVENTS).where(EVENTS.c.seq.in_(seqs)).values(payload=None))
    for table in METADATA.sorted_tables:
        column = table.info.get(OF_EVENT)
        if column:
            emptied = table.info.get(EMPTIED)
            change = update(table).values(**emptied) if emptied else delete(table)
            connection.execute(change.where(table.c[column].in_(seqs)))
