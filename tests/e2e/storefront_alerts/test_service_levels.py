"""Service levels: the app's definitions run on our incidents, are read back, and warn before they breach."""

from __future__ import annotations

import requests
from prometheus_client import CollectorRegistry, generate_latest

from sidecar.flows.storefront_alerts.levels import LevelMetrics
from snow_app.services import ServiceLevels


def work(desk) -> None:
    """Let the instance do what became due: queued events, e-mails, breaches."""
    requests.post(f"{desk.snow.url}/_emulator/clock", json={"advance_s": 0}, timeout=30)


def test_levels_run_and_are_read_back(desk):
    desk.alert()
    desk.pass_time(minutes=1)
    (incident,) = desk.incidents()
    found = {one.name: one for one in ServiceLevels(desk.admin).of(incident["sys_id"]) if "Commerce" in one.name}
    assert set(found) == {"Commerce P2 response", "Commerce P2 resolution"}
    assert found["Commerce P2 response"].stage == "in_progress"
    assert (found["Commerce P2 response"].due - found["Commerce P2 response"].started).total_seconds() == 1800
    desk.pass_time(minutes=6)
    registry = CollectorRegistry()
    registry.register(LevelMetrics(desk.database))
    text = generate_latest(registry).decode()
    expected = 'levels{breached="false",stage="in_progress",target="response",team="payments"} 1.0'
    assert expected in text


def test_a_breach_that_is_near_is_announced_once(desk):
    desk.alert()
    desk.pass_time(minutes=29)
    work(desk)
    (incident,) = desk.incidents()
    (warning,) = desk.admin.table("x_acme_sfcc_sla_warning").rows()
    assert (warning["incident"], warning["sla"]) == (incident["sys_id"], "Commerce P2 response")
    assert warning["due"] == "2026-03-02 09:30:30"
    assert int(warning["percentage"]) >= 75
    (event,) = (row for row in desk.admin.table("sysevent").rows() if row["name"] == "x_acme_sfcc.sla_at_risk")
    assert (event["instance"], event["parm1"]) == (incident["sys_id"], "Commerce P2 response")


def test_the_group_is_told_by_mail(desk):
    (group,) = (row for row in desk.admin.table("sys_user_group").rows() if row["name"] == "Commerce Payments")
    desk.admin.table("sys_user_group").update(group.sys_id, {"email": "payments@acme.example"})
    desk.alert()
    desk.pass_time(minutes=29)
    work(desk)
    sent = requests.get(f"{desk.snow.url}/_emulator/outbox", timeout=10).json()["messages"]
    (mail,) = (one for one in sent if "breaches" in one["subject"])
    assert mail["recipients"] == ["payments@acme.example"]
    assert "Commerce P2 response" in mail["subject"]


def test_a_resolved_incident_completes_its_levels_and_is_not_read_any_more(desk):
    desk.alert()
    desk.pass_time(minutes=2)
    desk.alert(state="resolved", failedCheckouts=None, revenueAtRisk=None)
    desk.pass_time(minutes=20)
    (incident,) = desk.incidents()
    stages = {one.stage for one in ServiceLevels(desk.admin).of(incident["sys_id"]) if "Commerce" in one.name}
    assert stages == {"completed"}
    handled = desk.engine.inbox.counts()["storefront_alerts"]["delivered"]
    desk.pass_time(minutes=30)
    assert desk.engine.inbox.counts()["storefront_alerts"]["delivered"] == handled
