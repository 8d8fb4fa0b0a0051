"""The flow with exactly the roles its page names, and what must never reach ServiceNow's records for IT."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snow_app import SnowClient
from snow_app.app import AppParameters, Facts, scoped_app
from snow_app.errors import Forbidden
from tests.e2e.feedback.conftest import SCOPE, settings_of

ROLES = ("itil", "sn_customerservice_agent", "problem_manager", f"{SCOPE}.feedback_sync")
ACLS = ("sys_security_acl", "sys_security_acl_role")
CANARIES = ("ada.canary@example.com", "4111 1111 1111 1111", "+49 170 5550101", "C0815canary", "Canarystraße 12")

TOLD = " ".join(one for one in CANARIES if one != CANARIES[3])


@pytest.fixture
def guarded(instance):
    """The instance with the access rules in force, as an update set brings them."""
    session = instance.instance.session("admin")
    for row in scoped_app(AppParameters(scope=SCOPE), Facts(csm=True)).rows():
        if row.table in ACLS:
            session.insert(row.table, {**row.values, **row.initial, "sys_id": row.sys_id}, acl=False)
    return instance


def user(instance, name: str, roles: tuple[str, ...]):
    session = instance.instance.session("admin")
    made = session.insert("sys_user", {"user_name": name, "user_password": name, "name": name}, acl=False)
    for role in roles:
        (found,) = session.query("sys_user_role", f"name={role}", acl=False)
        session.insert("sys_user_has_role", {"user": made["sys_id"], "role": found["sys_id"]}, acl=False)
    return SnowClient(settings_of(instance, name, name))


@pytest.mark.parametrize("missing", [None, *ROLES[1:2], ROLES[3]])
def test_it_works_with_these_roles_and_not_with_fewer(world, guarded, missing):
    with user(guarded, "sync", tuple(role for role in ROLES if role != missing)) as limited:
        flow = replace(world, snow=limited)
        for _ in range(5):
            flow.says(orderNo="00012345", consent=True, rating=1)
    delivered = world.counts()["feedback"] == {"delivered": 5}
    assert delivered == (missing is None)
    if missing is None:
        assert len(world.problems()) == 1
        assert {case["problem"] for case in world.cases()} == {world.problems()[0].sys_id}


def test_people_decide_and_add_nothing(world, guarded):
    world.says()
    (link,) = world.rows(f"{SCOPE}_feedback")
    with user(guarded, "olga", (f"{SCOPE}.feedback",)) as person:
        held = person.table(link.table)
        assert held.update(link.sys_id, {"decision": "dismissed"})["decision"] == "dismissed"
        with pytest.raises(Forbidden):
            held.insert({"reference": "E999999"})


def test_no_person_is_told_to_those_who_fix_things(world, instance):
    for nth in range(5):
        world.says(
            text=f"The zip broke. {TOLD} {CANARIES[3]}{nth}",
            orderNo="00012345",
            consent=True,
            rating=1,
            email=f"{nth}{CANARIES[0]}",
            customerNo=f"{CANARIES[3]}{nth}",
        )
    assert len(world.problems()) == 1
    kept = [str(dict(row.values)) for row in (*world.problems(), *world.rows(f"{SCOPE}_feedback"))]
    kept += [str(dict(row.values)) for row in world.rows(f"{SCOPE}_feedback_cluster")]
    cases = [case["description"] for case in world.cases()]
    with world.database.reading() as connection:
        for table in ("feedback_items", "feedback_clusters", "feedback_problems", "feedback_history"):
            kept += [str(tuple(row)) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    for canary in CANARIES:
        assert not [one for one in kept if canary.casefold() in one.casefold()], canary
    for canary in (CANARIES[0], CANARIES[1], CANARIES[2], CANARIES[4]):
        assert not [one for one in cases if canary in one], canary
