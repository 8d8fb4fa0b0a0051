"""Payments of an order. Of cards and certificates only the last four digits are kept, of accounts nothing."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.archive.fields import Place, Table, listed, members, number, text, whole
from sfcc_client.emulator.archive.markup import Element

_SHOWN = 4
_CARD: Table = {
    "card-type": ("cardType", text),
    "card-number": ("number", text),
    "card-holder": ("holder", text),
    "card-token": None,
    "from-month": ("validFromMonth", whole),
    "from-year": ("validFromYear", whole),
    "expiration-month": ("expirationMonth", whole),
    "expiration-year": ("expirationYear", whole),
    "issue-number": None,
    "custom-attributes": None,
}


def _card(element: Element, place: Place) -> dict[str, Any]:
    card = members(element, _CARD, place)
    digits = card.pop("number", "")[-_SHOWN:]
    if len(digits) == _SHOWN and digits.isdigit():
        card |= {"maskedNumber": digits.rjust(16, "*"), "numberLastDigits": digits}
    return {"paymentMethodId": "CREDIT_CARD", "paymentCard": card}


def _wallet(method: str) -> Any:
    return lambda element, place: {**_card(element, place), "paymentMethodId": method}


def _gift_certificate(element: Element, place: Place) -> dict[str, Any]:
    code = place.child(element, "giftcertificate-id")
    shown = ((code.text or "") if code is not None else "")[-_SHOWN:]
    masked = {"maskedGiftCertificateCode": shown.rjust(16, "*")} if shown else {}
    return {"paymentMethodId": "GIFT_CERTIFICATE", **masked}


def _own_method(element: Element, place: Place) -> dict[str, Any]:
    name = place.child(element, "method-name")
    return {"paymentMethodId": (name.text if name is not None else None) or "CUSTOM"}


_METHODS: dict[str, Any] = {
    "credit-card": _card,
    "bank-transfer": lambda *_: {"paymentMethodId": "BANK_TRANSFER"},
    "bml": lambda *_: {"paymentMethodId": "BML"},
    "gift-certificate": _gift_certificate,
    "dw-apple-pay": _wallet("DW_APPLE_PAY"),
    "dw-android-pay": _wallet("DW_ANDROID_PAY"),
    "salesforce-payments": lambda *_: {"paymentMethodId": "Salesforce Payments"},
    "custom-method": _own_method,
}
_TRANSACTION: Table = {
    "amount": ("amount", number),
    "processor-id": None,
    "transaction-id": ("transactionId", text),
    "transaction-type": None,
    "account-id": None,
    "account-type": None,
    "custom-attributes": None,
    "ek-id": None,
    **dict.fromkeys(_METHODS),
}


def _payment(element: Element, place: Place) -> dict[str, Any]:
    document: dict[str, Any] = {}
    transaction = members(element, _TRANSACTION, place)
    for child in element:
        if (method := _METHODS.get(place.name(child))) is not None:
            document = method(child, place)
    return {**document, "paymentTransaction": transaction} if transaction else document


PAYMENTS = listed("payment", _payment)


def identified(payments: list[dict[str, Any]], order_no: str) -> list[dict[str, Any]]:
    """With the ids that the files leave out."""
    first = f"pi-{order_no}"
    return [
        {**payment, "paymentInstrumentId": first if number == 1 else f"{first}-{number}"}
        for number, payment in enumerate(payments, start=1)
    ]
