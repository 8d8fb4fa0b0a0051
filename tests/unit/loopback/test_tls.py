"""The TLS port: trusted by its authority only, one log and one list of faults with the plain port, a clean stop."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests

from sfcc_client.emulator.certificates import issued
from sfcc_client.emulator.loopback import LOOPBACK, Certificate, LoopbackServer

LARGE = b"x" * 5_000_000


def echo(environ, start_response):
    """The scheme, or as much as is asked for, or what was sent."""
    path = environ["PATH_INFO"]
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = {"/large": LARGE, "/sent": sent}.get(path, environ["wsgi.url_scheme"].encode())
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return issued(tmp_path_factory.mktemp("tls"), datetime.now(UTC))


@pytest.fixture
def server(files):
    with LoopbackServer(echo, certificate=files[0]) as running:
        yield running


@pytest.fixture
def session(files):
    with requests.Session() as opened:
        opened.trust_env = False
        opened.verify = str(files[1])
        yield opened


def test_both_ports_serve_one_application_and_name_the_scheme(server, session):
    assert session.get(server.url, timeout=5).text == "http"
    assert session.get(server.secure_url, timeout=5).text == "https"
    assert session.get(server.secure_url.replace(LOOPBACK, "localhost"), timeout=5).text == "https"
    assert [row.method for row in server.requests] == ["GET"] * 3


def test_nobody_else_trusts_it(server):
    with requests.Session() as stranger:
        stranger.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            stranger.get(server.secure_url, timeout=5)


def test_large_bodies_pass_whole_and_connections_are_kept(server, session):
    assert session.post(f"{server.secure_url}/sent", data=LARGE, timeout=20).content == LARGE
    assert session.get(f"{server.secure_url}/large", timeout=20).content == LARGE
    pools = session.adapters["https://"].poolmanager.pools
    [pool] = [pools[key] for key in pools.keys()]  # noqa: SIM118 - the container is no mapping
    assert (pool.num_connections, pool.num_requests) == (1, 2)


def test_many_clients_at_once(server, files):
    def ask(_: int) -> str:
        return requests.get(server.secure_url, verify=str(files[1]), timeout=20).text

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(40))) == {"https"}


def test_faults_hold_for_it_too(server, session):
    server.faults.add(path="/", status=503, times=1)
    assert session.get(server.secure_url, timeout=5).status_code == 503
    server.faults.add(path="/", drop=True, times=1)
    with pytest.raises(requests.ConnectionError):
        session.get(server.secure_url, timeout=5)
    assert session.get(server.secure_url, timeout=5).text == "https"


def test_plain_http_on_the_tls_port_is_no_answer_and_no_end(server, session):
    with pytest.raises(requests.ConnectionError):
        session.get(server.secure_url.replace("https", "http"), timeout=5)
    assert session.get(server.secure_url, timeout=5).text == "https"


def test_stop_releases_ports_threads_and_open_connections(files, session):
    before = set(threading.enumerate())
    server = LoopbackServer(echo, certificate=files[0]).start()
    url, port = server.secure_url, int(server.secure_url.rpartition(":")[2])
    assert session.get(url, timeout=5).text == "https"
    server.stop()
    server.stop()
    assert set(threading.enumerate()) <= before
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind((LOOPBACK, port))
    with pytest.raises(requests.ConnectionError):
        session.get(url, timeout=5)


def test_a_server_that_never_started_can_be_stopped(files):
    LoopbackServer(echo, certificate=files[0]).stop()


def test_a_port_in_use_is_named_and_the_other_port_is_free_again(server, files):
    taken = int(server.secure_url.rpartition(":")[2])
    with pytest.raises(OSError, match=f"Cannot listen on 127.0.0.1:{taken}"):
        LoopbackServer(echo, certificate=files[0], tls_port=taken)


def test_files_that_are_none_are_refused(tmp_path):
    broken = Certificate(chain=tmp_path / "a.pem", key=tmp_path / "b.pem")
    with pytest.raises(OSError, match="No such file"):
        LoopbackServer(echo, certificate=broken)


def test_the_key_is_readable_by_its_owner_only(files):
    assert files[0].key.stat().st_mode & 0o077 == 0


def test_stop_does_not_wait_for_who_never_says_a_word(files):
    server = LoopbackServer(echo, certificate=files[0]).start()
    port = int(server.secure_url.rpartition(":")[2])
    with socket.create_connection((LOOPBACK, port), timeout=10) as silent:
        with requests.Session() as session:
            session.trust_env = False
            assert session.get(server.secure_url, verify=str(files[1]), timeout=5).text == "https"
        server.stop()
        assert silent.recv(1) == b""
