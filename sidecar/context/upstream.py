"""Facts: single questions to an upstream, each with its key, its breaker and the time its answer counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sfcc_client import Clock
from sidecar.cache import Lifetime, Source
from sidecar.context.breaker import Breaker
from sidecar.context.keys import Keys
from sidecar.context.policy import ContextPolicy, SectionPolicy
from sidecar.context.ports import CaseHistory, Commerce
from sidecar.observe import Metrics

V = TypeVar("V")

CAPABILITIES = ("customers", "orders", "order", "cart", "loyalty", "activity", "cases")
"""What fails on its own: each has a breaker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Generic[V]):
    """One question. `call` takes `deadline` (seconds) and `correlation_id`; `people` names whom an answer speaks of."""

    kind: str
    key: str
    capability: str
    call: Callable[..., V]
    lifetime: Lifetime
    negative: Lifetime | None
    people: Callable[[V], Iterable[str]]


class Upstream:
    """Makes facts and asks them, each behind the breaker of its capability."""

    def __init__(
        self,
        commerce: Commerce,
        *,
        policy: ContextPolicy,
        keys: Keys,
        metrics: Metrics,
        clock: Clock,
        cases: CaseHistory | None = None,
    ) -> None:
        self.commerce = commerce
        self.cases = cases
        self.policy = policy
        self.keys = keys
        self._metrics = metrics
        self._clock = clock
        self.breakers: Mapping[str, Breaker] = {
            capability: Breaker(
                capability,
                failures=policy.breaker_failures,
                open_s=policy.breaker_open_s,
                clock=clock,
                told=metrics.breaker_open.labels(capability).set,
            )
            for capability in CAPABILITIES
        }

    def fact(
        self,
        kind: str,
        *parts: str,
        capability: str,
        call: Callable[..., V],
        section: SectionPolicy,
        people: Callable[[V], Iterable[str]],
        brief_absence: bool = False,
    ) -> Fact[V]:
        """The question `kind` about `parts`; answers live as long as those of `section`.

        With `brief_absence` the answer "there is none" is forgotten soon: nobody should stay unfound for long.
        """
        brief = min(self.policy.negative_s, section.fresh_s)
        absence = Lifetime(fresh_s=brief, keep_s=brief)
        return Fact(
            kind=kind,
            key=self.keys.of(kind, *parts),
            capability=capability,
            call=call,
            lifetime=Lifetime(fresh_s=section.fresh_s, keep_s=section.keep_s),
            negative=absence if brief_absence else None,
            people=people,
        )

    def source(self, fact: Fact[V], ref: str) -> Source[V]:
        """How the cache loads `fact` when the request `ref` is the one that needs it."""
        return Source(
            key=fact.key,
            load=lambda: self._asked(fact, ref),
            lifetime=fact.lifetime,
            negative=fact.negative,
            subjects=lambda value: frozenset(fact.people(value)),
        )

    def _asked(self, fact: Fact[V], ref: str) -> V:
        started = self._clock.monotonic()
        outcome = "ok"
        try:
            with self.breakers[fact.capability].call():
                return fact.call(deadline=self.policy.load_s, correlation_id=ref)
        except Exception as error:
            outcome = str(getattr(error, "code", "internal"))
            raise
        finally:
            seconds = max(0.0, self._clock.monotonic() - started)
            self._metrics.upstream_seconds.labels(fact.capability, outcome).observe(seconds)
