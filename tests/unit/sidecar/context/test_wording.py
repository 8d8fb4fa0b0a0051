"""Moments and counts in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from sidecar.context import wording

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=89), "just now"),
        (timedelta(seconds=90), "2 min ago"),
        (timedelta(minutes=26), "26 min ago"),
        (timedelta(minutes=89), "89 min ago"),
        (timedelta(minutes=90), "2 h ago"),
        (timedelta(hours=35), "35 h ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_ago(before: timedelta, text: str) -> None:
    assert wording.ago(NOW - before, NOW) == text


def test_day() -> None:
    assert wording.day(date(2026, 11, 18), NOW.date()) == "18 Nov"
    assert wording.day(date(2025, 1, 2), NOW.date()) == "2 Jan 2025"
    assert wording.day(date(2026, 11, 18), NOW.date(), month_first=True) == "Nov 18"
    assert wording.day(date(2025, 1, 2), NOW.date(), month_first=True) == "Jan 2, 2025"


def test_instants_are_utc_to_the_second() -> None:
    assert wording.instant(datetime(2026, 11, 22, 11, 15, 2, 999, tzinfo=wording.zone("Europe/Berlin"))) == (
        "2026-11-22T10:15:02Z"
    )
    assert wording.instant(None) is None


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "x\x00y", "UTC" * 200])
def test_unknown_zones_are_utc(name: str) -> None:
    assert wording.zone(name) is UTC


@pytest.mark.parametrize(
    ("value", "number"),
    [("1", 1), ("2.0", 2), ("0.5", 0.5), ("-3", -3), ("NaN", 0), ("Infinity", 0), ("1E+30", 0)],
)
def test_pieces(value: str, number: float) -> None:
    assert wording.pieces(Decimal(value)) == number


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-22T10:15:00Z", NOW),
        ("2026-11-22T11:15:00+01:00", NOW),
        ("2026-11-22T10:15:00", NOW),
        (NOW, NOW),
        (NOW.replace(tzinfo=None), NOW),
        ("tomorrow", None),
        ("", None),
        (None, None),
        (17, None),
    ],
)
def test_moment_of(value: object, moment: datetime | None) -> None:
    assert wording.moment_of(value) == moment


@pytest.mark.parametrize(
    ("raw", "word", "label"),
    [
        ("Part-Shipped", "part_shipped", "Part-Shipped"),
        ("part_shipped", "part_shipped", "Part shipped"),
        ("IN TRANSIT", "in_transit", "IN TRANSIT"),
        ("_", "_", "_"),
        (None, "", ""),
    ],
)
def test_enumerations(raw: str | None, word: str, label: str) -> None:
    assert (wording.word(raw), wording.label(raw)) == (word, label)


def test_counts() -> None:
    assert [wording.counted(n, "day") for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert [wording.times(n) for n in (1, 2, 3)] == ["once", "twice", "3 times"]
