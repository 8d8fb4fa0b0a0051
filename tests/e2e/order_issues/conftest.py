"""A shop, an instance with the app installed, and the flow between them as its own user with no more than its roles."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sfcc_client import CommerceClient
from sfcc_client.emulator import CommerceEmulator
from sfcc_client.models import Order
from sidecar.engine import Database, InlineEngine, sqlite_url
from sidecar.flows.order_issues import OrderIssues
from snow_app import Query, SnowClient, SnowSettings
from snow_app.app import AppParameters
from snow_app.emulator import ServiceNowEmulator
from snow_app.install import applied

SCOPE = "x_acme_sfcc"
RUNGS = {
    "sn_order_case": {"csm": True, "order_cases": True},
    "sn_customerservice_case": {"csm": True},
    "incident": {"csm": False},
}
ROLES = {
    "sn_order_case": ("itil", "sn_order_case.agent"),
    "sn_customerservice_case": ("itil", "sn_customerservice_agent"),
    "incident": ("itil",),
}
"""What the flow's user needs, and all it gets."""
USER = "commerce.orders"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


class Clock:
    """Time that passes by `sleep` only."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Desk:
    """One instance with the app, the flow's user and an administrator."""

    rung: str
    snow: ServiceNowEmulator
    user: SnowClient
    admin: SnowClient

    def rows(self, table: str, **equal: str) -> list[Any]:
        query = Query()
        for name, value in equal.items():
            query = query.where(name, "=", value)
        return list(self.admin.table(table).rows(query))

    def notes(self, sys_id: str, journal: str) -> list[str]:
        found = self.rows("sys_journal_field", element_id=sys_id, element=journal)
        return [row["value"] for row in sorted(found, key=lambda row: row["sys_created_on"])]

    def files(self, sys_id: str) -> list[Any]:
        return self.rows("sys_attachment", table_sys_id=sys_id)


def desk_of(stack: ExitStack, rung: str, clock: Any) -> Desk:
    snow = stack.enter_context(ServiceNowEmulator(demo=False, **RUNGS[rung]))
    own = {"url": snow.url, "allow_http": True, "attempts": 2}
    admin = stack.enter_context(SnowClient(SnowSettings(**own, username=snow.username, password=snow.password)))
    applied(admin, AppParameters(scope=SCOPE))
    system = snow.instance.session("system")
    person = {"user_name": USER, "name": "Commerce Orders", "user_password": "p", "active": "true"}
    sys_id = system.insert("sys_user", person, acl=False)["sys_id"]
    for name in ROLES[rung]:
        role = snow.instance.records.first("sys_user_role", name=name)
        assert role is not None, name
        system.insert("sys_user_has_role", {"user": sys_id, "role": role["sys_id"]}, acl=False)
    user = stack.enter_context(SnowClient(SnowSettings(**own, username=USER, password="p"), clock=clock))
    return Desk(rung=rung, snow=snow, user=user, admin=admin)


@pytest.fixture(scope="session")
def order_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def desks(order_clock: Clock) -> Iterator[Callable[[str], Desk]]:
    with ExitStack() as stack:
        made: dict[str, Desk] = {}

        def desk(rung: str) -> Desk:
            if rung not in made:
                made[rung] = desk_of(stack, rung, order_clock)
            return made[rung]

        yield desk


@pytest.fixture(scope="session")
def order_shop() -> Iterator[CommerceEmulator]:
    with CommerceEmulator(port=0) as running:
        yield running


