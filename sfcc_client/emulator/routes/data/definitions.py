"""OCAPI Data: which custom attributes the system's objects have. Attributes of the system itself are not listed."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.routes.data.door import blueprint, body, check_state, fault, link, listed, nothing, one
from sfcc_client.emulator.routes.data.members import Fits, accepted, flag, mapped, merged, number, snake_members, text
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

OBJECT_TYPES = (
    *("Basket", "Campaign", "Catalog", "Category", "Content", "Coupon", "CustomerAddress", "CustomerGroup", "Folder"),
    *("GiftCertificate", "Library", "Order", "OrderAddress", "OrderPaymentInstrument", "OrganizationPreferences"),
    *("PaymentTransaction", "PriceBook", "Product", "ProductLineItem", "Profile", "Promotion", "Return", "Shipment"),
    *("ShippingMethod", "SitePreferences", "SourceCodeGroup", "Store"),
)
_TYPE = "/system_object_definitions/<object_type>"
_LIST = f"{_TYPE}/attribute_definitions"
_ONE = f"{_LIST}/<attribute_id>"
_ID = re.compile(r"[A-Za-z]\w{0,255}")
_VALUE_TYPES = (
    *("string", "int", "double", "text", "html", "date", "image", "boolean", "money", "quantity", "datetime", "email"),
    *("password", "set_of_string", "set_of_int", "set_of_double", "enum_of_string", "enum_of_int"),
)
_FLAGS = "externally_defined externally_managed localizable mandatory order_required searchable site_specific visible"
_NUMBERS = "field_height field_length max_value min_length min_value scale"
_MEMBERS: dict[str, Fits] = {
    **dict.fromkeys(_FLAGS.split(), flag),
    **dict.fromkeys(_NUMBERS.split(), number),
    **dict.fromkeys(("display_name", "description", "unit"), mapped(text())),
    "value_type": lambda value: value in _VALUE_TYPES,
    "regular_expression": text(),
    "default_value": lambda value: isinstance(value, dict),
    "value_definitions": lambda value: isinstance(value, list),
}
_READ_ONLY = frozenset(
    {
        *("id", "creation_date", "last_modified", "link", "effective_id", "key", "multi_value_type", "queryable"),
        *("read_only", "requires_encoding", "set_value_type", "system"),
    }
)
# What the emulator's own content pages are made of.
_FIXED = frozenset({("Content", "body")})


@blueprint.get(_TYPE)
def object_type_definition(object_type: str) -> Response:
    _known(object_type)
    count = len(world().state.attributes.definitions.find("type", object_type))
    document = {
        "object_type": object_type,
        "display_name": {"default": object_type},
        "attribute_definition_count": count,
        "read_only": False,
        "link": link(f"/system_object_definitions/{object_type}"),
    }
    return one("object_type_definition", document)


@blueprint.get(_LIST)
def attribute_definitions(object_type: str) -> Response:
    _known(object_type)
    found = world().state.attributes.definitions.find("type", object_type)
    rows = [_shown(row) for row in sorted(found, key=lambda row: str(row["id"]))]
    return listed("object_attribute_definitions", "object_attribute_definition", rows)


@blueprint.get(_ONE)
def attribute_definition(object_type: str, attribute_id: str) -> Response:
    return one("object_attribute_definition", _shown(_existing(object_type, attribute_id)), state=True)


@blueprint.put(_ONE)
def put_attribute_definition(object_type: str, attribute_id: str) -> Response:
    """Define a new attribute; one that exists is changed with PATCH."""
    _known(object_type)
    sent = body()
    old = world().state.attributes.definitions.get((object_type, _plain(attribute_id)))
    check_state(None if old is None else _shown(old), sent)
    if _plain(str(sent.get("id", attribute_id))) != _plain(attribute_id):
        message = f"The ID '{sent['id']}' of the document is not the ID '{attribute_id}' of the address."
        raise fault(400, "IdConflictException", message)
    if old is not None:
        message = f"'{object_type}' has an attribute '{attribute_id}' already."
        raise fault(400, "AttributeDefinitionDuplicateException", message, attributeId=attribute_id)
    if not _ID.fullmatch(_plain(attribute_id)):
        message = f"'{attribute_id[:60]}' cannot be the ID of an attribute."
        raise fault(400, "AttributeDefinitionCreateException", message)
    fresh = {
        "objectType": object_type,
        "id": _plain(attribute_id),
        "valueType": "string",
        "creationDate": iso(world().clock.now()),
    }
    return _saved(fresh, sent)


@blueprint.patch(_ONE)
def patch_attribute_definition(object_type: str, attribute_id: str) -> Response:
    """Everything but the type of the values can be changed."""
    old, sent = _existing(object_type, attribute_id), body()
    check_state(_shown(old), sent)
    if sent.get("value_type", old["valueType"]) != old["valueType"]:
        message = "The type of an attribute's values stays what it was defined as."
        raise fault(400, "AttributeDefinitionPropertyReadOnlyException", message, property="value_type")
    return _saved(old, sent)


@blueprint.delete(_ONE)
def delete_attribute_definition(object_type: str, attribute_id: str) -> Response:
    old = _existing(object_type, attribute_id)
    check_state(_shown(old), {})
    if (object_type, old["id"]) in _FIXED:
        message = f"The attribute '{attribute_id}' of '{object_type}' cannot be deleted."
        raise fault(400, "AttributeDefinitionReadOnlyException", message, attributeId=attribute_id)
    world().state.attributes.definitions.drop((object_type, old["id"]))
    return nothing()


def _saved(old: Document, sent: dict[str, Any]) -> Response:
    members = accepted("object_attribute_definition", sent, _MEMBERS, _READ_ONLY)
    document = {**merged(old, members), "lastModified": iso(world().clock.now())}
    world().state.attributes.definitions.save(document)
    return one("object_attribute_definition", _shown(document), state=True)


def _shown(definition: Document) -> dict[str, Any]:
    document = snake_members({name: part for name, part in definition.items() if name != "objectType"})
    value_type = definition["valueType"]
    address = f"/system_object_definitions/{definition['objectType']}/attribute_definitions/{definition['id']}"
    return {
        "localizable": False,
        "mandatory": False,
        "searchable": False,
        "visible": True,
        **document,
        "effective_id": f"c_{definition['id']}",
        "multi_value_type": value_type.startswith("set_of_"),
        "set_value_type": value_type.startswith("set_of_"),
        "system": False,
        "link": link(address),
    }


def _plain(attribute_id: str) -> str:
    """The id without the prefix it has in documents."""
    return attribute_id.removeprefix("c_")


def _known(object_type: str) -> None:
    if object_type not in OBJECT_TYPES:
        message = f"No system object type with ID '{object_type}' was found."
        raise fault(404, "ObjectTypeNotFoundException", message, objectType=object_type)


def _existing(object_type: str, attribute_id: str) -> Document:
    _known(object_type)
    found = world().state.attributes.definitions.get((object_type, _plain(attribute_id)))
    if found is None:
        message = f"'{object_type}' has no attribute '{attribute_id}'."
        raise fault(404, "AttributeDefinitionNotFoundException", message, attributeId=attribute_id)
    return found
