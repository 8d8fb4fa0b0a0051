"""A flow that only notes what it did, and a database of its own for each test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from marshmallow import RAISE, Schema, fields, post_load

from sfcc_client import SystemClock
from sidecar.engine import Database, Outcome, RecordRef, sqlite_url
from sidecar.engine.arrivals import Arrival, Stored
from sidecar.engine.inbox import Inbox
from sidecar.events import EventType

_PATIENCE_S = 20


class Time:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    box: str
    text: str = ""


class LetterSchema(Schema):
    box = fields.String(required=True)
    text = fields.String()

    class Meta:
        unknown = RAISE

    @post_load
    def letter(self, values: dict[str, str], **_: object) -> Letter:
        return Letter(**values)


def letters(name: str) -> EventType:
    return EventType(name=f"{name}.sent", summary=name, schema=LetterSchema, key=lambda site, data: data.box)


@dataclass
class Post:
    """Delivers letters into `world`; `failing` answers what an event raises this time."""

    name: str = "post"
    weight: int = 1
    upstreams: frozenset[str] = frozenset({"servicenow"})
    failing: Callable[[Any], Exception | None] = lambda _: None
    world: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self.types = (letters(self.name),)

    def handle(self, event: Any, steps: Any) -> Outcome:
        with self.changed:
            self.tried.append(event.id)
            self.changed.notify_all()
        error = self.failing(event)
        if error is not None:
            raise error
        steps.sent("letter", lambda: self._put(event.id), found=lambda: event.id if event.id in self.world else None)
        return Outcome(note="in the box", records=(RecordRef(table="incident", sys_id="f" * 32, number=event.ref),))

    def _put(self, name: str) -> str:
        with self.changed:
            self.world.append(name)
            self.changed.notify_all()
        return name

    def wait(self, ready: Callable[[], bool]) -> None:
        """Until `ready`, which is looked at whenever something was tried or delivered."""
        with self.changed:
            assert self.changed.wait_for(ready, _PATIENCE_S), (self.world, self.tried)

    def send(self, inbox: Inbox, *boxes: str, text: str = "", lookups: tuple[str, ...] = ()) -> tuple[Stored, ...]:
        """One letter to each of `boxes`, stored in their order; ids are "<box>-<n>"."""
        now = SystemClock().now() - timedelta(days=3650)
        arrivals = []
        for box in boxes:
            self._numbers[box] = self._numbers.get(box, 0) + 1
            arrivals.append(
                Arrival(
                    id=f"{box}-{self._numbers[box]}",
                    type=self.types[0],
                    flow=self.name,
                    key=box,
                    site_id="s",
                    time=now,
                    payload={"box": box, "text": text},
                    lookups=lookups,
                )
            )
        return inbox.store(arrivals, now)

    _numbers: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    found = Database(sqlite_url(tmp_path / "events.sqlite"))
    yield found
    found.close()
