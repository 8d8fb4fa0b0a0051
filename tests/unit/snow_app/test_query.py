from __future__ import annotations

from datetime import UTC, datetime

import pytest

from snow_app.errors import UnsafeQuery
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
