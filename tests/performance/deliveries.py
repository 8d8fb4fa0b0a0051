"""Events: how fast they are handed on, how soon, and that each takes effect once whatever is killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import local
from typing import Any
from urllib.parse import urlsplit

import pysnc
from sqlalchemy import select

from sfcc_client import SystemClock
from sidecar.engine import Database, sqlite_url
from sidecar.engine.arrivals import Arrival
from sidecar.engine.inbox import Inbox
from sidecar.engine.tables import EVENTS
from snow_app import SnowClient, SnowSettings
from tests.performance import postgres, processes
from tests.performance.delivery_scenarios import SCENARIOS
from tests.performance.kills import Host, Plan, accounted, wait_until_done
from tests.performance.result import Progress, Result
from tests.performance.scenario import SITE, World

THREADS = 8
ROUNDS = 6
IN_A_ROUND = 150
A_SECOND, SECONDS = 50, 60
FULL = Plan(events=5000, kills=50, patience_s=1800)
SHORTER = Plan(events=1000, kills=20, patience_s=900)
REAL = Plan(events=1000, kills=15, scenario="flows", patience_s=900)
_SCENARIO = "cases"


def measured(progress: Progress) -> Iterator[Result]:
    """Speed on SQLite; the kill test on SQLite, and on PostgreSQL where its programs are."""
    with processes.servicenow() as platform, TemporaryDirectory(prefix="sfcc-snow-bench-") as folder:
        variables = platform.variables
        address = {
            "url": variables["SNOW_URL"],
            "username": variables["SNOW_USERNAME"],
            "password": variables["SNOW_PASSWORD"],
        }
        yield _against_pysnc(address, Path(folder) / "rate", progress)
        yield _steady(address, Path(folder) / "steady", progress)
    with TemporaryDirectory(prefix="sfcc-snow-bench-") as folder:
        yield _killed(FULL, sqlite_url(Path(folder) / "events.sqlite"), Path(folder), "SQLite", progress)
    if not postgres.missing():
        with postgres.server() as url, TemporaryDirectory(prefix="sfcc-snow-bench-") as folder:
            yield _killed(SHORTER, url, Path(folder), "PostgreSQL", progress)


def flow_kills(progress: Progress) -> Iterator[Result]:
    """The same kill test with the product's own flows, on both databases."""
    with TemporaryDirectory(prefix="sfcc-snow-bench-") as folder:
        yield _killed(REAL, sqlite_url(Path(folder) / "events.sqlite"), Path(folder), "SQLite, real flows", progress)
    if not postgres.missing():
        with postgres.server() as url, TemporaryDirectory(prefix="sfcc-snow-bench-") as folder:
            yield _killed(REAL, url, Path(folder), "PostgreSQL, real flows", progress)


def _killed(plan: Plan, url: str, folder: Path, name: str, progress: Progress) -> Result:
    with progress(total=plan.events) as step:
        account = accounted(plan, url, folder, step)
    right = plan.events - len(account.wrong)
    return Result(
        promise=f"Events on {name}: exactly one effect each, in order, while workers are killed",
        floor=str(plan.events),
        measured=str(right),
        ratio=right / plan.events,
        bound="at least",
        limit=1.0,
        detail=str(account),
    )


def _against_pysnc(address: dict[str, str], folder: Path, progress: Progress) -> Result:
    """Both make the same three requests for each event, and take turns."""
    rates = []
    with _host(address, folder) as (database, host), progress(total=ROUNDS * IN_A_ROUND) as step:
        _stored(database, "warm-up", THREADS)
        host.send("orders-warm", "orders.sent", {"case": "warm", "word": "news"})
        wait_until_done(database, 60)
        bare = _Bare(address)
        bare.seconds("warm-up", THREADS)
        for number in range(ROUNDS):
            floor = bare.seconds(f"bare-{number}", IN_A_ROUND)
            _stored(database, f"round-{number}", IN_A_ROUND - 1)
            started = time.perf_counter()
            host.send(f"orders-{number}-last", "orders.sent", {"case": f"{number}-last", "word": "news"})
            wait_until_done(database, 120)
            rates.append((IN_A_ROUND / floor, IN_A_ROUND / (time.perf_counter() - started)))
            step(IN_A_ROUND)
        bare.close()
    return Result(
        promise="Events handed on, against a bare pysnc loop",
        floor=f"{median(one for one, _ in rates):.0f}/s",
        measured=f"{median(one for _, one in rates):.0f}/s",
        ratio=median(ours / plain for plain, ours in rates),
        bound="at least",
        limit=0.5,
        detail=f"{IN_A_ROUND} events of as many keys in each of {ROUNDS} turns, {THREADS} threads each; for each event "
        "one query, one insert and one work note, to an emulated ServiceNow; the loop keeps nothing",
    )


