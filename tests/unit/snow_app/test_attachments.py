"""Streaming and its failures, against a scripted instance."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import tracemalloc
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from snow_app import SnowClient, SnowSettings, errors
from snow_app.attachments import CHUNK

ID = "a" * 32
BIG = 24 * 1024 * 1024
ZEROS = hashlib.sha256(bytes(BIG)).hexdigest()


def metadata(content=b"", **values):
    return {
        "sys_id": ID,
        "table_name": "incident",
        "table_sys_id": ID,
        "file_name": "a.bin",
        "content_type": "application/octet-stream",
        "size_bytes": str(len(content)),
        "hash": hashlib.sha256(content).hexdigest(),
        "sys_created_on": "2026-11-25 10:00:00",
        "sys_created_by": "admin",
        **values,
    }


class Zeros(io.RawIOBase):
    """A large seekable file of zeros that says how it was read."""

    def __init__(self):
        self.place, self.largest = 0, 0

    def tell(self):
        return self.place

    def seek(self, place, whence=0):
        self.place = place if whence == 0 else BIG + place
        return self.place

    def read(self, size=-1):
        self.largest = max(self.largest, BIG if size < 0 else size)
        size = min(BIG - self.place, BIG if size < 0 else size)
        self.place += size
        return bytes(size)


class Sink:
    """Takes and gives a large file piece by piece."""

    def __init__(self):
        self.lengths = []
        self.stored = False
        self.ahead, self.stalled = threading.Semaphore(64), False

    def zeros(self):
        """At most 4 MB more than the other side has written down."""
        for _ in range(BIG >> 16):
            self.stalled = not self.ahead.acquire(timeout=5) or self.stalled
            if self.stalled:
                return
            yield bytes(1 << 16)

    def __call__(self, environ, start):
        if environ["REQUEST_METHOD"] == "POST":
            length, total = int(environ["CONTENT_LENGTH"]), 0
            while piece := environ["wsgi.input"].read(min(1 << 16, length - total)):
                total += len(piece)
            self.lengths.append((length, total))
            self.stored = True
        elif environ["PATH_INFO"].endswith("/file"):
            start("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(BIG))])
            return self.zeros()
        one = metadata(size_bytes=str(BIG), hash=ZEROS)
        result = one if self.stored or environ["PATH_INFO"].endswith(ID) else []
        body = json.dumps({"result": result}).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


@pytest.fixture
def sink():
    return Sink()


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def client(sink):
    """A client of a server that, unlike the loopback server, passes answers on as they come."""
    with make_server("127.0.0.1", 0, sink, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings = SnowSettings(
            url=f"http://127.0.0.1:{server.server_port}", username="a", password="b", allow_http=True
        )
        with SnowClient(settings) as connected:
            yield connected
        server.shutdown()
        thread.join()


def test_a_large_file_is_read_and_sent_in_pieces(client, sink):
    content = Zeros()
    tracemalloc.start()
    try:
        kept = client.attachments.upload("incident", ID, content, file_name="a.bin")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kept.hash == ZEROS
    assert sink.lengths == [(BIG, BIG)]
    assert content.largest <= CHUNK
    assert most < BIG / 4


class Counting(io.RawIOBase):
    """Counts what is written, and lets the sink send so much more."""

    def __init__(self, sink):
        self.sink, self.sizes = sink, []

    def write(self, piece):
        before = sum(self.sizes) >> 16
        self.sizes.append(len(piece))
        for _ in range((sum(self.sizes) >> 16) - before):
            self.sink.ahead.release()
        return len(piece)


def test_a_large_file_comes_in_pieces(client, sink):
    into = Counting(sink)
    client.attachments.download(ID, into)
    assert (sum(into.sizes), max(into.sizes) <= CHUNK) == (BIG, True)
    assert not sink.stalled


def test_a_file_that_came_out_different_is_told(instance, connect):
    def answered(asked):
        if asked["method"] == "POST":
            return 201, {}, {"result": metadata(b"other", size_bytes="5")}
        if asked["path"].endswith("/file"):
            return 200, {}, b"other"
        return 200, {"X-Total-Count": "0"}, {"result": []}

    instance.answer(200, answered)
    with pytest.raises(errors.WriteLost) as lost:
        connect().attachments.upload("incident", ID, io.BytesIO(b"mine!"), file_name="a.bin")
    assert lost.value.columns == ("hash",)
    assert "mine" not in lost.value.message


def test_a_download_that_is_cut_or_changed_is_no_file(instance, connect, tmp_path):
    def answered(asked):
        return (200, {}, b"chang3d") if asked["path"].endswith("/file") else (200, {}, {"result": metadata(b"changed")})

    instance.answer(200, answered)
    with pytest.raises(errors.BadAnswer):
        connect().attachments.download(ID, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_a_rate_limit_rewinds_the_file(instance, connect, clock):
    answers = iter([(429, {"Retry-After": "1"}, b""), (201, {}, {"result": metadata(b"content")})])
    instance.answer(200, lambda asked: (200, {}, {"result": []}) if asked["method"] == "GET" else next(answers))
    client = connect(read_timeout_s=1)
    client.attachments.upload("incident", ID, io.BytesIO(b"content"), file_name="a.bin")
    assert clock.slept == [1.0]
    assert [asked["body"] for asked in instance.asked if asked["method"] == "POST"] == [b"content", b"content"]


def test_a_connection_that_breaks_in_the_middle_is_unreachable(instance, connect, tmp_path):
    def answered(asked):
        if asked["path"].endswith("/file"):
            return 200, {"Content-Encoding": "gzip"}, b"this is no gzip"
        return 200, {}, {"result": metadata(b"changed")}

    instance.answer(200, answered)
    with pytest.raises(errors.Unreachable):
        connect().attachments.download(ID, tmp_path / "file")
    assert list(tmp_path.iterdir()) == []
