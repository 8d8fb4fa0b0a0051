"""One promise, what it is measured against, and what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`ratio` is measured ÷ floor; the promise is that it is at least, or at most, `limit`.

    `floor` and `measured` are for reading. `detail` says in one line what stands behind the numbers.
    """

    promise: str
    floor: str
    measured: str
    ratio: float
    bound: Literal["at least", "at most"]
    limit: float
    detail: str

    @property
    def kept(self) -> bool:
        return self.ratio >= self.limit if self.bound == "at least" else self.ratio <= self.limit

    @property
    def used(self) -> float:
        """How much of what the promise allows is used up; above 1 it is broken."""
        return self.limit / self.ratio if self.bound == "at least" else self.ratio / self.limit


class Progress(Protocol):
    """Where a measurement says how far it is."""

    def __call__(self, *, total: float) -> AbstractContextManager[Callable[[float], None]]:
        """A stretch of work of `total` steps; call what is yielded with the steps just made."""


Measurement = Callable[[Progress], Iterator[Result]]
