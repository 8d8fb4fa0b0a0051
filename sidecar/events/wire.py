"""Building blocks of the schemas of `data`: strict, bounded, and loaded into frozen dataclasses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

ORDER_NO = r"[A-Za-z0-9._-]{1,50}"
"""An order number as Commerce makes them: at most 50 characters."""
ID = r"[^\s/?#]{1,100}"
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_EMAIL = r"[^@\s]{1,64}@[^@\s]{1,189}"
_AMOUNT = r"-?\d{1,12}(\.\d{1,4})?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


class Strict(Schema):
    """Refuses unknown members; loads into `MADE`, with lists as tuples."""

    MADE: ClassVar[type[Any]]

    class Meta:
        unknown = RAISE

    @post_load
    def made(self, values: Mapping[str, Any], **_: Any) -> Any:
        held = {_snake(name): tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return self.MADE(**held)


def _one_line(value: str) -> None:
    if "\n" in value or "\r" in value or "\t" in value:
        raise ValidationError("Contains a line break or a tab.")


def line(longest: int, pattern: str | None = None, **options: Any) -> fields.String:
    """One line of text of 1 to `longest` characters."""
    checks: list[Any] = [validate.Length(1, longest), _one_line]
    if pattern:
        checks.append(validate.Regexp(rf"^(?:{pattern})\Z"))
    return fields.String(validate=checks, **options)


def text(longest: int, **options: Any) -> fields.String:
    """Text of 1 to `longest` characters, line breaks allowed."""
    return fields.String(validate=validate.Length(1, longest), **options)


def email(**options: Any) -> fields.String:
    return line(254, _EMAIL, **options)


def one_of(*values: str, **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(values), **options)


def moment(**options: Any) -> fields.AwareDateTime:
    """RFC 3339, with its offset; within `EARLIEST` and `LATEST`, so that every calculation with it ends well."""
    return fields.AwareDateTime(format="iso", validate=validate.Range(EARLIEST, LATEST), **options)


def count(most: int = 10_000_000, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, most), **options)


class MoneySchema(Strict):
    """The amount is a string, so that no cent is lost on the way."""

    MADE = Money

    amount = line(18, _AMOUNT, required=True)
    currency = line(3, r"[A-Z]{3}", required=True)

    @post_load
    def made(self, values: Mapping[str, Any], **_: Any) -> Money:
        return Money(amount=Decimal(values["amount"]), currency=values["currency"])


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda found: "_" + found[1].lower(), name)
