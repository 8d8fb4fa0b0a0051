"""Log lines written by a thread of their own, many at a time."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections import deque
from typing import TextIO

EVERY_S = 0.1
MOST_WAITING = 20_000


class Lines:
    """A text stream in front of another; `write` only remembers, so that no request waits for the disk or a pipe.

    A write for each request costs more than answering it: it gives the interpreter lock away, and the threads then
    queue for it. A line is at most `every_s` late. While the stream behind stalls, lines beyond `MOST_WAITING` push the
    oldest out; a stream that fails loses them. `close` writes the rest; it also runs when the process ends.
    """

    def __init__(self, stream: TextIO, *, every_s: float = EVERY_S) -> None:
        self._stream = stream
        self._every_s = every_s
        self._waiting: deque[str] = deque(maxlen=MOST_WAITING)
        self._writing = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-lines", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def write(self, text: str) -> None:
        self._waiting.append(text)

    def flush(self) -> None:
        """Nothing: whoever logs flushes after every line."""

    def written(self) -> None:
        """Write what waits, now."""
        with self._writing:
            taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if taken:
                # There is nowhere to report that the log itself is gone.
                with contextlib.suppress(OSError, ValueError):
                    self._stream.write("".join(taken))
                    self._stream.flush()

    def close(self) -> None:
        """End the thread and write what waits; safe to call twice."""
        atexit.unregister(self.close)
        self._ended.set()
        self._thread.join(timeout=5)
        self.written()

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            self.written()
