from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from snow_app import errors
from snow_app.tables import Cases

ID = "a" * 32
SINCE = datetime(2026, 11, 9, tzinfo=UTC)


def case(sys_id=ID, **columns):
    values = {"sys_id": sys_id, "number": "INC0010001", "active": "true", "opened_at": "2026-11-20 08:00:00", **columns}
    return {name: {"value": value, "display_value": value} for name, value in values.items()}


@pytest.fixture
def cases(connect):
    return Cases(connect(), scope="x_a_b")


def test_a_case_is_read_with_what_it_remembers(instance, cases):
    instance.answer(200, {"result": case(x_a_b_order_no="0009", short_description="Where is it?")})
    found = cases.get("incident", ID)
    assert (found.number, found.order_no, found.customer_no, found.active) == ("INC0010001", "0009", "", True)
    assert found.opened_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert "Where is it" not in repr(found)


def test_earlier_contacts_about_an_order(instance, cases):
    rows = [case(x_a_b_order_no="0009"), case("b" * 32, x_a_b_order_no="0010"), case("c" * 32)]
    instance.answer(200, {"result": rows}, X_Total_Count="3")
    found = cases.contacts_about(table="incident", since=SINCE, order_no="0009", customer_no="42")
    assert [one.sys_id for one in found] == [ID]
    assert instance.asked[0]["query"]["sysparm_query"] == (
        "x_a_b_order_no=0009^opened_at>=2026-11-09 00:00:00^ORDERBYDESCopened_at^ORDERBYsys_id"
    )


def test_earlier_contacts_of_a_customer_of_one_site(instance, cases):
    rows = [
        case(x_a_b_customer_no="42", x_a_b_site_id="DE"),
        case("b" * 32, x_a_b_customer_no="42", x_a_b_site_id="FR"),
    ]
    instance.answer(200, {"result": rows}, X_Total_Count="2")
    found = cases.contacts_about(table="incident", since=SINCE, customer_no="42", site_id="DE")
    assert [one.sys_id for one in found] == [ID]


def test_a_work_note_is_sent_once(instance, cases):
    instance.answer(503, b"")
    with pytest.raises(errors.Unavailable):
        cases.add_work_note("incident", ID, "Called back.")
    assert [json.loads(asked["body"]) for asked in instance.asked] == [{"work_notes": "Called back."}]


def test_other_tables_and_empty_questions_are_refused(cases):
    for wrong in (
        lambda: cases.get("sys_user", ID),
        lambda: cases.contacts_about(table="incident", since=SINCE),
        lambda: cases.add_work_note("incident", ID, "  "),
        lambda: cases.contacts_about(table="incident", since=SINCE, order_no="1^ORactive=true"),
    ):
        with pytest.raises(errors.UnsafeQuery):
            wrong()
