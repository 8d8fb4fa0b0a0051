import pytest
from hypothesis import given
from hypothesis import strategies as st

from snow_app.emulator.display import strftime_of
from snow_app.emulator.instance import Session
from snow_app.emulator.model import Column
from snow_app.emulator.rest.ordering import hashmap_order, java_hash
from snow_app.emulator.values import duration_text, stored, text


def column(kind: str, **more: object) -> Column:
    return Column(name="c", table="t", type=kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("boolean", "true", "true"),
        ("boolean", "1", "true"),
        ("boolean", "", "false"),
        ("boolean", "maybe", "false"),
        ("integer", "7", "7"),
        ("integer", "7.9", "7"),
        ("integer", "seven", ""),
        ("integer", "inf", ""),
        ("integer", "nan", ""),
        ("decimal", "1,234.50", "1234.5"),
        ("glide_date_time", "2026-11-23 10:00:00", "2026-11-23 10:00:00"),
        ("glide_date_time", "2026-11-23", "2026-11-23 00:00:00"),
        ("glide_date_time", "2026-11-23T10:00:00", "2026-11-23 10:00:00"),
        ("glide_date_time", "23.11.2026", ""),
        ("glide_date", "2026-11-23 10:00:00", "2026-11-23"),
        ("glide_date", "2026-02-30", ""),
        ("glide_duration", "2 03:04:05", "1970-01-03 03:04:05"),
        ("glide_duration", "1970-01-01 01:00:00", "1970-01-01 01:00:00"),
        ("string", "x" * 50, "x" * 40),
        ("script", "x" * 50, "x" * 50),
        ("xml", "x" * 50, "x" * 50),
    ],
)
def test_how_a_value_is_kept(kind: str, written: str, kept: str) -> None:
    assert stored(column(kind), written) == kept


def test_references_are_not_cut() -> None:
    assert stored(column("reference", reference="sys_db_object", max_length=3), "incident") == "incident"


@given(
    st.sampled_from(["boolean", "integer", "decimal", "glide_date", "glide_date_time", "glide_duration", "string"]),
    st.text(),
)
def test_keeping_twice_changes_nothing(kind: str, written: str) -> None:
    once = stored(column(kind), written)
    assert stored(column(kind), once) == once


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ""), (True, "true"), (5, "5"), (1.5, "1.5"), (["a", 1, None], "a,1,"), ("x", "x"), ("\ud800", "?")],
)
def test_json_becomes_strings(value: object, expected: str) -> None:
    assert text(value) == expected


def test_durations_read_like_sentences() -> None:
    assert duration_text("1970-01-02 02:30:00") == "1 Day 2 Hours 30 Minutes"
    assert duration_text("1970-01-01 00:00:00") == "0 Seconds"


def test_java_hashes() -> None:
    # "Aa" and "BB" are the textbook collision; the long one overflows 32 bits.
    assert java_hash("Aa") == java_hash("BB") == 2112
    assert java_hash("short_description") == java_hash("short_description") < 2**32
    assert java_hash("hello") == 99162322
    assert hashmap_order(("sys_id", "short_description", "state")) == ("sys_id", "short_description", "state")
    assert set(hashmap_order(tuple(map(str, range(40))))) == set(map(str, range(40)))


def test_people_read_times_their_own_way(admin: Session) -> None:
    assert strftime_of("dd.MM.yyyy") == "%d.%m.%Y"
    admin.update(
        "sys_user",
        admin.user.sys_id,
        {"date_format": "dd/MM/yyyy", "time_format": "hh:mm a", "time_zone": "Asia/Tokyo"},
    )
    row = admin.insert("incident", {"opened_at": "2026-11-23 15:04:05"})
    reader = admin.instance.session("admin")
    assert reader.display("incident", row, "opened_at") == "24/11/2026 12:04 AM"
    assert reader.display("incident", row, "opened_by.email") == "admin@example.com"
    assert reader.display("incident", row, "sys_class_name") == "Incident"
    assert reader.value("incident", row, "opened_by.department.name") == "Finance"
    assert reader.value("incident", row, "caller_id.name") == ""


def test_a_reference_that_leads_nowhere_shows_nothing(admin: Session) -> None:
    row = admin.insert("incident", {"caller_id": "0" * 32})
    assert admin.display("incident", row, "caller_id") == ""
