"""The way in: a document is checked against its type, scrubbed, and stored; only then is it accepted.

Nothing here knows how it was sent. The id of an event is claimed for as long as the event is kept, far longer than any
signature counts: what is sent again is the same event, and is answered the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError

from sfcc_client import Clock
from sidecar.engine.arrivals import Arrival, Stored
from sidecar.engine.flow import Flow
from sidecar.errors import IdTaken, UnknownSite, UnknownType, UnknownVersion
from sidecar.events.adapters import Alert
from sidecar.events.envelope import ORGANIZATION, EventSchema, not_ahead
from sidecar.events.event import EventType, Sender, ref
from sidecar.events.scrub import scrubbed_data
from sidecar.intake.change import Change
from sidecar.intake.writer import Writer
from sidecar.observe import Metrics

RESERVED = ("change:", "source:")
"""How ids begin that the sidecar makes itself."""
Lookup = Callable[[str, str], str]
"""From kind and value of a subject ("email", "…") to its keyed hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An event that is stored. `ref` is what people quote; `again` when it had been stored before."""

    id: str
    ref: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Checked events on their way to disk; `same_id_is_same`: another event with an id that is taken is no error."""

    arrivals: tuple[Arrival, ...]
    same_id_is_same: bool
    stored: Future[tuple[Stored, ...]]


