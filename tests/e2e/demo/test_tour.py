"""``sfcc-snow demo --tour --once``: every flow happens, or the command says which did not and fails."""

from __future__ import annotations

import subprocess
import sys

from sidecar.demo.tour import SCENES, Act, Scene, TourFailed, toured
from sidecar.demo.tour import scenes as tour

WITHIN_S = 150


def demo(tmp_path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sidecar.cli", "demo", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, cwd=tmp_path, check=False)


def test_every_flow_plays_and_the_demo_ends(tmp_path):
    done = demo(tmp_path, "--tour", "--once")
    assert done.returncode == 0, done.stdout + done.stderr
    for scene in SCENES:
        assert scene.flow in done.stdout
    for prefix in ("CS00", "INC00", "PRB00"):
        assert prefix in done.stdout
    assert "failed" not in done.stdout


def test_once_needs_the_tour(tmp_path):
    done = demo(tmp_path, "--once")
    assert done.returncode == 2
    assert "--tour" in done.stderr


def test_a_flow_that_fails_is_named_and_the_others_play_on(monkeypatch):
    def fails(stage):
        yield Act(flow="one", happened="began", number="1", url="u")
        raise TourFailed("no record came")

    def works(stage):
        yield Act(flow="two", happened="happened", number="2", url="u")

    monkeypatch.setattr(tour, "SCENES", (Scene(flow="one", play=fails), Scene(flow="two", play=works)))
    acts, failures = [], []
    assert not toured(None, acts.append, lambda *failure: failures.append(failure))
    assert [act.number for act in acts] == ["1", "2"]
    assert failures == [("one", "no record came")]
