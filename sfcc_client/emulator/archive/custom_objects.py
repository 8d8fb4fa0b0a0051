"""Custom objects of an archive, and the types its metadata declares for them, as a dataset has them."""

from __future__ import annotations

from typing import Any

from sfcc_client.emulator.activities import TYPE as ACTIVITY
from sfcc_client.emulator.archive.custom import attribute
from sfcc_client.emulator.archive.fields import Place
from sfcc_client.emulator.archive.markup import Element

_KEY_KINDS = {"int": "integer", "string": "string"}


def custom_type(element: Element, place: Place) -> dict[str, Any]:
    """What a <custom-type> says of its objects: the name and kind of their key, and whether they belong to a site."""
    key = place.child(element, "key-definition")
    scope = place.child(element, "storage-scope")
    if key is None or scope is None:
        place.bad(element, "needs <storage-scope> and <key-definition>")
    kind = place.child(key, "type")
    return {
        "id": place.attribute(element, "type-id"),
        "key": place.attribute(key, "attribute-id"),
        "keyKind": _KEY_KINDS.get((kind.text or "").strip() if kind is not None else "", "string"),
        "perSite": (scope.text or "").strip() == "site",
    }


def undeclared(type_id: str, *, per_site: bool) -> dict[str, Any]:
    """The type of objects whose declaration is not in the archive; the name of their key is not known then."""
    own = type_id == ACTIVITY.id
    key, per_site = (ACTIVITY.key, ACTIVITY.per_site) if own else ("id", per_site)
    return {"id": type_id, "key": key, "keyKind": "string", "perSite": per_site}


def custom_object(element: Element, place: Place) -> dict[str, Any]:
    """One <custom-object>: its type, its key and its ``c_`` members."""
    type_id = place.attribute(element, "type-id")
    read = dict(attribute(child, place, type_id) for child in element)
    members = {f"c_{name}": value for name, value in read.items() if value is not None}
    return {"objectType": type_id, "key": place.attribute(element, "object-id"), **members}
