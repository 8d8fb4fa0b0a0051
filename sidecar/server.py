"""The HTTP server: waitress, with an end that loses no request.

Waitress reads each body completely before a thread works on it, so clients that send slowly cost memory but no thread.
Its own `run` drops what is being answered when it ends; here `drain` stops accepting, lets requests in flight finish
and be sent, and then returns.

An application may begin a request and let it wait for something without a thread of the server waiting too.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, Self, runtime_checkable
from wsgiref.types import WSGIApplication, WSGIEnvironment

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

# Larger than the application's own limit, so that a body somewhat too large is still refused in our own words.
_LARGEST_BODY = 16 * 1024 * 1024
_LARGEST_HEADER = 16 * 1024
_CONNECTIONS = 900
_IDLE_S = 60
_POLL_S = 0.2
_PROXY_HEADERS = "x-forwarded-for x-forwarded-proto x-forwarded-host"


@runtime_checkable
class TwoSteps(Protocol):
    """A WSGI application that looks at a request before it is called with it: when `begun` gives out a future, it is
    called once that is done, with the same environment, on the thread that made it so."""

    def begun(self, environ: WSGIEnvironment) -> Future[Any] | None: ...


class _Task(WSGITask):  # type: ignore[misc]
    """A response without a body, such as 304, ends with its headers (RFC 9112 section 6.3), so that the connection can
    stay open. Waitress closes it, because it sees no Content-Length: each 304 would cost the caller a new connection.
    """

    close_on_finish: bool

    def __init__(self, channel: HTTPChannel, request: Any) -> None:
        super().__init__(channel, request)
        self.environ = getattr(request, "begun", None)

    def build_response_header(self) -> bytes:
        close = self.close_on_finish or self.request.headers.get("CONNECTION", "").lower() == "close"
        head: bytes = super().build_response_header()
        if close or self.has_body or self.version != "1.1":
            return head
        self.close_on_finish = False
        return head.replace(b"\r\nConnection: close\r\n", b"\r\n", 1)


class _Channel(HTTPChannel):  # type: ignore[misc]
    task_class = _Task
    begin: Callable[[WSGIEnvironment], Future[Any] | None]

    def service(self) -> None:
        request = self.requests[0]
        awaited = None
        if not request.error:
            request.begun = self.task_class(self, request).get_environment()
            awaited = self.begin(request.begun)
        if awaited is None:
            super().service()
        else:
            awaited.add_done_callback(lambda _: super(_Channel, self).service())


def _nothing_begun(_: WSGIEnvironment) -> None:
    return None


class Server:
    """One application on one address. The socket is bound at once, so `url` is final; port 0 picks a free one.

    Either `run` blocks until another thread or a signal handler calls `drain`, or `start` and `stop` do it on a thread
    of their own. `trusted_proxy` is the address of the one proxy whose forwarding headers are believed.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        threads: int = 16,
        trusted_proxy: str = "",
        drain_s: float = 25.0,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=1024)
        self._host = host
        self._drain_s = drain_s
        self._timer = timer
        self._draining = threading.Event()
        self._thread: threading.Thread | None = None
        self._map: dict[int, wasyncore.dispatcher] = {}
        proxy = {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": _PROXY_HEADERS} if trusted_proxy else {}
        self._server = create_server(
            app,
            map=self._map,
            sockets=[self._socket],
            threads=threads,
            ident=None,
            clear_untrusted_proxy_headers=True,
            channel_timeout=_IDLE_S,
            connection_limit=_CONNECTIONS,
            max_request_body_size=_LARGEST_BODY,
            max_request_header_size=_LARGEST_HEADER,
            asyncore_use_poll=True,
            **proxy,
        )
        begin = app.begun if isinstance(app, TwoSteps) else _nothing_begun
        self._server.channel_class = type("Channel", (_Channel,), {"begin": staticmethod(begin)})
        # A queue is how a burst is taken; a line for each request of it is noise.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)

    @property
    def url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._server.effective_port}"

    def run(self) -> None:
        """Serve until `drain` is called and everything in flight is answered, or the time for that is over."""
        try:
            while not self._draining.is_set():
                self._loop_once()
            self._stop_accepting()
            end = self._timer() + self._drain_s
            while self._busy() and self._timer() < end:
                self._loop_once()
        finally:
            wasyncore.close_all(self._map, ignore_all=True)
            self._server.task_dispatcher.shutdown(timeout=1)
            self._socket.close()

    def drain(self) -> None:
        """Accept nothing more and let `run` return. Safe from a signal handler and from any thread."""
        self._draining.set()

    def start(self) -> Self:
        """Serve on a thread."""
        self._thread = threading.Thread(target=self.run, name="sidecar-server", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End what `start` began; safe to call twice."""
        self.drain()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _loop_once(self) -> None:
        wasyncore.loop(timeout=_POLL_S, use_poll=True, map=self._map, count=1)

    def _stop_accepting(self) -> None:
        self._server.accepting = False
        self._server.del_channel(self._map)
        self._server.socket.close()

    def _busy(self) -> bool:
        channels = [channel for channel in list(self._map.values()) if isinstance(channel, HTTPChannel)]
        return any(channel.requests or channel.total_outbufs_len for channel in channels)
