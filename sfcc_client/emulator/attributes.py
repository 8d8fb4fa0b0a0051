"""Which custom attributes an instance knows: an undefined one is refused, and so is a value of another type.

A definition has the shape of OCAPI's `object_attribute_definition`, in camel case::

    {"objectType": "Order", "id": "returnDecision", "valueType": "string", "displayName": {"default": "Decision"}}

With ``"visible": True`` the storefront shows it. With ``"localizable": True`` the value of a product's attribute is an
object, values by locale. The id has no ``c_``; JSON members do. Object types are Commerce's own names: Order,
ProductLineItem, OrderPaymentInstrument, PaymentTransaction, OrderAddress, Shipment, Basket, Profile (a customer),
CustomerAddress, Product, Content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sfcc_client.emulator.collection import Collection, Document

PREFIX = "c_"
_TEXT_MAXIMUM = 4000
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
# Where a stored document keeps parts that have attributes of their own: member, object type.
_PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "Order": (
        ("productItems", "ProductLineItem"),
        ("paymentInstruments", "OrderPaymentInstrument"),
        ("shipments", "Shipment"),
        ("billingAddress", "OrderAddress"),
    ),
    "Shipment": (("shippingAddress", "OrderAddress"),),
    "OrderPaymentInstrument": (("paymentTransaction", "PaymentTransaction"),),
    "Profile": (("addresses", "CustomerAddress"),),
}
# A basket's attributes become the order's, and its lines are the order's lines.
_PARTS["Basket"] = _PARTS["Order"]


def _text(value: Any, maximum: int | None = _TEXT_MAXIMUM) -> bool:
    return isinstance(value, str) and (maximum is None or len(value) <= maximum)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read_by(read: Callable[[str], object]) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        try:
            return isinstance(value, str) and bool(read(value))
        except ValueError:
            return False

    return test


def _each(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(test(part) for part in value)


_TESTS: dict[str, Callable[[Any], bool]] = {
    "string": _text,
    "text": _text,
    "html": lambda value: _text(value, None),
    "email": lambda value: _text(value) and bool(_MAIL.fullmatch(value)),
    "password": _text,
    "int": _whole,
    "double": _number,
    "money": _number,
    "quantity": _number,
    "boolean": lambda value: isinstance(value, bool),
    "date": _read_by(date.fromisoformat),
    "datetime": _read_by(datetime.fromisoformat),
    "enum_of_string": _text,
    "enum_of_int": _whole,
    "set_of_string": _each(_text),
    "set_of_int": _each(_whole),
    "set_of_double": _each(_number),
}


def fits(value_type: str, value: Any) -> bool:
    """Whether a JSON value is one of the type, such as ``set_of_string``; one of an unknown type always is."""
    test = _TESTS.get(value_type)
    return test is None or test(value)


class Attributes:
    """The definitions of one instance, and whether a value fits them. The body of content is there from the start."""

    def __init__(self) -> None:
        self.definitions = Collection(
            lambda definition: (definition["objectType"], definition["id"]),
            type=lambda definition: (definition["objectType"],),
        )
        self.define("Content", "body", "html", localizable=True)

    def define(self, object_type: str, attribute_id: str, value_type: str = "string", **members: Any) -> Document:
        """Add or replace a definition."""
        return self.definitions.save(
            {"objectType": object_type, "id": attribute_id, "valueType": value_type, **members}
        )

    def visible(self, object_type: str) -> list[Document]:
        """The definitions whose attributes the storefront shows."""
        return [row for row in self.definitions.find("type", object_type) if row.get("visible")]

    def known(self, object_type: str, member: str) -> bool:
        return self.definitions.get((object_type, member.removeprefix(PREFIX))) is not None

    def problem_of(self, object_type: str, member: str, value: Any) -> str | None:
        """What is wrong with a JSON member such as ``c_returnDecision``; None removes an attribute and always fits."""
        definition = self.definitions.get((object_type, member.removeprefix(PREFIX)))
        if definition is None:
            return f"The custom attribute '{member}' is not defined for the object type '{object_type}'."
        parts = [value]
        if definition.get("localizable") and object_type == "Product":
            if value is not None and not isinstance(value, Mapping):
                return f"The custom attribute '{member}' is localizable: its value is an object, values by locale."
            parts = list(value.values()) if value is not None else []
        if value is None or all(fits(definition["valueType"], part) for part in parts):
            return None
        return f"The custom attribute '{member}' must be of type {definition['valueType']}."

    def learn(self, object_type: str, document: Mapping[str, Any]) -> None:
        """Define what a document of one's own data uses, so that it can be written as well; widen where it must."""
        for member, value in document.items():
            if member.startswith(PREFIX) and value is not None:
                self._learn(object_type, member.removeprefix(PREFIX), value)
        for member, part_type in _PARTS.get(object_type, ()):
            parts = document.get(member, ())
            for part in parts if isinstance(parts, Iterable) and not isinstance(parts, Mapping) else (parts,):
                self.learn(part_type, part)

    def _learn(self, object_type: str, attribute_id: str, value: Any) -> None:
        if isinstance(value, Mapping) and object_type == "Product":
            localized = {"localizable": True}
            value = next(iter(value.values()), "")
        else:
            localized = {}
        known, value_type = self.definitions.get((object_type, attribute_id)), _type_of(value)
        if known is None:
            self.define(object_type, attribute_id, value_type, **localized)
        elif not _TESTS[known["valueType"]](value):
            both = {known["valueType"], value_type}
            wider = "double" if both == {"int", "double"} else "string"
            self.definitions.change((object_type, attribute_id), valueType=wider)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, list):
        return f"set_of_{_type_of(value[0]) if value and isinstance(value[0], int | float) else 'string'}"
    if isinstance(value, int | float):
        return "int" if isinstance(value, int) else "double"
    return next((kind for kind in ("date", "datetime") if _TESTS[kind](value)), "string")
