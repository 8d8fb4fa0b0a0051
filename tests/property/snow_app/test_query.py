"""Whatever a value is, it stays one value of one condition, or it is refused."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from snow_app.errors import UnsafeQuery
from snow_app.query import Query

hostile = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["^", "^OR", "^NQ", "\n", "javascript:", "^ORDERBY", "a,b", "'", '"', "%5E", "{{", "<b>"]).flatmap(
        lambda part: st.text(max_size=10).map(lambda rest: f"{rest}{part}{rest}")
    ),
)


@given(hostile)
def test_a_value_stays_one_condition(value):
    with contextlib.suppress(UnsafeQuery):
        query = str(Query().where("number", "=", "1").where("email", "=", value).ordered_by("sys_id"))
        assert query == f"number=1^email={value}^ORDERBYsys_id"
        assert len(query.split("^")) == 3
        assert "\n" not in query


@given(st.lists(hostile, max_size=5))
def test_a_list_keeps_its_length(values):
    with contextlib.suppress(UnsafeQuery):
        query = str(Query().where("number", "IN", values))
        assert query.removeprefix("numberIN").split(",") == values
