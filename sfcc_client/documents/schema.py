"""The schema every upstream document builds on, its field types, and loading with a typed error."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load

from sfcc_client.documents import values
from sfcc_client.documents.reader import WHOLE, reader_of
from sfcc_client.models import Money
from sfcc_client.request import Answer, Request
from sfcc_client.transport import bad_answer

DEEPEST: Final = 12


def custom_attributes(document: dict[str, Any]) -> dict[str, Any]:
    """Every ``c_*`` member that is a scalar or a list of scalars."""
    return {name: kept for name, value in document.items() if name[:2] == "c_" and (kept := _kept(value)) is not None}


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return values.text(value)
    if isinstance(value, (bool, int, Decimal)):
        return value
    if isinstance(value, list) and all(isinstance(item, (str, bool, int, Decimal)) for item in value):
        return tuple(map(_kept, value))
    return None


class _Read(fields.Field[Any]):
    """A field read by one of the functions in `values`."""

    read: Callable[[Any], Any]

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        try:
            return type(self).read(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class Text(_Read):
    read = staticmethod(values.text)


class Texts(_Read):
    read = staticmethod(values.texts)


class Flag(_Read):
    read = staticmethod(values.flag)


class Number(_Read):
    read = staticmethod(values.number)


class Whole(_Read):
    read = staticmethod(values.whole)


class Moment(_Read):
    read = staticmethod(values.moment)


class Custom(_Read):
    """The custom attributes of the whole document."""

    read = staticmethod(custom_attributes)


class Document(Schema):
    """Unknown members are left out; a member may be missing or null unless it is required; upstream names are
    camelCase."""

    class Meta:
        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.data_key = field_obj.data_key or _camel(field_name)
        field_obj.allow_none = not field_obj.required
        if not field_obj.required:
            field_obj.load_default = None


class CustomDocument(Document):
    """A document with custom attributes: `custom` holds every ``c_*`` member that is a scalar or a list of scalars."""

    custom = Custom(data_key=WHOLE)

    @pre_load
    def _with_whole(self, data: Any, **_: Any) -> Any:
        return {**data, WHOLE: data} if isinstance(data, dict) else data


def loaded(schema: Schema, document: Any, answer: Answer, request: Request) -> dict[str, Any]:
    """The members a schema names; raises BadAnswer naming the members (never the values) that cannot be read."""
    try:
        result: dict[str, Any] = reader_of(type(schema))(document)
    except ValueError:
        where = ", ".join(sorted(_paths(schema.validate(document)))[:5])
        raise bad_answer(request, f"unreadable: {where}", answer.status, answer.request_id) from None
    return result


def _paths(messages: Any) -> list[str]:
    if not isinstance(messages, dict):
        return [""]
    return [
        re.sub(r"[^\w.]", "", f"{name}.{rest}".rstrip("."))[:80]
        for name, inner in messages.items()
        for rest in _paths(inner)
    ]


def money(amount: Decimal | None, currency: str | None) -> Money | None:
    """An amount only where both its number and its currency are known."""
    return Money(amount=amount, currency=currency) if amount is not None and currency else None


def camel_cased(document: Any, levels: int = DEEPEST) -> Any:
    """An OCAPI document (snake_case) with the member names of SCAPI; custom attributes keep theirs, and so does what
    lies deeper than any schema reads."""
    if isinstance(document, list) and levels:
        return [camel_cased(item, levels - 1) for item in document]
    if not isinstance(document, dict) or not levels:
        return document
    return {
        name if name[:2] == "c_" else _camel(name): camel_cased(value, levels - 1) for name, value in document.items()
    }


@lru_cache(1024)
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
