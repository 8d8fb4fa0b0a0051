"""What one section knows: a value with its age, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sidecar.cache import Outcome, Reading

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[V]):
    """A settled section. `is_known` tells an answer of None ("there is no cart") from no answer.

    `absent` is set instead of an outcome when the section was not asked for a reason of its own: `disabled`,
    `opted_out` or `forbidden`; `value` then explains it, if there is anything to say.
    """

    value: V | None = None
    outcome: Outcome = Outcome.PENDING
    as_of: datetime | None = None
    age_s: float = 0.0
    error: BaseException | None = None
    absent: str | None = None

    @property
    def is_known(self) -> bool:
        return self.as_of is not None

    def but_failed(self, error: BaseException) -> Part[V]:
        """The same as a saved copy, because asking anew failed."""
        return replace(self, outcome=Outcome.STALE, error=error)


def part_of(reading: Reading[Any], now: float, value: Any = None, *, without_value: bool = False) -> Part[Any]:
    """The part behind a reading; `value` replaces the entry's own, `without_value` drops it."""
    entry = reading.entry
    if entry is None:
        return Part(outcome=reading.outcome, error=reading.error)
    own = None if without_value else entry.value
    return Part(
        value=own if value is None else value,
        outcome=reading.outcome,
        as_of=entry.as_of,
        age_s=entry.age_s(now),
        error=reading.error,
    )


def absent(status: str, value: Any = None) -> Part[Any]:
    """A section that is not asked: `disabled`, `opted_out` or `forbidden`."""
    return Part(absent=status, value=value)
