"""Amounts under any decimal and any currency text."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from sfcc_client.models import Money
from sidecar.context import money

AMOUNTS = st.decimals(allow_nan=True, allow_infinity=True)
CODES = st.one_of(st.sampled_from(["EUR", "JPY", "BHD", "CLF", "usd", ""]), st.text(max_size=5))
SANE = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@settings(deadline=None)
@given(AMOUNTS, CODES)
def test_wire_is_plain_digits_and_a_code_or_nothing(amount: Decimal, code: str) -> None:
    value = money.wire(Money(amount=amount, currency=code))
    if value is not None:
        assert re.fullmatch(r"-?[0-9]+(\.[0-9]{2,4})?", value["amount"])
        assert re.fullmatch(r"[A-Z]{3}", value["currency"])
    assert isinstance(money.sentence(Money(amount=amount, currency=code)), str)


@settings(deadline=None)
@given(SANE)
def test_cents_survive_exactly(amount: Decimal) -> None:
    value = money.wire(Money(amount=amount, currency="EUR"))
    assert value is not None
    assert Decimal(value["amount"]) == amount


@settings(deadline=None)
@given(st.lists(st.tuples(SANE, st.sampled_from(["EUR", "GBP", "JPY"]))))
def test_sums_are_exact_and_apart(parts: list[tuple[Decimal, str]]) -> None:
    totals = money.sums(Money(amount=amount, currency=code) for amount, code in parts)
    for code in {code for _, code in parts}:
        assert totals[code].amount == sum(amount for amount, other in parts if other == code)


@settings(deadline=None)
@given(st.lists(st.tuples(AMOUNTS, CODES), max_size=20))
def test_sums_never_raise(parts: list[tuple[Decimal, str]]) -> None:
    money.sums(Money(amount=amount, currency=code) for amount, code in parts)
