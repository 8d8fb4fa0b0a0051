"""Upstream misbehaves: a section degrades and says so; the sidecar never answers 500 or somebody else's data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sfcc_client.emulator import CommerceEmulator

from .conftest import Sidecar

FAULTS: dict[str, dict[str, Any]] = {
    "html with 200": {"status": 200, "body": "<html>Welcome</html>", "headers": {"Content-Type": "text/html"}},
    "html that claims to be json": {"status": 200, "body": "<html>Welcome</html>"},
    "cut off json": {"status": 200, "body": '{"data": [{"orderNo":'},
    "empty body": {"status": 200, "body": ""},
    "a list where an object belongs": {"status": 200, "body": "[1, 2, 3]"},
    "null": {"status": 200, "body": "null"},
    "wrong types": {"status": 200, "body": '{"data": "x", "hits": 7, "total": "many", "customerId": [], "baskets": 5}'},
    "429 with Retry-After": {"status": 429, "body": "{}", "headers": {"Retry-After": "7"}},
    "429 without Retry-After": {"status": 429, "body": "{}"},
    "429 with nonsense": {"status": 429, "body": "{}", "headers": {"Retry-After": "soon"}},
    "500": {"status": 500, "body": "stack trace of somebody"},
    "503": {"status": 503, "body": "", "headers": {"sfdc_maintenance": "system"}},
    "403": {"status": 403, "body": '{"title": "Forbidden", "type": "x", "detail": "secret detail"}'},
    "dropped connection": {"drop": True},
}
STATUSES = {"ok", "empty", "stale", "error", "forbidden", "disabled", "opted_out", "pending"}


@pytest.fixture
def start_with_deadline(start: Callable[..., Sidecar]) -> Sidecar:
    return start(deadline_s=2.0)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda name: name.replace(" ", "-"))
class TestEveryFault:
    def test_everything_upstream(
        self, start_with_deadline: Sidecar, shop: CommerceEmulator, who: dict[str, Any], fault: str
    ) -> None:
        shop.faults.add(**FAULTS[fault])
        sidecar = start_with_deadline
        answer = sidecar.context({"customer_no": who["customer_no"], "site_id": who["site_id"]})
        assert answer.status_code == 200
        envelope = answer.json()
        assert {section["status"] for section in envelope["sections"].values()} <= STATUSES
        assert envelope["sections"]["profile"]["status"] == "error"
        assert envelope["sections"]["profile"]["error"]["ref"] == answer.headers["X-Correlation-Id"]
        for leaked in ("secret detail", "stack trace", "Welcome"):
            assert leaked not in answer.text
        section = sidecar.get(f"/v1/customers/{who['customer_no']}/orders?site_id={who['site_id']}")
        assert section.status_code in (404, 502, 503, 504)
        assert section.headers["Content-Type"] == "application/problem+json"
        reveal = sidecar.post(
            "/v1/reveal",
            {
                "identity": {"customer_no": who["customer_no"], "site_id": who["site_id"]},
                "field": "email",
                "case": {"table": "incident", "sys_id": "0" * 32},
                "viewer": {"user": "a", "roles": ["agent"]},
            },
        )
        assert reveal.status_code in (404, 502, 503, 504)

    def test_the_carts_only(
        self, start_with_deadline: Sidecar, shop: CommerceEmulator, who: dict[str, Any], fault: str
    ) -> None:
        identity = {"customer_no": who["customer_no"], "site_id": who["site_id"]}
        sidecar = start_with_deadline
        shop.faults.add(path=_cart_path(shop), **FAULTS[fault])
        sections = sidecar.context(identity).json()["sections"]
        assert sections["cart"]["status"] in ("error", "forbidden")
        assert {name: sections[name]["status"] for name in ("profile", "orders", "loyalty")} == dict.fromkeys(
            ("profile", "orders", "loyalty"), "ok"
        )


# Each family of upstream calls: the beginning of its paths, and what may suffer when it does.
FAMILIES: dict[str, tuple[str, set[str]]] = {
    "activity": ("/custom/shopper-activity/", {"activity"}),
    "products": ("/product/", {"cart", "activity"}),
    "shopper sign-in": ("/shopper/auth/", {"orders", "cart", "activity", "kpis", "insights"}),
    "shopper": ("/customer/shopper-customers/", {"orders", "cart", "kpis", "insights"}),
    "business manager": ("/dw/", {"orders", "kpis", "insights"}),
    "order search": ("/s/", {"orders", "kpis", "insights"}),
}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda name: name.replace(" ", "-"))
@pytest.mark.parametrize("fault", ["html with 200", "cut off json", "429 without Retry-After", "dropped connection"])
def test_one_family_costs_what_it_carries_and_no_more(
    start_with_deadline: Sidecar, shop: CommerceEmulator, who: dict[str, Any], family: str, fault: str
) -> None:
    path, suffering = FAMILIES[family]
    shop.faults.add(path=path, **FAULTS[fault])
    answer = start_with_deadline.context({"customer_no": who["customer_no"], "site_id": who["site_id"]})
    assert answer.status_code == 200
    sections = answer.json()["sections"]
    assert sections["profile"]["data"]["customer_no"] == who["customer_no"]
    assert {name: wrapper["status"] for name, wrapper in sections.items() if name not in suffering} == dict.fromkeys(
        sections.keys() - suffering, "ok"
    )
    assert {wrapper["status"] for wrapper in sections.values()} <= STATUSES
    assert "Welcome" not in answer.text


@pytest.mark.parametrize("fault", ["html with 200", "cut off json", "429 without Retry-After", "dropped connection"])
def test_a_guest_without_the_order_search_is_not_somebody_else(
    start_with_deadline: Sidecar, shop: CommerceEmulator, fault: str
) -> None:
    guest = shop.samples()["guest"]
    shop.faults.add(path="/s/", **FAULTS[fault])
    answer = start_with_deadline.context({"email": guest["email"], "site_id": guest["site_id"]})
    assert answer.status_code == 200
    assert answer.json()["customer"]["match"] == "pending"
    assert {wrapper["status"] for wrapper in answer.json()["sections"].values()} == {"error"}


def _cart_path(shop: CommerceEmulator) -> str:
    organization, customer = shop.settings().organization_id, shop.samples()["registered"]["customer_id"]
    return f"/customer/shopper-customers/v1/organizations/{organization}/customers/{customer}/baskets"


def test_a_slow_section_does_not_slow_the_others_beyond_the_deadline(
    start: Callable[..., Sidecar], shop: CommerceEmulator, who: dict[str, Any]
) -> None:
    sidecar = start(deadline_s=0.6)
    shop.faults.add(path=_cart_path(shop), delay=3.0)
    answer = sidecar.context({"customer_no": who["customer_no"], "site_id": who["site_id"]})
    assert answer.elapsed.total_seconds() < 2.0
    sections = answer.json()["sections"]
    assert sections["cart"]["status"] in ("error", "pending")
    assert sections["profile"]["status"] == "ok"