class Intake:
    """Thread-safe. `ring` is told flow and key of every event that is new; `sites` are those there are, None: any."""

    ALERT = "storefront.alert"

    def __init__(
        self,
        flows: Iterable[Flow],
        *,
        writer: Writer,
        lookup: Lookup,
        clock: Clock,
        ring: Callable[[str, str], None] = lambda _flow, _key: None,
        sites: Collection[str] | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._types: dict[tuple[str, int], tuple[EventType, str]] = {
            (kind.name, kind.version): (kind, flow.name) for flow in flows for kind in flow.types
        }
        self._writer, self._lookup, self._clock, self._ring = writer, lookup, clock, ring
        self._sites = None if sites is None else frozenset(sites) | {ORGANIZATION}
        self._metrics = metrics
        # Making a schema costs more than loading with it.
        self._envelope = EventSchema()
        self._schemas: dict[tuple[str, int], Schema] = {key: kind.schema() for key, (kind, _) in self._types.items()}

    @property
    def types(self) -> tuple[EventType, ...]:
        """Those that may be sent from outside, by name and version."""
        kinds = (kind for _, (kind, _) in sorted(self._types.items()))
        return tuple(kind for kind in kinds if kind.sender == "commerce")

    def taken(self, document: Any, *, signed_id: str) -> Receipt:
        """Store one event of the shop: `begun`, and its `receipt`."""
        return self.receipts(self.begun(document, signed_id=signed_id))[0]

    def begun(self, document: Any, *, signed_id: str) -> Pending:
        """One event of the shop, whose signature covers `signed_id`, checked and about to be stored.

        Raises ValidationError with every wrong field, UnknownType, UnknownVersion, UnknownSite, and what
        `Writer.storing` raises.
        """
        now = self._clock.now()
        envelope = self._envelope.load(document)
        if envelope.id != signed_id:
            raise ValidationError({"id": ["Is not the id that the signature covers."]})
        if envelope.id.startswith(RESERVED):
            raise ValidationError({"id": [f"Must not begin with {' or '.join(RESERVED)}."]})
        not_ahead(envelope.time, now)
        kind, flow = self._kind(envelope.type, envelope.schema_version, "commerce")
        if self._sites is not None and envelope.source.site not in self._sites:
            raise UnknownSite(f"The site {envelope.source.site} is not configured here.")
        arrival = self._arrival(
            kind, flow, event_id=envelope.id, site_id=envelope.source.site, time=envelope.time, data=envelope.data
        )
        return self._pending((arrival,), "webhook")

    def changed(self, change: Change) -> Receipt:
        """Store that a record changed. Raises UnknownType when its flow does not want to hear of it, and as `taken`."""
        kind, flow = self._kind(change.type, 1, "servicenow")
        site = change.site_id or ORGANIZATION
        arrival = self._arrival(
            kind, flow, event_id=change.event_id, site_id=site, time=change.updated_on, data=change.data
        )
        return self.receipts(self._pending((arrival,), "servicenow"))[0]

    def alerted(self, alerts: Sequence[Alert], source: str) -> tuple[Receipt, ...]:
        """Store all alerts of one message, or none. What a platform sends again under its own id is the same message,
        whatever time it writes on it. Raises as `taken`."""
        if not alerts:
            return ()
        kind, flow = self._kind(self.ALERT, 1, "commerce")
        arrivals = [
            self._arrival(
                kind, flow, event_id=alert.id, site_id=self._site(alert.site_id), time=alert.time, data=alert.data
            )
            for alert in alerts
        ]
        return self.receipts(self._pending(arrivals, source, same_id_is_same=True))

    def close(self) -> None:
        self._writer.close()

    def _site(self, site_id: str) -> str:
        """What a platform says of itself is not refused for a site nobody configured."""
        return site_id if self._sites is None or site_id in self._sites else ORGANIZATION

    def _kind(self, name: str, version: int, sender: Sender) -> tuple[EventType, str]:
        versions = {number: found for (known, number), found in self._types.items() if known == name}
        found = versions.get(version)
        if found is not None and found[0].sender == sender:
            return found
        if not any(kind.sender == sender for kind, _ in versions.values()):
            raise UnknownType("No flow takes events of this type. GET /v1/event-types lists those that are taken.")
        known = ", ".join(str(number) for number in sorted(versions))
        raise UnknownVersion(f"{name} is taken in version {known}. Send it with this schemaVersion.")

    def _arrival(
        self, kind: EventType, flow: str, *, event_id: str, site_id: str, time: datetime, data: Mapping[str, Any]
    ) -> Arrival:
        schema = self._schemas[kind.name, kind.version]
        try:
            loaded = schema.load(data)
        except ValidationError as error:
            raise ValidationError({"data": error.messages}) from error
        payload = scrubbed_data(schema, data)
        if payload != data:
            loaded = schema.load(payload)
        lookups = {self._lookup(name, value) for name, value in kind.subjects(loaded)}
        return Arrival(
            id=event_id,
            type=kind,
            flow=flow,
            key=kind.key(site_id, loaded),
            site_id=site_id,
            time=time.astimezone(UTC),
            payload=payload,
            lookups=tuple(sorted(lookups)),
        )

    def _pending(self, arrivals: Sequence[Arrival], source: str, *, same_id_is_same: bool = False) -> Pending:
        arrivals = tuple(arrivals)
        storing = self._writer.storing(arrivals, lambda stored: self._heard(arrivals, stored, source))
        return Pending(arrivals=arrivals, same_id_is_same=same_id_is_same, stored=storing)

    def receipts(self, pending: Pending) -> tuple[Receipt, ...]:
        """Of events that were begun, once they are on disk. Raises IdTaken, and what `Writer.stored` raises."""
        arrivals, stored = pending.arrivals, self._writer.stored(pending.stored)
        for arrival, one in zip(arrivals, stored, strict=True):
            if one.other and not pending.same_id_is_same:
                raise IdTaken(f"Another event with other content has the id {arrival.id}. Give the new one its own.")
        return tuple(
            Receipt(id=arrival.id, ref=ref(one.seq), again=one.again or one.other)
            for arrival, one in zip(arrivals, stored, strict=True)
        )

    def _heard(self, arrivals: Sequence[Arrival], stored: Sequence[Stored], source: str) -> None:
        for arrival, one in zip(arrivals, stored, strict=True):
            result = "other" if one.other else "again" if one.again else "new"
            if self._metrics is not None:
                self._metrics.events_stored.labels(arrival.type.name, source, result).inc()
            if result == "new":
                self._ring(arrival.flow, arrival.key)
