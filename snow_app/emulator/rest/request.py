"""Requests and answers of the REST interface, apart from any web server: batch items are served by the same code."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from snow_app.emulator.errors import BadRequest, PlatformError, Unsupported
from snow_app.emulator.instance import Session

_BARE_NAME = re.compile(r'"(?:\\.|[^"\\])*"|([A-Za-z_]\w*)(?=\s*:)')
"""A string, which stays as it is, or a name before a colon."""

JSON = "application/json;charset=UTF-8"


class Headers(dict[str, str]):
    """Headers by lower-case name."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in pairs.items()})

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return super().get(name.lower(), default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call. `params` are the query string's, the last of equal names winning; `pairs` keeps them all in order.

    `base` is what links in the answer start with.
    """

    method: str
    path: str
    session: Session
    base: str
    query_string: str = ""
    headers: Headers = field(default_factory=lambda: Headers({}))
    body: bytes = b""
    pairs: tuple[tuple[str, str], ...] = ()
    params: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, method: str, url: str, session: Session, *, headers: Mapping[str, str], body: bytes = b"", base: str = ""
    ) -> Request:
        """A request from its URL (path and query string); without `base` links use the instance's own address."""
        path, _, query = url.partition("?")
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        return cls(
            method=method.upper(),
            path=path,
            session=session,
            base=base or session.instance.base_url,
            query_string=query,
            headers=Headers(headers),
            body=body,
            pairs=pairs,
            params=dict(pairs),
        )

    def flag(self, name: str) -> bool:
        """A boolean parameter; `True`, as some clients write it, counts."""
        return self.params.get(name, "").lower() == "true"

    def number(self, name: str, default: int) -> int:
        """A whole parameter, the default when it is missing or none."""
        try:
            return int(self.params.get(name) or default)
        except ValueError:
            return default

    def document(self) -> dict[str, Any]:
        """The JSON body; an empty one is an empty record, of an array the first record counts.

        Raises BadRequest for anything else, Unsupported for another content type.
        """
        loaded = self.loaded()
        if isinstance(loaded, dict) and isinstance(loaded.get("records"), list):
            loaded = loaded["records"]
        if isinstance(loaded, list):
            loaded = loaded[0] if loaded else {}
        if not isinstance(loaded, dict):
            raise BadRequest("Exception while reading request", "The payload is not valid JSON.")
        return loaded

    def loaded(self) -> object:
        """The JSON body as it is, an empty object when there is none. Raises BadRequest, Unsupported."""
        if not self.body.strip():
            return {}
        if "json" not in self.headers.get("Content-Type", "json").lower():
            if b"<unload" in self.body[:1000]:
                raise BadRequest("Exception while reading request", "An export file is uploaded, not posted to a table")
            raise Unsupported
        return _loaded(self.body)


def _loaded(body: bytes) -> object:
    """JSON, or what the platform's documentation posts besides: single quotes, names without quotes."""
    for read in (json.loads, _single_quoted, _unquoted):
        try:
            return read(body)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    raise BadRequest("Exception while reading request", "The payload is not valid JSON.")


def _single_quoted(body: bytes) -> object:
    return ast.literal_eval(body.decode())


def _unquoted(body: bytes) -> object:
    return json.loads(_BARE_NAME.sub(lambda found: f'"{found[1]}"' if found[1] else found[0], body.decode()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer; `headers` besides the usual ones."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = JSON

    @classmethod
    def of(cls, status: int, document: object, *headers: tuple[str, str]) -> Reply:
        """A JSON answer."""
        return cls(status=status, body=json.dumps(document, ensure_ascii=False).encode(), headers=headers)

    @classmethod
    def result(cls, status: int, document: object, *headers: tuple[str, str]) -> Reply:
        """A JSON answer in the interface's `result` envelope."""
        return cls.of(status, {"result": document}, *headers)

    @classmethod
    def error(cls, error: PlatformError) -> Reply:
        return cls.of(error.status, error.body())
