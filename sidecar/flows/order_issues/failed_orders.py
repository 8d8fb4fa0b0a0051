"""The sweep behind `order.failed`: orders that failed although no event said so, or none arrived.

What it finds is told as the event the shop would have sent, under an id made of the order. The flow knows a failure it
was told of by its number, so that the shop's own event and ours become one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

from sfcc_client import Clock, CommerceClient
from sfcc_client.models import OrderVersion
from sfcc_client.resources.sweep import Swept
from sfcc_client.sweep_store import SweepStore
from sidecar.flows.order_issues.events import ORDER_FAILED

Take = Callable[[Mapping[str, Any]], object]
"""Takes an event's whole document; returns when it is stored."""
FIRST = timedelta(days=1)
"""How far back the first run looks."""


class FailedOrders:
    """Failed orders of a tenant's sites. `realm` and `instance` say in the event where it comes from."""

    def __init__(
        self, *, commerce: CommerceClient, store: SweepStore, take: Take, clock: Clock, realm: str, instance: str
    ) -> None:
        self._commerce, self._take, self._clock = commerce, take, clock
        self._sweep = commerce.sweep(store)
        self._source = {"realm": realm, "instance": instance}

    def run(self, site_id: str) -> Swept:
        """One sweep. Raises any CommerceError, and whatever `take` raises; the next run starts over where it broke."""
        return self._sweep.run(
            lambda versions: self._told(site_id, versions), site_id=site_id, since=self._clock.now() - FIRST
        )

    def _told(self, site_id: str, versions: Sequence[OrderVersion]) -> None:
        for version in versions:
            if version.order.status == "failed":
                self._take(self._document(site_id, version))

    def _document(self, site_id: str, version: OrderVersion) -> Mapping[str, Any]:
        """Ids only: the flow reads the order itself."""
        order = version.order
        return {
            "id": f"{ORDER_FAILED.name}:{site_id}:{order.order_no}",
            "type": ORDER_FAILED.name,
            "specversion": "1.0",
            "time": version.modified_at.astimezone(UTC).isoformat(),
            "source": {**self._source, "site": site_id},
            "schemaVersion": ORDER_FAILED.version,
            "data": {"orderNo": order.order_no, "status": "failed"},
        }
