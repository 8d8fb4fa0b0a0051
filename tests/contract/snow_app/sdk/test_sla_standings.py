"""The service levels of a task as the SDK tells them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from snow_app.services import ServiceLevels


@pytest.fixture
def level(client):
    """Put the definitions that came along out of force and make one of an hour."""
    for row in client.table("contract_sla").rows():
        client.table("contract_sla").update(row.sys_id, {"active": False})
    values = {
        "name": "Hour", "collection": "incident", "type": "SLA", "target": "resolution",
        "start_condition": "active=true", "duration": "1970-01-01 01:00:00", "stop_condition": "state=6",
        "pause_condition": "state=3", "cancel_condition": "state=8", "when_to_resume": "no_match",
        "schedule_source": "no_schedule",
        "timezone_source": "sla.timezone",
    }  # fmt: skip
    client.table("contract_sla").insert(values)


def incident(client, **changes: str) -> str:
    made = client.table("incident").insert({"short_description": "Slow"})
    if changes:
        client.table("incident").update(made.sys_id, changes)
    return made.sys_id


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({}, "in_progress"),
        ({"state": "3", "hold_reason": "1"}, "paused"),
        ({"state": "6", "close_code": "Solution provided", "close_notes": "Done."}, "completed"),
        ({"state": "8"}, "cancelled"),
    ],
)
def test_the_four_stages(client, level, changes, stage):
    (found,) = ServiceLevels(client).of(incident(client, **changes))
    assert (found.name, found.target, found.stage, found.breached) == ("Hour", "resolution", stage, False)


def test_the_share_that_is_used_goes_on_between_two_measurements(client, level):
    (found,) = ServiceLevels(client).of(incident(client))
    assert found.due - found.started == timedelta(hours=1)
    assert found.used(found.started + timedelta(minutes=45)) == pytest.approx(0.75)
    assert found.used(found.started + timedelta(hours=2)) == pytest.approx(2)


def test_a_paused_level_uses_nothing_up(client, level):
    (found,) = ServiceLevels(client).of(incident(client, state="3", hold_reason="1"))
    assert found.used(found.started + timedelta(minutes=45)) < 0.1


def test_another_tasks_levels_are_not_ours(client, level):
    first, _ = incident(client), incident(client)
    assert len(ServiceLevels(client).of(first)) == 1
