"""``sfcc-snow worker`` as people run it: says what it does, takes a place, and ends cleanly at SIGTERM."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.performance import processes


def _started(folder: Path, variables: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sidecar.cli", "worker"],
        env={**os.environ, **variables, "SIDECAR_DATA_DIR": str(folder)},
        cwd=processes.ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.timeout(300)
def test_two_workers_take_a_place_each_and_end_cleanly(tmp_path):
    with processes.commerce() as shop, processes.servicenow() as snow:
        variables = {**shop.variables, **snow.variables}
        workers = [_started(tmp_path, variables) for _ in range(2)]
        try:
            said = sorted(worker.stdout.readline() for worker in workers)
            assert [line.partition(" hands events to ")[0] for line in said] == ["worker-0", "worker-1"]
            for flow in ("order_issues", "storefront_alerts", "feedback"):
                assert flow in said[0]
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
            rest = [worker.communicate(timeout=60)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert rest == ["Stopped.\n", "Stopped.\n"]
    assert {file.name for file in tmp_path.iterdir()} >= {"events.sqlite", "engine.sqlite", "worker-0.lock"}


def test_without_settings_it_says_what_is_missing(tmp_path):
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("SFCC_", "SNOW_"))}
    done = subprocess.run(
        [sys.executable, "-m", "sidecar.cli", "worker"],
        env={**variables, "SIDECAR_DATA_DIR": str(tmp_path)},
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "SFCC_SCAPI_URL" in done.stderr
    assert "Traceback" not in done.stderr
