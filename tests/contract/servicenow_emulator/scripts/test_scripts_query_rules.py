"""Business rules on query: they narrow what a user finds, whoever asks and however."""

import pytest

from snow_app.emulator.instance import Session

ACTIVE_ONLY = "current.addQuery('active', true);"


@pytest.fixture
def narrow(rule):
    """A query rule on incidents with this script."""

    def made(script: str, **values: str) -> None:
        body = f"(function executeRule(current, previous) {{ {script} }})(current, previous);"
        values = {"action_insert": "false", "action_update": "false", "action_query": "true", **values}
        rule(body, when="before", **values)

    return made


def numbers(session: Session, query: str = "", table: str = "incident") -> set[str]:
    return {row["short_description"] for row in session.query(table, query)}


@pytest.fixture
def incidents(admin: Session) -> dict[str, str]:
    """Two open ones and a closed one: sys_id by description."""
    closing = {"state": "7", "close_code": "User error", "close_notes": "x"}
    made = {
        "a": admin.insert("incident", {"short_description": "a", "urgency": "1"}),
        "b": admin.insert("incident", {"short_description": "b"}),
        "c": admin.insert("incident", {"short_description": "c", **closing}),
    }
    return {name: row["sys_id"] for name, row in made.items()}


def test_it_narrows_lists_counts_and_single_records(narrow, admin: Session, incidents: dict[str, str]) -> None:
    assert numbers(admin) == {"a", "b", "c"}
    narrow(ACTIVE_ONLY)
    assert numbers(admin) == {"a", "b"}
    assert numbers(admin, "short_description=c^NQshort_description=b") == {"b"}
    assert admin.count("incident") == 2
    assert admin.get("incident", incidents["c"]) is None
    assert admin.get("incident", incidents["a"])
    assert admin.query("incident", acl=False, rules=False) != admin.query("incident")


def test_several_rules_add_up_and_an_alternative_stays_in_its_rule(narrow, admin: Session, incidents) -> None:
    narrow("current.addEncodedQuery('short_description=a^NQshort_description=c');", name="first")
    narrow(ACTIVE_ONLY, name="second")
    assert numbers(admin) == {"a"}


def test_a_condition_and_a_role_choose_whom_it_narrows(narrow, instance, admin: Session, incidents) -> None:
    narrow(ACTIVE_ONLY, condition="!gs.hasRole('admin')")
    assert numbers(admin) == {"a", "b", "c"}
    assert numbers(instance.session("agent")) == {"a", "b"}


def test_scripts_are_narrowed_unless_they_say_otherwise(narrow, run, incidents) -> None:
    narrow(ACTIVE_ONLY)
    count = "var gr = new GlideRecord('incident'); {} gr.query(); gr.getRowCount()"
    assert run(count.format("")) == "2"
    assert run(count.format("gr.setWorkflow(false);")) == "3"
    total = (
        "var a = new GlideAggregate('incident'); a.addAggregate('COUNT'); a.query(); a.next(); a.getAggregate('COUNT')"
    )
    assert run(total) == "2"


def test_a_rule_may_ask_its_own_table(narrow, admin: Session, incidents) -> None:
    narrow(
        "var gr = new GlideRecord('incident'); gr.addQuery('urgency', 1); gr.query();"
        "if (gr.next()) current.addQuery('sys_id', gr.getUniqueValue());"
    )
    assert numbers(admin) == {"a"}


def test_a_rule_of_the_parent_table_holds_below(narrow, admin: Session, incidents) -> None:
    narrow(ACTIVE_ONLY, collection="task")
    assert numbers(admin) == {"a", "b"}


def test_a_rule_that_fails_narrows_nothing_and_is_logged(narrow, admin: Session, incidents) -> None:
    narrow("no_such_thing();")
    assert numbers(admin) == {"a", "b", "c"}
    assert admin.query("syslog", "messageLIKEno_such_thing")


def test_writes_are_not_narrowed(narrow, admin: Session, incidents) -> None:
    narrow(ACTIVE_ONLY)
    admin.update("incident", incidents["c"], {"short_description": "still"})
    assert admin.query("incident", "short_description=still", acl=False)
