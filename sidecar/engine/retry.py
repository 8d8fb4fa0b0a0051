"""When a failed event is tried again: the schedule of Standard Webhooks 1.0.0, with jitter, never before upstream asks.

Ten tries over about 75 hours; then the event is parked for an operator.
"""

from __future__ import annotations

import random
from collections.abc import Callable

SCHEDULE_S = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
"""Seconds from a failed attempt to the next; the first attempt is immediate."""
JITTER = 0.2
"""At most this share is added, so that those who failed together do not come back together."""


def wait_s(
    attempts: int, *, retry_after: float | None = None, chance: Callable[[], float] = random.random
) -> float | None:
    """Seconds until attempt number ``attempts + 1``, or None when `attempts` were all of them.

    `retry_after` is what upstream asked for; it is a least, and may exceed the schedule.
    """
    if attempts > len(SCHEDULE_S):
        return None
    wait = SCHEDULE_S[attempts - 1] * (1 + JITTER * chance())
    return max(wait, retry_after or 0.0)
