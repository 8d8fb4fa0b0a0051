"""How much a context that was answered a moment ago costs: nothing but recognising it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import flask
import pytest
from marshmallow import Schema

from sidecar.audit import AccessLog

from .conftest import CASE, VIEWER, Edge

BODY = {"identity": {"customer_no": "0001"}, "mode": "cached", "case": CASE, "viewer": VIEWER}
CALLER_HAS_IT = {"If-None-Match": 'W/"one"'}


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each costly step ran."""
    done: Counter[str] = Counter()

    def count(owner: Any, name: str, step: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            done[step] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)

    count(flask.Flask, "full_dispatch_request", "flask")
    count(Schema, "load", "schema")
    count(flask.json, "loads", "parsing")
    count(AccessLog, "note", "access log")
    return done


def test_first_read_does_all_of_it_once(edge: Edge, work: Counter[str]) -> None:
    assert edge.post("/v1/context", BODY).status_code == 200
    assert (work["flask"], work["parsing"], work["access log"]) == (1, 1, 1)
    assert work["schema"] > 0  # nested ones count too
    assert len(edge.context.asked) == 1


@pytest.mark.parametrize(("headers", "status"), [({}, 200), (CALLER_HAS_IT, 304)])
def test_repeated_read_does_none_of_it(edge: Edge, work: Counter[str], headers: dict[str, str], status: int) -> None:
    edge.post("/v1/context", BODY)
    work.clear()
    answers = [edge.post("/v1/context", BODY, **headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status] * 3
    assert work == {}
    assert len(edge.context.asked) == 1


def test_another_body_is_no_repeat(edge: Edge, work: Counter[str]) -> None:
    edge.post("/v1/context", BODY)
    work.clear()
    edge.post("/v1/context", {**BODY, "mode": "live"})
    assert work["schema"] > 0
    assert len(edge.context.asked) == 2
