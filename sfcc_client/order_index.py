"""Which orders a guest placed, by a keyed hash of the e-mail address; no address is kept, and no order either.

Fed by a sweep into the same SQLite file, so that an order is in the index exactly when its version counts as
delivered. It knows the orders changed since the first sweep began.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from sfcc_client.models import UNDATED, OrderVersion
from sfcc_client.resources.customers import same_address
from sfcc_client.sweep_store import SqliteSweepStore

SHORTEST_KEY = 16

_SCHEMA = """
CREATE TABLE IF NOT EXISTS guest_orders (
  site TEXT NOT NULL, order_no TEXT NOT NULL, guest BLOB NOT NULL, placed_at TEXT NOT NULL,
  PRIMARY KEY (site, order_no)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS guest_orders_of_guest ON guest_orders (site, guest, placed_at);
"""


class OrderIndex:
    """Order numbers of guests. `key` (at least 16 bytes) is secret and must stay the same; with another key the index
    is empty for everybody. Thread-safe."""

    def __init__(self, store: SqliteSweepStore, key: bytes) -> None:
        if len(key) < SHORTEST_KEY:
            raise ValueError("the key of the order index must be at least 16 bytes long")
        self._store, self._key = store, key
        store.script(_SCHEMA)

    def take(self, site_id: str, versions: Sequence[OrderVersion]) -> None:
        """Note the orders of guests among these, and forget those that are no guest's any more."""
        with self._store.transaction() as db:
            for order in (one.order for one in versions):
                if order.guest and order.email:
                    placed = (order.placed_at or UNDATED).isoformat()
                    row = (site_id, order.order_no, self._hashed(order.email), placed)
                    db.execute("REPLACE INTO guest_orders VALUES (?, ?, ?, ?)", row)
                else:
                    db.execute("DELETE FROM guest_orders WHERE site = ? AND order_no = ?", (site_id, order.order_no))

    def order_numbers(self, email: str, *, site_id: str, limit: int, offset: int = 0) -> tuple[tuple[str, ...], int]:
        """Some order numbers of a guest, newest first, and how many there are in all."""
        guest = self._hashed(email)
        with self._store.transaction() as db:
            (total,) = db.execute(
                "SELECT count(*) FROM guest_orders WHERE site = ? AND guest = ?", (site_id, guest)
            ).fetchone()
            rows = db.execute(
                "SELECT order_no FROM guest_orders WHERE site = ? AND guest = ? "
                "ORDER BY placed_at DESC, order_no DESC LIMIT ? OFFSET ?",
                (site_id, guest, limit, offset),
            ).fetchall()
        return tuple(number for (number,) in rows), int(total)

    def erase(self, email: str) -> int:
        """Forget every order of a guest on every site; how many there were. A later change of an order brings it back
        until Commerce itself no longer holds the address."""
        with self._store.transaction() as db:
            return db.execute("DELETE FROM guest_orders WHERE guest = ?", (self._hashed(email),)).rowcount

    def _hashed(self, email: str) -> bytes:
        return hmac.digest(self._key, same_address(email).encode("utf-8", "replace"), hashlib.sha256)
