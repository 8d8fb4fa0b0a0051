"""The client: the one place that touches pysnc, and the one place that knows its traps (servicenow-rest A6).

pysnc keeps a session, a batch queue and values of its own `str` type, none of them safe to share. Here every call
leases one native client, sends through our transport, and answers plain records:

- values leave as `Record` with plain strings (T1, T3); updates are our own PATCH, compared with the answer (T2)
- failures are raised by a response hook as our own errors, before the library can blur them (T5, T6)
- pages advance by the requested limit and are de-duplicated: the platform limits before it hides rows (T11, T12)
- batches are our own (T18 to T23), so is the OAuth token (T-OA1 to T-OA3); timeouts and retries are the transport's
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, Self, TypeVar

import pysnc
import pysnc.exceptions
import requests

from snow_app import batch, errors
from snow_app.answers import Answer
from snow_app.attachments import Attachments
from snow_app.auth import OAuthToken, sign_in
from snow_app.batch import BatchItem, BatchResult
from snow_app.clock import Clock, SystemClock
from snow_app.paging import PAIRS, PLAIN
from snow_app.settings import SnowSettings
from snow_app.table import TABLE_API, Table
from snow_app.tables.row import Row
from snow_app.tables.typed import TypedTable
from snow_app.transport import Pace, Transport, answer_of, refuse_failed_stream, refuse_failures

__all__ = ["BATCH_API", "PAIRS", "PLAIN", "TABLE_API", "SnowClient", "Table"]

BATCH_API = "/api/now/v1/batch"
R = TypeVar("R", bound=Row)
# What the library lets out when an answer is JSON but not of the shape it trusts in.
_MISREAD = (pysnc.exceptions.InsertException, KeyError, TypeError, AttributeError, IndexError)


class SnowClient:
    """One instance, safe to share between threads. Use as a context manager or call `close`.

    Every method raises the errors of `snow_app.errors` and nothing else.
    """

    def __init__(self, settings: SnowSettings, clock: Clock | None = None, *, pace: Pace | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self._transport = Transport(settings, self.clock, pace)
        self._auth = sign_in(settings, self._transport, self.clock)
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self._all: list[Any] = []
        self._lock = threading.Lock()
        self._scope_parameters: Mapping[str, str] = {}
        self.attachments = Attachments(self)
        self.known_columns: set[tuple[str, str]] = set()
        """(table, column) pairs that were seen in an answer."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            natives, self._all = self._all, []
        for native in natives:
            native.session.close()
        if isinstance(self._auth, OAuthToken):
            self._auth.close()
        self._transport.close()

    def table(self, name: str) -> Table:
        """The table `name`; nothing is asked yet."""
        if not name.replace("_", "").isalnum() or not name.islower():
            raise errors.UnsafeQuery("A table's name has lower-case letters, digits and underscores.")
        return Table(self, name)

    def of(self, kind: type[R]) -> TypedTable[R]:
        """The table whose rows are of this type: ``client.of(Incident)``; nothing is asked yet."""
        return TypedTable(self, kind)

    def write_into(self, scope_sys_id: str) -> None:
        """Ask for `scope_sys_id` as the scope of every later write, batch items included.

        The platform does not document the parameter for the Table API: always read the scope back.
        """
        self._scope_parameters = {"sysparm_transaction_scope": scope_sys_id}

    def batch(self, items: Sequence[BatchItem]) -> tuple[BatchResult, ...]:
        """One result per item, in order. The items must not depend on each other. See `snow_app.batch.results`."""
        scoped = [
            item
            if item.method == "GET"
            else BatchItem(
                method=item.method,
                path=item.path,
                parameters={**item.parameters, **self._scope_parameters},
                values=item.values,
            )
            for item in items
        ]
        settings = self.settings

        def post(body: dict[str, Any]) -> Any:
            return self.request("POST", BATCH_API, json=body, timeout_s=settings.batch_timeout_s).json()

        return batch.results(scoped, post, most_items=settings.batch_items, most_bytes=settings.batch_bytes)

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        json: Any = None,
        data: IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Any documented call outside the Table API; `path` starts with a slash. `timeout_s` bounds each attempt.

        `data` is a seekable file that is sent in pieces, instead of `json`.
        """
        with self._lease() as native:
            scope = {} if method == "GET" else self._scope_parameters
            response = native.session.request(
                method,
                f"{native.instance}{path}",
                params={**(parameters or {}), **scope},
                json=json,
                data=data,
                headers=headers,
                timeout=None if timeout_s is None else (min(self.settings.connect_timeout_s, timeout_s), timeout_s),
            )
            return answer_of(response)

    @contextmanager
    def stream(self, path: str, *, timeout_s: float | None = None) -> Iterator[requests.Response]:
        """A GET whose body is not read yet; failures are raised as everywhere. `timeout_s` bounds each wait."""
        with self._lease() as native:
            response = native.session.get(
                f"{native.instance}{path}",
                headers={"Accept": "*/*"},
                hooks={"response": [refuse_failed_stream]},
                timeout=timeout_s,
                stream=True,
            )
            with response:
                yield response

    @contextmanager
    def _lease(self) -> Iterator[Any]:
        """A native client that no other thread uses meanwhile."""
        try:
            native = self._idle.get_nowait()
        except queue.Empty:
            native = self._connected()
        try:
            yield native
        finally:
            self._idle.put(native)

    def _connected(self) -> Any:
        settings = self.settings
        # pysnc refuses plain http by comparing the scheme's case; the settings decided already that it is wanted.
        address = settings.address.replace("http://", "HTTP://", 1)
        proxy = settings.proxy or None
        native = pysnc.ServiceNowClient(address, self._auth, proxy=proxy, auto_retry=False)
        for scheme in ("https://", "http://"):
            native.session.mount(scheme, self._transport)
        native.session.trust_env = not settings.allow_http
        native.session.hooks["response"] = [refuse_failures]
        with self._lock:
            self._all.append(native)
        return native

    @contextmanager
    def glide_record(self, table: str) -> Iterator[Any]:
        """A native GlideRecord for one call; its values must not leave the block."""
        with self._lease() as native:
            native.session.params = dict(self._scope_parameters)
            try:
                yield native.GlideRecord(table)
            except _MISREAD:
                raise errors.BadAnswer(
                    f"ServiceNow answered a record of {table} in an unknown shape.", operation=table
                ) from None
            finally:
                native.session.params = {}
