"""What went wrong elsewhere, one test each. The numbers are those of the collected failure lessons.

L3, L9 and L11 with real processes that are killed: tests/e2e/engine.
"""

from __future__ import annotations

import pytest
from sqlalchemy import update

from sidecar.engine import InlineEngine
from sidecar.engine.desk import Choice, EventDesk, Replayed
from sidecar.engine.tables import EVENTS
from sidecar.engine.worker import Worker, WorkerPolicy
from sidecar.errors import Transient
from snow_app import SnowClient, SnowSettings
from snow_app.emulator import ServiceNowEmulator

POLICY = WorkerPolicy(threads=2, poll_s=0.05)


class Crash(BaseException):
    """The process dies."""


def test_l3_a_claim_that_was_never_released_does_not_block_the_retry(database, post, time):
    """camunda/connectors#8989: claimed, then crashed before the effect."""

    def dies(_step: str, point: str) -> None:
        if point == "sent":
            post.world.clear()  # the call never arrived
            raise Crash

    engine = InlineEngine(database, [post], clock=time, observe=dies)
    post.send(engine.inbox, "a")
    with pytest.raises(Crash):
        engine.run()
    assert [effect.done for effect in EventDesk(database).show(1).effects] == [False]
    InlineEngine(database, [post], clock=time).run()
    assert post.world == ["a-1"]


def test_l5_an_operator_can_deliver_again_and_a_retry_cannot(database, post, time):
    """hookdeck/outpost#670: a fixed idempotency key blocked the manual retry too."""
    engine, desk = InlineEngine(database, [post], clock=time), EventDesk(database)
    post.send(engine.inbox, "a")
    engine.run()
    post._numbers.clear()
    assert post.send(engine.inbox, "a")[0].again
    assert desk.replay(Choice(seqs=(1,))) == Replayed(resumed=0, anew=0, left=1)
    engine.run()
    assert post.world == ["a-1"]
    assert desk.replay(Choice(seqs=(1,)), again=True) == Replayed(resumed=0, anew=1, left=0)
    engine.run()
    assert post.world == ["a-1", "a-1"]


def test_l6_every_failed_attempt_leaves_a_record_that_stays(database, post, time):
    """hookdeck/outpost#1000: acknowledging a failed attempt lost its log."""
    failures = [Transient(f"away {number}") for number in range(4)]
    post.failing = lambda _: failures.pop(0) if failures else None
    engine = InlineEngine(database, [post], clock=time)
    post.send(engine.inbox, "a")
    for _ in range(6):
        engine.run()
        time.sleep(20_000)
    shown = EventDesk(database).show(1)
    assert shown.line.state == "delivered"
    assert [(one.number, one.note) for one in shown.failures] == [(n + 1, f"away {n}") for n in range(4)]


def test_l7_a_deleted_target_is_one_parked_event_each_with_one_attempt(database, post, time):
    """hookdeck/outpost#998, svix-webhooks#1478: deleted endpoints were retried for ever, or filled the dead letters."""
    with ServiceNowEmulator() as emulator:
        settings = SnowSettings(url=emulator.url, username="admin", password="admin", allow_http=True)
        with SnowClient(settings) as snow:

            def gone(_: object) -> None:
                snow.table("incident").update("0" * 32, {"short_description": "x"})

            post.failing = gone
            engine = InlineEngine(database, [post], clock=time)
            post.send(engine.inbox, "a", "b")
            for _ in range(30):
                engine.run()
                time.sleep(86_400)
    assert sorted(post.tried) == ["a-1", "b-1"]
    assert [line.code for line in EventDesk(database).list(Choice(states=("parked",)))] == ["not_found"] * 2


def test_l8_a_name_that_is_not_resolved_is_tried_again_on_schedule(database, post, time):
    """hookdeck/outpost#314: DNS errors ended in the dead letters."""
    settings = SnowSettings(url="https://no-such-instance.invalid", username="u", password="p", attempts=1)
    with SnowClient(settings) as snow:

        def unresolved(_: object) -> None:
            snow.table("incident").get("0" * 32)

        post.failing = unresolved
        engine = InlineEngine(database, [post], clock=time)
        post.send(engine.inbox, "a")
        engine.run()
    line = EventDesk(database).show(1).line
    assert (line.state, line.code) == ("waiting", "unreachable")
    assert (line.retry_at - time.now()).total_seconds() == 5


def test_l9_losing_what_dbos_keeps_loses_no_accepted_event(database, post, tmp_path):
    """Vexa-ai/vexa#520: the retry queue lived in the store that failed."""
    with Worker(database, [post], folder=tmp_path, policy=POLICY) as worker:
        post.send(worker.deliveries.inbox, "a", "b")
        worker.ring()
        post.wait(lambda: len(post.world) == 2)
        post.failing = lambda _: Transient("away")
        post.send(worker.deliveries.inbox, "a", "b", "c")
        worker.ring()
        post.wait(lambda: len(post.tried) >= 5)
    for file in tmp_path.glob("engine.sqlite*"):
        file.unlink()
    with database.transaction() as connection:
        connection.execute(update(EVENTS).values(retry_at=0.0))
    post.failing = lambda _: None
    with Worker(database, [post], folder=tmp_path, policy=POLICY):
        post.wait(lambda: len(post.world) == 5)
    assert sorted(post.world) == ["a-1", "a-2", "b-1", "b-2", "c-1"]


def test_l11_an_attempt_that_ended_without_being_kept_is_made_again(database, post, tmp_path, monkeypatch):
    """Adyen/adyen-magento2#3085: a job stayed "in progress" for ever. Here the database fails at the worst moment."""
    with Worker(database, [post], folder=tmp_path, policy=POLICY) as worker:
        settle, times = worker.deliveries.inbox.settle, []

        def fails_once(*given: object, **more: object) -> None:
            times.append(1)
            if len(times) == 1:
                raise OSError("disk")
            settle(*given, **more)

        monkeypatch.setattr(worker.deliveries.inbox, "settle", fails_once)
        post.send(worker.deliveries.inbox, "a", "a")
        worker.ring()
        post.wait(lambda: len(post.world) == 2)
    assert post.world == ["a-1", "a-2"]


def test_l15_a_lower_number_that_commits_late_is_delivered_all_the_same(database, post, time):
    """An outbox read by serial number skips rows that become visible after higher ones; here nothing is a cursor."""
    engine = InlineEngine(database, [post], clock=time)
    post.send(engine.inbox, "a", "b")
    with database.transaction() as connection:
        connection.execute(update(EVENTS).where(EVENTS.c.seq == 2).values(seq=7))
    engine.run()
    post.send(engine.inbox, "c")
    with database.transaction() as connection:
        connection.execute(update(EVENTS).where(EVENTS.c.id == "c-1").values(seq=3))
    engine.run()
    assert sorted(post.world) == ["a-1", "b-1", "c-1"]
