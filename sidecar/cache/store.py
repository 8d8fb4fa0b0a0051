"""Entries in memory, bounded by bytes: the least recently used leave first, the expired before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count
from threading import Lock
from typing import Any, TypeVar

from cachetools import TLRUCache

from sfcc_client import Clock
from sidecar.cache.entry import Entry, Lifetime
from sidecar.cache.size import OVERHEAD, bytes_of

V = TypeVar("V")

_generations = count(1)


class Store:
    """A thread-safe map from key to Entry that never holds more than `max_bytes` (as `bytes_of` estimates them)."""

    def __init__(self, max_bytes: int, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._epoch = 0
        self._entries: TLRUCache[str, Entry[Any]] = TLRUCache(
            maxsize=max_bytes,
            ttu=lambda _key, entry, _now: entry.stale_until,
            timer=clock.monotonic,
            getsizeof=lambda entry: entry.size,
        )

    @property
    def epoch(self) -> int:
        """Changes whenever something is erased: what was loaded before must not be stored after."""
        return self._epoch

    @property
    def bytes_held(self) -> int:
        with self._lock:
            return int(self._entries.currsize)

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def get(self, key: str) -> Entry[Any] | None:
        """The entry, fresh or older; None when there is none or it is past keeping."""
        with self._lock:
            return self._entries.get(key)

    def holds(self, marks: Iterable[tuple[str, int]]) -> bool:
        """Whether every (key, generation) is still what is stored."""
        with self._lock:
            entries = self._entries
            for key, generation in marks:
                entry = entries.get(key)
                if entry is None or entry.generation != generation:
                    return False
        return True

    def put(
        self,
        key: str,
        value: V,
        lifetime: Lifetime,
        *,
        subjects: frozenset[str] = frozenset(),
        size: int | None = None,
        epoch: int | None = None,
    ) -> Entry[V]:
        """Remember `value` from now on; the new entry.

        It is returned but not kept when `epoch` has passed (a subject was erased while the value was being loaded), or
        when it alone is larger than the store.
        """
        now = self._clock.monotonic()
        entry = Entry(
            value=value,
            generation=next(_generations),
            as_of=self._clock.now(),
            stored_at=now,
            fresh_until=now + lifetime.fresh_s,
            stale_until=now + max(lifetime.fresh_s, lifetime.keep_s),
            size=OVERHEAD + (bytes_of(value) if size is None else size),
            subjects=subjects,
        )
        with self._lock:
            if epoch is not None and epoch != self._epoch:
                return entry
            if entry.size > self._entries.maxsize:
                self._entries.pop(key, None)
            else:
                self._entries[key] = entry
        return entry

    def discard(self, key: str) -> bool:
        """Forget one key; whether it was there."""
        with self._lock:
            return self._entries.pop(key, None) is not None

    def erase(self, subjects: Collection[str]) -> int:
        """Forget every entry that speaks of one of `subjects`, and of whoever those entries tie to them; how many.

        A shopper is known by number in one entry and by e-mail in another; an entry with both ties them together.
        """
        with self._lock:
            self._epoch += 1
            held = [(key, entry.subjects) for key in list(self._entries) if (entry := self._entries.get(key))]
            known = _tied(set(subjects), [tags for _, tags in held])
            doomed = [key for key, tags in held if tags & known]
            for key in doomed:
                self._entries.pop(key, None)
        return len(doomed)

    def clear(self) -> None:
        with self._lock:
            self._epoch += 1
            self._entries.clear()


def _tied(known: set[str], groups: list[frozenset[str]]) -> set[str]:
    size = -1
    while len(known) != size:
        size = len(known)
        for group in groups:
            if group & known:
                known |= group
    return known
