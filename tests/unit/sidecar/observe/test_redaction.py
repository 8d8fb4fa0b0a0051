"""Canaries of every value class, in every place an event can carry them."""

from __future__ import annotations

import json
from io import StringIO

import pytest
import structlog

from sidecar.observe import redact_event, redacted

CANARIES = {
    "address": "mara.k+test@example.com",
    "address in a URL": "mara.k%40example.com",
    "jwt": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtYXJhIn0.c2lnbmF0dXJlLWhlcmU",
    "bearer": "Bearer 9f8e7d6c5b4a39281706",
    "basic": "Basic bWFyYTpzM2NyM3Q=",
    "sidecar token": "agents.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6",
    "query secret": "client_secret=hunter2hunter2",
    "card": "4242 4242 4242 4242",
    "phone": "+49 170 1234542",
}


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES.keys())
@pytest.mark.parametrize(
    "place",
    [
        lambda canary: {"event": f"failed for {canary} today"},
        lambda canary: {"event": "failed", "detail": {"inner": [f"<{canary}>"]}},
        lambda canary: {"event": "failed", "error": ValueError(canary)},
        lambda canary: {"event": "failed", "body": canary.encode()},
        lambda canary: {"event": "failed", canary: 1},
        lambda canary: {"event": "failed", "thing": type("Thing", (), {"__str__": lambda self: canary})()},
    ],
    ids=["message", "nested", "exception", "bytes", "name", "object"],
)
def test_no_canary_reaches_a_line(canary: str, place: object) -> None:
    out = StringIO()
    logger = structlog.wrap_logger(
        structlog.WriteLogger(out), processors=[redact_event, structlog.processors.JSONRenderer()]
    )
    event = place(canary)  # type: ignore[operator]
    logger.info(**event)
    secret = canary.removeprefix("Bearer ").removeprefix("Basic ").removeprefix("client_secret=")
    assert secret not in out.getvalue()
    assert json.loads(out.getvalue())["event"].startswith("failed")


@pytest.mark.parametrize("name", ["password", "Authorization", "client_secret", "email", "customer_email", "api_key"])
def test_secret_names_are_emptied_whatever_they_hold(name: str) -> None:
    assert redact_event(None, "info", {name: "harmless", "x": {name: 17}}) == {
        name: "[redacted]",
        "x": {name: "[redacted]"},
    }


@pytest.mark.parametrize(
    "text",
    [
        "order 00031204 is late",
        "2026-11-22T10:15:02+00:00",
        "GET /v1/customers/{customer_no}/orders 200 in 12.5 ms",
        "tracking 003404341612881",
        "c360-7f3a",
        "sidecar.context.service",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redacted(text) == text


def test_numbers_and_flags_stay_numbers_and_flags() -> None:
    assert redacted({"n": 1, "f": 2.5, "ok": True, "none": None}) == {"n": 1, "f": 2.5, "ok": True, "none": None}


def test_endless_nesting_ends() -> None:
    knot: list[object] = []
    knot.append(knot)
    assert "[redacted]" in json.dumps(redacted(knot))
