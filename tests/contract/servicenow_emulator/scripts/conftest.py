"""An instance with a script engine, and ways to put scripts on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from snow_app.emulator.bootstrap import image
from snow_app.emulator.instance import Instance, Session
from snow_app.emulator.scripts import Place, ScriptEngine, attach
from snow_app.emulator.store import Store

SCOPE = "x_acme_test"
PLACE = Place(table="sys_script_fix", sys_id="0" * 32, name="test script")


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def instance(clock: Clock) -> Iterator[Instance]:
    made = Instance(Store(image=image(True)), clock=clock)
    yield made
    made.close()


@pytest.fixture
def engine(instance: Instance) -> ScriptEngine:
    return attach(instance)


@pytest.fixture
def admin(instance: Instance, engine: ScriptEngine) -> Session:
    return instance.session("admin")


@pytest.fixture
def scope(admin: Session) -> str:
    """The sys_id of an application of scope x_acme_test."""
    return admin.insert("sys_app", {"name": "Test", "scope": SCOPE, "version": "1.0.0"})["sys_id"]


@pytest.fixture
def scoped(instance: Instance, scope: str) -> Session:
    """admin at work in the test application."""
    return instance.session("admin", scope)


@pytest.fixture
def run(engine: ScriptEngine, admin: Session, scope: str) -> Callable[..., Any]:
    """The value of a script's last statement, as text; raises ScriptFailed."""

    def value(source: str, *, session: Session | None = None, scope_name: str = SCOPE, **request: Any) -> Any:
        with engine.transaction(session or admin) as transaction:
            return transaction.script(source, PLACE, scope_name, **request)["value"]

    return value


@pytest.fixture
def rule(scoped: Session, admin: Session) -> Callable[..., str]:
    """Store a business rule; returns its sys_id."""

    def stored(script: str = "", *, application: Session | None = None, **values: str) -> str:
        row = {
            "name": "rule", "collection": "incident", "when": "before",
            "action_insert": "true", "action_update": "true",
            "active": "true", "advanced": "true" if script or values.get("condition") else "false", "script": script,
        }  # fmt: skip
        return (application or admin).insert("sys_script", {**row, **values})["sys_id"]

    return stored


@pytest.fixture
def logged(instance: Instance, admin: Session) -> Callable[[], list[str]]:
    """Messages of the system log, errors and warnings."""
    return lambda: [row["message"] for row in admin.query("syslog", "level>0", acl=False)]
