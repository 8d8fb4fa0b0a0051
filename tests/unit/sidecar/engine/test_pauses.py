"""An upstream that is paused, or down, gets no call but a probe; the flows that need others go on."""

from __future__ import annotations

import pytest

from sidecar.engine.desk import Choice, EventDesk
from sidecar.engine.pauses import Pauses
from sidecar.engine.worker import Worker, WorkerPolicy
from snow_app.errors import Rejected, Unavailable

POLICY = WorkerPolicy(threads=2, poll_s=0.02, failures=3, open_s=30)


@pytest.fixture
def other(post):
    return type(post)(name="other", upstreams=frozenset({"commerce"}))


def _down(_: object) -> Exception:
    return Unavailable("ServiceNow is away.", status=503)


def test_an_operators_pause_holds_only_the_flows_that_need_it(database, post, other, time, tmp_path):
    with Worker(database, [post, other], folder=tmp_path, clock=time, policy=POLICY) as worker:
        worker.pauses.pause("servicenow", "upgrade")
        post.send(worker.deliveries.inbox, "a")
        other.send(worker.deliveries.inbox, "b")
        worker.ring()
        other.wait(lambda: other.world == ["b-1"])
        assert post.tried == []
        time.sleep(365 * 86_400)
        other.send(worker.deliveries.inbox, "b")
        worker.ring()
        other.wait(lambda: len(other.world) == 2)
        assert post.tried == []
        assert worker.pauses.resume("servicenow")
        worker.ring()
        post.wait(lambda: post.world == ["a-1"])


def test_an_upstream_that_is_down_is_left_alone_after_a_few_tries(database, post, other, time, tmp_path):
    post.failing = _down
    with Worker(database, [post, other], folder=tmp_path, clock=time, policy=POLICY) as worker:
        post.send(worker.deliveries.inbox, *(f"box{number}" for number in range(50)))
        worker.ring()
        post.wait(lambda: len(post.tried) >= POLICY.failures)
        other.send(worker.deliveries.inbox, *(f"b{number}" for number in range(20)))
        worker.ring()
        other.wait(lambda: len(other.world) == 20)
        assert len(post.tried) < POLICY.failures + POLICY.threads
        assert list(worker.pauses.paused()) == ["servicenow"]


def test_one_probe_decides_whether_everybody_goes_on(database, post, time, tmp_path):
    post.failing = _down
    with Worker(database, [post], folder=tmp_path, clock=time, policy=POLICY) as worker:
        post.send(worker.deliveries.inbox, *(f"box{number}" for number in range(50)))
        worker.ring()
        post.wait(lambda: "servicenow" in worker.pauses.paused() and len(post.tried) >= POLICY.failures)
        worker.stop()
        tried = len(post.tried)
        worker.start()
        time.sleep(31)
        worker.ring()
        post.wait(lambda: len(post.tried) == tried + 1)
        worker.stop()
        assert len(post.tried) == tried + 1
        post.failing = lambda _: None
        worker.start()
        time.sleep(31)
        worker.ring()
        time.sleep(400)
        post.wait(lambda: len(post.world) == 50)
        assert worker.pauses.all() == ()


def test_a_pause_lasts_as_long_as_the_upstream_asks(database, time):
    pauses = Pauses(database, clock=time, failures=1, open_s=10)
    pauses.failed("servicenow", retry_after=120)
    assert (pauses.paused()["servicenow"].until - time.now()).total_seconds() == 120
    pauses.failed("servicenow", retry_after=None)
    assert (pauses.paused()["servicenow"].until - time.now()).total_seconds() == 120


def test_of_two_workers_one_probes(database, time):
    one, two = (Pauses(database, clock=time, failures=1, open_s=10) for _ in range(2))
    one.failed("servicenow", retry_after=None)
    time.sleep(11)
    (seen,) = two.all()
    assert [one.probe(seen), two.probe(seen)] == [True, False]


def test_an_operators_pause_is_not_ended_by_a_success_nor_shortened_by_a_failure(database, time):
    pauses = Pauses(database, clock=time, failures=1, open_s=10)
    pauses.pause("servicenow", "upgrade")
    pauses.failed("servicenow", retry_after=None)
    pauses.succeeded(["servicenow"])
    (pause,) = pauses.all()
    assert (pause.until, pause.reason) == (None, "upgrade")
    time.sleep(3600)
    assert not pauses.probe(pause)


def test_a_refusal_is_an_answer(database, post, time, tmp_path):
    answers = iter([_down(None), _down(None), Rejected("No.", status=400)] * 2)
    post.failing = lambda _: next(answers)
    with Worker(database, [post], folder=tmp_path, clock=time, policy=WorkerPolicy(threads=1, failures=3)) as worker:
        post.send(worker.deliveries.inbox, *(f"box{number}" for number in range(6)))
        worker.ring()
        post.wait(lambda: len(post.tried) == 6)
    assert worker.pauses.all() == ()
    assert len(EventDesk(database).list(Choice(states=("parked",)))) == 2
