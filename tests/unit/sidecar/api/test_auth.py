"""Tokens: every endpoint asks for one with the right scope; rotation; rates."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from sidecar.api.tokens import SCOPES, TokenFile, TokenRefused

from .conftest import CASE, VIEWER, Edge

WHO = {"identity": {"customer_no": "0001"}, "case": CASE, "viewer": VIEWER}
ENDPOINTS = [
    ("POST", "/v1/context", {"identity": {}}, "context:read"),
    ("GET", "/v1/customers/0001/orders", None, "customers:read"),
    ("DELETE", "/v1/customers/0001", None, "customers:erase"),
    (
        "POST",
        "/v1/reveal",
        {"identity": {"customer_no": "0001"}, "field": "email", "case": CASE, "viewer": VIEWER},
        "reveal",
    ),
    ("POST", "/v1/panel-links", WHO, "panel:link"),
]


def send(edge: Edge, method: str, path: str, body: Any, authorization: str | None) -> Any:
    headers = {"Content-Type": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization
    return edge.client.open(path, method=method, data=json.dumps(body) if body else None, headers=headers)


@pytest.mark.parametrize(("method", "path", "body", "scope"), ENDPOINTS)
class TestEveryEndpoint:
    def test_lets_in_a_token_with_exactly_its_scope(
        self, edge: Edge, method: str, path: str, body: Any, scope: str
    ) -> None:
        issued = edge.tokens.create("narrow", [scope])
        assert send(edge, method, path, body, f"Bearer {issued.bearer}").status_code == 200

    def test_403_names_the_missing_scope(self, edge: Edge, method: str, path: str, body: Any, scope: str) -> None:
        issued = edge.tokens.create("other", set(SCOPES) - {scope})
        answer = send(edge, method, path, body, f"Bearer {issued.bearer}")
        assert (answer.status_code, answer.json["scope"]) == (403, scope)
        assert scope in answer.json["detail"]

    @pytest.mark.parametrize(
        "header",
        [
            None,
            "",
            "Bearer",
            "Bearer x",
            "Bearer .",
            "Bearer a.b",
            "Basic !!!",
            "Basic eA==",
            "Digest a.b",
            "Basic /w==",
        ],
    )
    def test_401_without_a_valid_token(
        self, edge: Edge, method: str, path: str, body: Any, scope: str, header: str | None
    ) -> None:
        answer = send(edge, method, path, body, header)
        assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
        assert "Bearer" in answer.headers["WWW-Authenticate"]
        assert "Basic" in answer.headers["WWW-Authenticate"]


def test_the_scheme_is_not_case_sensitive(edge: Edge) -> None:
    assert send(edge, "POST", "/v1/context", {"identity": {}}, f"bearer {edge.bearer}").status_code == 200


def test_basic_with_the_same_id_and_secret(edge: Edge) -> None:
    token_id, _, secret = edge.bearer.partition(".")
    basic = base64.b64encode(f"{token_id}:{secret}".encode()).decode()
    assert send(edge, "POST", "/v1/context", {"identity": {}}, f"Basic {basic}").status_code == 200


def test_the_right_id_with_a_wrong_secret(edge: Edge) -> None:
    token_id = edge.bearer.partition(".")[0]
    assert send(edge, "POST", "/v1/context", {"identity": {}}, f"Bearer {token_id}.{'x' * 43}").status_code == 401


def test_429_with_the_time_to_wait(make_edge: Any) -> None:
    edge = make_edge(rate_limit=1.0)
    answers = [edge.post("/v1/context", {"identity": {}}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "1"
    assert answers[2].json["retry_after_s"] == 1
    edge.clock.pass_by(1.0)
    assert edge.post("/v1/context", {"identity": {}}).status_code == 200


class TestTokenFile:
    def test_rotation_has_two_valid_tokens_until_one_is_revoked(self, edge: Edge) -> None:
        first = edge.bearer
        second = edge.tokens.rotate("servicenow")
        for bearer in (first, second.bearer):
            assert send(edge, "POST", "/v1/context", {"identity": {}}, f"Bearer {bearer}").status_code == 200
        with pytest.raises(TokenRefused, match="two active tokens"):
            edge.tokens.rotate("servicenow")
        edge.tokens.revoke(first.partition(".")[0])
        assert send(edge, "POST", "/v1/context", {"identity": {}}, f"Bearer {first}").status_code == 401
        assert send(edge, "POST", "/v1/context", {"identity": {}}, f"Bearer {second.bearer}").status_code == 200

    def test_another_process_is_seen_within_a_second(self, edge: Edge) -> None:
        path = edge.services.settings.data_dir / "tokens.json"
        edge.post("/v1/context", {"identity": {}})
        TokenFile(path).revoke(edge.bearer.partition(".")[0])
        edge.clock.pass_by(1.0)
        assert edge.post("/v1/context", {"identity": {}}).status_code == 401

    def test_no_secret_is_kept(self, edge: Edge) -> None:
        path = edge.services.settings.data_dir / "tokens.json"
        assert edge.bearer.partition(".")[2] not in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600

    def test_a_broken_file_keeps_what_was_known(self, edge: Edge) -> None:
        edge.post("/v1/context", {"identity": {}})
        (edge.services.settings.data_dir / "tokens.json").write_text("{broken")
        edge.clock.pass_by(2.0)
        assert edge.post("/v1/context", {"identity": {}}).status_code == 200

    def test_a_client_has_one_first_token(self, edge: Edge) -> None:
        with pytest.raises(TokenRefused, match="Rotate it"):
            edge.tokens.create("servicenow", ["reveal"])

    def test_unknown_scopes_are_refused(self, edge: Edge) -> None:
        with pytest.raises(TokenRefused, match="everything"):
            edge.tokens.create("x", ["everything"])

    def test_repr_hides_secrets(self, edge: Edge) -> None:
        issued = edge.tokens.create("x", ["reveal"])
        assert issued.secret not in repr(issued)
        assert issued.token.digest not in repr(issued)
