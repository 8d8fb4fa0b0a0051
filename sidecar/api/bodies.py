"""A request's body, read with limits and checked before anything else sees it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import json, request
from marshmallow import Schema, ValidationError

from sidecar.api.problems import Problem, invalid

MEDIA_TYPE = "application/json"
MAX_BYTES = 64 * 1024
STREAM_PATH = "/v1/sources/log-stream"
MAX_STREAM_BYTES = 5 * 1024 * 1024
"""Of the log stream, which sends many records at once (Amazon Data Firehose: from 1 MiB)."""
MAX_DEPTH = 8
MAX_FIELDS = 20
# C0 and C1 controls except tab and line feed, and halves of surrogate pairs, which no encoding can carry on.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def most_bytes(path: str) -> int:
    """How long a body may be."""
    return MAX_STREAM_BYTES if path == STREAM_PATH else MAX_BYTES


def raw_json() -> bytes:
    """The body as sent. Raises Problem: 415 when it is not declared as JSON, 413 above `MAX_BYTES`."""
    declared_json(request.environ)
    return request.get_data(cache=False)


def declared_json(environ: Mapping[str, Any]) -> None:
    """Raises Problem, 415, when the request does not declare its body as JSON."""
    media_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise Problem("unsupported_media_type", "Send JSON, with Content-Type: application/json.")


def loaded(schema: Schema, raw: bytes) -> Any:
    """The body as `schema` loads it. Raises Problem: 400 when it is not JSON, 422 with every wrong field."""
    try:
        document = json.loads(raw, parse_constant=_refused_constant)
    except (ValueError, RecursionError) as error:
        raise Problem("malformed", "The body is not valid JSON.") from error
    return validated(schema, document)


def document(raw: bytes) -> Any:
    """The body as strict JSON. Raises Problem: 400 when it is not UTF-8 or not JSON, when an object names a member
    twice or a number is no number of ours; 422 for control characters and deep nesting."""
    try:
        found = json.loads(
            raw.decode(),
            parse_constant=_refused_constant,
            parse_float=_finite,
            object_pairs_hook=_without_doubles,
        )
    except (ValueError, RecursionError) as error:
        raise Problem(
            "malformed", "The body is not valid JSON in UTF-8, each name once and every number finite."
        ) from error
    _refuse_hostile(found)
    return found


def validated(schema: Schema, document: Any) -> Any:
    """A parsed document as `schema` loads it. Raises Problem: 422 with every wrong field."""
    _refuse_hostile(document)
    try:
        return schema.load(document)
    except ValidationError as error:
        raise refused(error) from error


def refused(error: ValidationError) -> Problem:
    """422 with every wrong field."""
    return invalid(list(_messages("", error.messages))[:MAX_FIELDS])


def _refuse_hostile(document: Any) -> None:
    hostile = list(_hostile("", document, 0))
    if hostile:
        raise invalid(hostile[:MAX_FIELDS])


def query(schema: Schema) -> Any:
    """The query string as `schema` loads it; a parameter given twice is refused."""
    arguments = request.args
    twice = [name for name, values in arguments.lists() if len(values) > 1]
    if twice:
        raise invalid((name, "Given more than once.") for name in _shown(twice))
    return validated(schema, arguments.to_dict())


def _refused_constant(name: str) -> None:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError
    return number


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _hostile(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > MAX_DEPTH:
        yield path, f"Nested deeper than {MAX_DEPTH} levels."
    elif isinstance(value, str):
        if _REFUSED.search(value):
            yield path, "Contains control characters."
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if _REFUSED.search(key):
                yield path, "A field name contains control characters."
            else:
                yield from _hostile(_joined(path, key), inner, depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _hostile(_joined(path, str(place)), inner, depth + 1)


def _messages(path: str, found: Any) -> Iterator[tuple[str, str]]:
    """Marshmallow's tree of messages as (path, message)."""
    if isinstance(found, Mapping):
        for key, inner in found.items():
            # Marshmallow's name for "the document itself" is not a field.
            yield from _messages(path if key == "_schema" else _joined(path, str(key)), inner)
    else:
        for message in found if isinstance(found, list) else [found]:
            yield path, str(message)


def _joined(path: str, key: str) -> str:
    (shown,) = _shown([key])
    return f"{path}.{shown}" if path else shown


def _shown(names: list[str]) -> list[str]:
    """Field names as they may be repeated to the caller: an unknown name may itself be personal data."""
    return [name if re.fullmatch(r"[A-Za-z0-9_]{1,40}", name) else "(a name that is not one of ours)" for name in names]
