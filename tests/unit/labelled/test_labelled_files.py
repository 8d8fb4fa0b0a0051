"""The labelled files keep their shape: unique lines, balanced labels, even splits."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "labelled"


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def test_alerts_are_unique_balanced_and_partly_hard() -> None:
    alerts = lines("alerts.jsonl")
    assert len({alert["id"] for alert in alerts}) == len(alerts) >= 291
    assert len({alert["data"]["message"] for alert in alerts}) == len(alerts)
    teams = Counter(alert["expected"]["team"] for alert in alerts)
    assert len(teams) == 7
    assert teams.pop("unrouted") >= 25
    assert min(teams.values()) >= 35
    assert sum(alert["hard"] for alert in alerts) >= len(alerts) / 4
    assert len({alert["data"]["signal"] for alert in alerts}) == 14
    required = {"signal", "state", "severity", "message", "window", "count"}
    assert all(required <= alert["data"].keys() for alert in alerts)


def test_feedback_is_unique_and_in_four_languages() -> None:
    texts = lines("feedback.jsonl")
    assert len({text["id"] for text in texts}) == len({text["data"]["text"] for text in texts}) == len(texts) >= 341
    clusters = Counter(text["cluster"] for text in texts)
    assert clusters.pop(None) >= 50
    assert len(clusters) >= 28
    assert min(clusters.values()) >= 5
    assert len({text["data"]["locale"] for text in texts}) == 4


def test_splits_are_about_even() -> None:
    for name in ("alerts.jsonl", "feedback.jsonl"):
        splits = Counter(line["split"] for line in lines(name))
        assert set(splits) == {"dev", "held-out"}
        assert splits["held-out"] >= 0.49 * splits.total()
