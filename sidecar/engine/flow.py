"""What a flow is to the engine, and what the engine gives a flow.

A flow gets each of its events until it says what became of it. The process may die between any two lines, so whatever
must happen once goes through `Steps`:

- `stored`: a change of the flow's own tables, in one transaction with the fact that it was made. Exactly once.
- `sent`: a call to a platform. Its result is kept, so that it is not repeated once it is known. A crash soon after the
  call, before the result is on disk, repeats it: the call must then find its own earlier effect (an upsert by
  correlation id), or `found` must, which is asked first whenever an earlier try may have arrived.

Results are JSON: ids and numbers, never personal data. Reading needs no step. Names of steps are unique within a flow
and the same in every attempt: "case", "note", "order attributes".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Connection

from sidecar.events.event import Event, EventType

Json = Any
"""What `json.dumps` takes and `json.loads` gives back unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRef:
    """A record a flow made or changed: `number` is what people see, such as CS0001234."""

    table: str
    sys_id: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an event. `refused` means: understood, and rightly nothing done (`note` says why).

    `note` is one line for operators, without personal data.
    """

    state: Literal["delivered", "refused"] = "delivered"
    note: str = ""
    records: tuple[RecordRef, ...] = ()


class Transaction(Protocol):
    """One transaction on the database of the events, where flows keep tables of their own."""

    @property
    def connection(self) -> Connection: ...

    def later(self, type_name: str, data: Mapping[str, Any], *, site_id: str, at: datetime, event_id: str) -> None:
        """An event of sender "internal" to be handled at `at`; the same `event_id` is stored once."""
        ...


class Steps(Protocol):
    """See the module."""

    now: datetime
    """When this attempt began, by the injected clock."""

    def stored(self, name: str, write: Callable[[Transaction], Json]) -> Json: ...

    def sent(self, name: str, send: Callable[[], Json], *, found: Callable[[], Json | None] | None = None) -> Json: ...


class Flow(Protocol):
    """A flow. Errors it raises have `transient`: true is tried again on schedule, anything else parks the event."""

    @property
    def name(self) -> str: ...

    @property
    def types(self) -> tuple[EventType, ...]: ...

    @property
    def upstreams(self) -> frozenset[str]:
        """Of "servicenow" and "commerce": a paused one pauses the flow."""
        ...

    @property
    def weight(self) -> int:
        """Its share when the way to ServiceNow is narrow: orders before alerts before feedback."""
        ...

    def handle(self, event: Event, steps: Steps) -> Outcome: ...
