"""Encoded queries against stored records: each operator finds exactly what it means."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snow_app.emulator.instance import Instance, Row, Session
from snow_app.emulator.query.grammar import OPERATORS

Found = Callable[[str], set[str]]


@pytest.fixture
def found(admin: Session, instance: Instance) -> Found:
    """Which of five users a query finds, by user name."""
    for name, values in {
        "ada": {"first_name": "Ada", "last_name": "North", "title": "Chief 100%", "vip": "true", "zip": "20095"},
        "bela": {"first_name": "Bela", "last_name": "South", "title": "chief_clerk", "manager": "", "zip": "10115"},
        "caro": {"first_name": "Caro", "last_name": "East", "failed_attempts": "10", "time_zone": "UTC"},
        "dino": {"first_name": "Dino", "last_name": "West", "failed_attempts": "9", "email": "d@x.example"},
        "emil": {"first_name": "Emil", "last_name": "North", "active": "false", "failed_attempts": "0"},
    }.items():
        admin.insert("sys_user", {"user_name": name, "source": "zoo", **values})
    ada = instance.records.first("sys_user", user_name="ada")
    dino = instance.records.first("sys_user", user_name="dino")
    assert ada
    assert dino
    admin.update("sys_user", dino["sys_id"], {"manager": ada["sys_id"]})

    def query(encoded: str) -> set[str]:
        return {row["user_name"] for row in admin.query("sys_user", f"source=zoo^{encoded}")}

    return query


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        ("last_name=North", "ada emil"),
        ("last_name=north", "ada emil"),
        ("last_name!=North", "bela caro dino"),
        ("vip=true", "ada"),
        ("vip!=true", "bela caro dino emil"),
        ("vip=false", "bela caro dino emil"),
        ("active=1", "ada bela caro dino"),
        ("failed_attempts>9", "caro"),
        ("failed_attempts>=9", "caro dino"),
        ("failed_attempts<10", "dino emil"),
        ("failed_attempts=10", "caro"),
        ("failed_attemptsBETWEEN0@9", "dino emil"),
        ("failed_attemptsISEMPTY", "ada bela"),
        ("failed_attemptsISNOTEMPTY", "caro dino emil"),
        ("title=", "caro dino emil"),
        ("title!=", "ada bela"),
        ("titleLIKECHIEF", "ada bela"),
        ("titleLIKE100%", "ada"),
        ("titleLIKEf_c", "bela"),
        ("title*clerk", "bela"),
        ("titleNOT LIKEchief", "caro dino emil"),
        ("titleSTARTSWITHchief_", "bela"),
        ("titleENDSWITH%", "ada"),
        ("user_nameINada,CARO", "ada caro"),
        ("user_nameNOT INada,caro", "bela dino emil"),
        ("titleNOT INchief_clerk", "ada caro dino emil"),
        ("emailEMPTYSTRING", "ada bela caro emil"),
        ("nameANYTHING", "ada bela caro dino emil"),
        ("manager.user_name=ada", "dino"),
        ("managerSTARTSWITHAda", "dino"),
        ("manager.last_name!=North", "ada bela caro emil"),
        ("first_nameSAMEASuser_name", "ada bela caro dino emil"),
        ("last_nameNSAMEASuser_name", "ada bela caro dino emil"),
        ("zipGT_FIELDuser_name", ""),
        ("last_name=North^active=true^ORuser_name=emil", "ada emil"),
        ("last_name=South^NQsource=zoo^last_name=East", "bela caro"),
        ("no_such_column=1", "ada bela caro dino emil"),
        ("last_name=East^ORno_such_column=1", "caro"),
        ("manager.no_such=1", "ada bela caro dino emil"),
        ("last_nameSOUNDSLIKEwest", "ada bela caro dino emil"),
    ],
)
def test_an_operator_finds_what_it_means(found: Found, encoded: str, expected: str) -> None:
    assert found(encoded) == set(expected.split())


def test_a_strict_instance_finds_nothing_when_a_condition_cannot_be_read(found: Found, admin: Session) -> None:
    setting = admin.query("sys_properties", "name=glide.invalid_query.returns_no_rows")[0]
    admin.update("sys_properties", setting["sys_id"], {"value": "true"})
    assert found("no_such_column=1") == set()
    assert found("last_name=East") == {"caro"}


def test_order_limit_and_offset(admin: Session, found: Found) -> None:
    rows = admin.query("sys_user", "source=zoo^ORDERBYDESClast_name^ORDERBYuser_name", limit=3, offset=1)
    assert [row["user_name"] for row in rows] == ["bela", "ada", "emil"]
    by_number = admin.query("sys_user", "source=zoo^failed_attemptsISNOTEMPTY^ORDERBYfailed_attempts")
    assert [row["user_name"] for row in by_number] == ["emil", "dino", "caro"]


def test_a_parent_table_finds_the_records_of_its_children(admin: Session, incident: Callable[..., Row]) -> None:
    number = incident()["number"]
    row = admin.query("task", f"number={number}")[0]
    assert row["sys_class_name"] == "incident"
    assert "caller_id" not in row
    assert admin.query("task", f"number={number}^sys_class_name=task") == []
    assert len(admin.query("task", f"number={number}^sys_class_nameINSTANCEOFtask")) == 1


def test_days_begin_where_the_user_is(
    admin: Session, clock: Callable[..., object], incident: Callable[..., Row]
) -> None:
    # 23 November 10:00 UTC; the admin lives in Berlin, where the day began at 23:00 UTC the evening before.
    late = incident(opened_at="2026-11-22 23:30:00")["number"]
    early = incident(opened_at="2026-11-22 22:30:00")["number"]
    old = incident(opened_at="2026-11-01 12:00:00")["number"]

    def numbers(encoded: str) -> set[str]:
        return {row["number"] for row in admin.query("incident", encoded)} & {late, early, old}

    today = "opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()"
    assert numbers(today) == {late}
    assert numbers(today.replace("ON", "NOTON", 1)) == {early, old}
    assert numbers("opened_at>=javascript:gs.daysAgoStart(1)") == {late, early}
    assert numbers("opened_at<javascript:gs.daysAgo(7)") == {old}
    assert numbers("opened_atRELATIVEGT@hour@ago@11") == {late}
    assert numbers("opened_atRELATIVELE@day@ago@20") == {old}
    assert numbers("opened_by=javascript:gs.getUserID()") == {late, early, old}


def test_changes_are_judged_against_the_record_before(admin: Session) -> None:
    before, after = {"state": "1", "active": "true"}, {"state": "6", "active": "true"}
    judged = {
        "stateCHANGES": True,
        "activeCHANGES": False,
        "stateCHANGESFROM1": True,
        "stateCHANGESFROM2": False,
        "stateCHANGESTO6": True,
        "stateCHANGESTO7": False,
        "stateVALCHANGES^active=true": True,
        "stateCHANGES^active=false": False,
    }
    assert {query: admin.matches("incident", after, query, before) for query in judged} == judged


def test_joins_ask_for_records_that_something_points_at(admin: Session) -> None:
    managers = {
        row["user_name"] for row in admin.query("sys_user", "JOINsys_user.sys_id=sys_user_group.manager!active=true")
    }
    assert managers == {"lead"}
    busy = admin.query("sys_user_group", "RLQUERYsys_user_grmember.group,>=2^user.active=true^ENDRLQUERY")
    assert {row["name"] for row in busy} == {"Customer Service"}
    assert admin.query("sys_user_group", "RLQUERYsys_user_grmember.group,=0^ENDRLQUERY") == []


def test_text_search_wants_every_word(admin: Session, incident: Callable[..., Row]) -> None:
    wanted = incident(short_description="Wrong size", description="The blue coat is too small")["number"]
    incident(short_description="Wrong colour", description="The coat is red")
    rows = admin.query("incident", "123TEXTQUERY321=coat wrong small")
    assert [row["number"] for row in rows] == [wanted]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "OR", "NQ", "ORDERBY", "GROUPBY", "RLQUERY", "JOIN"]),
            st.sampled_from(["state", "opened_at", "caller_id", "caller_id.name", "active", "sys_id", "bogus", "."]),
            st.sampled_from([*OPERATORS, "", "XX"]),
            st.one_of(
                st.text(max_size=12), st.sampled_from(["javascript:gs.daysAgo(99999999)", "@day@ago@1", "9" * 40])
            ),
        ),
        max_size=6,
    )
)
def test_no_query_breaks_the_instance(admin: Session, terms: list[tuple[str, str, str, str]]) -> None:
    encoded = "^".join("".join(term) for term in terms)
    rows = admin.query("incident", encoded, limit=1)
    assert admin.count("incident", encoded) >= len(rows)


def test_thousands_of_conditions_are_served(admin: Session, incident: Callable[..., Row]) -> None:
    number = incident()["number"]
    encoded = f"number={number}^" + "^".join(["active=true"] * 2_500)
    assert [row["number"] for row in admin.query("incident", encoded)] == [number]


def test_ties_differ_from_page_to_page_unless_the_order_is_whole(admin: Session) -> None:
    for number in range(40):
        admin.insert("sys_user", {"user_name": f"tied{number}", "source": "ties", "title": "Clerk"})

    def paged(query: str) -> list[str]:
        pages = [admin.query("sys_user", f"source=ties^{query}", limit=10, offset=at) for at in range(0, 40, 10)]
        return [row["user_name"] for page in pages for row in page]

    assert len(set(paged("ORDERBYtitle"))) < len(paged("ORDERBYtitle")) == 40
    assert len(set(paged("ORDERBYtitle^ORDERBYsys_id"))) == len(set(paged("ORDERBYuser_name"))) == 40
    ties = admin.query("sys_properties", "name=emulator.query.stable_ties")[0]["sys_id"]
    admin.update("sys_properties", ties, {"value": "true"})
    assert len(set(paged("ORDERBYtitle"))) == 40
