"""OCAPI Data: custom objects of the instance and of sites, and the search for them."""

from __future__ import annotations

from typing import Any

from flask import Response

from sfcc_client.emulator.custom_objects import CustomType
from sfcc_client.emulator.errors import Fault
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.query import Getter
from sfcc_client.emulator.routes.data.door import blueprint, body, check_state, fault, nothing, one, searched
from sfcc_client.emulator.routes.data.members import accepted, merged
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

_GLOBAL = "/custom_objects/<object_type>/<key>"
_OF_SITE = "/sites/<site_id>/custom_objects/<object_type>/<key>"
_OWN = frozenset(
    {
        "key_property",
        "key_value_string",
        "key_value_integer",
        "object_type",
        "site_id",
        "creation_date",
        "last_modified",
    }
)


class _Fields(dict[str, Getter]):
    """The searchable members; every custom attribute is one too."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or str(name).startswith("c_")

    def __missing__(self, name: str) -> Getter:
        return lambda row: row.get(name)


_FIELDS = _Fields(
    {name: (lambda row, name=name: row.get(name)) for name in _OWN - {"key_property", "object_type"}}  # type: ignore[misc]
)


@blueprint.get(_GLOBAL)
@blueprint.get(_OF_SITE)
def custom_object(object_type: str, key: str, site_id: str | None = None) -> Response:
    kind = _type(object_type, key, site_id)
    return one("custom_object", _shown(kind, _existing(kind, key, site_id)), state=True)


@blueprint.put(_GLOBAL)
@blueprint.put(_OF_SITE)
def put_custom_object(object_type: str, key: str, site_id: str | None = None) -> Response:
    """Create an object or write over it."""
    kind = _type(object_type, key, site_id)
    old = world().state.custom_objects.objects.get((site_id, object_type, key))
    created = old["creationDate"] if old is not None else iso(world().clock.now())
    fresh = {"siteId": site_id, "objectType": object_type, "key": key, "creationDate": created}
    return _saved(kind, old, fresh)


@blueprint.patch(_GLOBAL)
@blueprint.patch(_OF_SITE)
def patch_custom_object(object_type: str, key: str, site_id: str | None = None) -> Response:
    kind = _type(object_type, key, site_id)
    old = _existing(kind, key, site_id)
    return _saved(kind, old, old)


@blueprint.delete(_GLOBAL)
@blueprint.delete(_OF_SITE)
def delete_custom_object(object_type: str, key: str, site_id: str | None = None) -> Response:
    """Deleting an object that is not there is no error."""
    _type(object_type, key, site_id)
    world().state.custom_objects.objects.drop((site_id, object_type, key))
    return nothing()


@blueprint.post("/custom_objects_search/<object_type>")
def custom_objects_search(object_type: str) -> Response:
    kind = world().state.custom_objects.types.get(object_type)
    if kind is None:
        raise _unknown_type(object_type)
    rows = [_shown(kind, row) for row in world().state.custom_objects.objects.find("type", object_type)]
    default = "key_value_integer" if kind.key_kind == "integer" else "key_value_string"
    return searched("custom_object_search_result", "custom_object", rows, _FIELDS, default)


def _saved(kind: CustomType, old: Document | None, base: Document) -> Response:
    sent = body()
    check_state(None if old is None else _shown(kind, old), sent)
    members = accepted("custom_object", sent, {}, _OWN)
    document = {**merged({**base, "siteId": ""}, members), "siteId": base["siteId"]}
    document["lastModified"] = iso(world().clock.now())
    world().state.custom_objects.objects.save(document)
    return one("custom_object", _shown(kind, document), state=True)


def _shown(kind: CustomType, row: Document) -> dict[str, Any]:
    """The object with its key in the member that fits the key's type."""
    is_number = kind.key_kind == "integer"
    key = {"key_value_integer": int(row["key"])} if is_number else {"key_value_string": row["key"]}
    own = {name: value for name, value in row.items() if name.startswith("c_")}
    dates = {"creation_date": row["creationDate"], "last_modified": row["lastModified"]}
    site = {"site_id": row["siteId"]} if row["siteId"] else {}
    return {"object_type": kind.id, "key_property": kind.key, **key, **site, **dates, **own}


def _type(object_type: str, key: str, site_id: str | None) -> CustomType:
    if site_id is not None and world().site(site_id) is None:
        raise fault(404, "SiteNotFoundException", f"No site with ID '{site_id}' was found.", siteId=site_id)
    kind = world().state.custom_objects.types.get(object_type)
    if kind is None or kind.per_site != (site_id is not None):
        raise _unknown_type(object_type)
    if not kind.fits(key):
        raise fault(400, "MalformedKeyParameterException", f"The key '{key}' has to be a whole number.", key=key)
    return kind


def _existing(kind: CustomType, key: str, site_id: str | None) -> Document:
    row = world().state.custom_objects.objects.get((site_id, kind.id, key))
    if row is None:
        message = f"No custom object '{key}' of the type '{kind.id}' was found."
        raise fault(404, "CustomObjectNotFoundException", message, objectType=kind.id, key=key)
    return row


def _unknown_type(object_type: str) -> Fault:
    message = f"No custom object type with ID '{object_type}' was found here."
    return fault(404, "ObjectTypeNotFoundException", message, objectType=object_type)
