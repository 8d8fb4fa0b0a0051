"""Relative moments in datasets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sfcc_client.emulator.moments import iso, moment, resolved

NOW = datetime(2026, 11, 22, 10, 15, 30, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("now", "2026-11-22T10:15:30.250Z"),
        ("now-26m", "2026-11-22T09:49:30.250Z"),
        ("now+2d", "2026-11-24T10:15:30.250Z"),
        ("now-90s", "2026-11-22T10:14:00.250Z"),
        ("today", "2026-11-22"),
        ("today-4d", "2026-11-18"),
        ("today-10d 08:12", "2026-11-12T08:12:00.000Z"),
        ("today 23:59:59", "2026-11-22T23:59:59.000Z"),
        ("year-end", "2026-12-31"),
        ("now or never", "now or never"),
        ("today's offer", "today's offer"),
        ("2026-01-01", "2026-01-01"),
    ],
)
def test_a_text_means(text: str, meaning: str) -> None:
    assert moment(text, NOW) == meaning


def test_a_whole_document_is_resolved() -> None:
    document = {"at": "today-1d", "rows": [{"at": "now"}, 5], "flag": True}
    assert resolved(document, NOW) == {
        "at": "2026-11-21",
        "rows": [{"at": "2026-11-22T10:15:30.250Z"}, 5],
        "flag": True,
    }


def test_moments_are_written_in_utc() -> None:
    assert iso(datetime(2026, 6, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))) == "2026-05-31T23:00:00.000Z"
