"""The context room over the real SDK and the local Commerce: every sample shopper, faults, calls upstream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sfcc_client import CommerceClient
from sfcc_client.emulator import CommerceEmulator
from sidecar.context import AccessRecord, CacheState, ContextPolicy, ContextRequest, ContextService, Identity, Viewer

AGENT = Viewer(user="agent", roles=("agent",), locale="en-IE", tz="Europe/Berlin")


class _Log:
    def record(self, record: AccessRecord) -> None: ...


@pytest.fixture(scope="module")
def running() -> Iterator[CommerceEmulator]:
    with CommerceEmulator(port=0, seed=7) as shop:
        yield shop


@pytest.fixture
def shop(running: CommerceEmulator) -> CommerceEmulator:
    running.faults.clear()
    running.requests.clear()
    return running


@pytest.fixture(scope="module")
def client(running: CommerceEmulator) -> Iterator[CommerceClient]:
    """One for all tests: SLAS refuses to sign the same shopper in twice within three seconds."""
    with CommerceClient(running.settings()) as sdk:
        yield sdk


@pytest.fixture
def service(shop: CommerceEmulator, client: CommerceClient) -> Iterator[ContextService]:
    policy = ContextPolicy(deadline_s=20, attribute_names=shop.settings().attribute_names)
    room = ContextService(client, audit=_Log(), policy=policy)
    yield room
    room.close()


def read(service: ContextService, **asked: Any) -> dict[str, Any]:
    who = {name: asked.pop(name) for name in ("customer_no", "email", "order_no", "site_id") if name in asked}
    answer = service.read(ContextRequest(identity=Identity(**who), viewer=AGENT, **asked))
    return json.loads(answer.body)


def statuses(envelope: dict[str, Any]) -> dict[str, str]:
    return {name: wrapper["status"] for name, wrapper in envelope["sections"].items()}


def test_a_registered_shopper(shop: CommerceEmulator, service: ContextService) -> None:
    sample = shop.samples()["registered"]
    envelope = read(service, email=sample["email"], order_no=sample["order_no"])
    assert envelope["customer"]["match"] == "one"
    assert set(statuses(envelope).values()) == {"ok"}
    assert envelope["sections"]["profile"]["data"]["customer_no"] == sample["customer_no"]
    first = envelope["sections"]["orders"]["data"]["items"][0]
    assert (first["no"], first["in_case"]) == (sample["order_no"], True)
    assert sample["email"] not in json.dumps(envelope)


@pytest.mark.parametrize("keys", [("email",), ("order_no",), ("email", "order_no")])
def test_a_guest(shop: CommerceEmulator, service: ContextService, keys: tuple[str, ...]) -> None:
    sample = shop.samples()["guest"]
    envelope = read(service, **{key: sample[key] for key in keys})
    assert envelope["customer"]["match"] == "guest"
    assert sample["order_no"] in [one["no"] for one in envelope["sections"]["orders"]["data"]["items"]]


def test_two_people_with_one_address(shop: CommerceEmulator, service: ContextService) -> None:
    found = read(service, email=shop.samples()["ambiguous"]["email"])["customer"]
    assert found["match"] == "many"
    assert len({one["customer_no"] for one in found["candidates"]}) >= 2
    chosen = found["candidates"][-1]
    envelope = read(service, customer_no=chosen["customer_no"], site_id=chosen["site"]["id"])
    assert envelope["sections"]["profile"]["data"]["customer_no"] == chosen["customer_no"]
    assert envelope["sections"]["orders"]["data"]["total"] == chosen["orders"]


def test_nobody(shop: CommerceEmulator, service: ContextService) -> None:
    assert read(service, email=shop.samples()["unknown"]["email"])["customer"]["match"] == "none"


def test_a_shopper_who_refused_tracking(shop: CommerceEmulator, service: ContextService) -> None:
    sample = shop.samples()["opted_out"]
    envelope = read(service, customer_no=sample["customer_no"], site_id=sample["site_id"])
    assert envelope["sections"]["activity"]["status"] == "opted_out"
    assert not [one for one in _requests(shop) if "shopper-activity" in one]


def test_one_call_for_each_section_and_none_when_repeated(shop: CommerceEmulator, service: ContextService) -> None:
    sample = shop.samples()["registered"]
    who = {"email": sample["email"], "site_id": sample["site_id"]}
    read(service, **who)
    asked = _requests(shop)
    for part in ("customer-search", "/orders", "/baskets", "shopper-activity"):
        assert len([path for path in asked if part in path]) == 1, asked
    answer = service.read(ContextRequest(identity=Identity(**who), viewer=AGENT))
    assert answer.cache is CacheState.HIT
    assert _requests(shop) == asked
    assert sample["email"] not in " ".join(asked)


def _requests(shop: CommerceEmulator) -> list[str]:
    return [one.path for one in list(shop.requests)]


BASKETS = {
    "html with 200": ({"status": 200, "body": "<html>maintenance</html>"}, "UPSTREAM_BAD_ANSWER"),
    "broken JSON": ({"status": 200, "body": '{"baskets": [{'}, "UPSTREAM_BAD_ANSWER"),
    "busy": ({"status": 429, "headers": {"Retry-After": "7"}}, "RATE_LIMITED"),
    "forbidden": ({"status": 403}, "UPSTREAM_FORBIDDEN"),
    "dropped": ({"drop": True}, "UPSTREAM_UNREACHABLE"),
}


@pytest.mark.parametrize(("fault", "code"), BASKETS.values(), ids=BASKETS.keys())
def test_a_fault_costs_its_section_only(
    shop: CommerceEmulator, service: ContextService, fault: dict[str, Any], code: str
) -> None:
    sample = shop.samples()["registered"]
    prefix = f"/customer/shopper-customers/v1/organizations/{shop.settings().organization_id}/customers/"
    read(service, customer_no=sample["customer_no"], site_id=sample["site_id"], sections=("orders",))
    shop.faults.add(path=prefix, **fault)
    envelope = read(service, customer_no=sample["customer_no"], site_id=sample["site_id"])
    assert envelope["sections"]["cart"]["error"]["code"] == code
    assert {name for name, status in statuses(envelope).items() if status == "error"} == {"cart"}
