"""The engine without workers: what is due is handled here and now, in order. For tests and one-shot commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sfcc_client import Clock
from sidecar.engine.arrivals import Arrival, Stored
from sidecar.engine.database import Database
from sidecar.engine.delivery import Deliveries
from sidecar.engine.flow import Flow
from sidecar.engine.ledger import Observe


class InlineEngine:
    """Takes events and handles them when told. `observe` sees every step and may raise to break off there."""

    def __init__(
        self, database: Database, flows: Iterable[Flow], *, clock: Clock, observe: Observe | None = None
    ) -> None:
        self._clock = clock
        self._deliveries = Deliveries(database, tuple(flows), clock=clock, chance=lambda: 0.0, observe=observe)
        self.inbox = self._deliveries.inbox

    def take(
        self,
        type_name: str,
        data: Mapping[str, Any],
        *,
        site_id: str,
        event_id: str,
        time: datetime | None = None,
        version: int = 1,
    ) -> Stored:
        """Store one event as intake does, already checked and scrubbed."""
        found = (
            (flow, kind)
            for flow in self._deliveries.flows.values()
            for kind in flow.types
            if (kind.name, kind.version) == (type_name, version)
        )
        flow, kind = next(found)
        now = self._clock.now()
        loaded = kind.schema().load(dict(data))
        arrival = Arrival(
            id=event_id,
            type=kind,
            flow=flow.name,
            key=kind.key(site_id, loaded),
            site_id=site_id,
            time=time or now,
            payload=data,
        )
        (stored,) = self.inbox.store([arrival], now)
        return stored

    def run(self) -> int:
        """Handle everything that is due, until nothing is; how many attempts that took."""
        attempts = 0
        while keys := self.inbox.due_keys(self._clock.now(), flows=self._deliveries.flows):
            for _, key in keys:
                while (head := self._deliveries.next(key)) is not None:
                    self._deliveries.delivered(head)
                    attempts += 1
        return attempts
