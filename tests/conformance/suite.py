"""What a suite that nobody here wrote says of a local platform."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Outcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test of a suite; `reason` says why it was skipped or failed, in one line.

    An `explained` failure is one the suite would show on a real instance as well. `operations` are those the test says
    something of, where a suite knows.
    """

    name: str
    outcome: Outcome
    reason: str = ""
    explained: bool = False
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run of a suite. `way` tells runs of the same suite apart, such as ``https`` and ``http``."""

    suite: str
    version: str
    way: str
    cases: tuple[Case, ...]

    def counts(self) -> Counter[Outcome]:
        return Counter(case.outcome for case in self.cases)


class Suite(Protocol):
    """A suite, run unmodified in a process of its own against an emulator started for it.

    `name` is what it is called on the command line, `checkout` says whether it needs the path of a checkout (a suite
    without one comes from a package registry).
    """

    name: str
    checkout: bool

    def run(self, checkout: Path | None) -> tuple[Result, ...]:
        """One result for each way. Raises RuntimeError with one line when the suite could not be started."""
