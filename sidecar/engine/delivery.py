"""One attempt at one event: hand it to its flow, and keep what became of it. Workers and tests use the same one."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from sfcc_client import Clock
from sidecar.engine import arrivals
from sidecar.engine.arrivals import Arrival
from sidecar.engine.database import Database
from sidecar.engine.failures import Failed, failure_of
from sidecar.engine.flow import Flow, Outcome
from sidecar.engine.inbox import Also, Head, Inbox, Taken, nothing_else
from sidecar.engine.ledger import Ledger, Observe, Scheduled, unobserved
from sidecar.engine.pacing import working_for
from sidecar.engine.retry import wait_s
from sidecar.events.event import EventType

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended: with an outcome, or `failed`. `also` is written with it."""

    head: Head
    flow: str
    outcome: Outcome | None = None
    failed: Failed | None = None
    also: Also = nothing_else

    @property
    def result(self) -> str:
        """For counting: what became of the event, or why the attempt failed."""
        return self.outcome.state if self.outcome is not None else self.failed.code if self.failed else ""


class Deliveries:
    """Hands events to flows. Thread-safe as long as each key is worked on by one thread at a time."""

    def __init__(
        self,
        database: Database,
        flows: Iterable[Flow],
        *,
        clock: Clock,
        chance: Callable[[], float] = random.random,
        observe: Observe | None = None,
        told: Callable[[Attempt], None] = lambda _: None,
    ) -> None:
        self.flows: Mapping[str, Flow] = {flow.name: flow for flow in flows}
        self._types: Mapping[tuple[str, int], tuple[EventType, str]] = {
            (kind.name, kind.version): (kind, flow.name) for flow in self.flows.values() for kind in flow.types
        }
        self.inbox = Inbox(database, {name: kind for name, (kind, _) in self._types.items()})
        self._database, self._clock, self._chance, self._observe = database, clock, chance, observe or unobserved
        self._told = told
        self._own = threading.local()

    def next(self, key: str) -> Head | None:
        """The next attempt of `key`. What was read for it is kept for this thread, which makes it in a moment."""
        taken = self._own.taken = self.inbox.taken(key, self._clock.now())
        return taken.head if taken else None

    def attempted(self, head: Head) -> Attempt | None:
        """Let the flow work on it; None when this attempt was made before. Keeps nothing but what the flow's own steps
        keep."""
        taken: Taken | None = getattr(self._own, "taken", None)
        self._own.taken = None
        if taken is None or taken.head != head:
            taken = self.inbox.awaited(head)
        if taken is None:
            return None
        head, name = taken.head, taken.head.flow
        steps = Ledger(
            self._database,
            seq=head.seq,
            run=head.run,
            known=taken.effects,
            now=self._clock.now(),
            later=self._later,
            observe=self._observe,
        )
        try:
            event = self.inbox.event(taken)
            with working_for(name):
                outcome = self.flows[name].handle(event, steps)
        except Exception as error:  # noqa: BLE001 - whatever a flow raises must not stop the worker
            return self._failed(head, name, error, steps.keep)
        return Attempt(head=head, flow=name, outcome=outcome, also=steps.keep)

    def delivered(self, head: Head) -> str:
        """One attempt, and how it ended kept; "" when this attempt was made before."""
        attempt = self.attempted(head)
        if attempt is None:
            return ""
        self.settled(attempt)
        self._told(attempt)
        return attempt.result

    def gave_up(self, head: Head) -> None:
        """Park an event whose attempt ended the process again and again."""
        note = "The worker ended each time it handled this event."
        self.inbox.put_off(head, code="worker_died", note=note, now=self._clock.now(), retry_at=None)

    def settled(self, attempt: Attempt) -> None:
        """Keep how the attempt ended. Repeating it changes nothing."""
        now, failed = self._clock.now(), attempt.failed
        if attempt.outcome is not None:
            self.inbox.settle(attempt.head, attempt.outcome, now, also=attempt.also)
        elif failed is not None:
            wait = wait_s(attempt.head.tries, retry_after=failed.retry_after, chance=self._chance)
            retry_at = now + timedelta(seconds=wait) if failed.transient and wait is not None else None
            self.inbox.put_off(
                attempt.head, code=failed.code, note=failed.note, now=now, retry_at=retry_at, also=attempt.also
            )

    def _failed(self, head: Head, flow: str, error: Exception, also: Also) -> Attempt:
        found = failure_of(error, flow)
        _log.warning(
            "attempt failed",
            ref=f"E{head.seq:06d}",
            flow=flow,
            attempt=head.attempt,
            code=found.code,
            exc_info=found.code == "internal",
        )
        return Attempt(head=head, flow=flow, failed=found, also=also)

    def _later(self, connection: Connection, wanted: Scheduled) -> None:
        kind, flow = next(found for (name, _), found in self._types.items() if name == wanted.type_name)
        arrival = Arrival(
            id=wanted.event_id,
            type=kind,
            flow=flow,
            key=kind.key(wanted.site_id, kind.schema().load(dict(wanted.data))),
            site_id=wanted.site_id,
            time=wanted.at,
            payload=wanted.data,
            available_at=wanted.at,
        )
        arrivals.stored(connection, (arrival,), self._clock.now())
