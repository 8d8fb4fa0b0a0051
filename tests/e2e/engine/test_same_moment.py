"""Two workers that store the same event at the same moment: it is stored once, and both go on."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from sidecar.engine import Database
from sidecar.engine.arrivals import Arrival, stored
from sidecar.engine.inbox import Inbox
from sidecar.flows.storefront_alerts.events import SLA_DUE
from sidecar.flows.storefront_alerts.flow import TYPES
from tests.performance import postgres

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KIND = next(kind for kind in TYPES if kind.name == SLA_DUE)
DUE = Arrival(
    id=f"{SLA_DUE}:1",
    type=KIND,
    flow="storefront_alerts",
    key="levels",
    site_id="RefArchDE",
    time=NOW,
    payload={"group": "0" * 40},
)
_PATIENCE_S = 30
_BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.mark.skipif(bool(postgres.missing()), reason=postgres.missing() or "there is a server")
def test_a_timer_that_two_set_at_once_is_one():
    with postgres.server() as url:
        database = Database(url)
        later: list[object] = []

        def second() -> None:
            later.extend(Inbox(database, {}).store([DUE], NOW))

        thread = threading.Thread(target=second)
        with database.transaction() as connection:
            (first,) = stored(connection, [DUE], NOW)
            thread.start()
            _until_blocked(database)
        thread.join(_PATIENCE_S)
        database.close()
    assert [(one.seq, one.again) for one in later] == [(first.seq, True)]


def _until_blocked(database: Database) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        with database.reading() as connection:
            if connection.execute(_BLOCKED).scalar_one():
                return
    raise AssertionError("the second did not wait for the first")