@dataclass
class World:
    """Everything one test works with. Orders are handed out once, so that tests share the platforms."""

    desk: Desk
    shop: CommerceEmulator
    commerce: CommerceClient
    database: Database
    clock: Clock
    numbers: Iterator[str]
    flow: OrderIssues = field(init=False)
    _events: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.flow = OrderIssues(
            snow=self.desk.user, commerce=self.commerce, database=self.database, scope=SCOPE, clock=self.clock
        )

    @property
    def roles(self) -> tuple[str, ...]:
        return ROLES[self.desk.rung]

    def engine(self, observe: Any = None) -> InlineEngine:
        watched = {"observe": observe} if observe else {}
        return InlineEngine(self.database, [self.flow], clock=self.clock, **watched)

    def order(self, *, guest: bool = False, **members: Any) -> Order:
        """An order nobody used yet, with an address of its own and these members."""
        wanted = (
            row
            for row in map(self.shop.state.orders.get, self.numbers)
            if bool(row["customerInfo"].get("guest")) == guest and row["customerInfo"].get("email")
        )
        row = next(wanted)
        info = {**row["customerInfo"], "email": f"Shopper.{row['orderNo']}@example.com"}
        self.shop.state.orders.save({**row, "customerInfo": info, **members})
        return self.read(row["orderNo"])

    def read(self, order_no: str) -> Order:
        row = self.shop.state.orders.get(order_no)
        return self.commerce.orders.by_number(order_no, site_id=row["siteId"])

    def put(self, type_name: str, order: Order, *, event_id: str = "", site_id: str = "", **data: Any) -> str:
        """Store an event about the order; handled by `engine().run()`."""
        event_id = event_id or f"{type_name}-{order.order_no}-{next(self._events)}"
        document = {"orderNo": order.order_no, **data}
        self.engine().take(type_name, document, site_id=site_id or order.site_id or "", event_id=event_id)
        return event_id

    def report(self, order: Order, topic: str = "damaged", **data: Any) -> str:
        event_id = self.put("order.issue_reported", order, topic=topic, **{"email": order.email, **data})
        self.engine().run()
        return event_id

    def cases(self, order: Order) -> list[Any]:
        found = self.desk.rows(self.desk.rung, **{f"{SCOPE}_order_no": order.order_no})
        return sorted(found, key=lambda row: row["number"])

    def case(self, order: Order) -> Any:
        (found,) = self.cases(order)
        return found

    def every_case(self, order: Order) -> list[Any]:
        """Of strangers as well, whose cases do not name the order."""
        found = [row for row in self.desk.rows(self.desk.rung) if order.order_no in row["short_description"]]
        return sorted(found, key=lambda row: (row["sys_created_on"], row["number"]))

    def people(self, email: str) -> list[Any]:
        """Whoever the instance knows under this address."""
        tables = ("sys_user",) if self.desk.rung == "incident" else ("csm_consumer", "customer_contact")
        return [row for table in tables for row in self.desk.rows(table, email=email)]

    def closing(self) -> dict[str, str]:
        """What an agent fills in to close a case."""
        if self.desk.rung == "incident":
            return {"state": "7", "close_code": "Solution provided", "close_notes": "Sent again."}
        return {"state": "3", "resolution_code": "1", "close_notes": "Sent again."}

    def change(self, case: Any, order: Order) -> str:
        """The doorbell as the instance rings it."""
        updated = case.time("sys_updated_on")
        event_id = f"change:{case.sys_id}:{case['sys_updated_on']}:{next(self._events)}"
        data = {
            "table": case.table,
            "sysId": case.sys_id,
            "updatedAt": updated.isoformat(),
            "correlationId": case["correlation_id"],
            "siteId": order.site_id,
            "orderNo": order.order_no,
        }
        self.engine().take("order_issues.record_changed", data, site_id=order.site_id or "", event_id=event_id)
        return event_id

    def replay(self, event_id: str = "") -> None:
        """As an operator does: the parked ones, or one that is settled, in a run of its own."""
        chosen, values = ("id = ?", (event_id,)) if event_id else ("state = 'parked'", ())
        again = "UPDATE events SET state = 'waiting', run = run + 1, attempts = 0, retry_at = 0 WHERE "
        with self.database.transaction() as connection:
            connection.exec_driver_sql(again + chosen, values)

    def photo(self, content: bytes = PNG, kind: str = "image/png") -> dict[str, str]:
        encoded = base64.b64encode(content).decode()
        return {"contentType": kind, "sha256": hashlib.sha256(content).hexdigest(), "content": encoded}

    def settled(self, event_id: str) -> Any:
        """(state, note, code) of an event."""
        with self.database.reading() as connection:
            row = connection.exec_driver_sql("SELECT state, note, code FROM events WHERE id = ?", (event_id,)).one()
        return tuple(row)


@pytest.fixture(scope="session")
def order_numbers(order_shop: CommerceEmulator) -> Iterator[str]:
    return iter([row["orderNo"] for row in order_shop.state.orders])


@pytest.fixture
def world_on(
    desks: Callable[[str], Desk],
    order_shop: CommerceEmulator,
    order_clock: Clock,
    order_numbers: Iterator[str],
    tmp_path: Path,
) -> Iterator[Callable[[str], World]]:
    # The platforms go by the wall clock, and an earlier test may have put this one days ahead.
    order_clock.at = datetime.now(UTC).replace(microsecond=0)
    with ExitStack() as stack:

        def world(rung: str) -> World:
            desk = desks(rung)
            commerce = stack.enter_context(CommerceClient(order_shop.settings(), clock=order_clock))
            database = Database(sqlite_url(tmp_path / f"{rung}.sqlite"))
            stack.callback(database.close)
            stack.callback(desk.snow.faults.clear)
            stack.callback(order_shop.faults.clear)
            return World(
                desk=desk,
                shop=order_shop,
                commerce=commerce,
                database=database,
                clock=order_clock,
                numbers=order_numbers,
            )

        yield world


@pytest.fixture
def world(world_on: Callable[[str], World]) -> World:
    return world_on("sn_customerservice_case")


@pytest.fixture(params=list(RUNGS))
def each(request: pytest.FixtureRequest, world_on: Callable[[str], World]) -> World:
    return world_on(request.param)
