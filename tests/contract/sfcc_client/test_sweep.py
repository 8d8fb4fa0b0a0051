"""The sweep and its index against the local tenant, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from sfcc_client import CommerceClient
from sfcc_client.emulator import CommerceEmulator
from sfcc_client.order_index import OrderIndex
from sfcc_client.sweep_store import SqliteSweepStore

SITE = "RefArchDE"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteSweepStore]:
    with SqliteSweepStore(tmp_path / "sweep.sqlite") as opened:
        yield opened


def orders_of_site(shop: CommerceEmulator) -> set[str]:
    return {str(order["orderNo"]) for order in shop.state.orders.find("site", SITE)}


def test_every_order_once_then_only_what_changed(shop, clock, client, store) -> None:
    sweep, seen = client.sweep(store), []
    since = clock.now() - timedelta(days=4000)
    swept = sweep.run(seen.extend, site_id=SITE, since=since)
    numbers = [one.order.order_no for one in seen]
    assert set(numbers) == orders_of_site(shop)
    assert swept.delivered == len(numbers) == len(set(numbers)) > 400

    seen.clear()
    clock.sleep(30)
    changed = sorted(numbers)[:3]
    for order_no in changed:
        now = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        shop.state.orders.change(order_no, externalOrderStatus="moved", lastModified=now)
    assert sweep.run(seen.extend, site_id=SITE, since=since).delivered == 3
    assert sorted(one.order.order_no for one in seen) == changed
    assert {one.order.external_status for one in seen} == {"moved"}
    assert sweep.run(seen.extend, site_id=SITE, since=since).delivered == 0


def test_the_index_finds_what_the_search_finds(shop, clock, store) -> None:
    index = OrderIndex(store, b"a key of this test")
    email = shop.samples()["guest"]["email"]
    site_id = shop.samples()["guest"]["site_id"]
    with CommerceClient(shop.settings(), clock=clock) as client:
        client.sweep(store).run(partial(index.take, site_id), site_id=site_id, since=clock.now() - timedelta(days=4000))
        searched = client.orders.of_guest(email, site_id=site_id)
    with CommerceClient(shop.settings(bm_user=""), order_index=index, clock=clock) as client:
        found = client.orders.of_guest(email, site_id=site_id)
    assert (searched.source, found.source) == ("ocapi_search", "index")
    assert [order.order_no for order in found.orders] == [order.order_no for order in searched.orders] != []
