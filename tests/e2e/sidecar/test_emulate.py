"""``sfcc-snow emulate`` as a process: the addresses it prints answer, and nothing of it stays."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests


@contextmanager
def running(platform: str, *options: str, lines: int) -> Iterator[tuple[subprocess.Popen, list[str]]]:
    call = [sys.executable, "-m", "sidecar.cli", "emulate", platform, "--port", "0", *options]
    process = subprocess.Popen([*call, "--tls", "--tls-port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        yield process, [process.stdout.readline() for _ in range(lines)]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_commerce_serves_https_to_who_trusts_the_printed_authority() -> None:
    with running("sfcc", lines=3) as (process, lines):
        secure, authority = re.search(r"on (https://[\d.:]+); clients must trust (\S+),", lines[0]).groups()
        plain = lines[2].strip().split("=", 1)[1].strip("'")
        for address, verify in ((secure, authority), (plain, True)):
            answer = requests.post(f"{address}/dwsso/oauth2/access_token", verify=verify, timeout=10)
            assert answer.json()["error"] == "unsupported_grant_type"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert not Path(authority).parent.exists()


def test_servicenow_serves_https_to_who_trusts_the_printed_authority() -> None:
    with running("servicenow", "--no-demo", lines=5) as (process, lines):
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
