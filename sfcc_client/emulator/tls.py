"""A TLS port on loopback: it ends the encryption and passes the bytes to a plain port behind it, both ways, unread.

A client may show a certificate as soon as an authority is trusted; the application finds it, checked against that
authority, as PEM under `CLIENT_CERTIFICATE` in its environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from sfcc_client.emulator.door import LOOPBACK, Door, WsgiApp, cannot_listen

CLIENT_CERTIFICATE = "SSL_CLIENT_CERT"

_CHUNK = 64 * 1024


class TlsDoor:
    """HTTPS on a port of 127.0.0.1; 0 picks a free one.

    `certificate` is a PEM file with the server's certificate and what stands between it and its authority, `key` the
    PEM file of its private key without a password. Raises OSError when the port is taken or a file is missing, also
    `ssl.SSLError` when one is not what it should be.
    """

    def __init__(self, app: WsgiApp, *, certificate: Path, key: Path, port: int = 0, threads: int = 16) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._app = app
        self._shown: dict[int, str] = {}
        try:
            self._socket = socket.create_server((LOOPBACK, port), backlog=1024)
        except OSError as error:
            raise cannot_listen(port, error) from error
        try:
            self._behind = Door(self._introduced, threads=threads, scheme="https")
        except OSError:
            self._socket.close()
            raise
        self.port = int(self._socket.getsockname()[1])
        self._connections: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()
        self._thread: threading.Thread | None = None

    def trust(self, authority: str) -> None:
        """Accept client certificates of this authority (PEM) from the next connection on. Raises `ssl.SSLError`."""
        self._context.load_verify_locations(cadata=authority)
        self._context.verify_mode = ssl.CERT_OPTIONAL

    def _introduced(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application, told what certificate the client of this connection showed."""
        environ[CLIENT_CERTIFICATE] = self._shown.get(int(environ.get("REMOTE_PORT") or 0), "")
        return self._app(environ, start_response)

    def start(self) -> None:
        self._behind.start()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(ready),), name=f"loopback-tls-{self.port}", daemon=True
        )
        self._thread.start()
        ready.wait(timeout=10)

    def stop(self) -> None:
        """Stop serving, drop open connections and release the port; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._end.set)
            thread.join(timeout=10)
        self._socket.close()
        self._behind.stop()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._connected, sock=self._socket, ssl=self._context, backlog=1024)
        ready.set()
        await self._end.wait()
        server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._connections.add(task)
        try:
            await self._joined(reader, writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._connections.discard(task)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes both ways until one side ends; what the server said is sent to its end."""
        behind_reader, behind_writer = await asyncio.open_connection(LOOPBACK, self._behind.port)
        port = int(behind_writer.get_extra_info("sockname")[1])
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        if shown:
            self._shown[port] = ssl.DER_cert_to_PEM_cert(shown)
        asked = asyncio.ensure_future(_passed(reader, behind_writer))
        answered = asyncio.ensure_future(_passed(behind_reader, writer))
        try:
            await asyncio.wait((asked, answered), return_when=asyncio.FIRST_COMPLETED)
        finally:
            behind_writer.transport.abort()
            for side in (asked, answered):
                side.cancel()
            await asyncio.gather(asked, answered, return_exceptions=True)
            self._shown.pop(port, None)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _passed(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(_CHUNK):
        sink.write(chunk)
        await sink.drain()
