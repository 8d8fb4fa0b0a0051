"""Postal addresses, which orders and customers write in the same way."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.archive.custom import custom
from sfcc_client.emulator.archive.fields import SPREAD, Place, Table, members, text
from sfcc_client.emulator.archive.markup import Element


def _country(element: Element, place: Place) -> str | None:
    value = text(element, place)
    return value.strip().upper() if value else None


PERSON: Table = {
    "salutation": ("salutation", text),
    "title": ("title", text),
    "first-name": ("firstName", text),
    "second-name": ("secondName", text),
    "last-name": ("lastName", text),
    "suffix": ("suffix", text),
    "company-name": ("companyName", text),
    "job-title": ("jobTitle", text),
}
_ADDRESS: Table = {
    **PERSON,
    "address1": ("address1", text),
    "address2": ("address2", text),
    "suite": ("suite", text),
    "postbox": ("postBox", text),
    "city": ("city", text),
    "postal-code": ("postalCode", text),
    "state-code": ("stateCode", text),
    "country-code": ("countryCode", _country),
    "phone": ("phone", text),
}
_OF_ORDER: Table = {**_ADDRESS, "custom-attributes": (SPREAD, custom("OrderAddress"))}
_OF_CUSTOMER: Table = {**_ADDRESS, "custom-attributes": (SPREAD, custom("CustomerAddress"))}


def order_address(element: Element, place: Place) -> dict[str, Any]:
    return _with_full_name(members(element, _OF_ORDER, place))


def customer_address(element: Element, place: Place) -> dict[str, Any]:
    """Country and last name are required by the APIs, not by the files."""
    address = {"addressId": place.attribute(element, "address-id"), "countryCode": "", "lastName": ""}
    address |= _with_full_name(members(element, _OF_CUSTOMER, place))
    preferred = element.get("preferred")
    return address if preferred is None else {**address, "preferred": preferred in ("true", "1")}


def _with_full_name(address: dict[str, Any]) -> dict[str, Any]:
    full = " ".join(address[name] for name in ("firstName", "lastName") if name in address)
    return {**address, "fullName": full} if full else address
