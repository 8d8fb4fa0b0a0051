"""Reads documents by their schemas, without marshmallow's machinery.

The schemas stay the only declaration. A page of 25 orders costs marshmallow several times the processor time, which
five sections loading at once feel. The reader reads exactly what `Schema.load` would (a property test holds the two
together) and merely raises ValueError otherwise; then the schema itself is asked what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from marshmallow import Schema, fields

Read = Callable[[Any], Any]

WHOLE: Final = "*"  # the data key of a field that is read from the whole document


@cache
def reader_of(schema: type[Schema]) -> Read:
    """A function from an upstream document to the dictionary `Schema.load` would give; it raises ValueError."""
    plan = [(name, field.data_key or name, field.required, _read_of(field)) for name, field in schema().fields.items()]

    def read(document: Any) -> dict[str, Any]:
        if not isinstance(document, dict):
            raise ValueError("not an object")  # noqa: TRY004 - one error type for every misreading
        return {name: _member(document, key, required, read_one) for name, key, required, read_one in plan}

    return read


def _member(document: dict[str, Any], key: str, required: bool, read: Read) -> Any:
    value = document if key == WHOLE else document.get(key)
    if value is not None:
        return read(value)
    if required:
        raise ValueError("missing")
    return None


def _read_of(field: fields.Field[Any]) -> Read:
    if isinstance(field, fields.Nested):
        return reader_of(type(field.schema))
    if isinstance(field, fields.List):
        return _list_reader(_read_of(field.inner))
    read: Read = type(field).read  # type: ignore[attr-defined]  # each field type of `schema` has one
    return read


def _list_reader(read: Read) -> Read:
    def read_all(items: Any) -> list[Any]:
        if not isinstance(items, list):
            raise ValueError("not a list")  # noqa: TRY004
        return [read(item) for item in items]

    return read_all
