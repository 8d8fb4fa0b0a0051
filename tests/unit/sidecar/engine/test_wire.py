"""Schemas of `data` refuse what they do not know and keep every cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from marshmallow import ValidationError, fields

from sidecar.events.wire import ORDER_NO, Money, MoneySchema, Strict, line, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    order_no: str
    total: Money
    tags: tuple[str, ...] = ()


class PaidSchema(Strict):
    MADE = Paid

    orderNo = line(50, ORDER_NO, required=True)  # noqa: N815
    total = fields.Nested(MoneySchema, required=True)
    tags = fields.List(line(10))


GOOD = {"orderNo": "00001", "total": {"amount": "0.10", "currency": "EUR"}, "tags": ["a"]}


def test_it_loads_into_the_dataclass():
    assert PaidSchema().load(GOOD) == Paid(
        order_no="00001", total=Money(amount=Decimal("0.10"), currency="EUR"), tags=("a",)
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"orderNo": "1\n"},
        {"orderNo": "1^active=true"},
        {"total": {"amount": "1e9", "currency": "EUR"}},
        {"total": {"amount": 1.5, "currency": "EUR"}},
        {"more": 1},
        {"tags": ["two\nlines"]},
    ],
)
def test_anything_else_is_refused(wrong):
    with pytest.raises(ValidationError):
        PaidSchema().load(GOOD | wrong)


def test_a_moment_without_offset_is_refused():
    with pytest.raises(ValidationError):
        moment().deserialize("2026-03-02T09:00:00")
