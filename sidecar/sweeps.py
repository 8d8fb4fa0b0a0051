"""What nobody rings for: records of flows that changed in ServiceNow, orders that failed, the health of the shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sfcc_client import Clock, CommerceClient
from sfcc_client.sweep_store import SqliteSweepStore
from sidecar.deliveries import Deliveries
from sidecar.flows.changes import WATCHED, ChangeSweep
from sidecar.flows.order_issues.failed_orders import FailedOrders
from sidecar.rounds import Job
from sidecar.settings import SidecarSettings

STORE_FILE = "sweeps.sqlite"
_REALM = "sidecar"
"""Where an event says it comes from that the sidecar makes itself."""


class Sweeps:
    """The jobs and what they remember. Close it."""

    def __init__(
        self, deliveries: Deliveries, commerce: CommerceClient, settings: SidecarSettings, *, scope: str, clock: Clock
    ) -> None:
        self._store = SqliteSweepStore(settings.data_dir / STORE_FILE)
        heard = {kind.name for kind in deliveries.types}
        watched = {
            table: tuple(flow for flow in flows if f"{flow}.record_changed" in heard)
            for table, flows in WATCHED.items()
        }
        changes = ChangeSweep(
            snow=deliveries.snow,
            database=deliveries.database,
            tell=deliveries.intake.changed,
            clock=clock,
            scope=scope,
            watched=watched,
        )
        failed = FailedOrders(
            commerce=commerce,
            store=self._store,
            take=_taker(deliveries),
            clock=clock,
            realm=_REALM,
            instance=_REALM,
        )
        self.jobs = (
            Job(name="changes", every_s=changes.policy.every_s, run=changes.run),
            *(
                Job(name=f"failed orders {site_id}", every_s=settings.sweep_s, run=partial(failed.run, site_id))
                for site_id in commerce.sites
            ),
            *deliveries.polls(commerce),
        )

    def close(self) -> None:
        self._store.close()


def _taker(deliveries: Deliveries) -> Callable[[Mapping[str, Any]], object]:
    return lambda document: deliveries.intake.taken(document, signed_id=document["id"])
