"""The labelled files keep their shape: unique lines, known members within range, balanced labels, even splits."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "labelled"
SIGNALS = {
    "api_errors", "api_timeout", "cdn", "checkout_failures", "error_rate", "hook_circuit_open", "job_failed",
    "load_shedding", "order_rate_drop", "page_slow", "payment_failures", "quota", "replication_failed", "slas_rate",
}  # fmt: skip
TEAMS = {"storefront", "payments", "integrations", "operations", "network", "platform", "unrouted"}
LOCALE = re.compile(r"[a-z]{2}-[A-Z]{2}")
METRICS = {"LCP", "INP", "TTFB", "CLS"}
DEVICES = {"mobile", "desktop"}
CATEGORIES = {"product", "delivery", "checkout", "website", "service", "other"}


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def text(longest: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(value.strip()) and len(value) <= longest


def whole(lowest: int, highest: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and lowest <= value <= highest


def number(value: Any) -> bool:
    return type(value) in {int, float} and value >= 0


def words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) and word for word in value)


def instant(value: Any) -> bool:
    return isinstance(value, str) and value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None


def window(value: Any) -> bool:
    return value.keys() == {"from", "to"} and all(map(instant, value.values())) and value["from"] < value["to"]


def quota(value: Any) -> bool:
    figures = {"limit", "warn", "maxActual", "exceededTimes"}
    return text(80)(value["id"]) and all(key in figures and number(value[key]) for key in value.keys() - {"id"})


def money(value: Any) -> bool:
    return value.keys() == {"amount", "currency"} and Decimal(value["amount"]) >= 0 and len(value["currency"]) == 3


def page(value: Any) -> bool:
    known = value.keys() == {"type", "metric", "p75", "device"}
    return known and value["metric"] in METRICS and value["device"] in DEVICES and number(value["p75"])


ALERT: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        ("service", "cartridgePath", "node", "exception", "logger", "api", "hook", "job", "replication"), text(120)
    ),
    **dict.fromkeys(("topProcess", "release", "monitor", "correlationId", "requestId"), text(80)),
    "revenueAtRisk": money,
    **dict.fromkeys(("value", "threshold"), number),
    "signal": lambda value: value in SIGNALS,
    "state": lambda value: value in {"firing", "resolved"},
    "severity": lambda value: value in {"info", "warning", "error", "critical"},
    "message": text(2000),
    "count": whole(0, 1_000_000),
    "window": window,
    "httpStatus": whole(100, 599),
    "failedCheckouts": whole(0, 1_000_000),
    "sampleSize": whole(1, 1_000_000),
    "locales": lambda value: words(value) and all(map(LOCALE.fullmatch, value)),
    "paymentMethods": words,
    "cdn": lambda value: {"kind"} <= value.keys() <= {"kind", "zone", "rule"} and words(list(value.values())),
    "quota": quota,
    "page": page,
}
FEEDBACK: dict[str, Callable[[Any], bool]] = {
    "text": text(1000),
    "locale": lambda value: LOCALE.fullmatch(value) is not None,
    "submittedAt": instant,
    "category": lambda value: value in CATEGORIES,
    "productId": lambda value: re.fullmatch(r"VV10\d\d(-[a-z]+)?(-[A-Za-z0-9]+)?", value) is not None,
    "pageId": text(60),
    "orderNo": lambda value: re.fullmatch(r"\d{8}", value) is not None,
    "rating": whole(1, 5),
    "nps": whole(0, 10),
}


@pytest.mark.parametrize(
    ("name", "letter", "least", "members", "required"),
    [
        ("alerts.jsonl", "a", 350, ALERT, {"signal", "state", "severity", "message", "window", "count"}),
        ("feedback.jsonl", "f", 450, FEEDBACK, {"text", "locale", "submittedAt"}),
    ],
)
def test_every_line_has_its_members_within_range(
    name: str, letter: str, least: int, members: dict[str, Callable[[Any], bool]], required: set[str]
) -> None:
    rows = lines(name)
    assert len(rows) >= least
    assert {row["id"] for row in rows} == {f"{letter}{number:03}" for number in range(1, len(rows) + 1)}
    seen: set[str] = set()
    for row in rows:
        data = row["data"]
        assert required <= data.keys() <= members.keys(), row["id"]
        assert [key for key, value in data.items() if not members[key](value)] == [], row["id"]
        assert row["split"] in {"dev", "held-out"}, row["id"]
        seen |= data.keys()
    assert seen == members.keys(), "a member no line fills in"


def test_alerts_are_unique_balanced_and_partly_hard() -> None:
    alerts = lines("alerts.jsonl")
    assert len({alert["data"]["message"] for alert in alerts}) == len(alerts)
    assert all(alert.keys() == {"id", "data", "expected", "hard", "why", "split"} for alert in alerts)
    assert all(alert["expected"].keys() == {"team"} and alert["why"] for alert in alerts)
    teams = Counter(alert["expected"]["team"] for alert in alerts)
    assert teams.keys() == TEAMS
    assert teams.pop("unrouted") >= 35
    assert min(teams.values()) >= 45
    assert sum(alert["hard"] for alert in alerts) >= 0.4 * len(alerts)
    assert {alert["data"]["signal"] for alert in alerts} == SIGNALS


def test_some_alerts_are_long_raw_logs() -> None:
    messages = [alert["data"]["message"] for alert in lines("alerts.jsonl")]
    assert sum(len(message) >= 800 for message in messages) >= 12
    assert sum("\n" in message for message in messages) >= 50


def test_feedback_is_unique_and_in_four_languages() -> None:
    texts = lines("feedback.jsonl")
    assert all(row.keys() == {"id", "data", "cluster", "split"} for row in texts)
    assert len({row["data"]["text"] for row in texts}) == len(texts)
    clusters = Counter(row["cluster"] for row in texts)
    assert clusters.pop(None) >= 70
    assert len(clusters) >= 34
    assert min(clusters.values()) >= 8
    languages = Counter(row["data"]["locale"][:2] for row in texts)
    assert languages.keys() == {"en", "de", "fr", "ja"}
    assert min(languages.values()) >= 60


@pytest.mark.parametrize("name", ["alerts.jsonl", "feedback.jsonl"])
def test_splits_are_even_within_each_label_and_the_order_does_not_follow_it(name: str) -> None:
    rows = lines(name)
    labels = [row["expected"]["team"] if "expected" in row else row["cluster"] for row in rows]
    balance = Counter((label, row["split"]) for label, row in zip(labels, rows, strict=True))
    assert [label for label in set(labels) if abs(balance[label, "dev"] - balance[label, "held-out"]) > 2] == []
    assert sum(one == next_one for one, next_one in pairwise(labels)) < 0.25 * len(rows)
