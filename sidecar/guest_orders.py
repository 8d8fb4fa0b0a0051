"""Guests' orders without OCAPI: an index of our own in the data folder, fed by a sweep of every site's orders."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sfcc_client import Clock, CommerceClient
from sfcc_client.order_index import OrderIndex
from sfcc_client.sweep_store import SqliteSweepStore
from sidecar.audit import master_key
from sidecar.rounds import Job
from sidecar.settings import SidecarSettings

INDEX_FILE = "orders.sqlite"
KEY_FILE = "orders.key"


class GuestOrders:
    """The index and what feeds it. Close it."""

    def __init__(self, settings: SidecarSettings) -> None:
        folder = settings.data_dir
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._store = SqliteSweepStore(folder / INDEX_FILE)
        self._days, self._every_s = settings.order_index_days, settings.sweep_s
        self.index = OrderIndex(self._store, master_key("", folder / KEY_FILE))

    def jobs(self, client: CommerceClient, clock: Clock) -> tuple[Job, ...]:
        """One sweep for each site."""
        sweep = client.sweep(self._store)

        def swept(site_id: str) -> None:
            since = clock.now() - timedelta(days=self._days)
            sweep.run(lambda versions: self.index.take(site_id, versions), site_id=site_id, since=since)

        return tuple(
            Job(name=f"orders {site_id}", every_s=self._every_s, run=partial(swept, site_id))
            for site_id in client.sites
        )

    def close(self) -> None:
        self._store.close()


def forgotten_guest(settings: SidecarSettings, email: str) -> int:
    """Forget the orders of a guest, where there is an index; how many there were."""
    if not (settings.data_dir / INDEX_FILE).exists():
        return 0
    orders = GuestOrders(settings)
    try:
        return orders.index.erase(email)
    finally:
        orders.close()


def guest_orders_of(settings: SidecarSettings) -> GuestOrders | None:
    """None unless the settings want the index."""
    return GuestOrders(settings) if settings.order_index else None
