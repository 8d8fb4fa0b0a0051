"""<customer> elements of customers and customer lists as documents of the Admin API (Customers 1.1).

Passwords, their questions' answers and payment profiles are not read. The files hold neither the customer's id, which
follows from list and number, nor when the customer was last modified.
"""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.archive.addresses import PERSON, customer_address
from sfcc_client.emulator.archive.custom import custom
from sfcc_client.emulator.archive.fields import (
    SPREAD,
    Place,
    Table,
    flag,
    listed,
    locale,
    lowered,
    members,
    moment,
    nested,
    text,
)
from sfcc_client.emulator.archive.markup import Element
from sfcc_client.emulator.state import opaque_id

_GENDERS = {"male": 1, "female": 2}


def _gender(element: Element, place: Place) -> int | None:
    value = lowered(element, place)
    if value and not value.isdigit() and value not in _GENDERS:
        place.bad(element, "is neither a number nor male or female")
    return None if not value else _GENDERS.get(value) or int(value)


_CREDENTIALS: Table = {
    "login": ("login", text),
    "password": None,
    "enabled-flag": ("enabled", flag),
    "password-question": ("passwordQuestion", text),
    "password-answer": None,
    "provider-id": None,
    "external-id": None,
}
_PROFILE: Table = {
    **PERSON,
    "email": ("email", text),
    "email-verified-flag": None,
    "phone-home": ("phoneHome", text),
    "phone-business": ("phoneBusiness", text),
    "phone-mobile": ("phoneMobile", text),
    "fax": ("fax", text),
    "birthday": ("birthday", text),
    "gender": ("gender", _gender),
    "creation-date": ("creationDate", moment),
    "last-login-time": ("lastLoginTime", moment),
    "last-visit-time": ("lastVisitTime", moment),
    "preferred-locale": ("preferredLocale", locale),
    "customer-payment-profiles": None,
    "custom-attributes": (SPREAD, custom("Profile")),
}
_CUSTOMER: Table = {
    "credentials": ("credentials", nested(_CREDENTIALS)),
    "profile": (SPREAD, nested(_PROFILE)),
    "external-profiles": None,
    "addresses": ("addresses", listed("address", customer_address)),
    "customer-groups": None,
    "note": None,
    "global-party-id": None,
}


def customer_document(element: Element, place: Place, list_id: str) -> dict[str, Any]:
    customer_no = place.attribute(element, "customer-no")
    document: dict[str, Any] = {
        "customerListId": list_id,
        "customerNo": customer_no,
        "customerId": customer_id(list_id, customer_no),
        "lastName": "",
        **members(element, _CUSTOMER, place),
    }
    if "addresses" in document:
        # The API shows the first one as the primary address.
        document["addresses"].sort(key=lambda address: not address.get("preferred"))
    return document


def customer_id(list_id: str, customer_no: str) -> str:
    """The id an instance would have given; always the same for the same list and number."""
    return opaque_id("ab", "customer", list_id, customer_no)
