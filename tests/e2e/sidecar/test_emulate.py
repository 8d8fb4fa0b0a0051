"""``sfcc-snow emulate servicenow`` as a process: the addresses it prints answer, and nothing of it stays."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests


@pytest.fixture
def running() -> Iterator[tuple[subprocess.Popen, list[str]]]:
    call = [sys.executable, "-m", "sidecar.cli", "emulate", "servicenow", "--port", "0", "--no-demo"]
    process = subprocess.Popen([*call, "--tls", "--tls-port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        yield process, [process.stdout.readline() for _ in range(5)]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_it_serves_https_to_who_trusts_the_printed_authority(running) -> None:
    process, lines = running
    secure, authority = re.search(r"on (https://[\d.:]+); clients must trust (\S+),", lines[0]).groups()
    values = dict(line.strip().split("=", 1) for line in lines[2:])
    plain = values["SNOW_URL"].strip("'")
    for address, verify in ((secure, authority), (plain, True)):
        answer = requests.post(
            f"{address}/api/now/table/incident", json={}, auth=("admin", "admin"), verify=verify, timeout=10
        )
        assert answer.headers["Location"].startswith(f"{address}/api/now/table/incident/")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not Path(authority).parent.exists()
