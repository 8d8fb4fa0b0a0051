"""The panel page: links nobody can read, a page without cookies, operations bound to one case."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest

from sidecar.api.signing import Signer
from sidecar.audit import Subject
from sidecar.desk import CaseDesk
from snow_app.errors import Unavailable

from .conftest import CASE, VIEWER, Edge

WHO = {"identity": {"email": "mara@shop.example", "customer_no": "0001"}, "case": CASE, "viewer": VIEWER}


def link_of(edge: Edge, **identity: str) -> str:
    body = {**WHO, "identity": identity} if identity else WHO
    return str(edge.post("/v1/panel-links", body).json["url"])


def boot_of(page: Any) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="c360-boot"[^>]*>(.*?)</script>', page.text, re.S)
    assert found
    return json.loads(found[1])


def opened(edge: Edge, **identity: str) -> str:
    return str(boot_of(edge.client.get(link_of(edge, **identity)))["token"])


def operate(edge: Edge, token: str, operation: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return edge.client.post(f"/panel/{operation}", data=json.dumps(body or {}), headers=headers)


class TestLink:
    def test_nothing_in_it_can_be_read(self, edge: Edge) -> None:
        url = link_of(edge)
        for personal in ("mara", "0001", "agent.one", CASE["sys_id"]):
            assert personal not in url

    def test_it_can_be_opened_again_until_it_expires(self, edge: Edge) -> None:
        url = link_of(edge)
        assert [edge.client.get(url).status_code for _ in range(2)] == [200, 200]
        edge.clock.pass_by(121)
        assert edge.client.get(url).status_code == 403

    @pytest.mark.parametrize("change", [lambda url: url[:-1], lambda url: url + "A", lambda url: url.split("?")[0]])
    def test_a_changed_link_shows_the_expired_state(self, edge: Edge, change: Any) -> None:
        page = edge.client.get(change(link_of(edge)))
        assert page.status_code == 403
        assert boot_of(page) == {"token": ""}

    def test_a_link_of_another_sidecar_is_refused(self, edge: Edge) -> None:
        foreign = Signer({}, clock=edge.clock).token({"id": {}}, audience="panel", lifetime_s=60)
        assert edge.client.get(f"/panel?t={foreign}").status_code == 403

    def test_a_token_made_for_something_else_is_refused(self, edge: Edge) -> None:
        other = edge.services.signer.token({"id": {}}, audience="elsewhere", lifetime_s=60)
        assert edge.client.get(f"/panel?t={other}").status_code == 403

    def test_opening_it_too_often_is_refused(self, edge: Edge) -> None:
        url = link_of(edge)
        statuses = [edge.client.get(url).status_code for _ in range(31)]
        assert statuses == [200] * 30 + [429]

    def test_making_and_opening_are_recorded(self, edge: Edge) -> None:
        edge.client.get(link_of(edge))
        actions = [logged.entry.action for logged in edge.log.export(Subject(kind="customer_no", value="0001"))]
        assert actions == ["panel_link", "panel_open"]


class TestPage:
    def test_policy(self, edge: Edge) -> None:
        page = edge.client.get(link_of(edge))
        policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
        nonce = policy.pop("script-src")
        assert re.fullmatch(r"'nonce-[A-Za-z0-9_-]{20,}'", nonce)
        assert page.text.count(nonce[7:-1]) == page.text.count("<script")
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": "'self'",
            "connect-src": "'self'",
            "font-src": "'self'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "https://acme.service-now.example",
            "require-trusted-types-for": "'script'",
            "trusted-types": "'none'",
        }
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in page.headers
        assert "X-Frame-Options" not in page.headers

    def test_a_nonce_is_used_once(self, edge: Edge) -> None:
        url = link_of(edge)
        policies = {edge.client.get(url).headers["Content-Security-Policy"] for _ in range(2)}
        assert len(policies) == 2

    def test_its_assets_are_served_for_good(self, edge: Edge) -> None:
        page = edge.client.get(link_of(edge))
        assets = re.findall(r'(?:src|href)="(/panel/assets/[^"]+)"', page.text)
        assert len(assets) == 2
        for path in assets:
            answer = edge.client.get(path)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
        assert edge.client.get("/panel/assets/000000000000/panel.js").status_code == 404

    def test_it_asks_nothing_of_other_hosts(self, edge: Edge) -> None:
        assert "://" not in edge.client.get(link_of(edge)).text.replace("http://www.w3.org", "")

    def test_hostile_text_cannot_end_the_data_block(self, edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
        hostile = "</script><script>alert(1)</script>"
        answer = edge.context._answer

        def with_hostile_name(request: Any) -> Any:
            found = answer(request)
            document = json.loads(found.body)
            document["customer"]["name"] = hostile
            return replace(found, body=json.dumps(document).encode())

        monkeypatch.setattr(edge.context, "_answer", with_hostile_name)
        page = edge.client.get(link_of(edge))
        assert hostile not in page.text
        assert boot_of(page)["envelope"]["customer"]["name"] == hostile

    def test_without_the_access_log_it_shows_nothing_and_says_so(
        self, edge: Edge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = link_of(edge)
        monkeypatch.setattr("sidecar.audit.store.Store.append", Mock(side_effect=OSError))
        page = edge.client.get(url)
        boot = boot_of(page)
        assert (page.status_code, "envelope" in boot) == (503, False)
        answer = operate(edge, boot["token"], "summary")
        assert (answer.status_code, answer.json["error"]["code"]) == (503, "audit_unavailable")

    def test_https_stays_https(self, make_edge: Any) -> None:
        answer = make_edge(public_url="https://sidecar.example").client.get("/healthz")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


class TestOperations:
    def test_summary_is_cached_and_live_is_live(self, edge: Edge) -> None:
        token = opened(edge)
        assert operate(edge, token, "summary").json["customer"]["match"] == "one"
        assert operate(edge, token, "live", {"sections": ["orders"], "cursor": None}).status_code == 200
        assert [asked.mode for asked in edge.context.asked] == ["cached", "cached", "live"]
        assert edge.context.asked[-1].sections == ("orders",)
        assert edge.context.asked[-1].viewer.user == "agent.one"

    def test_the_page_cannot_name_another_case_or_customer(self, edge: Edge) -> None:
        token = opened(edge)
        other = {"table": "incident", "sys_id": "f" * 32, "customer_no": "0666"}
        operate(edge, token, "live", other)
        asked = edge.context.asked[-1]
        assert (asked.identity.customer_no, asked.case.sys_id) == ("0001", CASE["sys_id"])

    def test_reveal(self, edge: Edge) -> None:
        answer = operate(edge, opened(edge), "reveal", {"field": "email", "reason": None})
        assert answer.json.items() >= {"field": "email", "value": "mara@shop.example", "expires_in_s": 60}.items()

    def test_choose_takes_only_a_candidate(self, edge: Edge) -> None:
        token = opened(edge, email="both@shop.example")
        refused = operate(edge, token, "choose", {"customer_no": "0666", "site_id": "RefArch"})
        assert (refused.status_code, refused.json["error"]["code"]) == (403, "not_permitted")
        taken = operate(edge, token, "choose", {"customer_no": "0002", "site_id": "RefArch"})
        assert taken.json["customer"]["match"] == "one"
        operate(edge, token, "summary")
        assert edge.context.asked[-1].identity.customer_no == "0002"

    def test_search_goes_on_with_what_was_found(self, edge: Edge) -> None:
        token = opened(edge)
        assert operate(edge, token, "search", {"order_no": "none"}).json["customer"]["match"] == "none"
        operate(edge, token, "summary")
        assert edge.context.asked[-1].identity.customer_no == "0001"
        operate(edge, token, "search", {"order_no": "00031204"})
        operate(edge, token, "summary")
        assert edge.context.asked[-1].identity.order_no == "00031204"

    def test_a_dismissed_insight_stays_away(self, edge: Edge) -> None:
        token = opened(edge)
        assert operate(edge, token, "dismiss", {"insight": "late_order"}).json == {"ok": True}
        assert operate(edge, token, "summary").json["sections"]["insights"]["data"] == []
        again = boot_of(edge.client.get(link_of(edge)))
        assert again["envelope"]["sections"]["insights"]["data"] == []

    def test_a_note_needs_a_servicenow_user(self, edge: Edge) -> None:
        answer = operate(edge, opened(edge), "note", {"order_no": "1", "text": "Line one\nline two"})
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_configured")

    @pytest.mark.parametrize(
        ("operation", "body", "field"),
        [("reveal", {}, "field"), ("choose", {}, "customer_no"), ("search", {}, "order_no"), ("note", {}, "text")],
    )
    def test_a_missing_field(self, edge: Edge, operation: str, body: Any, field: str) -> None:
        answer = operate(edge, opened(edge), operation, body)
        assert (answer.status_code, answer.json["error"]["errors"][0]["field"]) == (422, field)

    @pytest.mark.parametrize("body", [{"unknown": 1}, {"order_no": 7}, {"order_no": "\u0000"}, []])
    def test_bad_input(self, edge: Edge, body: Any) -> None:
        headers = {"Authorization": f"Bearer {opened(edge)}", "Content-Type": "application/json"}
        answer = edge.client.post("/panel/search", data=json.dumps(body), headers=headers)
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid")

    def test_unknown_operation(self, edge: Edge) -> None:
        assert operate(edge, opened(edge), "delete_everything").status_code == 404

    @pytest.mark.parametrize("token", ["", "nonsense", "a.b"])
    def test_401_without_a_page(self, edge: Edge, token: str) -> None:
        answer = operate(edge, token, "summary")
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "page_expired")

    def test_an_api_token_is_not_a_page_token(self, edge: Edge) -> None:
        assert operate(edge, edge.bearer, "summary").status_code == 401

    def test_the_time_slides_while_the_page_is_used(self, edge: Edge) -> None:
        token = opened(edge)
        for _ in range(4):
            edge.clock.pass_by(800)
            assert operate(edge, token, "summary").status_code == 200
        edge.clock.pass_by(901)
        assert operate(edge, token, "summary").status_code == 401

    def test_a_page_ends_after_a_working_day(self, edge: Edge) -> None:
        token = opened(edge)
        for _ in range(40):
            edge.clock.pass_by(800)
            last = operate(edge, token, "summary").status_code
        assert last == 401

    def test_a_page_is_slowed_down(self, edge: Edge) -> None:
        token = opened(edge)
        answers = [operate(edge, token, "summary") for _ in range(31)]
        error = answers[-1].json["error"]
        assert (answers[-1].status_code, error["code"], error["retryable"]) == (429, "rate_limited", True)
        assert error["retry_after_s"] == 1


class TestDesk:
    @pytest.fixture
    def desk(self) -> Mock:
        return Mock(spec=CaseDesk)

    @pytest.fixture
    def edge(self, make_edge: Any, desk: Mock) -> Edge:
        return make_edge(desk=desk)

    def test_what_was_chosen_found_and_noted_is_written_on_the_case(self, edge: Edge, desk: Mock) -> None:
        token = opened(edge, email="both@shop.example")
        operate(edge, token, "choose", {"customer_no": "0002", "site_id": "RefArch"})
        operate(edge, token, "search", {"order_no": "00031204"})
        assert operate(edge, token, "note", {"text": "Called back"}).json == {"ok": True}
        calls = [call.kwargs for call in desk.link.call_args_list]
        assert calls == [{"customer_no": "0002", "site_id": "RefArch"}, {"order_no": "00031204"}]
        assert desk.note.call_args.args[1] == "Called back"

    def test_503_when_servicenow_refuses(self, edge: Edge, desk: Mock) -> None:
        desk.note.side_effect = Unavailable("down")
        answer = operate(edge, opened(edge), "note", {"text": "x"})
        assert (answer.status_code, answer.json["error"]["retryable"]) == (503, True)
