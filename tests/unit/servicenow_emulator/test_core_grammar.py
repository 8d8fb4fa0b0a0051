import pytest

from snow_app.emulator.query.grammar import Condition, Query, parsed


def conditions(query: Query) -> list[list[list[tuple[str, str, str]]]]:
    return [[[(c.path, c.operator, c.value) for c in group] for group in block] for block in query.blocks]


def test_terms_are_anded_and_an_or_joins_the_term_before_it() -> None:
    assert conditions(parsed("active=true^state=1^ORstate=2^numberLIKEINC")) == [
        [[("active", "=", "true")], [("state", "=", "1"), ("state", "=", "2")], [("number", "LIKE", "INC")]]
    ]


def test_a_new_query_is_a_block_of_its_own() -> None:
    assert conditions(parsed("state=1^NQpriority=1^active=true")) == [
        [[("state", "=", "1")]],
        [[("priority", "=", "1")], [("active", "=", "true")]],
    ]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("state!=3", ("state", "!=", "3")),
        ("state>=3", ("state", ">=", "3")),
        ("nameSTARTSWITHA", ("name", "STARTSWITH", "A")),
        ("nameNOT LIKEa b", ("name", "NOT LIKE", "a b")),
        ("nameDOES NOT CONTAINx", ("name", "DOES NOT CONTAIN", "x")),
        ("stateIN1,2", ("state", "IN", "1,2")),
        ("stateNOT IN1,2", ("state", "NOT IN", "1,2")),
        ("caller_id.name=Inge", ("caller_id.name", "=", "Inge")),
        ("opened_atBETWEENa@b", ("opened_at", "BETWEEN", "a@b")),
        ("closed_atISNOTEMPTY", ("closed_at", "ISNOTEMPTY", "")),
        ("inventoryINa", ("inventory", "IN", "a")),
        ("short_description=IN THE HALL", ("short_description", "=", "IN THE HALL")),
        ("opened_atGT_OR_EQUALS_FIELDclosed_at", ("opened_at", "GT_OR_EQUALS_FIELD", "closed_at")),
        ("name=a^^b", ("name", "=", "a^b")),
        ("description=line one\nline two", ("description", "=", "line one\nline two")),
    ],
)
def test_a_term_is_path_operator_and_value(term: str, expected: tuple[str, str, str]) -> None:
    query = parsed(term)
    assert conditions(query) == [[[expected]]]
    assert not query.dropped


def test_order_may_stand_anywhere_and_eq_means_nothing() -> None:
    query = parsed("ORDERBYDESCsys_created_on^active=true^EQ^ORDERBYnumber")
    assert query.order == (("sys_created_on", True), ("number", False))
    assert conditions(query) == [[[("active", "=", "true")]]]


@pytest.mark.parametrize("term", ["stateSOUNDSLIKE3", "???", "State=3", "state"])
def test_what_is_no_condition_is_dropped(term: str) -> None:
    query = parsed(f"active=true^{term}")
    assert query.dropped
    assert conditions(query) == [[[("active", "=", "true")]]]


def test_an_empty_query_asks_for_everything() -> None:
    assert parsed("") == Query(blocks=((),))


def test_joins_and_related_lists_name_the_other_table() -> None:
    join = parsed("active=true^JOINsys_user.sys_id=sys_user_group.manager!active=true")
    assert [(r.table, r.field, r.own_field, r.query) for r in join.related] == [
        ("sys_user_group", "manager", "sys_id", "active=true")
    ]
    counted = parsed("RLQUERYsys_user_has_role.user,>=2^state=active^ENDRLQUERY^active=true")
    assert [(r.table, r.field, r.comparison, r.number, r.query) for r in counted.related] == [
        ("sys_user_has_role", "user", ">=", 2, "state=active")
    ]
    assert counted.blocks == (((Condition(path="active", operator="=", value="true"),),),)
