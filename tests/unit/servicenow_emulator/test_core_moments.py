from datetime import UTC, datetime

import pytest

from snow_app.emulator.query.moments import Reader, shifted, started, stored


def reader(now: str = "2026-11-23 10:00:00", time_zone: str = "Europe/Berlin") -> Reader:
    moment = datetime.strptime(now, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return Reader(now=moment, time_zone=time_zone, user_id="u1", user_name="agent")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("gs.getUserID()", "u1"),
        ("gs.getUserName();", "agent"),
        ("gs.now()", "2026-11-23"),
        ("gs.nowDateTime()", "2026-11-23 10:00:00"),
        ("gs.beginningOfToday()", "2026-11-22 23:00:00"),
        ("gs.endOfToday()", "2026-11-23 22:59:59"),
        ("gs.beginningOfYesterday()", "2026-11-21 23:00:00"),
        ("gs.endOfTomorrow()", "2026-11-24 22:59:59"),
        ("gs.beginningOfThisWeek()", "2026-11-22 23:00:00"),
        ("gs.beginningOfLastWeek()", "2026-11-15 23:00:00"),
        ("gs.beginningOfThisMonth()", "2026-10-31 23:00:00"),
        ("gs.endOfLastMonth()", "2026-10-31 22:59:59"),
        ("gs.beginningOfThisQuarter()", "2026-09-30 22:00:00"),
        ("gs.beginningOfNextMonth()", "2026-11-30 23:00:00"),
        ("gs.endOfLastYear()", "2025-12-31 22:59:59"),
        ("gs.beginningOfLast7Days()", "2026-11-15 23:00:00"),
        ("gs.daysAgo(2)", "2026-11-21 10:00:00"),
        ("gs.daysAgo(-2)", "2026-11-25 10:00:00"),
        ("gs.daysAgoStart(0)", "2026-11-22 23:00:00"),
        ("gs.daysAgoEnd(1)", "2026-11-22 22:59:59"),
        ("gs.hoursAgoStart(1)", "2026-11-23 09:00:00"),
        ("gs.minutesAgo(30)", "2026-11-23 09:30:00"),
        ("gs.monthsAgo(9)", "2026-02-23 10:00:00"),
        ("gs.dateGenerate('2026-07-01','start')", "2026-06-30 22:00:00"),
        ("gs.dateGenerate('2026-07-01','12:30:00')", "2026-07-01 10:30:00"),
        ("gs.unknown()", None),
        ("gs.daysAgo()", None),
        ("gs.daysAgo(x)", None),
        ("gs.daysAgo(999999999999)", None),
        ("alert(1)", None),
        ("", None),
    ],
)
def test_what_an_expression_means(call: str, expected: str | None) -> None:
    assert reader().value(call) == expected


def test_days_have_23_and_25_hours_when_clocks_change() -> None:
    spring = reader("2026-03-29 12:00:00")
    assert (spring.value("gs.beginningOfToday()"), spring.value("gs.endOfToday()")) == (
        "2026-03-28 23:00:00",
        "2026-03-29 21:59:59",
    )


def test_months_end_where_they_end() -> None:
    end = datetime(2026, 3, 31, tzinfo=UTC)
    assert shifted(end, "month", -1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert shifted(end, "year", 1) == datetime(2027, 3, 31, tzinfo=UTC)
    assert started(end, "quarter") == datetime(2026, 1, 1, tzinfo=UTC)
    assert stored(end) == "2026-03-31 00:00:00"


def test_an_unknown_zone_is_utc() -> None:
    assert reader(time_zone="Nowhere/Land").value("gs.beginningOfToday()") == "2026-11-23 00:00:00"
