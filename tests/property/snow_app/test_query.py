"""Whatever the values are, the platform's grammar reads back exactly the conditions built, or a value was refused."""

from __future__ import annotations

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snow_app.emulator.query.grammar import OPERATORS, parsed
from snow_app.errors import UnsafeQuery
from snow_app.query import Query

PIECES = [
    *("^", "^OR", "^NQ", "^^", "^EQ", "^ORDERBY", "\n", "\r", "\0", "\x85", "\u2028", "javascript:", "JavaScript:"),
    *(",", "@", "'", '"', "%5E", "{{", "<b>", "!", "=", "STANCEOF", "_FIELD", "DESC", "JOINa.b=c.d!", "ORDERBYname"),
    *("RLQUERYtask.parent,>0", "ENDRLQUERY", "GROUPBYname", "NQ", "OR", "123TEXTQUERY321=", " ", "\t", "é", "𝕏"),
    *OPERATORS,
]
hostile = st.one_of(
    st.sampled_from(["a", "1,2", "1@2", "=5", "STANCEOFx", "a^b", "a b"]),
    st.text(max_size=30),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=5).map("".join),
)
columns = st.sampled_from(["number", "caller_id.email", "u_on", "order", "in_use", "x_acme_like"])
compared = st.tuples(columns, st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "LIKE", "NOT LIKE"]), hostile)
begun = st.tuples(columns, st.sampled_from(["STARTSWITH", "ENDSWITH"]), hostile)
listed = st.tuples(columns, st.sampled_from(["IN", "NOT IN"]), st.lists(hostile, min_size=1, max_size=4))
bounded = st.tuples(columns, st.just("BETWEEN"), st.tuples(hostile, hostile))
conditions = st.one_of(compared, begun, listed, bounded)


def added(query, condition, *, alternative):
    column, operator, value = condition
    if operator == "BETWEEN":
        return query.between(column, *value), "@".join(value)
    return (query.or_where if alternative else query.where)(column, operator, value), value


def read(condition):
    listed = condition.operator in ("IN", "NOT IN")
    return condition.path, condition.operator, condition.value.split(",") if listed else condition.value


def built(blocks):
    """The query of or'ed blocks of and'ed groups of or'ed conditions without the refused ones, and what it means."""
    query, meant = None, []
    for block in blocks:
        part, groups = Query(), []
        for group in block:
            grown = False
            for condition in group:
                alternative = grown and condition[1] != "BETWEEN"
                with contextlib.suppress(UnsafeQuery):
                    part, value = added(part, condition, alternative=alternative)
                    entry = (*condition[:2], value)
                    groups[-1].append(entry) if alternative else groups.append([entry])
                    grown = True
        if groups:
            query = part if query is None else query.either(part)
            meant.append(groups)
    return query, meant


@given(st.lists(st.lists(st.lists(conditions, min_size=1, max_size=3), min_size=1, max_size=2), min_size=1, max_size=2))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_conditions_are_read_back_as_they_were_built(blocks):
    query, meant = built(blocks)
    if query is None:
        return
    found = parsed(str(query.ordered_by("number").ordered_by("sys_id", descending=True)))
    assert [[[read(c) for c in group] for group in block] for block in found.blocks] == meant
    assert found.order == (("number", False), ("sys_id", True))
    assert (found.dropped, found.related, found.group_by) == (False, (), ())


@given(hostile)
def test_a_single_value_stays_one_condition_or_is_refused(value):
    try:
        query = Query().where("email", "=", value)
    except UnsafeQuery:
        return
    ((((condition,),),)) = (parsed(str(query)).blocks,)
    assert condition[0].value == value


@given(st.lists(hostile, min_size=1, max_size=40), st.integers(min_value=1, max_value=400))
def test_splitting_a_list_keeps_every_value_once(values, longest):
    try:
        parts = list(Query().where("active", "=", True).split("number", values, longest=longest))
    except UnsafeQuery:
        return
    members = [parsed(str(part)).blocks[0][1][0].value for part in parts]
    assert [each for member in members for each in member.split(",")] == list(dict.fromkeys(values))
