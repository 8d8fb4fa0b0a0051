"""Amounts: each currency with its own decimals, exact, never summed across, never a crash."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sfcc_client.models import Money
from sidecar.context import money


def of(amount: str, currency: str = "EUR") -> Money:
    return Money(amount=Decimal(amount), currency=currency)


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (of("318.4"), ("318.40", "EUR")),
        (of("0"), ("0.00", "EUR")),
        (of("-0.001"), ("0.00", "EUR")),
        (of("-19.99"), ("-19.99", "EUR")),
        (of("1250", "JPY"), ("1250", "JPY")),
        (of("1250.6", "JPY"), ("1251", "JPY")),
        (of("1.2345", "BHD"), ("1.234", "BHD")),
        (of("1E+12"), ("1000000000000.00", "EUR")),
        (of("1", "eur"), ("1.00", "EUR")),
        (of("1", "€"), ("1.00", "XXX")),
        (of("1", ""), ("1.00", "XXX")),
    ],
)
def test_wire(value: Money, wire: tuple[str, str]) -> None:
    assert money.wire(value) == {"amount": wire[0], "currency": wire[1]}


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+40", "1E-40", "1" * 61])
def test_amounts_beyond_reason_are_not_shown(amount: str) -> None:
    assert money.wire(of(amount)) is None
    assert money.sentence(of(amount)) == ""


def test_no_amount() -> None:
    assert money.wire(None) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (of("412.8"), "€412.80"),
        (of("12345.6", "GBP"), "£12,345.60"),
        (of("15000", "JPY"), "¥15,000"),
        (of("9.5", "CHF"), "CHF 9.50"),
        (of("-5"), "−€5.00"),
    ],
)
def test_sentence(value: Money, text: str) -> None:
    assert money.sentence(value) == text


def test_sums_keep_currencies_apart() -> None:
    sums = money.sums([of("0.1"), of("0.2"), None, of("100", "JPY"), of("NaN"), of("-0.1")])
    assert {code: total.amount for code, total in sums.items()} == {"EUR": Decimal("0.2"), "JPY": Decimal(100)}
