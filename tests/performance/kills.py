"""The kill test: events go in while workers are killed and ServiceNow misbehaves; then every event is accounted for.

ServiceNow is the emulator, in the harness's own process. One in ten requests fails: before it is served (5xx, 429, a
broken connection) or after (a late 504, a late broken connection). One in twenty events is sent twice. Two processes
take events and deliver them; SIGKILL meets one of them at random moments, also while it starts.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Connection, func, select

from sidecar.engine import Database
from sidecar.engine.tables import EVENTS
from snow_app import SnowClient, SnowSettings
from snow_app.emulator import ServiceNowEmulator
from tests.performance.delivery_scenarios import SCENARIOS
from tests.performance.scenario import SITE, Document, Ended, Scenario, anything_waits

ROOT = Path(__file__).parents[2]
_FAULTS: tuple[dict[str, object], ...] = (
    {"status": 503},
    {"status": 500, "late": True},
    {"status": 429, "headers": {"Retry-After": "0"}},
    {"drop": True},
    {"drop": True, "late": True},
    {"status": 504, "late": True},
)
_PATIENCE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`factor`: how much faster than the world's the workers' clock runs, so that retries come round."""

    events: int
    kills: int
    seed: int = 7
    scenario: str = "cases"
    faults: float = 0.10
    repeats: float = 0.05
    factor: float = 120.0
    threads: int = 8
    hosts: int = 2
    patience_s: float = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of every event. `wrong` names each that did not end as it should."""

    accepted: int
    ended: Mapping[str, int]
    repeats: int
    kills: int
    faults: int
    seconds: float
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        ended = " + ".join(f"{self.ended.get(state, 0)} {state}" for state in ("delivered", "parked", "refused"))
        found = "every event has exactly one effect, in order" if not self.wrong else "; ".join(self.wrong[:5])
        return (
            f"accepted {self.accepted} = {ended} ({self.repeats} sent twice, {self.kills} × SIGKILL, "
            f"{self.faults} faults, {self.seconds:.0f} s): {found}"
        )


class Host:
    """One process of the kind `delivery_host`, started again whenever it was killed."""

    def __init__(self, told: Mapping[str, object]) -> None:
        self._told = json.dumps(told)
        self._port = 0
        self._child: subprocess.Popen[str] | None = None
        self._session = requests.Session()
        self._session.trust_env = False

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.performance.delivery_host", self._told]
        self._port = 0
        self._child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._listen, args=(self._child,), daemon=True).start()

    @property
    def url(self) -> str:
        """Empty while it starts."""
        return f"http://127.0.0.1:{self._port}/" if self._port else ""

    def send(self, name: str, kind: str, data: Mapping[str, Any]) -> None:
        """Returns once the event is accepted. Raises requests.RequestException."""
        document = {"id": name, "type": kind, "site_id": SITE, "data": data}
        self._session.post(self.url, json=document, timeout=_PATIENCE_S).raise_for_status()

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def stop(self) -> int:
        """Its exit code, after SIGTERM; one that is still starting may start first."""
        self._session.close()
        if self._child is None:
            return 0
        until = time.monotonic() + _PATIENCE_S
        while not self.url and self._child.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        self._child.terminate()
        try:
            return self._child.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9

    def _listen(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        with child.stdout as lines:
            line = lines.readline().strip()
            if line and child is self._child:
                self._port = int(line)


def accounted(plan: Plan, database_url: str, folder: Path, step: Callable[[float], None] = lambda _: None) -> Account:
    """Run the plan on an empty database and account for every event."""
    started, chance = time.monotonic(), random.Random(plan.seed)
    scenario = SCENARIOS[plan.scenario]
    with (
        ServiceNowEmulator() as emulator,
        scenario.prepared(emulator) as stage,
        _misbehaving(emulator, plan, random.Random(plan.seed + 1)) as faults,
    ):
        documents = scenario.documents(plan.events, chance, stage)
        address = {"url": emulator.url, "username": emulator.username, "password": emulator.password}
        told = {
            "snow": address,
            "database": database_url,
            "folder": str(folder),
            "scenario": plan.scenario,
            "threads": plan.threads,
            "epoch": time.time(),
            "factor": plan.factor,
            "open_s": plan.factor,
            **stage.told,
        }
        database = Database(database_url)
        hosts = [Host(told) for _ in range(plan.hosts)]
        for host in hosts:
            host.start()
        given = (hosts, plan, database, documents, random.Random(plan.seed + 2))
        killer = threading.Thread(target=_kill, args=given, daemon=True)
        killer.start()
        try:
            repeats = _sent(hosts, documents, plan, random.Random(plan.seed + 3), step)
            killer.join()
            wait_until_done(database, plan.patience_s, scenario.left)
        finally:
            codes = [host.stop() for host in hosts]
        emulator.faults.clear()
        faults.off = True
        with SnowClient(SnowSettings(allow_http=True, **address)) as snow:
            wrong = tuple(_wrong(scenario, Ended(snow=snow, database=database, documents=documents, stage=stage)))
        if any(codes):
            wrong += (f"a worker did not end cleanly at SIGTERM: {codes}",)
        states = _states(database)
        ended = Counter(states[document.id][1] for document in documents if document.id in states)
        database.close()
    return Account(
        accepted=sum(ended.values()),
        ended=ended,
        repeats=repeats,
        kills=plan.kills,
        faults=faults.made,
        seconds=time.monotonic() - started,
        wrong=wrong,
    )


@dataclass
class _Misbehaviour:
    made: int = 0
    off: bool = False


@contextmanager
def _misbehaving(emulator: ServiceNowEmulator, plan: Plan, chance: random.Random) -> Iterator[_Misbehaviour]:
    """Plans a fault for one in `1 / plan.faults` requests, as they come."""
    state, planned = _Misbehaviour(), emulator.faults.take
    lock = threading.Lock()

    def take(method: str, path: str) -> object:
        with lock:
            if not state.off and path.startswith("/api/") and chance.random() < plan.faults:
                state.made += 1
                emulator.faults.add(times=1, method=method, path=path, **chance.choice(_FAULTS))
        return planned(method, path)

    emulator.faults.take = take  # type: ignore[method-assign]
    yield state


def _kill(
    hosts: list[Host], plan: Plan, database: Database, documents: Sequence[Document], chance: random.Random
) -> None:
    """Kills all along the way: each waits for a share of the events to be settled, and then a moment."""
    until, types = time.monotonic() + plan.patience_s, {document.type for document in documents}
    for share in sorted(chance.uniform(0, 0.95) for _ in range(plan.kills)):
        while _settled(database, types) < share * plan.events and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(chance.uniform(0, 0.5))
        host = chance.choice(hosts)
        host.kill()
        host.start()


def _settled(database: Database, types: Iterable[str]) -> int:
    with database.reading() as connection:
        counted = select(func.count()).select_from(EVENTS).where(EVENTS.c.state != "waiting", EVENTS.c.type.in_(types))
        return int(connection.execute(counted).scalar_one())


def _sent(
    hosts: list[Host], documents: Sequence[Document], plan: Plan, chance: random.Random, step: Callable[[float], None]
) -> int:
    """Send every document until it is accepted, some twice; how many twice."""
    repeats = 0
    with requests.Session() as session:
        session.trust_env = False
        for document in documents:
            twice = chance.random() < plan.repeats
            repeats += twice
            for _ in range(2 if twice else 1):
                _accepted(session, hosts, document, chance)
            step(1)
    return repeats


def _accepted(session: requests.Session, hosts: list[Host], document: Document, chance: random.Random) -> None:
    told = {"id": document.id, "type": document.type, "site_id": document.site_id, "data": document.data}
    body = json.dumps(told)
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        url = chance.choice(hosts).url
        try:
            if url and session.post(url, data=body, timeout=_PATIENCE_S).status_code == 202:
                return
        except requests.RequestException:
            pass
        time.sleep(0 if url else 0.02)
    raise AssertionError(f"{document.id} was not accepted within {_PATIENCE_S} s")


def _states(database: Database) -> Mapping[str, tuple[str, str, str]]:
    """Type, state and why of every event, by its id."""
    with database.reading() as connection:
        rows = connection.execute(select(EVENTS.c.id, EVENTS.c.type, EVENTS.c.state, EVENTS.c.code, EVENTS.c.note))
        return {row.id: (row.type, row.state, " ".join(filter(None, (row.code, row.note)))) for row in rows}


def wait_until_done(database: Database, patience_s: float, left: Callable[[Connection], bool] = anything_waits) -> None:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        with database.reading() as connection:
            if not left(connection):
                return
        time.sleep(0.05)


def _wrong(scenario: Scenario, ended: Ended) -> Iterator[str]:
    documents, states = ended.documents, _states(ended.database)
    effects, order = scenario.effects(ended), scenario.order(ended)
    for document in documents:
        _, state, why = states.get(document.id, ("", "lost", ""))
        if state != document.end:
            yield f"{document.id} is {state} instead of {document.end} ({why})"
        wanted = 1 if document.end == "delivered" else 0
        if effects.get(document.id, 0) != wanted:
            yield f"{document.id} has {effects.get(document.id, 0)} effects instead of {wanted}"
    for stranger in sorted(states.keys() - {document.id for document in documents}):
        kind, state, why = states[stranger]
        if not scenario.own(kind):
            yield f"{stranger} was never sent"
        elif state == "parked":
            yield f"{stranger} is parked ({why})"
    sent = {document.id: place for place, document in enumerate(documents)}
    for key, events in order.items():
        if [sent[event] for event in events] != sorted({sent[event] for event in events}):
            yield f"{key} took effect in the order {', '.join(events)}"
    yield from scenario.wrong(ended)
