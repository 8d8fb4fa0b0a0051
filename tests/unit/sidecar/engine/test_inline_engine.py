"""Order per key, retries, parking and crashes, with a flow that only notes what it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from marshmallow import RAISE, Schema, fields, post_load

from sidecar.engine import Database, InlineEngine, Outcome, sqlite_url
from sidecar.errors import Transient
from sidecar.events import EventType


class Time:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    order: str
    word: str = ""


class ParcelSchema(Schema):
    order = fields.String(required=True)
    word = fields.String()

    class Meta:
        unknown = RAISE

    @post_load
    def parcel(self, values: dict[str, str], **_: object) -> Parcel:
        return Parcel(**values)


def _kind(name: str) -> EventType:
    return EventType(name=name, summary=name, schema=ParcelSchema, key=lambda site, data: f"{site}:{data.order}")


class Parcels:
    name = "parcels"
    types = (_kind("parcel.sent"), _kind("parcel.due"))
    upstreams = frozenset({"servicenow"})
    weight = 1

    def __init__(self) -> None:
        self.world: list[str] = []
        self.failures: dict[str, list[Exception]] = {}

    def handle(self, event, steps) -> Outcome:
        for error in self.failures.get(event.id, [])[:1]:
            self.failures[event.id].pop(0)
            raise error
        if event.data.word == "later":
            at = steps.now + timedelta(hours=1)
            steps.stored(
                "timer",
                lambda tx: tx.later("parcel.due", {"order": event.data.order}, site_id="s", at=at, event_id="due"),
            )

        def send() -> str:
            self.world.append(event.id)
            return event.id

        steps.sent("effect", send, found=lambda: event.id if event.id in self.world else None)
        return Outcome(note="done")


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    found = Database(sqlite_url(tmp_path / "events.sqlite"))
    yield found
    found.close()


def test_events_of_a_key_stay_in_order_behind_one_that_fails(database):
    flow, time = Parcels(), Time()
    engine = InlineEngine(database, [flow], clock=time)
    flow.failures["a1"] = [Transient("away"), Transient("away")]
    for name, order in (("a1", "A"), ("a2", "A"), ("b1", "B")):
        engine.take("parcel.sent", {"order": order}, site_id="s", event_id=name)
    engine.run()
    assert flow.world == ["b1"]
    time.sleep(5)
    engine.run()
    assert flow.world == ["b1"]
    time.sleep(300)
    engine.run()
    assert flow.world == ["b1", "a1", "a2"]
    assert engine.inbox.counts() == {"parcels": {"delivered": 3}}


def test_what_cannot_succeed_parks_its_key_only(database):
    flow = Parcels()
    engine = InlineEngine(database, [flow], clock=Time())
    flow.failures["a1"] = [ValueError("quotes ada@example.com")]
    for name, order in (("a1", "A"), ("a2", "A"), ("b1", "B")):
        engine.take("parcel.sent", {"order": order}, site_id="s", event_id=name)
    engine.run()
    assert flow.world == ["b1"]
    assert engine.inbox.counts() == {"parcels": {"delivered": 1, "parked": 1, "waiting": 1}}


def test_the_schedule_ends_parked_after_ten_attempts(database):
    flow, time = Parcels(), Time()
    engine = InlineEngine(database, [flow], clock=time)
    flow.failures["a1"] = [Transient("away") for _ in range(20)]
    engine.take("parcel.sent", {"order": "A"}, site_id="s", event_id="a1")
    attempts = 0
    for _ in range(12):
        attempts += engine.run()
        time.sleep(86400)
    assert attempts == 10
    assert engine.inbox.counts() == {"parcels": {"parked": 1}}


def test_a_later_event_holds_up_nobody_until_its_moment(database):
    flow, time = Parcels(), Time()
    engine = InlineEngine(database, [flow], clock=time)
    engine.take("parcel.sent", {"order": "A", "word": "later"}, site_id="s", event_id="a1")
    engine.run()
    engine.take("parcel.sent", {"order": "A"}, site_id="s", event_id="a2")
    engine.run()
    assert flow.world == ["a1", "a2"]
    time.sleep(3600)
    engine.run()
    assert flow.world == ["a1", "a2", "due"]


def test_the_same_id_is_the_same_event_and_another_is_told_apart(database):
    engine = InlineEngine(database, [Parcels()], clock=Time())
    first = engine.take("parcel.sent", {"order": "A"}, site_id="s", event_id="a1")
    again = engine.take("parcel.sent", {"order": "A"}, site_id="s", event_id="a1")
    other = engine.take("parcel.sent", {"order": "B"}, site_id="s", event_id="a1")
    assert (again.seq, again.again, other.other) == (first.seq, True, True)


class Crash(BaseException):
    """The process dies."""


@pytest.mark.parametrize("point", ["before", "sent", "kept"])
def test_a_crash_at_any_point_of_a_step_leaves_one_effect(database, point):
    def dies(step: str, at: str) -> None:
        if at == point:
            raise Crash

    flow, time = Parcels(), Time()
    engine = InlineEngine(database, [flow], clock=time, observe=dies)
    engine.take("parcel.sent", {"order": "A"}, site_id="s", event_id="a1")
    with pytest.raises(Crash):
        engine.run()
    InlineEngine(database, [flow], clock=time).run()
    assert flow.world == ["a1"]
    assert engine.inbox.counts() == {"parcels": {"delivered": 1}}
