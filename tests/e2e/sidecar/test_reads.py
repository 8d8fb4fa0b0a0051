"""What a service desk reads, through the real server from the emulated Commerce."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sfcc_client.emulator import CommerceEmulator
from sidecar.audit import Subject

from .conftest import CASE, VIEWER, Sidecar


class TestContext:
    def test_a_registered_shopper_by_email(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        answer = sidecar.context({"email": who["email"], "site_id": who["site_id"]})
        envelope = answer.json()
        assert answer.status_code == 200
        assert envelope["customer"]["match"] == "one"
        assert envelope["sections"]["profile"]["data"]["customer_no"] == who["customer_no"]
        for name in ("profile", "orders", "cart", "loyalty"):
            assert envelope["sections"][name]["status"] == "ok", name

    def test_the_second_read_is_a_hit_and_the_same_content(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        first, second = (sidecar.context({"customer_no": who["customer_no"]}) for _ in range(2))
        assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
        assert first.headers["ETag"] == second.headers["ETag"]

    def test_304_for_who_has_it(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        etag = sidecar.context({"customer_no": who["customer_no"]}).headers["ETag"]
        body = {"identity": {"customer_no": who["customer_no"]}, "viewer": VIEWER, "case": CASE}
        for _ in range(2):  # once through the framework, then through the fast lane
            answer = sidecar.post("/v1/context", body, **{"If-None-Match": etag})
            assert (answer.status_code, answer.content) == (304, b"")

    def test_the_fast_lane_answers_as_the_framework_does(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        answers = [sidecar.context({"customer_no": who["customer_no"]}) for _ in range(4)]
        names = {name for name in answers[1].headers if name not in ("Date", "X-Correlation-Id", "Content-Length")}
        for answer in answers[2:]:
            assert names <= set(answer.headers)
            assert answer.headers["Content-Security-Policy"] == answers[0].headers["Content-Security-Policy"]
            assert answer.json()["sections"].keys() == answers[0].json()["sections"].keys()

    def test_a_revoked_token_does_not_ride_the_fast_lane(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        for _ in range(3):
            assert sidecar.context({"customer_no": who["customer_no"]}).status_code == 200
        sidecar.services.tokens.revoke(sidecar.bearer.partition(".")[0])
        assert sidecar.context({"customer_no": who["customer_no"]}).status_code == 401

    def test_a_guest(self, sidecar: Sidecar, shop: CommerceEmulator) -> None:
        guest = shop.samples()["guest"]
        envelope = sidecar.context({"email": guest["email"], "site_id": guest["site_id"]}).json()
        assert envelope["customer"]["match"] == "guest"
        assert envelope["sections"]["orders"]["data"]["items"]

    def test_several_shoppers_are_offered_and_nobody_is_shown(self, sidecar: Sidecar, shop: CommerceEmulator) -> None:
        both = shop.samples()["ambiguous"]
        envelope = sidecar.context({"email": both["email"], "site_id": both["site_id"]}).json()
        assert envelope["customer"]["match"] == "many"
        assert len(envelope["customer"]["candidates"]) >= 2
        assert envelope["sections"].get("profile", {}).get("data") in (None, {})

    def test_nobody(self, sidecar: Sidecar, shop: CommerceEmulator) -> None:
        assert sidecar.context(shop.samples()["unknown"]).json()["customer"]["match"] == "none"

    def test_no_full_address_is_in_an_answer(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        assert who["email"] not in sidecar.context({"customer_no": who["customer_no"]}).text

    def test_an_unknown_site(self, sidecar: Sidecar) -> None:
        answer = sidecar.context({"customer_no": "1", "site_id": "Nowhere"})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_site")


class TestCustomers:
    @pytest.mark.parametrize("section", ["profile", "orders", "cart", "loyalty", "activity"])
    def test_each_section(self, sidecar: Sidecar, who: dict[str, Any], section: str) -> None:
        answer = sidecar.get(f"/v1/customers/{who['customer_no']}/{section}?site_id={who['site_id']}")
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")

    def test_404(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        answer = sidecar.get(f"/v1/customers/no-such-customer/orders?site_id={who['site_id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


class TestReveal:
    def body(self, who: dict[str, Any], **more: Any) -> dict[str, Any]:
        identity = {"customer_no": who["customer_no"], "site_id": who["site_id"]}
        return {"identity": identity, "field": "email", "case": CASE, "viewer": VIEWER, **more}

    def test_the_value_and_the_record(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        answer = sidecar.post("/v1/reveal", self.body(who, reason="Asked for a call"))
        assert answer.json() == {
            "field": "email",
            "value": who["email"],
            "customer_no": who["customer_no"],
            "site_id": who["site_id"],
            "expires_in_s": 60,
        }
        (logged,) = sidecar.services.access_log.export(Subject(kind="customer_no", value=who["customer_no"]))
        assert (logged.entry.action, logged.entry.reason) == ("reveal", "Asked for a call")

    def test_a_role_that_may_not(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        answer = sidecar.post("/v1/reveal", self.body(who, viewer={**VIEWER, "roles": ["auditor"]}))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
        assert who["email"] not in answer.text


class TestPanel:
    def test_from_link_to_reveal(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        identity = {"email": who["email"], "site_id": who["site_id"]}
        sidecar.context(identity)
        link = sidecar.post("/v1/panel-links", {"identity": identity, "case": CASE, "viewer": VIEWER}).json()
        assert who["email"].partition("@")[0] not in link["url"]
        page = sidecar.session.get(link["url"], headers={"Authorization": None}, timeout=30)
        assert page.status_code == 200
        assert "frame-ancestors https://acme.service-now.example" in page.headers["Content-Security-Policy"]
        found = re.search(r'id="c360-boot"[^>]*>(.*?)</script>', page.text, re.S)
        assert found
        boot = json.loads(found[1])
        assert boot["envelope"]["customer"]["match"] == "one"
        assert who["email"] not in page.text
        page_token = {"Authorization": f"Bearer {boot['token']}"}
        live = sidecar.post("/panel/live", {}, **page_token).json()
        assert live["sections"]["orders"]["status"] == "ok"
        assert live["viewer"]["can"]["note"] is False
        shown = sidecar.post("/panel/reveal", {"field": "email", "reason": None}, **page_token).json()
        assert shown["value"] == who["email"]


class TestOperation:
    def test_alive_and_ready(self, sidecar: Sidecar) -> None:
        assert sidecar.get("/healthz", Authorization="").json() == {"status": "ok"}
        assert sidecar.get("/readyz", Authorization="").json() == {
            "ready": True,
            "checks": {"commerce": "ok", "access_log": "ok"},
        }

    def test_not_ready_when_commerce_lets_nobody_in(self, sidecar: Sidecar, shop: CommerceEmulator) -> None:
        shop.faults.add(status=401, body="{}")
        answer = sidecar.get("/readyz", Authorization="")
        assert answer.status_code == 503
        assert answer.json()["checks"]["commerce"] != "ok"

    def test_metrics_name_routes_by_template(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        sidecar.get(f"/v1/customers/{who['customer_no']}/orders")
        text = sidecar.get("/metrics", Authorization="").text
        assert 'route="/v1/customers/<customer_no>/<section>"' in text
        assert who["customer_no"] not in text

    def test_forgetting_a_customer(self, sidecar: Sidecar, who: dict[str, Any]) -> None:
        sidecar.context({"customer_no": who["customer_no"], "site_id": who["site_id"]})
        sidecar.post("/v1/reveal", TestReveal().body(who))
        answer = sidecar.session.delete(f"{sidecar.url}/v1/customers/{who['customer_no']}", timeout=30)
        assert answer.json()["cached_entries"] > 0
        assert answer.json()["access_log_entries"] > 0
        assert answer.json()["browsing_sites"]
        again = sidecar.context({"customer_no": who["customer_no"], "site_id": who["site_id"]})
        assert again.headers["X-Cache"] == "MISS"

    def test_nothing_is_forgotten_when_commerce_refuses(
        self, sidecar: Sidecar, shop: CommerceEmulator, who: dict[str, Any]
    ) -> None:
        sidecar.post("/v1/reveal", TestReveal().body(who))
        shop.faults.add(method="DELETE", path="/custom/shopper-activity", status=503)
        answer = sidecar.session.delete(f"{sidecar.url}/v1/customers/{who['customer_no']}", timeout=30)
        assert (answer.status_code, answer.json()["code"]) == (502, "upstream_failed")
        assert sidecar.services.access_log.export(Subject(kind="customer_no", value=who["customer_no"]))
