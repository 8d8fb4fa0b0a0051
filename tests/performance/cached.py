"""A context that is cached, against a bare Flask view that returns the same bytes on the same server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

import requests

from tests.performance import processes
from tests.performance.result import Progress, Result
from tests.performance.shoppers import context_body, shoppers
from tests.performance.traffic import Traffic, Unexpected, request

PATH = "/v1/context"
THREADS = 16  # SIDECAR_THREADS unless told otherwise
CONNECTIONS = 8
ROUNDS = 24
SLICE_S = 0.3
LEAST_SHARE = 0.75
# Slices of equal servers differ by some percent; the median over the rounds by less than this.
NOISE = 0.03
_TRIES = 3
_MADE_BY_SERVER = {"date", "content-length", "connection"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slice:
    """A stretch of load: answers a second, and processor seconds of the server for each answer."""

    rate: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One kind of request to one server."""

    traffic: Traffic
    message: Callable[[], bytes]
    status: int
    pid: int

    def slice(self) -> _Slice:
        """One slice; taken again when the content, and with it the entity tag, changed in the middle of it."""
        for _ in range(_TRIES - 1):
            try:
                return self._slice()
            except Unexpected:
                continue
        return self._slice()

    def _slice(self) -> _Slice:
        message = self.message()
        before = processes.cpu_seconds(self.pid)
        rate = self.traffic.rate(message, SLICE_S, status=self.status)
        used = processes.cpu_seconds(self.pid) - before
        return _Slice(rate=rate, cpu=used / (rate * SLICE_S))


_Round = dict[str, _Slice]


def measured(progress: Progress) -> Iterator[Result]:
    """Rates in short slices that take turns, so that whatever else the machine does falls on all alike."""
    shopper = shoppers()[0]
    identity = {"customer_no": shopper.customer_no, "site_id": shopper.site_id}
    with ExitStack() as parts, progress(total=ROUNDS * 3) as step:
        shop = parts.enter_context(processes.commerce())
        sidecar = parts.enter_context(processes.sidecar(shop, threads=THREADS))
        cached = context_body(identity, "cached")
        requests.post(sidecar.url + PATH, context_body(identity, "live"), headers=sidecar.headers, timeout=30)
        answer = requests.post(sidecar.url + PATH, cached, headers=sidecar.headers, timeout=30)
        if answer.headers["X-Cache"] != "HIT":
            raise Unexpected(f"the context is not cached: {answer.status_code} {answer.headers.get('X-Cache')}")
        bare, bare_pid = parts.enter_context(processes.bare(answer.content, _own(answer.headers), THREADS))
        whole = request(PATH, cached, sidecar.headers)

        def same() -> bytes:
            now = requests.post(sidecar.url + PATH, cached, headers=sidecar.headers, timeout=30)
            return request(PATH, cached, {**sidecar.headers, "If-None-Match": now.headers["ETag"]})

        to_sidecar = parts.enter_context(Traffic(sidecar.url, CONNECTIONS))
        to_bare = parts.enter_context(Traffic(bare, CONNECTIONS))
        turns = {
            "bare": _Turn(traffic=to_bare, message=lambda: whole, status=200, pid=bare_pid),
            "200": _Turn(traffic=to_sidecar, message=lambda: whole, status=200, pid=sidecar.pid),
            "304": _Turn(traffic=to_sidecar, message=same, status=304, pid=sidecar.pid),
        }
        for turn in turns.values():
            turn.slice()
        rounds: list[_Round] = []
        for number in range(ROUNDS):
            order = list(turns) if number % 2 else list(reversed(turns))
            rounds.append({name: turns[name].slice() for name in order})
            step(3)
    yield _share(rounds, len(answer.content))
    yield _unchanged(rounds)


def _own(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _MADE_BY_SERVER}


def _share(rounds: list[_Round], size: int) -> Result:
    return Result(
        promise="Cached context: requests a second, against a bare Flask view of the same bytes",
        floor=_rate(rounds, "bare"),
        measured=_rate(rounds, "200"),
        ratio=_ratio(rounds, "200", "bare"),
        bound="at least",
        limit=LEAST_SHARE,
        detail=f"a body of {size / 1000:.1f} kB; {_behind(rounds, '200', 'bare')}",
    )


def _unchanged(rounds: list[_Round]) -> Result:
    return Result(
        promise="Unchanged context: 304 answers a second, against 200 answers",
        floor=_rate(rounds, "200"),
        measured=_rate(rounds, "304"),
        ratio=_ratio(rounds, "304", "200"),
        bound="at least",
        limit=1 - NOISE,
        detail=f"no slower, give or take {NOISE:.0%} of noise; {_behind(rounds, '304', '200')}",
    )


def _rate(rounds: list[_Round], name: str) -> str:
    return f"{median(one[name].rate for one in rounds):,.0f}/s"


def _ratio(rounds: list[_Round], name: str, floor: str) -> float:
    return median(one[name].rate / one[floor].rate for one in rounds)


def _behind(rounds: list[_Round], name: str, floor: str) -> str:
    """What a busy machine does not change: the same ratio by the servers' own processor time."""
    by_cpu = sum(one[floor].cpu for one in rounds) / sum(one[name].cpu for one in rounds)
    return (
        f"{ROUNDS} rounds of {SLICE_S} s each in turn, {CONNECTIONS} connections, {THREADS} threads; "
        f"by processor time of the servers {by_cpu:.2f}"
    )
