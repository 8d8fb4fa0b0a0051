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
from typing import Any, Self

import pysnc
import pysnc.exceptions

from snow_app import batch, errors
from snow_app.answers import Answer
from snow_app.auth import OAuthToken, sign_in
from snow_app.batch import BatchItem, BatchResult
from snow_app.clock import Clock, SystemClock
from snow_app.query import Query
from snow_app.records.identity import SYS_ID
from snow_app.records.record import text
from snow_app.row import Record, record
from snow_app.settings import SnowSettings
from snow_app.transport import Transport, answer_of, refuse_failures

TABLE_API = "/api/now/table"
BATCH_API = "/api/now/v1/batch"
# Written values that the platform turns into something else: journals append a row, passwords are encrypted.
_NOT_COMPARED = frozenset({"work_notes", "comments", "password", "user_password"})
# What the library lets out when an answer is JSON but not of the shape it trusts in.
_MISREAD = (pysnc.exceptions.InsertException, KeyError, TypeError, AttributeError, IndexError)
PLAIN = {"sysparm_display_value": "false", "sysparm_exclude_reference_link": "true"}
PAIRS = {"sysparm_display_value": "all", "sysparm_exclude_reference_link": "true"}


class SnowClient:
    """One instance, safe to share between threads. Use as a context manager or call `close`.

    Every method raises the errors of `snow_app.errors` and nothing else.
    """

    def __init__(self, settings: SnowSettings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self._transport = Transport(settings, self.clock)
        self._auth = sign_in(settings, self._transport, self.clock)
        self._idle: queue.LifoQueue[Any] = queue.LifoQueue()
        self._all: list[Any] = []
        self._lock = threading.Lock()
        self._scope_parameters: Mapping[str, str] = {}

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

    def write_into(self, scope_sys_id: str) -> None:
        """Ask for `scope_sys_id` as the scope of every later write, batch items included.

        The platform does not document the parameter for the Table API: always read the scope back.
        """
        self._scope_parameters = {"sysparm_transaction_scope": scope_sys_id}

    def batch(self, items: Sequence[BatchItem]) -> tuple[BatchResult, ...]:
        """One result per item, in order. The items must not depend on each other."""
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
            return self.request("POST", BATCH_API, json=body).json()

        return batch.results(scoped, post, most_items=settings.batch_items, most_bytes=settings.batch_bytes)

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        json: Any = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Any documented call outside the Table API; `path` starts with a slash. `timeout_s` bounds each attempt."""
        with self._lease() as native:
            scope = {} if method == "GET" else self._scope_parameters
            response = native.session.request(
                method,
                f"{native.instance}{path}",
                params={**(parameters or {}), **scope},
                json=json,
                timeout=timeout_s,
            )
            return answer_of(response)

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


class Table:
    """The rows of one table."""

    def __init__(self, client: SnowClient, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, sys_id: str, *, fields: Sequence[str] = ()) -> Record:
        """The row, all columns without `fields`. Raises NotFound also when an access rule hides it."""
        with self._client.glide_record(self.name) as native:
            if fields:
                native.fields = list(fields)
            if not native.get(_checked(sys_id)):
                raise errors.NotFound("ServiceNow has no such record, or an access rule hides it.")
            return _plain(self.name, native)

    def rows(
        self,
        query: Query | None = None,
        *,
        fields: Sequence[str] = (),
        limit: int | None = None,
        page_size: int = 500,
        timeout_s: float | None = None,
    ) -> Iterator[Record]:
        """The rows that match and are visible, each once, ordered by sys_id unless the query orders.

        Fewer rows than `limit` may come although more match, because the platform counts before it hides.
        """
        asked = query or Query()
        if not asked.orders:
            asked = asked.ordered_by("sys_id")
        parameters = {**PAIRS, "sysparm_query": str(asked), "sysparm_suppress_pagination_header": "true"}
        if fields:
            parameters["sysparm_fields"] = ",".join(dict.fromkeys(("sys_id", *fields)))
        seen: set[str] = set()
        offset, end = 0, limit
        while end is None or offset < end:
            size = page_size if end is None else min(page_size, end - offset)
            page = {**parameters, "sysparm_limit": str(size), "sysparm_offset": str(offset)}
            answer = self._client.request("GET", f"{TABLE_API}/{self.name}", parameters=page, timeout_s=timeout_s)
            for found in _rows(self.name, answer):
                if found.sys_id not in seen:
                    seen.add(found.sys_id)
                    yield found
            offset += size
            total = int(answer.header("X-Total-Count") or 0)
            end = total if limit is None else min(limit, total)

    def first(self, query: Query, *, fields: Sequence[str] = ()) -> Record | None:
        """The first visible row that matches."""
        return next(self.rows(query, fields=fields, limit=1), None)

    def insert(self, values: Mapping[str, str | int | bool], *, sys_id: str | None = None) -> Record:
        """The row as the platform stored it. With `sys_id` a repeated insert fails instead of adding a second row."""
        with self._client.glide_record(self.name) as native:
            native.initialize()
            if sys_id is not None:
                native.set_new_guid_value(_checked(sys_id))
            for column, value in values.items():
                native.set_value(column, text(value))
            native.insert()
            return _plain(self.name, native)

    def update(self, sys_id: str, values: Mapping[str, str | int | bool]) -> Record:
        """The row after the update. Raises WriteLost when the platform accepted but did not store a value.

        Never repeated by itself: a repeated journal entry would be a second note.
        """
        sent = {column: text(value) for column, value in values.items()}
        path = f"{TABLE_API}/{self.name}/{_checked(sys_id)}"
        answer = self._client.request("PATCH", path, parameters=PAIRS, json=sent)
        stored = record(self.name, _object(answer))
        lost = tuple(
            column for column, value in sent.items() if column not in _NOT_COMPARED and stored[column] != value
        )
        if lost:
            raise errors.WriteLost(
                f"ServiceNow accepted the update of {self.name} but did not store {', '.join(lost)}.",
                columns=lost,
                status=answer.status,
                operation=answer.operation,
            )
        return stored

    def delete(self, sys_id: str) -> None:
        """Raises NotFound when the row is gone already or hidden."""
        self._client.request("DELETE", f"{TABLE_API}/{self.name}/{_checked(sys_id)}")


def _rows(table: str, answer: Answer) -> list[Record]:
    result = answer.result()
    if not isinstance(result, list) or not all(isinstance(one, Mapping) for one in result):
        raise errors.BadAnswer(f"ServiceNow answered {answer.operation} without a list.", operation=answer.operation)
    return [record(table, one) for one in result]


def _object(answer: Answer) -> Mapping[str, Any]:
    result = answer.result()
    if not isinstance(result, Mapping):
        raise errors.BadAnswer(f"ServiceNow answered {answer.operation} without a record.", operation=answer.operation)
    return result


def _plain(table: str, native: Any) -> Record:
    """A copy of the native record without any of the library's own values."""
    columns = native.fields or ()
    pairs = {
        column: {"value": native.get_value(column), "display_value": native.get_display_value(column)}
        for column in columns
    }
    return record(table, pairs)


def _checked(sys_id: str) -> str:
    if not SYS_ID.fullmatch(sys_id):
        raise errors.UnsafeQuery("A sys_id has 32 letters and digits.")
    return sys_id
