"""The Batch API with one result per item (servicenow-rest D7; traps T18 to T23)."""

from __future__ import annotations

import base64
import binascii
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from snow_app import errors
from snow_app.answers import Answer

Post = Callable[[dict[str, Any]], Any]
Method = Literal["GET", "POST", "PATCH", "DELETE"]
_OVERHEAD_BYTES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One request inside a batch: `path` starts with ``/api/``; `values` become the JSON body."""

    method: Method
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode(self.parameters)}" if self.parameters else self.path

    def wire(self, number: int) -> dict[str, Any]:
        """The item as the Batch API takes it."""
        headers = [{"name": "Accept", "value": "application/json"}]
        item: dict[str, Any] = {"id": str(number), "method": self.method, "url": self.url, "headers": headers}
        if self.values is not None:
            headers.append({"name": "Content-Type", "value": "application/json"})
            item["body"] = base64.b64encode(json.dumps(dict(self.values)).encode()).decode()
        return item

    def bytes(self) -> int:
        """About how many bytes of a batch body the item takes."""
        body = sum(len(key) + len(json.dumps(value)) for key, value in (self.values or {}).items())
        return len(self.url) + body * 4 // 3 + _OVERHEAD_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of one item: its answer, or the error why there is none."""

    item: BatchItem
    answer: Answer | None = None
    unserved: errors.SnowError | None = None

    @property
    def error(self) -> errors.SnowError | None:
        """None when the item succeeded."""
        if self.answer is None:
            return self.unserved
        return self.answer.error() if self.answer.status >= 300 else None

    def result(self) -> Any:
        """The ``result`` of the item's answer, None where it has no body. Raises the item's error."""
        if self.answer is None:
            raise self.unserved or errors.Unserviced("The item was not served.")
        parsed = self.answer.json()
        return None if parsed is None else self.answer.result()


def results(items: Sequence[BatchItem], post: Post, *, most_items: int, most_bytes: int) -> tuple[BatchResult, ...]:
    """One result per item, in the order of `items`, whatever order the platform chose.

    Sends chunks bounded by count and bytes. Items the platform did not get to within its 30 s are sent again as long
    as each round serves at least one; the rest answer `Unserviced`. `post` sends one batch body and returns its JSON.
    Items of one call must not depend on each other: the platform documents no order.
    Raises what `post` raises as long as no item was served; later it becomes the error of the items of that chunk,
    which may or may not have been served, and what comes after them is not sent.
    """
    served: dict[int, BatchResult] = {}
    numbers = itertools.count(1)
    for chunk in _chunks(items, most_items, most_bytes):
        try:
            for answers in _rounds(dict(chunk), post, numbers):
                served |= answers
        except errors.SnowError as failure:
            if not served:
                raise
            broken = {index: BatchResult(item=item, unserved=failure) for index, item in chunk}
            unsent = {index: _unserved(item) for index, item in enumerate(items) if index > chunk[-1][0]}
            served = unsent | broken | served
            break
    return tuple(served[index] for index in range(len(items)))


def _rounds(waiting: dict[int, BatchItem], post: Post, numbers: Iterator[int]) -> Iterator[dict[int, BatchResult]]:
    """The results of one chunk, round by round, until everything is served or a round serves nothing."""
    while waiting:
        body = {
            "batch_request_id": str(next(numbers)),
            "rest_requests": [item.wire(index) for index, item in waiting.items()],
        }
        answers = _answers(post(body), waiting)
        waiting = {index: item for index, item in waiting.items() if index not in answers}
        yield answers
        if waiting and not answers:
            yield {index: _unserved(item) for index, item in waiting.items()}
            return


def _chunks(items: Sequence[BatchItem], most_items: int, most_bytes: int) -> Iterator[list[tuple[int, BatchItem]]]:
    chunk: list[tuple[int, BatchItem]] = []
    size = 0
    for index, item in enumerate(items):
        weight = item.bytes()
        if chunk and (len(chunk) >= most_items or size + weight > most_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append((index, item))
        size += weight
    if chunk:
        yield chunk


def _answers(parsed: Any, waiting: Mapping[int, BatchItem]) -> dict[int, BatchResult]:
    serviced = parsed.get("serviced_requests") if isinstance(parsed, Mapping) else None
    if not isinstance(serviced, list):
        raise errors.BadAnswer("ServiceNow answered a batch without serviced_requests.", operation="POST batch")
    found: dict[int, BatchResult] = {}
    for one in serviced:
        index = _index(one)
        if index in waiting:
            found[index] = _served(waiting[index], one)
    return found


def _index(one: Any) -> int:
    number = str(one.get("id", "")) if isinstance(one, Mapping) else ""
    return int(number) if number.isdigit() else -1


def _served(item: BatchItem, one: Mapping[str, Any]) -> BatchResult:
    operation = f"{item.method} {item.path}"
    try:
        answer = Answer(
            status=int(one["status_code"]),
            headers={str(header["name"]): str(header["value"]) for header in one.get("headers") or ()},
            body=base64.b64decode(one.get("body") or ""),
            operation=operation,
        )
    except (KeyError, TypeError, ValueError, binascii.Error):
        broken = errors.BadAnswer("ServiceNow answered a batch item in an unknown shape.", operation=operation)
        return BatchResult(item=item, unserved=broken)
    return BatchResult(item=item, answer=answer)


def _unserved(item: BatchItem) -> BatchResult:
    operation = f"{item.method} {item.path}"
    return BatchResult(
        item=item,
        unserved=errors.Unserviced(
            f"ServiceNow did not get to {operation} within its batch time.", operation=operation
        ),
    )
