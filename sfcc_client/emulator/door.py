"""One port on loopback behind which waitress serves a WSGI application, with a clean stop."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from waitress import wasyncore
from waitress.server import create_server

WsgiApp = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

LOOPBACK = "127.0.0.1"


class Door:
    """Plain HTTP on a port of 127.0.0.1; 0 picks a free one. The socket is bound at construction.

    `scheme` is what the application is told the client spoke. Raises OSError naming the port when it is taken.
    """

    def __init__(self, app: WsgiApp, *, port: int = 0, threads: int = 16, scheme: str = "http") -> None:
        opened: dict[int, Any] = {}
        try:
            self._server = create_server(
                app,
                map=opened,
                host=LOOPBACK,
                port=port,
                threads=threads,
                ident=None,
                url_scheme=scheme,
                clear_untrusted_proxy_headers=True,
                channel_timeout=30,
            )
        except OSError as error:
            wasyncore.close_all(opened, ignore_all=True)
            raise cannot_listen(port, error) from error
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return int(self._server.effective_port)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._serve, name=f"loopback-{self.port}", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            self._server.run()
        except OSError:
            # stop() closes the sockets under the select loop; that is its end, not a failure.
            if self._thread is not None:
                raise

    def _close(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()  # unlike close(), it also lets go of large answers that are not sent yet
        wasyncore.close_all(self._server._map, ignore_all=True)

    def stop(self) -> None:
        """Stop serving, drop open connections and release the port; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is None:
            self._close()
            return
        # The loop's own thread closes the sockets, keep-alive connections included.
        # A worker's own signal may run it before ours is sent; then the trigger is closed already.
        with contextlib.suppress(OSError):
            self._server.trigger.pull_trigger(self._close)
        thread.join(timeout=10)
        self._server.task_dispatcher.shutdown()


def cannot_listen(port: int, error: OSError) -> OSError:
    """The error that names the port."""
    return OSError(error.errno, f"Cannot listen on {LOOPBACK}:{port}: {error.strerror or error}")
