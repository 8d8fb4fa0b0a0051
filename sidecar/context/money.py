"""Amounts on the wire and in sentences: exact decimals, each currency with its own decimals, never summed across."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from sfcc_client.models import Money

# ISO 4217: minor units other than two.
_DECIMALS: Mapping[str, int] = {
    code: decimals
    for decimals, codes in {
        0: (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
        4: ("CLF", "UYW"),
    }.items()
    for code in codes
}
_SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}
_CODE = re.compile(r"[A-Z]{3}")
NO_CURRENCY = "XXX"
"""ISO 4217's code for "no currency is involved": what a missing or unreadable code becomes."""
_LARGEST_EXPONENT = 30


def currency_code(code: str | None) -> str:
    """An ISO 4217 code in capitals, or XXX."""
    upper = (code or "").strip().upper()
    return upper if _CODE.fullmatch(upper) else NO_CURRENCY


def wire(money: Money | None) -> dict[str, str] | None:
    """``{"amount": "318.40", "currency": "EUR"}``; None without an amount, or one beyond reason (30 digits)."""
    if money is None or not is_sane(money.amount):
        return None
    currency = currency_code(money.currency)
    return {"amount": _digits(money.amount, currency), "currency": currency}


def is_sane(amount: Decimal) -> bool:
    return amount.is_finite() and abs(amount.adjusted()) <= _LARGEST_EXPONENT and len(amount.as_tuple().digits) <= 60


def _digits(amount: Decimal, currency: str) -> str:
    with localcontext() as context:
        context.prec = 120
        rounded = amount.quantize(Decimal(1).scaleb(-_DECIMALS.get(currency, 2)), rounding=ROUND_HALF_EVEN)
        return f"{abs(rounded) if rounded.is_zero() else rounded:f}"


def sentence(money: Money | None) -> str:
    """``€412.80`` or ``CHF 412.80``, for the middle of a sentence; "" when there is nothing to say."""
    value = wire(money)
    if value is None:
        return ""
    sign = "−" if value["amount"].startswith("-") else ""
    digits = value["amount"].lstrip("-")
    whole, point, part = digits.partition(".")
    grouped = f"{int(whole):,}{point}{part}"
    symbol = _SYMBOLS.get(value["currency"])
    return f"{sign}{symbol}{grouped}" if symbol else f"{value['currency']} {sign}{grouped}"


def sums(amounts: Iterable[Money | None]) -> Mapping[str, Money]:
    """One sum per currency, in the order in which the currencies first appear."""
    totals: dict[str, Decimal] = {}
    with localcontext() as context:
        context.prec = 120
        for money in amounts:
            if money is not None and is_sane(money.amount):
                code = currency_code(money.currency)
                totals[code] = totals.get(code, Decimal(0)) + money.amount
    return {code: Money(amount=amount, currency=code) for code, amount in totals.items()}
