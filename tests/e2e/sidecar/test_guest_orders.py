"""Guests' orders without OCAPI: the index finds them, holds no address, and forgets on request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sfcc_client import CommerceClient, SystemClock
from sfcc_client.emulator import CommerceEmulator
from sidecar.guest_orders import INDEX_FILE, GuestOrders, forgotten_guest, guest_orders_of
from sidecar.settings import SidecarSettings


@pytest.fixture
def shop() -> Iterator[CommerceEmulator]:
    with CommerceEmulator() as commerce:
        yield commerce


def _swept(shop: CommerceEmulator, settings: SidecarSettings) -> GuestOrders:
    orders = guest_orders_of(settings)
    assert orders is not None
    with CommerceClient(shop.settings()) as client:
        for job in orders.jobs(client, SystemClock()):
            job.run()
    return orders


def test_a_guest_is_found_without_a_business_manager_user(shop, tmp_path):
    guest = shop.samples()["guest"]
    settings = SidecarSettings(data_dir=tmp_path, order_index=True, order_index_days=3650)
    orders = _swept(shop, settings)
    try:
        bare = replace(shop.settings(), bm_user="", bm_password="")
        with CommerceClient(bare, order_index=orders.index) as client:
            page = client.orders.of_guest(guest["email"], site_id=guest["site_id"])
        assert guest["order_no"] in [order.order_no for order in page.orders]
    finally:
        orders.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob(f"{INDEX_FILE}*"))
    assert guest["email"].encode() not in kept
    assert forgotten_guest(settings, guest["email"]) > 0
    assert forgotten_guest(settings, guest["email"]) == 0


def test_without_the_setting_there_is_no_index(tmp_path):
    settings = SidecarSettings(data_dir=tmp_path)
    assert guest_orders_of(settings) is None
    assert forgotten_guest(settings, "nobody@example.com") == 0
