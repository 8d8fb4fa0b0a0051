"""The threads that load: shared, bounded, and refusing rather than queueing without end.

Size: a cold reader starts up to five loads at once, so `5 × cold readers` threads keep every load of that many readers
running at the same time; with fewer, loads queue behind each other and latency doubles. Loads wait on the network, so
threads above the number of cores cost little.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from sidecar.errors import Overloaded

LOADS_PER_READER = 5
_QUEUED_PER_THREAD = 3


class LoadPool:
    """Runs loads for `cold_readers` readers at a time; three times as many loads may wait."""

    def __init__(self, cold_readers: int) -> None:
        self.size = LOADS_PER_READER * max(1, cold_readers)
        self._limit = self.size * (1 + _QUEUED_PER_THREAD)
        self._threads = ThreadPoolExecutor(max_workers=self.size, thread_name_prefix="context-load")
        self._lock = Lock()
        self._under_way = 0

    @property
    def under_way(self) -> int:
        """Loads running or waiting for a thread."""
        return self._under_way

    def run(self, task: Callable[[], None]) -> None:
        """Start `task` as soon as a thread is free. Raises Overloaded when too many wait already."""
        with self._lock:
            if self._under_way >= self._limit:
                raise Overloaded("Too many shoppers are being loaded; try again in a moment.", retry_after=1.0)
            self._under_way += 1
        try:
            self._threads.submit(self._ended, task)
        except RuntimeError:
            self._end()
            raise Overloaded("The sidecar is stopping.", retry_after=5.0) from None

    def close(self) -> None:
        """Take no more tasks, drop those waiting, and wait for those running."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _ended(self, task: Callable[[], None]) -> None:
        try:
            task()
        finally:
            self._end()

    def _end(self) -> None:
        with self._lock:
            self._under_way -= 1
