"""Both platforms emulated, the app installed, and the flow on an engine of its own whose clock the test moves."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sfcc_client import CommerceClient
from sfcc_client.emulator import CommerceEmulator
from sidecar.engine import Database, InlineEngine, sqlite_url
from sidecar.flows.feedback import Feedback, FeedbackPolicy
from sidecar.flows.feedback.tables import HISTORY
from snow_app import Query, SnowClient, SnowSettings
from snow_app.app import AppParameters
from snow_app.emulator import ServiceNowEmulator
from snow_app.install import applied
from snow_app.row import Record

SCOPE = "x_acme_sfcc"
SITE = "RefArchUK"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Time:
    """The test's time: flow and ServiceNow go by it."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def shop() -> Iterator[CommerceEmulator]:
    with CommerceEmulator(port=0) as running:
        yield running


@pytest.fixture(scope="session")
def commerce(shop: CommerceEmulator) -> Iterator[CommerceClient]:
    with CommerceClient(shop.settings()) as client:
        yield client


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def instance() -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator(port=0) as running:
        with SnowClient(settings_of(running)) as client:
            applied(client, AppParameters(scope=SCOPE))
        yield running


def settings_of(instance: ServiceNowEmulator, username: str = "admin", password: str = "admin") -> SnowSettings:
    return SnowSettings(url=instance.url, username=username, password=password, allow_http=True)


@pytest.fixture
def snow(instance: ServiceNowEmulator) -> Iterator[SnowClient]:
    with SnowClient(settings_of(instance)) as client:
        yield client


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    held = Database(sqlite_url(tmp_path / "events.sqlite"))
    yield held
    held.close()


@dataclass
class World:
    """The flow at work, and short ways to what it made."""

    snow: SnowClient
    commerce: CommerceClient
    database: Database
    time: Time
    policy: FeedbackPolicy = field(default_factory=FeedbackPolicy)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def engine(self, **more: Any) -> InlineEngine:
        flow = Feedback(
            snow=self.snow,
            commerce=self.commerce,
            database=self.database,
            scope=SCOPE,
            clock=self.time,
            policy=self.policy,
        )
        return InlineEngine(self.database, [flow], clock=self.time, **more)

    def says(
        self, text: str = "The zip broke after two days", *, site: str = SITE, run: bool = True, **more: Any
    ) -> str:
        """One feedback, a minute after the last; `customer` numbers the person who gave it."""
        number = next(self.numbers)
        self.time.sleep(60)
        data = {
            "text": text,
            "locale": "en-GB",
            "submittedAt": self.time.now().isoformat(),
            "category": "product",
            "productId": "25752986M",
            "customerNo": f"C{number:04}",
        } | more
        data = {name: value for name, value in data.items() if value is not None}
        engine = self.engine()
        engine.take("feedback.submitted", data, site_id=site, event_id=f"fb-{number}")
        if run:
            engine.run()
        return f"fb-{number}"

    def changed(self, row: Record) -> None:
        """The doorbell for a record."""
        row = self.snow.table(row.table).get(row.sys_id)
        data = {"table": row.table, "sysId": row.sys_id, "correlationId": row["correlation_id"]}
        engine = self.engine()
        event_id = f"change:{row.sys_id}:{row['sys_mod_count']}:{next(self.numbers)}"
        engine.take("feedback.record_changed", data, site_id=SITE, event_id=event_id)
        engine.run()

    def writes(self, row: Record, **values: str | bool) -> Record:
        """What a person does on a record, and the doorbell that follows."""
        after = self.snow.table(row.table).update(row.sys_id, values)
        self.changed(after)
        return self.snow.table(row.table).get(row.sys_id)

    def passes(self, **span: float) -> None:
        self.time.at += timedelta(**span)
        self.engine().run()

    def rows(self, table: str, **where: str) -> list[Record]:
        query = Query()
        for name, value in where.items():
            query = query.where(name, "=", value)
        return list(self.snow.table(table).rows(query.ordered_by("sys_created_on") if where else None))

    def problems(self) -> list[Record]:
        return [row for row in self.rows("problem") if row["correlation_id"].startswith("feedback:")]

    def cases(self) -> list[Record]:
        return [row for row in self.rows("sn_customerservice_case") if row["correlation_id"].startswith("feedback:")]

    def history(self) -> list[str]:
        """What happened to clusters, in order."""
        with self.database.reading() as connection:
            return [str(kind) for kind in connection.execute(select(HISTORY.c.kind).order_by(HISTORY.c.id)).scalars()]

    def own(self, name: str) -> str:
        return f"{SCOPE}_feedback_{name}"

    def counts(self) -> dict[str, dict[str, int]]:
        return self.engine().inbox.counts()


@pytest.fixture
def world(snow: SnowClient, commerce: CommerceClient, database: Database, time: Time) -> World:
    return World(snow=snow, commerce=commerce, database=database, time=time)


@pytest.fixture
def with_policy(world: World) -> Callable[..., World]:
    def changed(**more: Any) -> World:
        return replace(world, policy=replace(world.policy, **more))

    return changed


@pytest.fixture
def scenes(tmp_path: Path, instance: ServiceNowEmulator, snow: SnowClient, commerce: CommerceClient) -> Iterator[Any]:
    """Makes one world after the other on the same instance, each as if nothing had been there before."""
    held: list[Database] = []

    def made() -> World:
        for database in held:
            database.close()
        store = instance.instance.session("admin")
        for table in (f"{SCOPE}_feedback", f"{SCOPE}_feedback_cluster", "problem", "sn_customerservice_case"):
            for row in store.query(table, "correlation_idSTARTSWITHfeedback:", acl=False):
                store.delete(table, row["sys_id"], acl=False)
        held.append(Database(sqlite_url(tmp_path / f"{len(held)}.sqlite")))
        return World(snow=snow, commerce=commerce, database=held[-1], time=Time())

    yield made
    for database in held:
        database.close()
