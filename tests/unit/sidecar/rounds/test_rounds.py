"""A job that fails ends neither its own rounds nor the others'."""

from __future__ import annotations

import threading

from sfcc_client import SystemClock
from sidecar.observe import Metrics
from sidecar.rounds import Job, Rounds


def test_a_failing_job_is_tried_again_and_the_other_goes_on():
    metrics, tried, done = Metrics(), threading.Event(), threading.Event()
    turns = []

    def fails() -> None:
        turns.append(1)
        if len(turns) > 2:
            tried.set()
        raise ValueError("quotes ada@example.com")

    rounds = Rounds(
        [Job(name="bad", every_s=0.001, run=fails), Job(name="good", every_s=60, run=done.set)],
        metrics=metrics,
        clock=SystemClock(),
    ).start()
    try:
        assert tried.wait(20)
        assert done.wait(20)
    finally:
        rounds.stop()
    text = metrics.text().decode()
    assert 'sidecar_round_done_timestamp_seconds{job="good"}' in text
    assert 'job="bad"' not in text


def test_stop_without_start_and_twice_is_harmless():
    rounds = Rounds([], metrics=Metrics(), clock=SystemClock())
    rounds.stop()
    rounds.stop()
