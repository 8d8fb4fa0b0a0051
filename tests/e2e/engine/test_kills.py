"""Workers and intake are killed, ServiceNow misbehaves, events come twice: still one effect each, in order.

The same with more of both: ``python -m tests.performance --only deliveries``; for the product's own flows
``--only flow_kills``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import make_url

from sidecar.engine import Database, sqlite_url
from sidecar.engine.desk import Choice, EventDesk
from snow_app import Query, SnowClient, SnowSettings
from snow_app.emulator import ServiceNowEmulator
from tests.performance import postgres
from tests.performance.kills import Host, Plan, accounted

_PATIENCE_S = 60
needs_postgres = pytest.mark.skipif(bool(postgres.missing()), reason=postgres.missing() or "there is a server")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def database_url(request, tmp_path) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "events.sqlite")
        return
    with postgres.server() as url:
        yield url


PLANS = {
    ("cases", "sqlite"): Plan(events=300, kills=5),
    ("cases", "postgresql"): Plan(events=150, kills=4),
    ("flows", "sqlite"): Plan(events=60, kills=3, scenario="flows"),
    ("flows", "postgresql"): Plan(events=60, kills=3, scenario="flows"),
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scenario", ["cases", "flows"])
def test_every_event_takes_effect_once_in_order(database_url, tmp_path, capsys, scenario):
    plan = PLANS[scenario, make_url(database_url).get_backend_name()]
    account = accounted(plan, database_url, tmp_path)
    with capsys.disabled():
        print(f"\n{account}")
    assert account.wrong == ()
    assert account.accepted == plan.events == sum(account.ended[end] for end in ("delivered", "parked", "refused"))
    assert account.faults > plan.events * plan.faults


@pytest.mark.timeout(300)
@pytest.mark.parametrize("after", ["another worker", "a restart"])
def test_l11_what_a_killed_worker_began_is_taken_over(database_url, tmp_path, after):
    """Adyen/adyen-magento2#3085 and camunda/connectors#8989 (L3): a crashed worker's item is not stuck in progress."""
    with ServiceNowEmulator() as emulator:
        address: dict[str, Any] = {"url": emulator.url, "username": emulator.username, "password": emulator.password}
        told = {
            "snow": address,
            "database": database_url,
            "folder": str(tmp_path),
            "scenario": "cases",
            "threads": 2,
            "epoch": time.time(),
            "factor": 1.0,
            "open_s": 1.0,
        }
        first, second = Host(told), Host(told)
        database = Database(database_url)
        try:
            first.start()
            _until(lambda: bool(first.url))
            if after == "another worker":
                second.start()
                _until(lambda: bool(second.url))
            # The row is written, and the worker killed while it waits for the answer.
            emulator.faults.add(method="POST", path="/api/now/table/incident", late=True, delay=1.0, times=1)
            first.send("orders-1", "orders.sent", {"case": "1", "word": "news"})
            _until(lambda: not emulator.faults.listed())
            first.kill()
            if after == "a restart":
                first.start()
            _until(lambda: EventDesk(database).counts()["orders"]["delivered"] == 1)
        finally:
            first.stop()
            second.stop()
        with SnowClient(SnowSettings(allow_http=True, **address)) as snow:
            assert snow.table("incident").count(Query().where("correlation_id", "=", "orders-1")) == 1
        assert [line.attempts for line in EventDesk(database).list(Choice())] == [1]
        database.close()


def _until(ready: Any) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not ready():
        assert time.monotonic() < until, "not within a minute"
        time.sleep(0.02)
