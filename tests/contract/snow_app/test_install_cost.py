"""What installing costs in requests, by the local ServiceNow's own log, and that a second apply writes nothing."""

from __future__ import annotations

import pytest
import requests

from snow_app.app import AppParameters, scoped_app
from snow_app.install import Action, applied, planned, verified
from tests.generated_app import generated

ROOM = 12
"""Requests beside one for each 50 records."""


@pytest.fixture
def asked(snow):
    """The (method, path) of what the instance was asked since the last time."""

    def told() -> list[tuple[str, str]]:
        log = requests.get(f"{snow.url}/_emulator/requests", timeout=20).json()["requests"]
        requests.delete(f"{snow.url}/_emulator/requests", timeout=20)
        return [(one["method"], one["path"]) for one in log]

    return told


@pytest.mark.parametrize("app", [scoped_app, generated(300)], ids=["the app", "300 records"])
def test_installing_costs_a_request_for_fifty_records_and_twelve_more(client, parameters, asked, contents, app):
    count = planned(client, parameters, app).counts()[Action.CREATE]
    asked()
    assert applied(client, parameters, app).written == count
    assert 0 < len(asked()) <= count / 50 + ROOM
    before = contents()
    assert applied(client, parameters, app).written == 0
    assert 0 < len(asked()) <= ROOM
    assert contents() == before
    assert verified(client, parameters, app).ok


def test_an_update_costs_no_more(client, asked):
    parameters = AppParameters(scope="x_acme_shop")
    applied(client, parameters, generated(300))
    asked()
    written = applied(client, parameters, generated(300, word="second")).written
    assert written > 100
    assert 0 < len(asked()) <= written / 50 + ROOM
