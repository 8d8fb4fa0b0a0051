"""OCAPI Data: customer lists, the search in one, one customer (read, change) and the addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, request

from sfcc_client.emulator.errors import Fault
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.orders import snake_case
from sfcc_client.emulator.query import Fields, term_of
from sfcc_client.emulator.routes.customers import shown as admin_shown
from sfcc_client.emulator.routes.data.door import (
    blueprint,
    body,
    check_state,
    fault,
    listed,
    one,
    searched,
)
from sfcc_client.emulator.routes.data.members import Fits, accepted, merged, text
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

_CUSTOMER = "/customer_lists/<list_id>/customers/<customer_no>"
_TEXTS = "company_name first_name job_title last_name salutation second_name suffix title email customer_no"
_PHONES = "fax phone_business phone_home phone_mobile"
_MEMBERS: dict[str, Fits] = {
    **dict.fromkeys(_TEXTS.split(), text(256)),
    **dict.fromkeys(_PHONES.split(), text(32)),
    "birthday": text(32),
    "gender": lambda value: value in (0, 1, 2),
    "credentials": lambda value: isinstance(value, dict),
}
_READ_ONLY = frozenset(
    {
        *("creation_date", "customer_id", "global_party_id", "last_login_time", "last_modified", "last_visit_time"),
        *("preferred_locale", "previous_login_time", "previous_visit_time", "primary_address"),
    }
)
_CREDENTIALS: dict[str, Fits] = {
    "login": lambda value: isinstance(value, str) and 0 < len(value) <= 256,
    "enabled": lambda value: isinstance(value, bool),
    "locked": lambda value: isinstance(value, bool),
    "password_question": text(256),
}
_PLAIN = f"{_TEXTS} {_PHONES} gender"
_FIELDS: Fields = {
    **{name: (lambda row, name=name: row["data"].get(name)) for name in _PLAIN.split()},  # type: ignore[misc]
    "credentials.login": lambda row: row["data"].get("credentials", {}).get("login"),
    "credentials.enabled": lambda row: row["data"].get("credentials", {}).get("enabled"),
}
_INDEXED = {"email": "email", "customer_no": "number", "credentials.login": "login"}
# What Business Manager sets for a new list; the emulator enforces none of it.
_PREFERENCES: dict[str, Any] = {
    "customer_no_sequence_enabled": True,
    "data_retention_age": 0,
    "force_password_contains_alpha": True,
    "force_password_contains_numeric": True,
    "force_password_mixed_case": True,
    "lockout_effective_period": 60,
    "lockout_enabled": True,
    "login_attempt_reset_time": 60,
    "max_failed_logins": 6,
    "max_password_age": 90,
    "max_password_reset_token_age": 60,
    "min_password_length": 8,
    "min_password_special_chars": 1,
}


@blueprint.get("/customer_lists/<list_id>")
def customer_list(list_id: str) -> Response:
    _known(list_id)
    preferences = {"_type": "customer_list_preferences", **_PREFERENCES}
    return one("customer_list", {"id": list_id, "preferences": preferences})


@blueprint.post("/customer_lists/<list_id>/customer_search")
def customer_search(list_id: str) -> Response:
    _known(list_id)
    rows = [{"relevance": 1.0, "data": _shown(row)} for row in _candidates(list_id)]
    return searched("customer_search_result", "customer_search_hit", rows, _FIELDS, "customer_no")


@blueprint.get(_CUSTOMER)
def customer(list_id: str, customer_no: str) -> Response:
    return one("customer", _shown(_existing(list_id, customer_no)), state=True)


@blueprint.patch(_CUSTOMER)
def patch_customer(list_id: str, customer_no: str) -> Response:
    """Change what is sent, also the number and the login, as long as nobody else in the list has them."""
    old, sent = _existing(list_id, customer_no), body()
    check_state(_shown(old), sent)
    members = accepted("customer", sent, _MEMBERS, _READ_ONLY, attributes="Profile")
    if members.get("credentials"):
        members["credentials"] = _credentials(list_id, old, members["credentials"])
    if members.get("lastName", old["lastName"]) is None:
        raise fault(400, "PropertyConstraintViolationException", "A customer has a last name.", property="last_name")
    number = members.get("customerNo") or customer_no
    if number != customer_no and world().state.customers.find("number", (list_id, number.casefold())):
        message = f"The customer number '{number}' belongs to another customer."
        raise fault(400, "CustomerNumberAlreadyInUseException", message, customerNo=number)
    document = merged(old, {**members, "customerNo": number, "lastModified": iso(world().clock.now())})
    world().state.customers.save(document)
    if number != customer_no:
        world().state.customers.drop((list_id, customer_no))
    return one("customer", _shown(document), state=True)


@blueprint.get(f"{_CUSTOMER}/addresses")
def addresses(list_id: str, customer_no: str) -> Response:
    rows = [_address(row) for row in _existing(list_id, customer_no).get("addresses", ())]
    return listed("customer_address_result", "customer_address", rows)


@blueprint.get(f"{_CUSTOMER}/addresses/<address_id>")
def address(list_id: str, customer_no: str, address_id: str) -> Response:
    rows = [_address(row) for row in _existing(list_id, customer_no).get("addresses", ())]
    found = next((row for row in rows if row["address_id"] == address_id), None)
    if found is None:
        message = f"The customer '{customer_no}' has no address '{address_id}'."
        raise fault(404, "CustomerListCustomerAddressNotFoundException", message, addressId=address_id)
    return one("customer_address", found, state=True)


def _credentials(list_id: str, old: Document, sent: dict[str, Any]) -> dict[str, Any]:
    members = {**old.get("credentials", {}), **accepted("credentials", sent, _CREDENTIALS, frozenset())}
    login = members.get("login")
    owner = world().state.customer_of_login(list_id, login) if login else None
    if owner is not None and owner["customerId"] != old["customerId"]:
        raise fault(400, "LoginAlreadyInUseException", f"The login '{login}' is already in use.", login=login)
    return members


def _candidates(list_id: str) -> Iterable[Document]:
    """The customers an index leaves over, so that a search by e-mail does not read the whole list."""
    wanted: Any = request.get_json(silent=True, force=True)
    query = wanted.get("query") if isinstance(wanted, dict) else None
    for field, index in _INDEXED.items():
        value = term_of(query, field)
        if value is not None:
            return world().state.customers.find(index, (list_id, value.casefold()))
    return world().state.customers.find("list", list_id)


def _shown(customer: Document) -> dict[str, Any]:
    document: dict[str, Any] = snake_case(admin_shown(customer))
    for name, kind in (("credentials", "credentials"), ("primary_address", "customer_address")):
        if name in document:
            document[name] = {"_type": kind, **document[name]}
    return document


def _address(row: Document) -> dict[str, Any]:
    document: dict[str, Any] = snake_case({name: value for name, value in row.items() if name != "preferred"})
    return document


def _known(list_id: str) -> None:
    if list_id not in world().state.customer_lists:
        raise _missing("CustomerListNotFoundException", f"No customer list with ID '{list_id}' was found.")


def _existing(list_id: str, customer_no: str) -> Document:
    _known(list_id)
    customer = world().state.customers.get((list_id, customer_no))
    if customer is None:
        message = f"No customer with the number '{customer_no}' was found."
        raise _missing("CustomerListCustomerNotFoundException", message)
    return customer


def _missing(kind: str, message: str) -> Fault:
    return fault(404, kind, message)
