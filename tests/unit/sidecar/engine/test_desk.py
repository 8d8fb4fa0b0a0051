"""What operators see and do, and what is kept for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Column, Integer, String, Table, insert, select

from sidecar.engine import InlineEngine
from sidecar.engine.desk import Choice, EventDesk, Replayed
from sidecar.engine.gauges import counted, measured
from sidecar.engine.lookups import Lookups, lookups_in
from sidecar.engine.people import erased, exported
from sidecar.engine.retention import Retention, cleaned
from sidecar.engine.tables import EVENTS, METADATA, OF_EVENT, SUBJECTS
from sidecar.errors import Terminal, Transient
from sidecar.observe import Metrics

QUOTES = Table(
    "test_quotes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("text", String(200)),
    info={OF_EVENT: "seq"},
)
CANARY = "canary-4711@example.com"


@pytest.fixture
def engine(database, post, time):
    return InlineEngine(database, [post], clock=time)


@pytest.fixture
def desk(database):
    return EventDesk(database)


def _refs(lines) -> list[str]:
    return [line.ref for line in lines]


def test_listing_by_state_flow_range_and_age(engine, database, post, desk, time):
    other = type(post)(name="other")
    post.failing = lambda event: Terminal("No such box.") if event.data.box == "b" else None
    post.send(engine.inbox, "a", "b", "c")
    engine.run()
    InlineEngine(database, [other], clock=time)
    other.send(engine.inbox, "d")
    assert _refs(desk.list(Choice())) == ["E000001", "E000002", "E000003", "E000004"]
    assert _refs(desk.list(Choice(), limit=2)) == ["E000003", "E000004"]
    assert _refs(desk.list(Choice(states=("parked",)))) == ["E000002"]
    assert _refs(desk.list(Choice(flow="other"))) == ["E000004"]
    assert _refs(desk.list(Choice(first=2, last=3))) == ["E000002", "E000003"]
    assert _refs(desk.list(Choice(since=time.now() + timedelta(days=9999)))) == []
    assert desk.counts()["post"] == {"waiting": 0, "parked": 1, "delivered": 2, "refused": 0, "dropped": 0}


def test_showing_tells_what_was_tried_and_done_but_never_what_it_says(engine, post, desk, time):
    failures = [Transient("ServiceNow is away."), Terminal("No such box.")]
    post.failing = lambda _: failures.pop(0) if failures else None
    post.send(engine.inbox, "a", "a", text=CANARY)
    engine.run()
    time.sleep(10)
    engine.run()
    found = desk.show(1)
    assert [(one.number, one.code, one.note) for one in found.failures] == [
        (1, "transient", "ServiceNow is away."),
        (2, "terminal", "No such box."),
    ]
    assert (found.line.state, found.behind, desk.show(2).behind) == ("parked", "", "E000001")
    desk.replay(Choice(seqs=(1,)))
    engine.run()
    found = desk.show(1)
    assert found.line.records[0].number == "E000001"
    assert [(effect.name, effect.done) for effect in found.effects] == [("letter", True)]
    assert len(found.failures) == 2
    assert CANARY not in repr(found)
    assert desk.show(99) is None


def test_events_are_found_by_reference_number_or_senders_id(engine, post, desk):
    post.send(engine.inbox, "a", "b")
    assert [desk.seq_of(name) for name in ("E000002", "e2", "2", "b-1", "nothing")] == [2, 2, 2, 2, None]


def test_a_replayed_event_has_the_whole_schedule_again(engine, post, desk, time):
    post.failing = lambda _: Transient("away")
    post.send(engine.inbox, "a")

    def tried() -> int:
        for _ in range(15):
            engine.run()
            time.sleep(90_000)
        return len(post.tried)

    assert tried() == 10
    assert desk.replay(Choice(states=("parked",))) == Replayed(resumed=1, anew=0, left=0)
    assert tried() == 20
    assert [one.number for one in desk.show(1).failures] == list(range(1, 21))


def test_dropping_lets_those_behind_go_on(engine, post, desk, time):
    post.failing = lambda event: Terminal("No.") if event.id == "a-1" else None
    post.send(engine.inbox, "a", "a")
    engine.run()
    assert post.world == []
    assert desk.drop(Choice(seqs=(1,)), reason="test order", now=time.now()) == 1
    engine.run()
    assert post.world == ["a-2"]
    line = desk.show(1).line
    assert (line.state, line.code, line.note) == ("dropped", "dropped", "test order")
    assert desk.drop(Choice(), reason="all", now=time.now()) == 0


def test_what_an_event_says_goes_before_the_event_does(engine, database, post, desk, time):
    post.failing = lambda event: Terminal("No.") if event.data.box == "b" else None
    post.send(engine.inbox, "a", "b", text=CANARY, lookups=("f" * 64,))
    engine.run()
    kept = Retention(payload_days=30, event_days=90)
    time.sleep(29 * 86_400)
    assert cleaned(database, kept, time.now()) == (0, 0)
    time.sleep(2 * 86_400)
    assert cleaned(database, kept, time.now()) == (1, 0)
    assert post.send(engine.inbox, "c")[0].again is False
    post._numbers["a"] = 0
    assert post.send(engine.inbox, "a", text=CANARY)[0].again
    assert desk.replay(Choice(seqs=(1,)), again=True) == Replayed(resumed=0, anew=0, left=1)
    time.sleep(60 * 86_400)
    assert cleaned(database, kept, time.now()) == (0, 1)
    # What is parked stays until an operator decides.
    assert _refs(desk.list(Choice(states=("parked",)))) == ["E000002"]
    with database.reading() as connection:
        assert list(connection.execute(select(SUBJECTS.c.seq)).scalars()) == [2]


def test_a_person_is_exported_and_erased_from_every_file(engine, database, post, desk, time, tmp_path):
    lookups = lookups_in(tmp_path)
    mine = lookups.all([("email", CANARY), ("order_no", "00042")])
    post.failing = lambda event: Terminal("No.") if event.data.box == "b" else None
    post.send(engine.inbox, "a", "b", text=CANARY, lookups=mine)
    post.send(engine.inbox, "c", text="somebody else", lookups=lookups.all([("email", "ben@example.com")]))
    engine.run()
    post.send(engine.inbox, "b", text=CANARY, lookups=mine)
    with database.transaction() as connection:
        connection.execute(insert(QUOTES).values(seq=1, text=CANARY))
    assert [one.data["text"] for one in exported(database, mine[:1])] == [CANARY] * 3
    assert any(CANARY.encode() in file.read_bytes() for file in tmp_path.iterdir())
    assert erased(database, [lookups.of("email", CANARY.upper())], time.now()) == 3
    for file in tmp_path.iterdir():
        found = file.read_bytes()
        assert CANARY.encode() not in found, file.name
        assert mine[0].encode() not in found, file.name
    assert list(exported(database, mine)) == []
    engine.run()
    assert desk.counts()["post"] == {"waiting": 0, "parked": 0, "delivered": 2, "refused": 0, "dropped": 2}
    assert [one.data["text"] for one in exported(database, lookups.all([("email", "ben@example.com")]))] == [
        "somebody else"
    ]


def test_a_lookup_depends_on_the_key_and_not_on_the_case_of_an_address():
    one, two = Lookups(b"1" * 32), Lookups(b"2" * 32)
    assert one.of("email", "Ada@Example.com ") == one.of("email", "ada@example.com")
    assert one.of("customer_no", "Ada") != one.of("customer_no", "ada")
    assert one.of("email", "a@b.c") != two.of("email", "a@b.c")


def test_gauges_tell_depth_age_and_pauses_without_personal_data(engine, database, post, time):
    post.failing = lambda event: Terminal("No.") if event.data.box == "b" else None
    post.send(engine.inbox, CANARY, "b", "b")
    with database.transaction() as connection:
        connection.execute(EVENTS.update().values(accepted_at=time.now().timestamp() - 60))
    metrics = Metrics()
    counted(metrics, engine._deliveries.attempted(engine._deliveries.next("b")))
    measured(metrics, database, ["post", "idle"], time.now())
    text = metrics.text().decode()
    assert 'sidecar_events{flow="post",state="waiting"} 3.0' in text
    assert 'sidecar_oldest_event_seconds{flow="post"} 60.0' in text
    assert 'sidecar_events{flow="idle",state="parked"} 0.0' in text
    assert 'sidecar_attempts_total{flow="post",outcome="terminal"} 1.0' in text
    assert 'sidecar_upstream_paused{upstream="servicenow"} 0.0' in text
    assert CANARY not in text
