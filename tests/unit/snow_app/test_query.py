from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from snow_app.errors import UnsafeQuery
from snow_app.moments import Period
from snow_app.query import Query


def test_conditions_keep_falsy_values_and_their_order():
    query = (
        Query().where("n", ">", 0).or_where("active", "=", False).where("state", "IN", ["1", "2"]).empty("caller_id")
    )
    assert str(query.ordered_by("number", descending=True)) == (
        "n>0^ORactive=false^stateIN1,2^caller_idISEMPTY^ORDERBYDESCnumber"
    )


def test_alternatives_and_moments():
    since = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)
    query = Query().where("opened_at", ">=", since).either(Query().where("user.user_name", "=", "admin"))
    assert str(query) == "opened_at>=2026-11-09 08:30:00^NQuser.user_name=admin"


@pytest.mark.parametrize(
    "value", ["a^ORDERBYb", "a^^b", "one\ntwo", "javascript:gs.getUserID()", "JavaScript:1", "", "a\0b"]
)
def test_a_value_cannot_break_out(value):
    with pytest.raises(UnsafeQuery):
        Query().where("email", "=", value)


@pytest.mark.parametrize(
    ("column", "operator", "value"),
    [
        ("a^b", "=", "1"),
        ("A", "=", "1"),
        ("", "=", "1"),
        ("a", "DROP", "1"),
        ("a", "IN", "1,2"),
        ("a", "IN", []),
        ("a", "IN", ["1,2"]),
        ("a", "=", ["1"]),
    ],
)
def test_fields_operators_and_lists_are_checked(column, operator, value):
    with pytest.raises(UnsafeQuery):
        Query().where(column, operator, value)


def test_the_refused_value_is_not_repeated_in_the_message():
    with pytest.raises(UnsafeQuery) as refused:
        Query().where("email", "=", "mara@example.com^x")
    assert "mara" not in str(refused.value)


def test_between_periods_and_other_columns():
    now = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    period = Period.last(timedelta(days=1), now=now)
    query = Query().between("priority", 1, 3).within("opened_at", period).where("closed_at", "GT_FIELD", "due_date")
    assert str(query) == (
        "priorityBETWEEN1@3^opened_at>=2026-11-24 22:30:00^opened_at<2026-11-25 22:30:00^closed_atGT_FIELDdue_date"
    )
    assert str(Query().where("published", "=", now.date())) == "published=2026-11-25"
    for refused in (
        lambda: Query().between("a", "1@2", "3"),
        lambda: Query().where("a", "SAMEAS", "B^c"),
        lambda: Query().where("opened_at", ">", datetime(2026, 11, 25)),  # noqa: DTZ001
    ):
        with pytest.raises(UnsafeQuery):
            refused()


def test_periods_follow_the_calendar_of_a_zone():
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert Period.day(now, zone=zone).start == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert Period.day(now, days=-1).end == datetime(2026, 12, 31, tzinfo=UTC)
    assert Period.week(now).start == datetime(2026, 12, 28, tzinfo=UTC)
    assert Period.month(now, months=1) == Period(
        start=datetime(2027, 1, 1, tzinfo=UTC), end=datetime(2027, 2, 1, tzinfo=UTC)
    )
    spring = Period.day(datetime(2026, 3, 29, 12, tzinfo=UTC), zone=zone)
    assert spring.end.astimezone(UTC) - spring.start.astimezone(UTC) == timedelta(hours=23)


def test_a_condition_everywhere_reaches_each_alternative():
    query = Query().where("a", "=", 1).or_where("b", "=", 2).either(Query().where("c", "=", 3))
    assert str(query.everywhere("d", ">", 4).ordered_by("d")) == "a=1^ORb=2^d>4^NQc=3^d>4^ORDERBYd"
    assert str(Query().everywhere("d", ">", 4)) == "d>4"


def test_long_lists_are_split_by_length():
    base = Query().where("active", "=", True)
    parts = [str(part) for part in base.split("number", [f"INC{n:07}" for n in [*range(50), 3]], longest=200)]
    assert all(len(quote(part)) <= 210 for part in parts)
    members = [member for part in parts for member in part.removeprefix("active=true^numberIN").split(",")]
    assert members == [f"INC{n:07}" for n in range(50)]
    assert list(base.split("number", [])) == []


@pytest.mark.parametrize(
    ("operator", "value"),
    [(">", "=5"), ("<", "=5"), ("IN", ["STANCEOFtask"]), ("=", "JOINa.b=c.d!e=f"), ("=", "a\x85b"), ("=", "\ud800")],
)
def test_a_value_cannot_change_its_operator(operator, value):
    with pytest.raises(UnsafeQuery):
        Query().where("state", operator, value)
