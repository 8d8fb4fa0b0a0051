"""``sfcc-snow demo`` as a person runs it: one process, a ready file, Ctrl-C."""

import json
import signal
import socket
import subprocess
import sys
import threading

import pytest
import requests

READY_WITHIN_S = 90


@pytest.fixture
def started(tmp_path):
    running = []

    def start(*options):
        ready = tmp_path / "ready.json"
        process = subprocess.Popen(
            [sys.executable, "-m", "sidecar.cli", "demo", "--ready-file", str(ready), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
        )
        running.append(process)
        said = []
        up = threading.Event()

        def read():
            for line in process.stdout:
                said.append(line)
                if "Ctrl-C" in line:
                    up.set()
            up.set()

        reader = threading.Thread(target=read)
        reader.start()
        assert up.wait(READY_WITHIN_S), "".join(said)
        assert process.poll() is None, "".join(said)
        return process, reader, ready, said

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def ended(process, reader):
    process.send_signal(signal.SIGINT)
    code = process.wait(timeout=60)
    reader.join(timeout=10)
    return code


def test_the_ready_file_is_complete_and_true(started):
    process, reader, ready, said = started()
    told = json.loads(ready.read_text())
    assert oct(ready.stat().st_mode & 0o777) == "0o600"
    assert set(told) == {"servicenow", "sfcc", "sidecar", "pages", "samples"}
    assert set(told["servicenow"]) == {"url", "username", "password"}
    assert {"url", "organization_id", "site_id", "client_id", "client_secret"} <= set(told["sfcc"])
    assert {"slas_client_id", "slas_client_secret"} <= set(told["sfcc"])
    assert {"registered", "guest", "ambiguous", "unknown"} <= set(told["samples"])

    snow, shopper = told["servicenow"], told["samples"]["registered"]
    auth = (snow["username"], snow["password"])
    with requests.Session() as session:
        case = session.get(
            f"{snow['url']}/api/now/table/sn_customerservice_case/{shopper['case_sys_id']}", auth=auth
        ).json()["result"]
        assert case["x_acme_sfcc_order_no"] == shopper["order_no"]
        context = session.post(
            f"{told['sidecar']['url']}/v1/context",
            json={"identity": {"email": shopper["email"]}, "mode": "live"},
            headers={"Authorization": f"Bearer {told['sidecar']['token']}"},
        )
        assert context.json()["sections"]["profile"]["data"]["customer_no"] == shopper["customer_no"]
        assert session.get(told["pages"]["case_form"]).status_code == 200
        assert "sfcc-c360" in session.get(told["pages"]["panel"]).text
    assert told["pages"]["case_form"] in "".join(said).replace("\n", "")

    assert ended(process, reader) == 0
    assert not ready.exists()
    for name in ("servicenow", "sfcc", "sidecar"):
        address = told[name]["url"].removeprefix("http://").split(":")
        with socket.socket() as probe:
            assert probe.connect_ex((address[0], int(address[1]))) != 0


def test_ports_in_a_row_and_a_kept_state(started, tmp_path, free_ports):
    options = ("--port-base", str(free_ports), "--state", str(tmp_path / "kept"), "--no-csm")
    cases = []
    for _ in range(2):
        process, reader, ready, _said = started(*options)
        told = json.loads(ready.read_text())
        ports = [int(told[name]["url"].rsplit(":", 1)[1]) for name in ("servicenow", "sfcc", "sidecar")]
        assert ports == [free_ports, free_ports + 1, free_ports + 2]
        cases.append(told["samples"]["registered"]["case_sys_id"])
        assert "/incident.do?" in told["pages"]["case_form"]
        assert ended(process, reader) == 0
    assert cases[0] == cases[1]


@pytest.fixture
def free_ports():
    """The first of three ports in a row that nobody uses now."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            base = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", base + 1))
                third.bind(("127.0.0.1", base + 2))
            except OSError:
                continue
            return base
    pytest.fail("no three free ports in a row")


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "sidecar.cli", "demo", "--port-base", str(port)],
            capture_output=True,
            text=True,
            timeout=READY_WITHIN_S,
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 1
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
