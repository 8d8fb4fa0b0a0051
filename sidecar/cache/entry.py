"""One remembered value: when it was true, how long it counts as fresh, how long it is worth keeping."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """Seconds from loading: fresh up to `fresh_s`, kept as an older copy up to `keep_s`."""

    fresh_s: float
    keep_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[V]):
    """A value with its age. `generation` is unique in the process: the same number means the same value.

    `as_of` is aware UTC; `stored_at`, `fresh_until` and `stale_until` are monotonic seconds of the cache's clock.
    `subjects` are keyed digests of the people the value speaks of, so that they can be erased.
    """

    value: V
    generation: int
    as_of: datetime
    stored_at: float
    fresh_until: float
    stale_until: float
    size: int
    subjects: frozenset[str] = frozenset()

    def is_fresh(self, now: float) -> bool:
        return now < self.fresh_until

    def age_s(self, now: float) -> float:
        return max(0.0, now - self.stored_at)
