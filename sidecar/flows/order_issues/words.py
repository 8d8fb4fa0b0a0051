"""The shopper's words of an event, for whoever works on an incident that must not hold them."""

from __future__ import annotations

import json

from sqlalchemy import select

from sidecar.engine import Database
from sidecar.engine.tables import EVENTS

_MEMBERS = ("comment", "message")


def words_of(database: Database, seq: int) -> str:
    """What the shopper wrote, scrubbed as it was stored; "" when there was nothing, or it is no longer kept.

    Personal data: whoever shows it has to know and to log who asked.
    """
    with database.reading() as connection:
        payload = connection.execute(select(EVENTS.c.payload).where(EVENTS.c.seq == seq)).scalar()
    said = json.loads(payload) if payload else {}
    return next((str(said[name]) for name in _MEMBERS if said.get(name)), "")
