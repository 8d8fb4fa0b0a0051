"""The instance's clock: it runs on by itself and can be put forward, never back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from snow_app.emulator.store import Store

Clock = Callable[[], datetime]
"""Now, as an aware UTC time."""

_LEAD = "clock.lead_s"


class ForwardClock:
    """A clock with a lead over another one. The lead is kept with the instance: a restart turns no time back."""

    def __init__(self, base: Clock, store: Store) -> None:
        self._base, self._store = base, store
        self._lead = timedelta(seconds=float(store.remembered(_LEAD) or 0))

    def __call__(self) -> datetime:
        return self._base() + self._lead

    def put(self, moment: datetime) -> None:
        """Make it this late, unless it is later already."""
        missing = moment - self()
        if missing > timedelta():
            self._lead += missing
            self._store.remember(_LEAD, str(self._lead.total_seconds()))
