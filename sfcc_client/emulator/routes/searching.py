"""The answer of a SCAPI search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request

from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.query import Fields, QueryRefused
from sfcc_client.emulator.routes.customers import problem_of
from sfcc_client.emulator.search import SCAPI, found
from sfcc_client.emulator.state import Document


def _itself(row: Document) -> Any:
    return row


def searched(
    rows: Iterable[Document],
    fields: Fields,
    default_sort: str,
    *,
    sortable: Iterable[str] | None = None,
    view: Callable[[Document], Any] = _itself,
    **members: Any,
) -> Response:
    """One page of hits, each as `view` shows it, and other members of the answer. Raises problems."""
    body: Any = request.get_json(silent=True, force=True)
    try:
        result = found(body, rows, fields, SCAPI, default_sort, sortable=sortable)
    except QueryRefused as error:
        raise problem_of(error) from error
    document = {
        "limit": result.limit,
        "offset": result.offset,
        "total": result.total,
        "query": body["query"],
        **({"sorts": body["sorts"]} if body.get("sorts") else {}),
        "hits": [view(row) for row in result.hits],
        **members,
    }
    return answer(document)
