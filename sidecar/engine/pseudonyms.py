"""Stand-ins for people in flows' tables: keyed hashes, so that two are told apart and nobody is named.

The key never leaves the database; who has no key cannot try addresses out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import suppress

from sqlalchemy import Column, Connection, Integer, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from sidecar.engine.database import Database
from sidecar.engine.tables import METADATA

_KEYS = Table(
    "pseudonym_keys", METADATA, Column("id", Integer, primary_key=True), Column("value", String(64), nullable=False)
)


def prepared(database: Database) -> None:
    """Make the key, unless it is there: another process may do so this very moment, and the first one counts."""
    with suppress(IntegrityError), database.transaction() as connection:
        if _held(connection) is None:
            connection.execute(insert(_KEYS).values(id=1, value=secrets.token_hex(32)))


def pseudonym(connection: Connection, person: str) -> str:
    """64 hex digits for an address or number, compared without case; "" for nobody. `prepared` was called before."""
    if not person:
        return ""
    key = bytes.fromhex(_held(connection) or "")
    if not key:
        raise LookupError("The database has no key of pseudonyms.")
    return hmac.digest(key, person.casefold().encode(), hashlib.sha256).hex()


def _held(connection: Connection) -> str | None:
    return connection.execute(select(_KEYS.c.value)).scalar_one_or_none()
