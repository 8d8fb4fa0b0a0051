"""One attempt at one event: hand it to its flow, and keep what became of it. Workers and tests use the same one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from sfcc_client import Clock
from sidecar.engine import inbox as kept
from sidecar.engine.database import Database
from sidecar.engine.flow import Flow, Outcome
from sidecar.engine.inbox import Arrival, Head, Inbox
from sidecar.engine.ledger import Ledger, Observe, Scheduled
from sidecar.engine.pacing import working_for
from sidecar.engine.pauses import upstream_of
from sidecar.engine.retry import wait_s
from sidecar.events.event import EventType

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended: `code` is "" for one that did not fail; `retry_after` what upstream asked for, seconds;
    `upstream` who failed, when it was one of them."""

    head: Head
    flow: str
    outcome: Outcome | None = None
    code: str = ""
    note: str = ""
    transient: bool = False
    retry_after: float | None = None
    upstream: str = ""

    @property
    def result(self) -> str:
        """For counting: what became of the event, or why the attempt failed."""
        return self.outcome.state if self.outcome is not None else self.code


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
        self._database, self._clock, self._chance, self._observe = database, clock, chance, observe
        self._told = told

    def next(self, key: str) -> Head | None:
        return self.inbox.head(key, self._clock.now())

    def attempted(self, head: Head) -> Attempt:
        """Let the flow work on it. Keeps nothing but what the flow's own steps keep."""
        name = head.flow
        observe = {"observe": self._observe} if self._observe else {}
        steps = Ledger(self._database, seq=head.seq, run=head.run, now=self._clock.now(), later=self._later, **observe)
        try:
            name, event = self.inbox.event(head.seq)
            with working_for(name):
                outcome = self.flows[name].handle(event, steps)
        except Exception as error:  # noqa: BLE001 - whatever a flow raises must not stop the worker
            return self._failed(head, name, error)
        return Attempt(head=head, flow=name, outcome=outcome)

    def delivered(self, head: Head) -> str:
        """One attempt, and how it ended kept; "" when this attempt was made before."""
        known = self.inbox.awaited(head)
        if known is None:
            return ""
        attempt = self.attempted(known)
        self.settled(attempt)
        self._told(attempt)
        return attempt.result

    def gave_up(self, head: Head) -> None:
        """Park an event whose attempt ended the process again and again."""
        note = "The worker ended each time it handled this event."
        self.inbox.put_off(head, code="worker_died", note=note, now=self._clock.now(), retry_at=None)

    def settled(self, attempt: Attempt) -> None:
        """Keep how the attempt ended. Repeating it changes nothing."""
        now = self._clock.now()
        if attempt.outcome is not None:
            self.inbox.settle(attempt.head, attempt.outcome, now)
            return
        wait = wait_s(attempt.head.tries, retry_after=attempt.retry_after, chance=self._chance)
        retry_at = now + timedelta(seconds=wait) if attempt.transient and wait is not None else None
        self.inbox.put_off(attempt.head, code=attempt.code, note=attempt.note, now=now, retry_at=retry_at)

    def _failed(self, head: Head, flow: str, error: Exception) -> Attempt:
        ref = f"E{head.seq:06d}"
        code = str(getattr(error, "code", "internal"))
        transient = bool(getattr(error, "transient", False))
        # What is not ours may quote personal data: only its kind is kept.
        note = str(getattr(error, "message", "")) or f"{type(error).__name__} in flow {flow}; the log has more."
        _log.warning("attempt failed", ref=ref, flow=flow, attempt=head.attempt, code=code, exc_info=code == "internal")
        retry_after = getattr(error, "retry_after", None)
        return Attempt(
            head=head,
            flow=flow,
            code=code,
            note=note,
            transient=transient,
            retry_after=retry_after,
            upstream=upstream_of(error),
        )

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
        kept.stored(connection, arrival, self._clock.now())
