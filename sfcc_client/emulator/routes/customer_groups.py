"""Customer groups (Customers, Admin 1.1.3): list, search, members of static groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer, nothing
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.parameters import listed, page, required, site
from sfcc_client.emulator.query import Fields, QueryRefused, term_of
from sfcc_client.emulator.routes.customers import problem_of
from sfcc_client.emulator.search import SCAPI, found
from sfcc_client.emulator.selector import selected
from sfcc_client.emulator.state import Document, SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint("customer_groups", __name__, url_prefix="/customer/customers/v1/organizations/<organization_id>")
_SCOPES = ("sfcc.customergroups", "sfcc.customergroups.rw")
_TYPES = ("system", "dynamic", "static")
_FIELDS: Fields = {
    name: (lambda group, name=name: group.get(name))  # type: ignore[misc]
    for name in ("id", "description", "type")
}
_MOST_MEMBERS = 50


@blueprint.get("/customer-groups")
@admin(*_SCOPES, query=("siteId", "select", "limit", "offset"))
def groups() -> Response:
    rows, wanted = _groups(site()), page(default=25, maximum=50)
    document = {
        "limit": wanted.limit,
        "offset": wanted.offset,
        "total": len(rows),
        "data": [_shown(group) for group in wanted.of(rows)],
    }
    selector = request.args.get("select")
    return answer(selected(document, selector) if selector else document)


@blueprint.post("/customer-group-search")
@admin(*_SCOPES, query=("siteId",))
def search() -> Response:
    rows = _groups(site())
    body: Any = request.get_json(silent=True)
    try:
        result = found(body, rows, _FIELDS, SCAPI, "id")
    except QueryRefused as error:
        raise problem_of(error) from error
    kind = term_of(body["query"], "type")
    if kind is not None and kind not in _TYPES:
        raise Problem("customer-group-type", kind=kind)
    return answer(
        {
            "limit": result.limit,
            "offset": result.offset,
            "total": result.total,
            "query": body["query"],
            **({"sorts": body["sorts"]} if body.get("sorts") else {}),
            "hits": [_shown(group) for group in result.hits],
        }
    )


@blueprint.put("/customer-groups/<group_id>/members")
@admin(*_SCOPES, query=("siteId", "customerNos"))
def assign(group_id: str) -> Response:
    own, numbers = _members_named(group_id)
    group = _change(own, group_id, lambda known: [*known, *(no for no in numbers if no not in known)])
    customers = [world().state.customers.get((own.customer_list_id, no)) or {} for no in numbers]
    rows = [_member(customer) for customer in customers]
    return answer({"limit": len(rows), "total": len(group["customerNos"]), "data": rows})


@blueprint.delete("/customer-groups/<group_id>/members")
@admin(*_SCOPES, query=("siteId", "customerNos"))
def unassign(group_id: str) -> Response:
    own, numbers = _members_named(group_id)
    _change(own, group_id, lambda known: [no for no in known if no not in numbers])
    return nothing()


def _members_named(group_id: str) -> tuple[SiteRecord, tuple[str, ...]]:
    """The site and the customer numbers of a request that changes members; all of them must exist."""
    own = site()
    required("customerNos")
    numbers = tuple(dict.fromkeys(listed("customerNos", maximum=_MOST_MEMBERS)))
    state = world().state
    group = state.customer_groups.get((own.site_id, group_id))
    if group is None:
        raise Problem("customer-group-not-found", group_id=group_id, site_id=own.site_id)
    if group["type"] != "static":
        raise Problem("customer-group-unsupported-assignment", group_id=group_id, site_id=own.site_id)
    unknown = [no for no in numbers if state.customers.get((own.customer_list_id, no)) is None]
    if unknown:
        raise Problem("customers-not-found", customer_nos=", ".join(unknown), site_id=own.site_id)
    return own, numbers


def _change(own: SiteRecord, group_id: str, change: Any) -> Document:
    at = iso(world().clock.now())
    return world().state.customer_groups.revise(
        (own.site_id, group_id),
        lambda group: {**group, "customerNos": change(group.get("customerNos", [])), "lastModified": at},
    )


def _groups(own: SiteRecord) -> list[Document]:
    return sorted(world().state.customer_groups.find("site", own.site_id), key=lambda group: str(group["id"]))


def _shown(group: Document) -> dict[str, Any]:
    document = {name: value for name, value in group.items() if name not in ("siteId", "customerNos")}
    return {**document, "inDeletion": False, "memberCount": _count(group)}


def _count(group: Document) -> int:
    """Guests are nobody's customers, so they are not counted."""
    if group["type"] != "system":
        return len(group.get("customerNos", ()))
    list_id = world().state.sites[group["siteId"]].customer_list_id
    return 0 if group["id"] == "Unregistered" else len(world().state.customers.find("list", list_id))


def _member(customer: Document) -> dict[str, Any]:
    credentials = customer.get("credentials", {})
    names: Iterable[str] = ("customerNo", "firstName", "lastName")
    document = {name: customer[name] for name in names if name in customer}
    return {**document, "login": credentials.get("login", ""), "active": bool(credentials.get("enabled", True))}