def _steady(address: dict[str, str], folder: Path, progress: Progress) -> Result:
    with _host(address, folder) as (database, host), progress(total=A_SECOND * SECONDS) as step:
        host.send("orders-warm", "orders.sent", {"case": "warm", "word": "news"})
        wait_until_done(database, 60)
        with ThreadPoolExecutor(4) as pool:
            started = time.perf_counter()
            for number in range(A_SECOND * SECONDS):
                time.sleep(max(0.0, started + number / A_SECOND - time.perf_counter()))
                data = {"case": str(number), "word": "news"}
                pool.submit(host.send, f"orders-{number}", "orders.sent", data)
                step(1)
        wait_until_done(database, 120)
        with database.reading() as connection:
            rows = connection.execute(select(EVENTS.c.accepted_at, EVENTS.c.settled_at)).all()
    took = sorted(row.settled_at - row.accepted_at for row in rows)
    p50, p95, p99 = (took[min(len(took) - 1, int(len(took) * share))] for share in (0.50, 0.95, 0.99))
    return Result(
        promise=f"Events from accepted to delivered at {A_SECOND} a second: p50",
        floor="1 s",
        measured=f"{p50:.3f} s",
        ratio=p50,
        bound="at most",
        limit=1.0,
        detail=f"{len(took)} events in {SECONDS} s, {THREADS} threads, three requests each; p95 {p95:.3f} s, "
        f"p99 {p99:.3f} s",
    )


@contextmanager
def _host(address: dict[str, str], folder: Path) -> Iterator[tuple[Database, Host]]:
    folder.mkdir()
    url = sqlite_url(folder / "events.sqlite")
    database = Database(url)
    told = {"snow": address, "database": url, "folder": str(folder), "scenario": _SCENARIO, "threads": THREADS}
    host = Host({**told, "epoch": time.time(), "factor": 1.0, "open_s": 10.0})
    host.start()
    try:
        while not host.url:
            time.sleep(0.02)
        yield database, host
    finally:
        host.stop()
        database.close()


def _stored(database: Database, name: str, number: int) -> None:
    """Put events there that no worker is told of: whoever looks finds them all."""
    with SnowClient(SnowSettings(url="http://127.0.0.1", username="x", password="x", allow_http=True)) as nowhere:
        (flow, *_) = SCENARIOS[_SCENARIO].flows(World(snow=nowhere, database=database, clock=SystemClock()))
    (kind,) = flow.types
    inbox = Inbox(database, {(kind.name, kind.version): kind})
    now = datetime.now(UTC)
    inbox.store(
        [
            Arrival(
                id=f"{name}-{place}",
                type=kind,
                flow=flow.name,
                key=f"{name}-{place}",
                site_id=SITE,
                time=now,
                payload={"case": f"{name}-{place}", "word": "news"},
            )
            for place in range(number)
        ],
        now,
    )


class _Bare:
    """The same requests as somebody writes them with pysnc alone, one native client for each thread."""

    def __init__(self, address: dict[str, str]) -> None:
        self._address = address
        self._own = local()
        self._pool = ThreadPoolExecutor(THREADS)
        self._sessions: list[Any] = []

    def seconds(self, name: str, number: int) -> float:
        started = time.perf_counter()
        list(self._pool.map(lambda place: self._one(f"{name}-{place}"), range(number)))
        return time.perf_counter() - started

    def close(self) -> None:
        self._pool.shutdown()
        for session in self._sessions:
            session.close()

    def _one(self, name: str) -> None:
        client = self._client()
        found = client.GlideRecord("incident")
        found.add_query("correlation_id", name)
        found.query()
        made = client.GlideRecord("incident")
        made.initialize()
        made.short_description, made.correlation_id, made.correlation_display = name, name, "bare"
        made.insert()
        made.work_notes = f"[{name}] news"
        made.update()

    def _client(self) -> Any:
        if not hasattr(self._own, "client"):
            parts = urlsplit(self._address["url"])
            who = (self._address["username"], self._address["password"])
            self._own.client = pysnc.ServiceNowClient(f"HTTP://{parts.netloc}", who)
            self._sessions.append(self._own.client.session)
        return self._own.client
