"""From the first alert to the incident: one, complete, with the right team, up to date, resolved, reopened."""

from __future__ import annotations


def test_an_alert_becomes_one_incident_of_its_team(desk):
    desk.alert()
    assert desk.incidents() == []
    desk.pass_time(seconds=30)
    (incident,) = desk.incidents()
    assert incident["short_description"] == "Payments fail on RefArchDE: adyen.payment"
    assert incident["x_acme_sfcc_team"] == "payments"
    assert incident["x_acme_sfcc_layer"] == "application"
    assert incident["group"] == "Commerce Payments"
    assert (incident["impact"], incident["urgency"], incident["priority"]) == ("2", "1", "2")
    assert incident["x_acme_sfcc_failed_checkouts"] == "42"
    assert incident["x_acme_sfcc_site_id"] == "RefArchDE"
    assert "Correlation id: 0f8b4d0e-5a52-4f0e-8a55-6a4be12b6f0c" in incident["description"]
    assert "Logs may lag by up to 5 minutes." in incident["description"]
    assert desk.engine.inbox.counts() == {"storefront_alerts": {"delivered": 2, "waiting": 2}}


def incident_of(desk):
    desk.alert()
    desk.pass_time(seconds=30)
    (incident,) = desk.incidents()
    return incident


def test_more_alerts_are_the_same_incident_and_one_note_in_five_minutes(desk):
    incident = incident_of(desk)
    for _ in range(9):
        desk.alert(failedCheckouts=1, revenueAtRisk=None)
    desk.pass_time(minutes=4)
    assert desk.notes(incident) == []
    desk.pass_time(minutes=2)
    (note,) = desk.notes(incident)
    assert note.startswith("Still failing\n")
    assert "Failed checkouts: 51" in note
    assert "Revenue at risk: 5140.00 EUR" in note
    (incident,) = desk.incidents()
    assert incident["x_acme_sfcc_failed_checkouts"] == "51"
    assert incident["x_acme_sfcc_alert_count"] == "10"


def test_what_gets_worse_is_told_at_once(desk):
    incident = incident_of(desk)
    desk.alert(failedCheckouts=90)
    desk.pass_time(seconds=30)
    (incident,) = desk.incidents()
    assert (incident["impact"], incident["priority"]) == ("1", "1")


def test_it_is_resolved_after_the_hold_and_only_by_newer_evidence(desk):
    incident = incident_of(desk)
    desk.alert(state="resolved", ago=60, failedCheckouts=None, revenueAtRisk=None)
    desk.pass_time(minutes=10)
    assert desk.incidents()[0]["state"] == "1"
    desk.alert(state="resolved", failedCheckouts=None, revenueAtRisk=None)
    desk.pass_time(minutes=4, seconds=30)
    assert desk.incidents()[0]["state"] == "1"
    desk.pass_time(minutes=1)
    (incident,) = desk.incidents()
    assert (incident["state"], incident["close_code"]) == ("6", "Solution provided")
    assert incident["close_notes"].startswith("Recovered\n")


def test_silence_is_not_recovery(desk):
    incident = incident_of(desk)
    desk.pass_time(hours=5)
    assert desk.incidents()[0]["state"] == "1"
    (note,) = desk.notes(incident)
    assert note.startswith("Nothing heard since\n")


def resolved(desk):
    desk.pass_time(minutes=1)
    desk.alert(state="resolved", failedCheckouts=None, revenueAtRisk=None)
    desk.pass_time(minutes=6)
    assert desk.incidents()[-1]["state"] == "6"


def test_a_failure_soon_after_reopens_the_incident(desk):
    incident = incident_of(desk)
    resolved(desk)
    desk.pass_time(minutes=30)
    desk.alert()
    desk.pass_time(minutes=1)
    (again,) = desk.incidents()
    assert (again["sys_id"], again["state"], again["reopen_count"]) == (incident["sys_id"], "2", "1")
    assert desk.notes(incident)[-1].startswith("Failing again\n")
    assert again["x_acme_sfcc_failed_checkouts"] == "84"


def test_a_failure_much_later_is_a_new_incident_that_knows_the_earlier_one(desk):
    incident = incident_of(desk)
    resolved(desk)
    desk.pass_time(hours=3)
    desk.alert()
    desk.pass_time(minutes=1)
    first, second = desk.incidents()
    assert (first["state"], second["state"]) == ("6", "1")
    assert second["x_acme_sfcc_former_incident"] == incident["sys_id"]
    assert second["x_acme_sfcc_failed_checkouts"] == "42"
    assert (first["x_acme_sfcc_cycle"], second["x_acme_sfcc_cycle"]) == ("1", "2")


def test_what_a_person_closed_is_followed_by_a_new_incident(desk):
    incident = incident_of(desk)
    closing = {"state": "7", "close_code": "Solution provided", "close_notes": "Done."}
    desk.admin.table("incident").update(incident["sys_id"], closing)
    desk.pass_time(minutes=1)
    desk.alert()
    desk.pass_time(minutes=6)
    first, second = desk.incidents()
    assert (first["state"], second["state"]) == ("7", "1")
    assert second["x_acme_sfcc_former_incident"] == first["sys_id"]


def test_what_a_person_resolved_is_reopened_when_it_fails_again(desk):
    incident = incident_of(desk)
    solving = {"state": "6", "close_code": "Solution provided", "close_notes": "Done."}
    desk.admin.table("incident").update(incident["sys_id"], solving)
    desk.pass_time(minutes=1)
    desk.alert()
    desk.pass_time(minutes=6)
    (again,) = desk.incidents()
    assert again["state"] == "2"
