"""Causes mute their symptoms, planned work mutes its site, and what nobody can place has a queue of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

SCOPE = "x_acme_sfcc"
CHECKOUT = {"signal": "checkout_failures", "service": None, "message": "Checkouts fail", "failedCheckouts": 20}
SHEDDING = {
    "signal": "load_shedding", "service": None, "message": "Load THROTTLE", "failedCheckouts": None,
    "revenueAtRisk": None,
}  # fmt: skip


def planned(desk, *, minutes: int, **changes: object) -> str:
    values = {
        "starts": (desk.time.at - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S"),
        "ends": (desk.time.at + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S"),
        "reason": "Release", "active": True, "site_id": "RefArchDE", **changes,
    }  # fmt: skip
    return desk.admin.table(f"{SCOPE}_maintenance").insert(values).sys_id


def test_a_cause_has_the_incident_and_what_its_symptoms_cost(desk):
    desk.take(**CHECKOUT)
    desk.take(**SHEDDING)
    desk.pass_time(minutes=2)
    desk.alert(**CHECKOUT)
    desk.pass_time(minutes=6)
    (incident,) = desk.incidents()
    assert incident[f"{SCOPE}_signal"] == "load_shedding"
    assert incident["group"] == "Commerce Platform"
    assert incident["impact"] == "2"


def test_another_site_is_not_muted(desk):
    desk.take(**CHECKOUT, site="RefArchFR")
    desk.take(**SHEDDING)
    desk.pass_time(minutes=2)
    assert {one[f"{SCOPE}_site_id"] for one in desk.incidents()} == {"RefArchDE", "RefArchFR"}


def test_a_symptom_that_outlives_its_cause_gets_its_own_incident(desk):
    desk.take(**CHECKOUT)
    desk.take(**SHEDDING)
    desk.pass_time(minutes=2)
    desk.alert(**{**SHEDDING, "state": "resolved"})
    desk.pass_time(minutes=3)
    desk.alert(**CHECKOUT)
    desk.pass_time(minutes=5)
    first, second = desk.incidents()
    assert (first["state"], second["state"]) == ("6", "1")
    assert second[f"{SCOPE}_signal"] == "checkout_failures"


def test_a_cause_that_shows_later_is_named_on_the_symptoms_incident(desk):
    desk.alert(**CHECKOUT)
    desk.pass_time(minutes=1)
    desk.alert(**SHEDDING)
    desk.pass_time(minutes=1)
    desk.alert(**CHECKOUT)
    desk.pass_time(minutes=6)
    first, second = desk.incidents()
    assert f"Probably caused by {second['number']}." in "\n".join(desk.notes(first))


@pytest.mark.parametrize("site", ["RefArchDE", ""], ids=["its site", "all sites"])
def test_maintenance_opens_nothing_until_its_end(desk, site):
    planned(desk, minutes=20, site_id=site)
    desk.alert()
    desk.pass_time(minutes=19)
    assert desk.incidents() == []
    desk.alert()
    desk.pass_time(minutes=2)
    (incident,) = desk.incidents()
    assert incident[f"{SCOPE}_alert_count"] == "2"


def test_what_recovered_during_maintenance_opens_nothing(desk):
    planned(desk, minutes=20)
    desk.alert()
    desk.pass_time(minutes=10)
    desk.alert(state="resolved")
    desk.pass_time(minutes=20)
    assert desk.incidents() == []


@pytest.mark.parametrize("changes", [{"site_id": "RefArchFR"}, {"active": False}], ids=["another site", "called off"])
def test_maintenance_elsewhere_mutes_nothing(desk, changes):
    planned(desk, minutes=20, **changes)
    desk.alert()
    desk.pass_time(minutes=1)
    assert len(desk.incidents()) == 1


def test_maintenance_that_is_called_off_ends(desk):
    sys_id = planned(desk, minutes=600)
    desk.alert()
    desk.pass_time(minutes=2)
    desk.admin.table(f"{SCOPE}_maintenance").update(sys_id, {"active": False})
    desk.pass_time(minutes=6)
    assert len(desk.incidents()) == 1


def test_what_nobody_can_place_has_a_queue(desk):
    desk.alert(signal="error_rate", service=None, message="Something went wrong")
    desk.pass_time(minutes=1)
    (incident,) = desk.incidents()
    assert (incident[f"{SCOPE}_team"], incident["group"]) == ("unrouted", "Commerce Unrouted")
    assert "no evidence speaks clearly for a team" in incident["description"]


def test_a_group_somebody_chose_stays(desk):
    desk.alert()
    desk.pass_time(minutes=1)
    (incident,) = desk.incidents()
    (other,) = (row for row in desk.admin.table("sys_user_group").rows() if row["name"] == "Commerce Network")
    desk.admin.table("incident").update(incident["sys_id"], {"assignment_group": other.sys_id})
    desk.alert()
    desk.pass_time(minutes=6)
    assert desk.incidents()[0]["group"] == "Commerce Network"
