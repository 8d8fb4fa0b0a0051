"""The official descriptions accept the local Commerce, and the judge finds what does not fit one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.commerce import specs

GENERATED = 3
"""Requests of either kind for each operation; `make conformance` asks more."""

NAMES = (
    *("auth", "custom-apis", "customers", "data-api", "dx-scripts", "granular-replications", "metrics"),
    *("operations-jobs", "orders", "preferences", "products", "shopper-baskets-oas-1", "shopper-baskets-oas-2"),
    *("shopper-customers", "shopper-experience", "shopper-orders", "shopper-products", "shopper-search", "site-sites"),
)


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_a_description_accepts_every_answer(name: str) -> None:
    try:
        [path] = [path for path in specs.files() if path.name.startswith(name)]
    except RuntimeError as error:
        pytest.skip(str(error))
    known = specs.exemptions()
    new = [
        finding
        for _, findings in specs.examined(path, GENERATED)
        for finding in findings
        if not any(row.covers(finding) for row in known)
    ]
    assert not new


@pytest.mark.shared
def test_every_description_has_a_test() -> None:
    try:
        found = specs.files()
    except RuntimeError as error:
        pytest.skip(str(error))
    assert [path.name for path in found if not path.name.startswith(NAMES)] == []


def described(folder: Path, responses: dict[str, Any]) -> Path:
    """A description of the keys of SLAS, and of what the emulator has not."""
    parameter = {"name": "organizationId", "in": "path", "required": True, "schema": {"type": "string"}}
    keys = {"get": {"parameters": [parameter], "responses": responses}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Auth", "version": "1"},
        "servers": [{"url": "https://tenant.example.com/shopper/auth/v1"}],
        "paths": {
            "/organizations/{organizationId}/oauth2/jwks": keys,
            "/organizations/{organizationId}/no-such-route": {
                "get": {"parameters": [parameter], "responses": responses}
            },
        },
    }
    path = folder / "description.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def answer(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {"description": "OK", "content": {media_type: {"schema": schema}}}


@pytest.mark.parametrize(
    ("responses", "check"),
    [
        ({"404": answer({})}, "status"),
        ({"200": answer({"type": "object", "required": ["missing"]})}, "schema"),
        ({"200": answer({}, "text/csv")}, "media type"),
        ({"200": answer({"type": "object", "required": ["keys"]})}, None),
    ],
)
def test_what_does_not_fit_is_found(tmp_path: Path, responses: dict[str, Any], check: str | None) -> None:
    [(operation, findings)] = specs.examined(described(tmp_path, responses), 2)
    assert operation.name == "GET /shopper/auth/v1/…/oauth2/jwks"
    assert {finding.check for finding in findings} == ({check} if check else set())


def finding(**changes: Any) -> specs.Finding:
    values = {"operation": "GET /a/b", "check": "status", "status": 400, "fitting": False, "said": "Undocumented"}
    return specs.Finding(**{**values, **changes})


@pytest.mark.parametrize(
    ("row", "covered"),
    [
        ({}, True),
        ({"operation": "GET /a/b"}, True),
        ({"operation": "GET /a/*"}, True),
        ({"operation": "GET /a"}, False),
        ({"operation": "POST /a/*"}, False),
        ({"operation": "* /a/b"}, True),
        ({"check": "schema"}, False),
        ({"status": (401, 400)}, True),
        ({"status": (401,)}, False),
        ({"fitting": True}, False),
        ({"said": "document"}, True),
        ({"said": "else"}, False),
    ],
)
def test_an_exception_covers_what_it_names(row: dict[str, Any], covered: bool) -> None:
    assert specs.Exemption(**{"why": "", "check": "status", **row}).covers(finding()) is covered


def test_every_exception_says_why() -> None:
    assert all(row.why and (row.check in specs.CHECKS) for row in specs.exemptions())
