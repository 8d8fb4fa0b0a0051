"""Many readers at once: one upstream call per section, own deadlines, nothing mixed up."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event
from typing import Any

import pytest

from sfcc_client import SystemClock
from sidecar.context import ContextPolicy, ContextRequest, ContextService, Identity

from .conftest import AGENT, MARA, Desk, Log, Shop, order, stocked

READERS = 200


def read(service: ContextService, **who: str) -> dict[str, Any]:
    return json.loads(service.read(ContextRequest(identity=Identity(**who), viewer=AGENT, ref="c360-test")).body)


@pytest.fixture
def crowd() -> Any:
    with ThreadPoolExecutor(max_workers=READERS) as threads:
        yield threads


@pytest.mark.parametrize(
    "who", [{"email": MARA.email, "site_id": "RefArchDE"}, {"customer_no": MARA.customer_no, "site_id": "RefArchDE"}]
)
def test_two_hundred_cold_readers_cost_one_call_per_section(shop: Shop, crowd: ThreadPoolExecutor, who: Any) -> None:
    service = ContextService(shop.commerce(), audit=Log(), clock=SystemClock(), policy=ContextPolicy(deadline_s=30))
    start = Barrier(READERS)

    def one() -> dict[str, Any]:
        start.wait(30)
        return read(service, **who)

    envelopes = [done.result(60) for done in [crowd.submit(one) for _ in range(READERS)]]
    service.close()
    assert set(shop.calls.values()) == {1}
    assert len(shop.calls) == 5
    answers = {
        json.dumps({name: one["data"] for name, one in e["sections"].items()}, sort_keys=True) for e in envelopes
    }
    assert len(answers) == 1


def test_readers_who_wait_together_get_the_same_failure(desk: Desk, crowd: ThreadPoolExecutor) -> None:
    gate = desk.shop.hold("customer")
    desk.shop.broken["customer"] = ConnectionError("down")
    start = Barrier(21)

    def one() -> dict[str, Any]:
        start.wait(20)
        return desk.envelope(customer_no=MARA.customer_no, site_id="RefArchDE")

    waiting = [crowd.submit(one) for _ in range(20)]
    start.wait(20)
    assert desk.shop.entered["customer"].wait(20)
    gate.set()
    assert {done.result(20)["customer"]["error"]["code"] for done in waiting} == {"INTERNAL"}


def test_shoppers_are_never_mixed_up(crowd: ThreadPoolExecutor) -> None:
    shop = Shop()
    for number in range(100):
        person = replace(MARA, customer_no=f"{number:08}", email=f"s{number}@example.com", first_name=f"S{number}")
        shop.customers["RefArch", person.customer_no] = person
    shop.orders["RefArchDE"] = [order(f"O{number:08}", customer_no=f"{number:08}") for number in range(100)]
    policy = ContextPolicy(deadline_s=30, cold_readers=100, cache_bytes=300_000)
    service = ContextService(shop.commerce(), audit=Log(), clock=SystemClock(), policy=policy)

    def one(number: int) -> tuple[str, list[str]]:
        sections = read(service, email=f"s{number}@example.com")["sections"]
        return sections["profile"]["data"]["customer_no"], [o["no"] for o in sections["orders"]["data"]["items"]]

    numbers = [number % 100 for number in range(400)]
    answers = list(crowd.map(one, numbers))
    service.close()
    assert answers == [(f"{number:08}", [f"O{number:08}"]) for number in numbers]


def test_a_reader_out_of_time_does_not_disturb_the_patient_one(shop: Shop) -> None:
    """Two services' worth of patience over one load: the first leaves at its deadline, the load serves the second."""
    hasty = ContextPolicy(deadline_s=0.05)
    service = ContextService(shop.commerce(), audit=Log(), clock=SystemClock(), policy=hasty)
    gate = shop.hold("basket")
    cart = read(service, customer_no=MARA.customer_no, site_id="RefArchDE")["sections"]["cart"]
    assert cart["error"]["code"] == "UPSTREAM_TIMEOUT"
    gate.set()
    service.close()  # waits for the load under way
    cached = service.read(
        ContextRequest(
            identity=Identity(customer_no=MARA.customer_no, site_id="RefArchDE"), viewer=AGENT, mode="cached"
        )
    )
    assert json.loads(cached.body)["sections"]["cart"]["status"] == "ok"
    assert shop.calls["basket"] == 1


def test_the_whole_read_keeps_its_deadline_when_nothing_answers(shop: Shop) -> None:
    clock = SystemClock()
    service = ContextService(shop.commerce(), audit=Log(), clock=clock, policy=ContextPolicy(deadline_s=0.2))
    for operation in ("orders", "basket", "loyalty", "activity"):
        shop.hold(operation)
    started = clock.monotonic()
    sections = read(service, customer_no=MARA.customer_no, site_id="RefArchDE")["sections"]
    took = clock.monotonic() - started
    for gate in shop.held.values():
        gate.set()
    service.close()
    assert took < 2  # one deadline for all of them, not one after the other
    assert [sections[name]["status"] for name in ("orders", "cart", "loyalty", "activity")] == ["error"] * 4
    assert sections["profile"]["status"] == "ok"


def test_every_section_is_under_way_before_the_first_is_waited_for(shop: Shop) -> None:
    service = ContextService(shop.commerce(), audit=Log(), clock=SystemClock(), policy=ContextPolicy(deadline_s=30))
    operations = ("orders", "basket", "loyalty", "activity")
    gates = [shop.hold(operation) for operation in operations]
    with ThreadPoolExecutor(max_workers=1) as one:
        reading = one.submit(read, service, customer_no=MARA.customer_no, site_id="RefArchDE")
        assert all(shop.entered[operation].wait(20) for operation in operations)
        for gate in gates:
            gate.set()
        assert reading.result(20)["sections"]["cart"]["status"] == "ok"
    service.close()


def test_memory_stays_flat_over_many_shoppers() -> None:
    shop = Shop()
    policy = ContextPolicy(cache_bytes=400_000)
    service = ContextService(shop.commerce(), audit=Log(), policy=policy)
    held = []
    for number in range(600):
        person = replace(MARA, customer_no=str(number), email=f"s{number}@example.com")
        shop.customers["RefArch", person.customer_no] = person
        shop.baskets[person.customer_no] = stocked().baskets[MARA.customer_no]
        raw = str(number).encode()
        request = ContextRequest(identity=Identity(customer_no=str(number), site_id="RefArchDE"), viewer=AGENT)
        for _ in range(2):
            service.read(request, raw_body=raw, principal_key="p")
        held.append(service._facts.bytes_held + service._memo.bytes_held)
    service.close()
    assert max(held) <= 400_000
    assert min(held[300:]) >= 0.9 * max(held[300:])


def test_a_refused_load_is_a_busy_section(shop: Shop) -> None:
    policy = ContextPolicy(deadline_s=0.05, cold_readers=1)
    service = ContextService(shop.commerce(), audit=Log(), clock=SystemClock(), policy=policy)
    full = Event()
    for _ in range(20):
        service._pool.run(lambda: full.wait(20) or None)
    envelope = read(service, customer_no=MARA.customer_no, site_id="RefArchDE")
    full.set()
    service.close()
    assert envelope["customer"]["error"] == {
        "code": "OVERLOADED",
        "retryable": True,
        "retry_after_s": 1,
        "ref": "c360-test",
    }
