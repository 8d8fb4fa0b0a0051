"""Arithmetic over opening hours holds for any schedule, any time zone and across changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from snow_app.emulator.slas.schedule import Schedule, Span


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """A time as a schedule's own clock shows it."""
    return datetime(year, month, day, hour)  # noqa: DTZ001 - see above


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
MOMENTS = st.datetimes(local(2026, 1, 1), local(2027, 12, 31)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
AMOUNTS = st.integers(1, 60 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.datetimes(local(2025, 12, 1), local(2026, 2, 1))).replace(microsecond=0)
    return Span(
        start=start,
        end=start + timedelta(minutes=draw(st.integers(15, 30 * 60))),
        repeat=draw(st.sampled_from(["daily", "weekdays", "weekends", "weekMWF", "weekTT", "weekly", "monthly", ""])),
        every=draw(st.integers(1, 3)),
        days=draw(st.frozensets(st.integers(1, 7))),
        until=draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))),
        excluded=draw(st.integers(0, 4)) == 0,
    )


SCHEDULES = st.builds(
    lambda found, zone: Schedule(spans=tuple(found), zone=ZoneInfo(zone)), st.lists(spans(), max_size=4), ZONES
)


@settings(max_examples=150, deadline=None)
@given(SCHEDULES, MOMENTS, st.integers(0, 40 * 86_400), st.integers(0, 40 * 86_400))
def test_parts_of_a_period_add_up(schedule: Schedule, begin: datetime, first: int, second: int) -> None:
    middle = begin + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    whole = schedule.between(begin, end)
    assert schedule.between(begin, middle) + schedule.between(middle, end) == whole
    assert timedelta() <= whole <= end - begin


@settings(max_examples=100, deadline=None)
@given(SCHEDULES, MOMENTS, AMOUNTS)
def test_after_is_the_first_moment_by_which_that_much_was_open(
    schedule: Schedule, begin: datetime, amount: timedelta
) -> None:
    found = schedule.after(begin, amount)
    if found is None:
        assert schedule.between(begin, begin + timedelta(days=3600)) < amount
    else:
        assert schedule.between(begin, found) == amount
        assert schedule.between(begin, found - timedelta(seconds=1)) < amount


@given(SCHEDULES, MOMENTS, st.integers(0, 30 * 86_400))
@settings(max_examples=100, deadline=None)
def test_open_parts_are_in_order_and_apart(schedule: Schedule, begin: datetime, length: int) -> None:
    end = begin + timedelta(seconds=length)
    at = begin - timedelta(seconds=1)
    for opened, closed in schedule.open(begin, end):
        assert at < opened < closed <= end
        at = closed


@given(MOMENTS, ZONES)
@settings(max_examples=60, deadline=None)
def test_office_hours_are_45_a_week_whatever_the_clocks_do(begin: datetime, zone: str) -> None:
    office = Schedule(
        spans=(Span(start=local(2025, 12, 1, 8), end=local(2025, 12, 1, 17), repeat="weekdays"),),
        zone=ZoneInfo(zone),
    )
    monday = (begin.astimezone(ZoneInfo(zone)) - timedelta(days=begin.weekday())).replace(hour=0, minute=0, second=0)
    week = (monday.astimezone(UTC), (monday + timedelta(days=7)).astimezone(UTC))
    assert office.between(*week) == timedelta(hours=45)


@given(MOMENTS, st.integers(0, 400 * 86_400), ZONES)
@settings(max_examples=60, deadline=None)
def test_round_the_clock_is_the_whole_period(begin: datetime, length: int, zone: str) -> None:
    every_day = Span(start=local(2025, 1, 1), end=local(2025, 1, 2), repeat="daily")
    schedule = Schedule(spans=(every_day,), zone=ZoneInfo(zone))
    assert schedule.between(begin, begin + timedelta(seconds=length)) == timedelta(seconds=length)
