"""Whether the process can do its work now: Commerce lets it in, and the access log can be written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sfcc_client import Clock, SystemClock
from sfcc_client.errors import CommerceError
from sidecar.errors import SidecarError

GOOD_S = 15.0
BAD_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One line per check: ``ok``, or the code of the error."""

    checks: Mapping[str, str]

    @property
    def ready(self) -> bool:
        return all(outcome == "ok" for outcome in self.checks.values())


class Readiness:
    """Runs the checks at most every `GOOD_S` seconds (`BAD_S` after a failure), one caller at a time. Thread-safe."""

    def __init__(self, checks: Mapping[str, Callable[[], object]], *, clock: Clock | None = None) -> None:
        self._checks = checks
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._report: Report | None = None
        self._until = float("-inf")

    def report(self) -> Report:
        """The last report, or a new one when that is too old."""
        with self._lock:
            if self._report is None or self._clock.monotonic() >= self._until:
                self._report = Report(checks={name: _outcome(check) for name, check in self._checks.items()})
                self._until = self._clock.monotonic() + (GOOD_S if self._report.ready else BAD_S)
            return self._report


def _outcome(check: Callable[[], object]) -> str:
    try:
        check()
    except (CommerceError, SidecarError) as error:
        return error.code
    return "ok"
