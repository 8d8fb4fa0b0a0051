"""Workers: order, waking, ending, one after the other, and what dbos is allowed to see."""

from __future__ import annotations

import ast
import sqlite3
import threading
from pathlib import Path

import pytest

import sidecar.engine.workflows as workflows
from sidecar.engine.desk import EventDesk
from sidecar.engine.slots import FileSlots
from sidecar.engine.worker import Worker, WorkerPolicy

POLICY = WorkerPolicy(threads=4, poll_s=0.05, stop_s=10)


def _settled(worker: Worker, flow: str = "post") -> dict[str, int]:
    return worker.deliveries.inbox.counts().get(flow, {})


def test_keys_are_handled_in_order_and_beside_each_other(database, post, tmp_path):
    with Worker(database, [post], folder=tmp_path, policy=POLICY) as worker:
        post.send(worker.deliveries.inbox, *("a", "b", "c") * 8)
        worker.ring()
        post.wait(lambda: len(post.world) == 24)
    assert _settled(worker) == {"delivered": 24}
    for box in "abc":
        assert [name for name in post.world if name[0] == box] == [f"{box}-{n}" for n in range(1, 9)]


def test_a_ring_is_heard_long_before_the_next_poll(database, post, tmp_path):
    with Worker(database, [post], folder=tmp_path, policy=WorkerPolicy(threads=2, poll_s=3600)) as worker:
        for box in "abcde":
            post.send(worker.deliveries.inbox, box)
            worker.ring()
            post.wait(lambda box=box: f"{box}-1" in post.world)


def test_several_workers_one_after_the_other_in_one_process(database, post, tmp_path):
    for box in "abc":
        with Worker(database, [post], folder=tmp_path, policy=POLICY) as worker:
            post.send(worker.deliveries.inbox, box)
            worker.ring()
            post.wait(lambda box=box: f"{box}-1" in post.world)
    assert post.world == ["a-1", "b-1", "c-1"]


def test_two_at_the_same_time_in_one_process_are_refused(database, post, tmp_path):
    with (
        Worker(database, [post], folder=tmp_path, policy=POLICY),
        pytest.raises(RuntimeError, match="runs in this process already"),
    ):
        Worker(database, [post], folder=tmp_path, policy=POLICY).start()


def test_stopping_lets_an_attempt_in_flight_finish(database, post, tmp_path):
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_: object) -> None:
        begun.set()
        assert go_on.wait(10)

    post.failing = slowly
    worker = Worker(database, [post], folder=tmp_path, policy=POLICY).start()
    post.send(worker.deliveries.inbox, "a", "a")
    worker.ring()
    assert begun.wait(10)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    go_on.set()
    stopping.join(10)
    assert post.world == ["a-1"]
    assert _settled(worker) == {"delivered": 1, "waiting": 1}


def test_dbos_keeps_numbers_and_states_only(database, post, tmp_path):
    post.failing = lambda event: ValueError("quotes canary@example.com") if event.data.box == "canary-b" else None
    with Worker(database, [post], folder=tmp_path, policy=POLICY) as worker:
        post.send(worker.deliveries.inbox, "canary-a", "canary-b", text="canary@example.com")
        worker.ring()
        post.wait(lambda: {"canary-a-1", "canary-b-1"} <= set(post.tried))
    assert _settled(worker) == {"delivered": 1, "parked": 1}
    with sqlite3.connect(tmp_path / "engine.sqlite") as file:
        dump = "\n".join(file.iterdump())
    file.close()
    assert "E000001.1.1" in dump
    assert "canary" not in dump


def test_bodies_of_workflows_call_steps_and_nothing_else():
    """A read, a clock or a random choice in a body would be answered differently when it is run again."""
    tree = ast.parse(Path(workflows.__file__).read_text())
    marked: dict[str, list[ast.FunctionDef]] = {"step": [], "workflow": []}
    for node in tree.body:
        for mark in getattr(node, "decorator_list", ()):
            name = getattr(getattr(mark, "func", None), "attr", "")
            if name in marked:
                marked[name].append(node)
    steps = {step.name for step in marked["step"]}
    assert steps
    assert marked["workflow"]
    for body in (workflow.body for workflow in marked["workflow"]):
        for node in (inner for statement in body for inner in ast.walk(statement)):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) in steps
            assert not isinstance(node, ast.Global | ast.Attribute | ast.With | ast.Try | ast.Import | ast.ImportFrom)


def _dbos(tmp_path: Path, statement: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(tmp_path / "engine.sqlite", timeout=10) as file:
        found = file.execute(statement).fetchall()
    file.close()
    return found


def test_an_event_that_ends_the_worker_again_and_again_is_parked(database, post, tmp_path, monkeypatch):
    with Worker(database, [post], folder=tmp_path, policy=WorkerPolicy(threads=1, poll_s=3600)) as worker:
        monkeypatch.setattr(worker.deliveries, "delivered", lambda head: 1 / 0)
        (stored,) = post.send(worker.deliveries.inbox, "a")
        head = worker.deliveries.next("a")
        with pytest.raises(workflows.NotKept, match="ZeroDivisionError"):
            worker._make(head)
        monkeypatch.undo()
        _dbos(tmp_path, f"UPDATE workflow_status SET status = '{workflows._GAVE_UP}'")
        worker.ring()
        worker._dispatcher.stop()
        assert worker._make(head)
    line = EventDesk(database).show(stored.seq).line
    assert (line.state, line.code) == ("parked", "worker_died")
    assert post.tried == []


def test_what_dbos_noted_of_attempts_goes_after_a_day(database, post, tmp_path):
    with Worker(database, [post], folder=tmp_path, policy=POLICY) as worker:
        post.send(worker.deliveries.inbox, "a", "b")
        worker.ring()
        post.wait(lambda: len(post.world) == 2)
        worker._dispatcher.stop()
        worker._clean()
        assert _dbos(tmp_path, "SELECT count(*) FROM workflow_status") == [(2,)]
        _dbos(tmp_path, "UPDATE workflow_status SET created_at = created_at - 90000000")
        worker._clean()
        assert _dbos(tmp_path, "SELECT count(*) FROM workflow_status") == [(0,)]


def test_a_place_is_free_again_when_its_worker_is_gone(tmp_path):
    first, second = FileSlots(tmp_path), FileSlots(tmp_path)
    assert (first.take(), second.take()) == (0, 1)
    with second.dead(0) as dead:
        assert not dead
    first.close()
    with second.dead(0) as dead:
        assert dead
    third = FileSlots(tmp_path)
    assert third.take() == 0
    for slots in (second, third):
        slots.close()
