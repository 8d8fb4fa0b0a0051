"""How the events of a person are found without the person's name standing in the database: keyed hashes.

The key is a file beside the events; without it a hash cannot be computed, so it must survive as long as they do.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from sidecar.audit.keys import master_key

_KEY_FILE = "events.key"


class Lookups:
    """Kinds are ``email``, ``customer_no`` and ``order_no``. An e-mail address is compared without case."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, kind: str, value: str) -> str:
        """The hash under which events of this person stand, 64 hex digits."""
        same = value.strip().casefold() if kind == "email" else value
        return hmac.digest(self._key, f"{kind}:{same}".encode("utf-8", "surrogatepass"), hashlib.sha256).hex()

    def all(self, subjects: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        return tuple(self.of(kind, value) for kind, value in subjects)


def lookups_in(folder: Path) -> Lookups:
    """With the key in `folder`, which is made with mode 600 when missing."""
    return Lookups(master_key("", folder / _KEY_FILE))
