"""Transaction quotas (``sysrule_quota``): how long a request may take before it is cancelled.

A request is looked at before each write, after each read and at its end. What was stored before the time was over
stays stored, although the answer says that the transaction was cancelled: a client must look before it sends again.
Source: platform documentation, "Default quota rules".
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from snow_app.emulator.errors import Cancelled

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance


class Quotas:
    """The quotas of one instance; each thread has its own transaction."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._threads = threading.local()

    @contextmanager
    def transaction(self, api: str) -> Iterator[None]:
        """Serve a call of an API (its path, such as `now/table`) within the lowest quota that is about it.

        Raises Cancelled at the end when the time is over by then.
        """
        self._threads.ends = self._end(api)
        try:
            yield
            self.check()
        finally:
            self._threads.ends = None

    def check(self) -> None:
        """Raises Cancelled when this thread's transaction has used up its time."""
        ends: datetime | None = getattr(self._threads, "ends", None)
        if ends is not None and self._instance.clock() >= ends:
            raise Cancelled

    def _end(self, api: str) -> datetime | None:
        rules = self._instance.active("sysrule_quota")
        limits = [float(rule["maximum_duration"] or 0) for rule in rules if rule["api"] in ("", api)]
        shortest = min((limit for limit in limits if limit > 0), default=None)
        return None if shortest is None else self._instance.clock() + timedelta(seconds=shortest)
