"""The ground both emulators stand on: faults, request log, loopback only, a clean stop."""

import socket
import threading

import pytest
import requests

from sfcc_client.emulator.loopback import LOOPBACK, LoopbackServer


def greeting(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


@pytest.fixture
def server():
    with LoopbackServer(greeting) as running:
        yield running


@pytest.fixture
def session():
    with requests.Session() as opened:
        yield opened


def test_it_listens_on_loopback_only(server):
    host, _ = server._door._server.socket.getsockname()
    assert host == LOOPBACK
    assert server.url.startswith("http://127.0.0.1:")


def test_requests_are_logged_without_their_query(server, session):
    assert session.get(f"{server.url}/orders?email=a@example.com").text == "hello"
    rows = session.get(f"{server.url}/_emulator/requests").json()["requests"]
    assert [(row["method"], row["path"], row["status"]) for row in rows] == [("GET", "/orders", 200)]
    assert rows[0]["ms"] >= 0
    assert session.delete(f"{server.url}/_emulator/requests").status_code == 204
    assert session.get(f"{server.url}/_emulator/requests").json() == {"requests": []}


def test_whoever_has_the_answer_finds_the_request_in_the_log(session):
    answered = threading.Event()

    class Lingering:
        """A body whose end takes as long as the client needs to look."""

        def __iter__(self):
            return iter([b"hello"])

        def close(self):
            answered.wait(0.3)

    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "5")])
        return Lingering()

    with LoopbackServer(app) as running:
        assert session.get(f"{running.url}/orders").text == "hello"
        seen = list(running.requests)
        answered.set()
    assert [row.path for row in seen] == ["/orders"]


def test_a_late_fault_comes_after_the_work_is_done(session):
    done = []

    def working(environ, start_response):
        done.append(environ["PATH_INFO"])
        return greeting(environ, start_response)

    with LoopbackServer(working) as server:
        server.faults.add(status=500, late=True, times=1)
        assert session.get(f"{server.url}/a").status_code == 500
        server.faults.add(delay=0.001, late=True, times=1)
        assert session.get(f"{server.url}/b").text == "hello"
        server.faults.add(drop=True, late=True, times=1)
        with pytest.raises(requests.ConnectionError):
            session.get(f"{server.url}/c")
    assert done == ["/a", "/b", "/c"]


def test_a_fault_answers_for_its_prefix_and_counts_down(server, session):
    fault = {
        "method": "get",
        "path": "/orders",
        "status": 503,
        "body": "busy",
        "headers": {"Retry-After": "2"},
        "times": 2,
    }
    assert session.post(f"{server.url}/_emulator/faults", json=fault).status_code == 201
    for _ in range(2):
        answer = session.get(f"{server.url}/orders/1")
        assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "busy", "2")
    assert session.get(f"{server.url}/orders/1").status_code == 200
    assert session.post(f"{server.url}/orders").status_code == 200


def test_faults_can_be_listed_and_cleared(server, session):
    server.faults.add(path="/a", status=500)
    assert [fault["path"] for fault in session.get(f"{server.url}/_emulator/faults").json()["faults"]] == ["/a"]
    assert session.delete(f"{server.url}/_emulator/faults").status_code == 204
    assert session.get(f"{server.url}/a").status_code == 200


def test_a_delay_waits_and_then_serves(server, session):
    waited = []
    server.faults.sleep = waited.append
    server.faults.add(delay=0.25)
    assert session.get(server.url).text == "hello"
    assert waited == [0.25]


def test_a_dropped_connection_carries_no_answer(server, session):
    server.faults.add(path="/orders", drop=True, times=1)
    with pytest.raises(requests.ConnectionError):
        session.get(f"{server.url}/orders")
    assert session.get(f"{server.url}/orders").text == "hello"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "5",
        "{",
        '{"unknown": 1}',
        '{"times": 0}',
        '{"times": true}',
        '{"delay": -1}',
        '{"delay": NaN}',
        '{"delay": "x"}',
        '{"path": 5}',
        '{"method": 1}',
        '{"status": "500"}',
        '{"status": 99}',
        '{"body": {}}',
        '{"headers": [1]}',
        '{"headers": {"a": 1}}',
        '{"drop": 1}',
    ],
)
def test_a_bad_fault_is_refused(server, session, body):
    answer = session.post(f"{server.url}/_emulator/faults", data=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("not a fault")
    assert "__init__" not in answer.text
    assert "argument" not in answer.text
    assert server.faults.listed() == []


def test_stop_releases_port_and_thread():
    server = LoopbackServer(greeting).start()
    port = server.port
    with requests.Session() as keeps_its_connection:
        keeps_its_connection.get(server.url)
        server.stop()
    server.stop()
    assert f"loopback-{port}" not in [thread.name for thread in threading.enumerate()]
    with socket.socket() as probe:
        assert probe.connect_ex((LOOPBACK, port)) != 0


def test_a_server_that_never_started_can_be_stopped():
    LoopbackServer(greeting).stop()


def test_an_answer_nobody_reads_leaves_no_file_open():
    def large(environ, start_response):
        start_response("200 OK", [("Content-Length", str(32_000_000))])
        return [b"x" * 32_000_000]

    server = LoopbackServer(large).start()
    with socket.create_connection((LOOPBACK, server.port)) as reader:
        reader.sendall(b"GET / HTTP/1.1\r\nHost: loopback\r\n\r\n")
        assert reader.recv(1)
        server.stop()


def test_a_port_in_use_is_named(server):
    with pytest.raises(OSError, match=str(server.port)):
        LoopbackServer(greeting, port=server.port)
