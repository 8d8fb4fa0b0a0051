"""What happened, somewhere: the one shape in which it travels through the product.

The envelope on the wire follows CloudEvents 1.0 in its names (id, type, specversion, time) and adds `source`,
`schemaVersion` and `data`. Here it is already checked, scrubbed and typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from marshmallow import Schema

Sender = Literal["commerce", "servicenow", "internal"]
"""Who may send a type: the shop (signed webhooks), the instance (a token), or only a flow to its later self."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. `data` is what the schema of its type loads: a frozen dataclass.

    `id` is the sender's and unique; the same id is the same event. `time` is when it happened, aware; `accepted_at`
    when it was stored. `seq` is the order of acceptance, unique for ever.
    """

    seq: int
    id: str
    type: str
    version: int
    site_id: str
    time: datetime
    accepted_at: datetime
    key: str
    data: Any

    @property
    def ref(self) -> str:
        """What people quote and records carry: short, the same on every attempt, without personal data."""
        return ref(self.seq)


def ref(seq: int) -> str:
    """See `Event.ref`."""
    return f"E{seq:06d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One kind of event in one version, declared beside the flow that handles it.

    `schema` loads `data` (``unknown=RAISE``) into a frozen dataclass. `key` names what must stay in order: events with
    the same key are handled one after the other, others in parallel; it holds ids only, at most 200 characters.
    `subjects` are the people it speaks of, as ("email" | "customer_no" | "order_no", value): what erasing looks for.
    `example` is a complete `data` for the documentation, and is tested against the schema.
    """

    name: str
    version: int = 1
    summary: str
    schema: type[Schema]
    key: Callable[[str, Any], str]
    """From site id and data."""
    subjects: Callable[[Any], tuple[tuple[str, str], ...]] = lambda _data: ()
    example: Mapping[str, Any] = field(default_factory=dict)
    sender: Sender = "commerce"
