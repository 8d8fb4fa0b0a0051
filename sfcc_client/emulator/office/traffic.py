"""What was asked of the instance, with the moment by its clock: the source of the metrics and of the log files."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from sfcc_client.emulator.tokens import Clock

_KEPT = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One answered request. `family` and `api` are the first two segments of a SCAPI path; OCAPI's are ``ocapi`` and
    ``shop`` or ``data``."""

    at: datetime
    method: str
    path: str
    family: str
    api: str
    status: int
    milliseconds: float
    client_id: str | None = None


class Traffic:
    """The last 50,000 calls. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def note(self, method: str, path: str, status: int, milliseconds: float, client_id: str | None) -> None:
        family, api = _family(path)
        call = Call(
            at=self._clock.now(),
            method=method,
            path=path,
            family=family,
            api=api,
            status=status,
            milliseconds=milliseconds,
            client_id=client_id,
        )
        with self._lock:
            self._calls.append(call)

    def calls(self) -> list[Call]:
        """Oldest first."""
        with self._lock:
            return list(self._calls)


def _family(path: str) -> tuple[str, str]:
    parts = path.strip("/").split("/")
    if "dw" in parts[:-1]:
        return "ocapi", parts[parts.index("dw") + 1]
    return parts[0], parts[1] if len(parts) > 1 else ""
