"""The index of guests' orders: no address kept, whole with the sweep or not at all."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sfcc_client import errors
from sfcc_client.client import CommerceClient
from sfcc_client.models import Order, OrderVersion
from sfcc_client.order_index import OrderIndex
from sfcc_client.sweep_store import Position, SqliteSweepStore

from .test_orders import guest_order

KEY = b"sixteen bytes or more"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
GUEST = "Guest@Example.com"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteSweepStore]:
    with SqliteSweepStore(tmp_path / "orders.sqlite") as opened:
        yield opened


def version(order_no: str, **order: object) -> OrderVersion:
    members = {"guest": True, "email": "guest@example.com", "placed_at": NOON, **order}
    return OrderVersion(order=Order(order_no=order_no, **members), version="1", modified_at=NOON, created_at=NOON)


def numbers(index: OrderIndex, email: str = GUEST, **part: int) -> tuple[tuple[str, ...], int]:
    return index.order_numbers(email, site_id="RefArchDE", **{"limit": 25, **part})


def test_newest_first_in_parts(store) -> None:
    index = OrderIndex(store, KEY)
    days = [version(str(day), placed_at=NOON.replace(day=day)) for day in (3, 1, 2)]
    index.take("RefArchDE", [*days, version("x", email="other@example.com")])
    assert numbers(index) == (("3", "2", "1"), 3)
    assert numbers(index, limit=1, offset=1) == (("2",), 3)
    assert numbers(index, "other@example.com") == (("x",), 1)


def test_an_order_that_becomes_a_customers_leaves(store) -> None:
    index = OrderIndex(store, KEY)
    index.take("RefArchDE", [version("1")])
    index.take("RefArchDE", [version("1", guest=False, customer_no="00004711")])
    assert numbers(index) == ((), 0)


def test_no_address_is_in_the_file(store, tmp_path: Path) -> None:
    OrderIndex(store, KEY).take("RefArchDE", [version("1")])
    store.close()
    for file in tmp_path.iterdir():
        assert b"guest@" not in file.read_bytes().lower()
        assert file.stat().st_mode & 0o077 == 0


def test_another_key_finds_nothing(store) -> None:
    OrderIndex(store, KEY).take("RefArchDE", [version("1")])
    assert numbers(OrderIndex(store, KEY + b"!")) == ((), 0)
    with pytest.raises(ValueError, match="16 bytes"):
        OrderIndex(store, b"short")


def test_erasing(store) -> None:
    index = OrderIndex(store, KEY)
    index.take("RefArchDE", [version("1"), version("2")])
    assert index.erase("guest@EXAMPLE.com") == 2
    assert numbers(index) == ((), 0)


def test_a_delivery_that_breaks_leaves_no_trace(store) -> None:
    index = OrderIndex(store, KEY)

    def deliver(versions) -> None:
        index.take("RefArchDE", versions)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.take("RefArchDE", [version("1")], Position(reached=NOON), deliver)
    assert (numbers(index), store.position("RefArchDE")) == (((), 0), None)
    take = functools.partial(index.take, "RefArchDE")
    assert store.take("RefArchDE", [version("1")], Position(reached=NOON), take) == 1
    assert store.take("RefArchDE", [version("1")], Position(reached=NOON), take) == 0


class TestOfGuest:
    @pytest.fixture
    def client(self, store, settings_with, clock) -> Iterator[CommerceClient]:
        index = OrderIndex(store, KEY)
        index.take("RefArchDE", [version("00031204"), version("00031205"), version("00031206")])
        with CommerceClient(settings_with(bm_user=""), order_index=index, clock=clock) as opened:
            yield opened

    def test_without_a_business_manager_user_the_index_answers(self, client, upstream) -> None:
        upstream.admin_order("00031204", json=guest_order())
        upstream.admin_order("00031205", status_code=404)
        upstream.admin_order(
            "00031206", json=guest_order(customerInfo={"email": "someone.else@example.com", "guest": True})
        )
        page = client.orders.of_guest(GUEST, site_id="RefArchDE")
        assert ([order.order_no for order in page.orders], page.total, page.source) == (["00031204"], 1, "index")

    def test_without_an_index_the_reason_stays(self, client_with) -> None:
        with pytest.raises(errors.NotConfigured):
            client_with(bm_user="").orders.of_guest(GUEST, site_id="RefArchDE")
