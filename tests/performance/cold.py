"""A context nobody has asked for before, with every upstream 50 ms away, against its slowest chain of calls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Self

import requests

from tests.performance import processes
from tests.performance.chain import Chain
from tests.performance.processes import Sidecar
from tests.performance.result import Progress, Result
from tests.performance.shoppers import Shopper, context_body, shoppers
from tests.performance.traffic import Unexpected

DELAY_S = 0.05
READ = 42
WARM_UP = 6
ALLOWED_MS = 15.0
_KEYS = {"email": "e-mail address", "customer_no": "customer number"}
_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """One shopper's context and the chain of another, measured right after each other; milliseconds."""

    context: float
    chain: float


def measured(progress: Progress) -> Iterator[Result]:
    """For each kind of identity: the first read, and one whose shopper's token is still known."""
    people = shoppers()[: READ + WARM_UP]
    with processes.commerce() as shop, progress(total=4 * READ) as step:
        for key in _KEYS:
            with processes.sidecar(shop) as sidecar, Chain(shop) as chain, _Reader(sidecar) as reader:
                for shopper in people[:WARM_UP]:
                    reader.milliseconds(shopper, key)
                shop.slow_down(DELAY_S)
                for warm in (False, True):
                    pairs = []
                    for place, shopper in enumerate(people[WARM_UP:]):
                        # SLAS refuses a second sign-in of one shopper within 3 s, so the chain is another's turn.
                        other = people[WARM_UP + (place + READ // 2) % READ]
                        if warm:
                            reader.forget(shopper)
                        pairs.append(
                            _Pair(context=reader.milliseconds(shopper, key), chain=_chain(chain, other, key, warm))
                        )
                        step(1)
                    yield _result(key, pairs, chain.hops, warm=warm)
                shop.slow_down(0)


def _result(key: str, pairs: list[_Pair], hops: list[str], *, warm: bool) -> Result:
    context, chain = median(pair.context for pair in pairs), median(pair.chain for pair in pairs)
    token = "shopper's token known" if warm else "first read"
    return Result(
        promise=f"Cold context by {_KEYS[key]}, {token}: p50 against the slowest upstream chain + 15 ms",
        floor=f"{chain:.0f} ms",
        measured=f"{context:.0f} ms",
        ratio=context / chain,
        bound="at most",
        limit=(chain + ALLOWED_MS) / chain,
        detail=f"{len(pairs)} shoppers, every upstream at {DELAY_S * 1000:.0f} ms; chain: {' → '.join(hops)}; "
        f"{context - chain:+.1f} ms beside the chain",
    )


class _Reader:
    """A caller of the sidecar that keeps its connection open, as ServiceNow does."""

    def __init__(self, sidecar: Sidecar) -> None:
        self._sidecar = sidecar
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(sidecar.headers)

    def milliseconds(self, shopper: Shopper, key: str) -> float:
        """How long the context takes. Raises Unexpected when it was cached, or a section failed."""
        body = context_body({key: getattr(shopper, key), "site_id": shopper.site_id}, "live")
        started = time.perf_counter()
        answer = self._session.post(f"{self._sidecar.url}/v1/context", body, timeout=_TIMEOUT_S)
        taken = time.perf_counter() - started
        statuses = {name: part["status"] for name, part in answer.json()["sections"].items()}
        if answer.headers["X-Cache"] != "MISS" or not {"ok", "empty"}.issuperset(statuses.values()):
            raise Unexpected(f"{answer.headers['X-Cache']}: {statuses}")
        return taken * 1000

    def forget(self, shopper: Shopper) -> None:
        """Drop what the sidecar holds of the shopper; tokens stay."""
        address = f"{self._sidecar.url}/v1/customers/{shopper.customer_no}"
        self._session.delete(address, timeout=_TIMEOUT_S).raise_for_status()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()


def _chain(chain: Chain, shopper: Shopper, key: str, warm: bool) -> float:
    return chain.seconds(shopper, key, warm=warm) * 1000
