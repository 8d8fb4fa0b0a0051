"""Customers (Admin) 1.1.3: creating, changing and deleting customers and their addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint, Response

from sfcc_client.emulator.access import admin, grant
from sfcc_client.emulator.answers import answer, nothing
from sfcc_client.emulator.bodies import Anything, Flag, Members, Number, Shape, Text, body
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.order_changes import patched
from sfcc_client.emulator.order_forms import named
from sfcc_client.emulator.routes.customers import customer_of, known_list, shown, shown_address
from sfcc_client.emulator.state import Document, opaque_id
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "customer_writes",
    __name__,
    url_prefix="/customer/customers/v1/organizations/<organization_id>/customer-lists/<list_id>/customers",
)
_WRITE = "sfcc.customerlists.rw"
_LINE, _PHONE = Text(most=256), Text(most=32)
# Members Commerce keeps itself: a document that was read may be sent back with them, they change nothing.
_KEPT = ("creationDate", "lastModified", "lastLoginTime", "lastVisitTime", "previousLoginTime", "previousVisitTime")
_KEPT_OF_CUSTOMER = (*_KEPT, "customerId", "primaryAddress")
_KEPT_OF_ADDRESS = ("creationDate", "lastModified", "etag")
_ADDRESS: Mapping[str, Shape] = {
    **dict.fromkeys(
        (
            *("address1", "address2", "addressId", "city", "companyName", "firstName", "jobTitle", "lastName"),
            *("postBox", "postalCode", "salutation", "secondName", "stateCode", "suffix", "title"),
        ),
        _LINE,
    ),
    "countryCode": Text(least=2, most=2),
    "fullName": Text(most=1027),
    "phone": _PHONE,
    "suite": _PHONE,
    **dict.fromkeys(_KEPT_OF_ADDRESS, Anything()),
}
_CUSTOMER: Mapping[str, Shape] = {
    **dict.fromkeys(
        (
            *("companyName", "email", "firstName", "jobTitle", "lastName", "salutation", "secondName", "suffix"),
            "title",
        ),
        _LINE,
    ),
    **dict.fromkeys(("fax", "phoneBusiness", "phoneHome", "phoneMobile"), _PHONE),
    "birthday": Text(day=True),
    "customerNo": Text(least=1, most=100),
    "gender": Number(whole=True, least=0, most=2),
    "preferredLocale": Text(most=5),
    "credentials": Members(
        known={
            "enabled": Flag(),
            "locked": Flag(),
            "login": Text(least=1, most=256),
            "passwordQuestion": _LINE,
        },
        nullable=True,
    ),
    **dict.fromkeys(_KEPT_OF_CUSTOMER, Anything()),
}


@blueprint.post("")
@admin(_WRITE)
def create(list_id: str) -> Response:
    known_list(list_id)
    document = body(Members(known=_CUSTOMER, custom="Profile", required=("customerNo", "lastName")))
    return answer(shown(_created(list_id, document["customerNo"], document)))


@blueprint.put("/<customer_no>")
@admin(_WRITE)
def create_with_number(list_id: str, customer_no: str) -> Response:
    """201; the number of the path counts."""
    known_list(list_id)
    document = body(Members(known=_CUSTOMER, custom="Profile", required=("customerNo", "lastName")))
    return answer(shown(_created(list_id, customer_no, document)), 201)


@blueprint.patch("/<customer_no>")
@admin(_WRITE)
def change(list_id: str, customer_no: str) -> Response:
    """Members left out stay, null removes one; the customer number may change."""
    customer_of(list_id, customer_no)
    changes = _written(body(Members(known=_CUSTOMER, custom="Profile", nullable=True)), _KEPT_OF_CUSTOMER)
    if changes.get("lastName", "x") is None or changes.get("customerNo", "x") is None:
        raise Problem("bad-request", detail="A customer cannot be without 'customerNo' and 'lastName'.")
    state = world().state
    with state.writing:
        before = customer_of(list_id, customer_no)
        credentials = patched(before.get("credentials", {}), changes.pop("credentials", None) or {})
        number = changes.get("customerNo", customer_no)
        if number != customer_no:
            _free_number(list_id, number)
        if credentials.get("login") != before.get("credentials", {}).get("login"):
            _free_login(list_id, credentials.get("login"))
        after = state.customers.save({**patched(before, changes), "credentials": credentials, **_stamp()})
        if number != customer_no:
            state.customers.drop((list_id, customer_no))
    return answer(shown(after))


@blueprint.delete("/<customer_no>")
@admin(_WRITE)
def delete(list_id: str, customer_no: str) -> Response:
    """With the addresses; orders keep what they know."""
    customer_of(list_id, customer_no)
    world().state.customers.drop((list_id, customer_no))
    return nothing()


@blueprint.get("/<customer_no>/addresses/<address_id>")
@admin("sfcc.customerlists", _WRITE)
def address(list_id: str, customer_no: str, address_id: str) -> Response:
    return answer(shown_address(_address(customer_of(list_id, customer_no), address_id)))


@blueprint.post("/<customer_no>/addresses")
@admin(_WRITE)
def add_address(list_id: str, customer_no: str) -> Response:
    customer_of(list_id, customer_no)
    given = body(Members(known=_ADDRESS, custom="CustomerAddress", required=("addressId", "countryCode", "lastName")))
    at = iso(world().clock.now())
    added = {**named(_written(given, _KEPT_OF_ADDRESS)), "creationDate": at, "lastModified": at}

    def with_added(addresses: list[Document]) -> list[Document]:
        if any(row.get("addressId") == added["addressId"] for row in addresses):
            raise Problem("bad-request", detail=f"The address ID '{added['addressId']}' is already in use.")
        return [*addresses, added]

    _change_addresses(list_id, customer_no, with_added)
    return answer(shown_address(added))


@blueprint.patch("/<customer_no>/addresses/<address_id>")
@admin(_WRITE)
def change_address(list_id: str, customer_no: str, address_id: str) -> Response:
    _address(customer_of(list_id, customer_no), address_id)
    changes = _written(body(Members(known=_ADDRESS, custom="CustomerAddress", nullable=True)), _KEPT_OF_ADDRESS)
    stamp = {"lastModified": iso(world().clock.now())}
    number = changes.get("addressId", address_id)

    def with_changed(addresses: list[Document]) -> list[Document]:
        if number != address_id and any(row.get("addressId") == number for row in addresses):
            raise Problem("bad-request", detail=f"The address ID '{number}' is already in use.")
        return [{**patched(row, changes), **stamp} if row.get("addressId") == address_id else row for row in addresses]

    customer = _change_addresses(list_id, customer_no, with_changed)
    return answer(shown_address(_address(customer, number)))


@blueprint.delete("/<customer_no>/addresses/<address_id>")
@admin(_WRITE)
def delete_address(list_id: str, customer_no: str, address_id: str) -> Response:
    _address(customer_of(list_id, customer_no), address_id)
    _change_addresses(list_id, customer_no, lambda rows: [row for row in rows if row.get("addressId") != address_id])
    return nothing()


def _created(list_id: str, customer_no: str, document: Mapping[str, Any]) -> Document:
    given = _written(document, _KEPT_OF_CUSTOMER)
    credentials = {"login": customer_no, "enabled": True, "locked": False, **given.pop("credentials", {})}
    state = world().state
    with state.writing:
        _free_number(list_id, customer_no)
        _free_login(list_id, credentials["login"])
        return state.customers.save(
            {
                **given,
                "customerListId": list_id,
                "customerNo": customer_no,
                "customerId": opaque_id("ab", "customer", world().new_id()),
                "credentials": credentials,
                "creationDate": iso(world().clock.now()),
                **_stamp(),
            }
        )


def _free_number(list_id: str, customer_no: str) -> None:
    if world().state.customers.get((list_id, customer_no)) is not None:
        raise Problem("bad-request", detail=f"The customer number '{customer_no}' is already in use.")


def _free_login(list_id: str, login: str | None) -> None:
    if not login:
        raise Problem("bad-request", detail="A customer cannot be without a login.")
    if world().state.customer_of_login(list_id, login) is not None:
        raise Problem("bad-request", detail="The login is already in use.")


def _change_addresses(list_id: str, customer_no: str, change: Callable[[list[Document]], list[Document]]) -> Document:
    stamp = _stamp()

    def revision(customer: Document) -> Document:
        return {**customer, "addresses": change(list(customer.get("addresses", ()))), **stamp}

    return world().state.customers.revise((list_id, customer_no), revision)


def _address(customer: Document, address_id: str) -> Document:
    rows: Iterable[Document] = customer.get("addresses", ())
    found = next((row for row in rows if row.get("addressId") == address_id), None)
    if found is None:
        raise Problem("address-not-found", address_id=address_id)
    return found


def _written(document: Mapping[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in kept}


def _stamp() -> dict[str, str]:
    return {"lastModified": iso(world().clock.now()), "lastModifiedBy": grant().client_id}
