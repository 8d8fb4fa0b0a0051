"""What an order shows of its case: number, state, last change, the last public answer.

These attributes belong to ServiceNow: what somebody else writes into them is put right with the next change, and said.
The origin holds the event that wrote them and a hash of what it wrote, so that our own write is known for one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from sfcc_client import CommerceClient
from sfcc_client.errors import OutcomeUnknown, StateConflict
from sfcc_client.models import Order
from sidecar.engine import Json
from sidecar.flows.order_issues.errors import ChangedMeanwhile
from sidecar.flows.order_issues.policy import OrderIssuesPolicy

_MEMBERS = ("number", "status", "updated", "comment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the order is to show. `updated_on` is as ServiceNow writes it, UTC."""

    number: str
    status: str
    updated_on: str
    comment: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """Of what a person would notice: a change that alters nothing of it is no news for the order."""
        return _digest((self.number, self.status, self.comment))


class Mirror:
    """Writes what orders show. Thread-safe."""

    def __init__(self, commerce: CommerceClient, policy: OrderIssuesPolicy) -> None:
        self._commerce, self._policy = commerce, policy

    def written(self, order: Order, shown: Shown, *, ref: str) -> Json:
        """Read, check, write: {"changed", "note"}; the note says when somebody else had changed our attributes.

        Raises ChangedMeanwhile when the order changed between the reading of `order` and the write, or no answer says
        whether it happened: the next attempt reads again.
        """
        names = self._policy.attributes
        wanted: dict[str, Any] = {
            names["number"]: shown.number,
            names["status"]: shown.status,
            names["updated"]: f"{shown.updated_on.replace(' ', 'T')}.000Z",
            names["comment"]: shown.comment[: self._policy.longest_comment] or None,
        }
        wanted[names["origin"]] = f"{ref}/{self._hash(wanted)}"
        foreign = self.is_foreign(order)
        try:
            update = self._commerce.order_updates.set_attributes(
                order.order_no,
                wanted,
                expected={name: order.custom.get(name) for name in wanted},
                site_id=order.site_id or "",
                correlation_id=ref,
            )
        except (StateConflict, OutcomeUnknown):
            raise ChangedMeanwhile(f"Order {order.order_no} changed while it was written; it is tried again.") from None
        note = "Somebody had changed what the order shows of its case; it is put right." if foreign else ""
        return {"changed": update.changed, "note": note}

    def is_foreign(self, order: Order) -> bool:
        """Whether the attributes are no longer what our last write left there."""
        names = self._policy.attributes
        origin = str(order.custom.get(names["origin"]) or "")
        present = {name: order.custom.get(name) for name in map(names.__getitem__, _MEMBERS)}
        if not origin:
            return any(present.values())
        return not origin.endswith(f"/{self._hash(present)}")

    def _hash(self, attributes: dict[str, Any]) -> str:
        names = self._policy.attributes
        return _digest(tuple(str(attributes.get(names[name]) or "") for name in ("number", "status", "comment")))[:16]


def _digest(values: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(values).encode()).hexdigest()
