"""Preferences 1.2.2 (configuration/preferences): lists, groups, single values, the search, and writing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.attributes import fits
from sfcc_client.emulator.bodies import Anything, Members, Shape, body
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.office.preferences import INSTANCE_TYPES, MASK, Preference, Preferences
from sfcc_client.emulator.parameters import page, site
from sfcc_client.emulator.query import Fields
from sfcc_client.emulator.routes.searching import searched
from sfcc_client.emulator.world import world

blueprint = Blueprint(
    "preferences", __name__, url_prefix="/configuration/preferences/v1/organizations/<organization_id>"
)
_WRITE = "sfcc.preferences.rw"
_READ = ("sfcc.preferences", _WRITE)
_MASK = ("maskPassword", "maskPasswords")
_GLOBAL = "/global-preference-groups/<group_id>/<instance>"
_SITE = "/site-preference-groups/<group_id>/<instance>"
_ONE = f"{_SITE}/preferences/<preference_id>"
# What a body may hold because it was read, and changes nothing.
_AS_READ: dict[str, Shape] = dict.fromkeys(
    ("site", "sitePreferences", "id", "displayName", "description", "valueType", "attributeDefinition"), Anything()
)
_FIELDS: Fields = {
    "id": lambda row: row["id"],
    "display_name": lambda row: row["displayName"]["default"],
    "description": lambda row: row["description"]["default"],
    "value_type": lambda row: row["valueType"],
}


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a preference, in a body."""

    preference: Preference

    def check(self, value: Any, path: str) -> None:
        kind = self.preference.value_type
        if not fits(kind, value):
            raise Problem("wrong-type", path=path, expected=kind)
        if kind == "password" and value == MASK:
            raise Problem("bad-request", detail=f"The value '{MASK}' is reserved: it stands for a password.")


@blueprint.get("/global-custom-preferences")
@admin(*_READ, query=(*_MASK, "limit", "offset"))
def global_preferences() -> Response:
    return _listed(None)


@blueprint.get("/site-custom-preferences")
@admin(*_READ, query=(*_MASK, "siteId", "limit", "offset"))
def site_preferences() -> Response:
    return _listed(site().site_id)


@blueprint.get(_GLOBAL)
@admin(*_READ, query=(*_MASK, "expand"))
def global_group(group_id: str, instance: str) -> Response:
    """With `expand=sites` the group's values of each site come along."""
    rows = _group(group_id, instance, per_site=False)
    document = _values(rows, None, instance)
    if "sites" in request.args.get("expand", ""):
        of_sites = _book().of_group(group_id, per_site=True)
        document["sitePreferences"] = [
            {"site": {"id": site_id}, **_values(of_sites, site_id, instance)} for site_id in world().state.sites
        ]
    return answer(document)


@blueprint.get(_SITE)
@admin(*_READ, query=(*_MASK, "siteId"))
def site_group(group_id: str, instance: str) -> Response:
    rows = _group(group_id, instance, per_site=True)
    site_id = site().site_id
    return answer({"site": {"id": site_id}, **_values(rows, site_id, instance)})


@blueprint.post(f"{_SITE}/preference-search")
@admin(*_READ, query=(*_MASK, "expand"))
def search(group_id: str, instance: str) -> Response:
    """With `expand=value` the hits carry their values."""
    rows = [_preference(row, instance) for row in _group(group_id, instance, per_site=True)]
    if "value" not in request.args.get("expand", ""):
        rows = [{name: part for name, part in row.items() if name != "siteValues"} for row in rows]
    return searched(rows, _FIELDS, "id")


@blueprint.get(_ONE)
@admin(*_READ, query=_MASK)
def site_preference(group_id: str, instance: str, preference_id: str) -> Response:
    return answer(_preference(_existing(group_id, instance, preference_id), instance))


@blueprint.patch(_GLOBAL)
@admin(_WRITE, query=_MASK)
def update_global_group(group_id: str, instance: str) -> Response:
    """Take over the ``c_`` members of the body; null takes a value away."""
    rows = _group(group_id, _writable(instance), per_site=False)
    _write(rows, None, instance)
    return answer(_values(rows, None, instance))


@blueprint.patch(_SITE)
@admin(_WRITE, query=(*_MASK, "siteId"))
def update_site_group(group_id: str, instance: str) -> Response:
    rows = _group(group_id, _writable(instance), per_site=True)
    site_id = site().site_id
    _write(rows, site_id, instance)
    return answer({"site": {"id": site_id}, **_values(rows, site_id, instance)})


@blueprint.patch(_ONE)
@admin(_WRITE, query=_MASK)
def update_site_preference(group_id: str, instance: str, preference_id: str) -> Response:
    """Take over `siteValues`, the values of the sites it names; everything else in the body stays as it was."""
    row = _existing(group_id, _writable(instance), preference_id)
    of_sites = Members(known=dict.fromkeys(world().state.sites, _Value(row)), nullable=True)
    sent = body(Members(known={**_AS_READ, "siteValues": of_sites}))
    for site_id, value in sent.get("siteValues", {}).items():
        _book().set(row.id, value, site_id=site_id, instance=instance)
    return answer(_preference(row, instance))


def _write(rows: list[Preference], site_id: str | None, instance: str) -> None:
    """All of the body or nothing."""
    known = {f"c_{row.id}": row for row in rows}
    shapes = {**_AS_READ, **{name: _Value(row) for name, row in known.items()}}
    for name, value in body(Members(known=shapes, nullable=True)).items():
        if name in known:
            _book().set(known[name].id, value, site_id=site_id, instance=instance)


def _writable(instance: str) -> str:
    if instance == "current":
        raise Problem("illegal-enumeration-value", value=instance, kind="InstanceType")
    return instance


def _existing(group_id: str, instance: str, preference_id: str) -> Preference:
    rows = _group(group_id, instance, per_site=True)
    found = next((row for row in rows if row.id == preference_id), None)
    if found is None:
        raise Problem("preference-not-found", preferenceId=preference_id)
    return found


def _book() -> Preferences:
    return world().office.preferences


def _listed(site_id: str | None) -> Response:
    """Only preferences with a value are listed."""
    rows = [
        {"groupId": row.group, "id": row.id, "value": value}
        for row in _book().all(per_site=site_id is not None)
        if (value := _book().value(row, site_id, "current")) is not None
    ]
    wanted = page(default=200, maximum=200)
    document = {"limit": wanted.limit, "offset": wanted.offset, "total": len(rows), "data": list(wanted.of(rows))}
    return answer(document)


def _group(group_id: str, instance: str, *, per_site: bool) -> list[Preference]:
    if instance not in INSTANCE_TYPES:
        raise Problem("illegal-enumeration-value", value=instance, kind="InstanceType")
    rows = _book().of_group(group_id, per_site=per_site)
    if not rows:
        raise Problem("custom-preference-group-not-found", preferenceGroupId=group_id)
    return rows


def _values(rows: list[Preference], site_id: str | None, instance: str) -> dict[str, Any]:
    values = {f"c_{row.id}": _book().value(row, site_id, instance) for row in rows}
    return {name: value for name, value in values.items() if value is not None}


def _preference(row: Preference, instance: str) -> dict[str, Any]:
    values = {site_id: _book().value(row, site_id, instance) for site_id in world().state.sites}
    return {
        "id": row.id,
        "displayName": {"default": row.name},
        "description": {"default": row.name},
        "valueType": row.value_type,
        "siteValues": {site_id: value for site_id, value in values.items() if value is not None},
    }
