"""The frame around the pages: header with user and application, and the application menu at the side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from .records import safe_target

if TYPE_CHECKING:
    import flask

    from snow_app.emulator.instance import Session
    from snow_app.emulator.model import Row
    from snow_app.emulator.scripts.transaction import Transaction

    from .room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A link of the menu; an empty address is a separator with a title."""

    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """An application of the menu."""

    sys_id: str
    title: str
    modules: tuple[Module, ...]


def shown(room: Room, transaction: Transaction, target: str) -> flask.Response:
    """The frame, with a page of this instance in it."""
    session = transaction.session
    menus = menus_of(room, session)
    first = next((module.address for menu in menus for module in menu.modules if module.address), "/incident_list.do")
    target = target if target.startswith("/") or not target else f"/{target}"
    return room.page(
        "navigator.html",
        transaction=transaction,
        menus=menus,
        target=safe_target(target, first),
        user=session.user,
        elevations=[(role, role in session.user.roles) for role in sorted(room.door.may_elevate_to(session))],
        initials="".join(word[0] for word in session.user.name.split()[:2]).upper(),
        applications=_applications(session),
        current_application=session.application,
    )


def menus_of(room: Room, session: Session) -> list[Menu]:
    """What this user's roles open: the instance's own applications in their order, then the built-in ones."""
    records = room.instance.records
    applications = records.all("sys_app_application", active="true")
    modules = records.all("sys_app_module", active="true")
    out = []
    for application in sorted(applications, key=_place):
        allowed = _opens(session, application.get("roles", ""))
        own = sorted((m for m in modules if m.get("application") == application["sys_id"]), key=_place)
        shown_modules = tuple(
            Module(title=module.get("title", ""), address=_address(module))
            for module in own
            if (allowed or module.get("override_menu_roles") == "true") and _opens(session, module.get("roles", ""))
        )
        if any(module.address for module in shown_modules):
            out.append(Menu(sys_id=application["sys_id"], title=application.get("title", ""), modules=shown_modules))
    return out + [menu for menu in _built_in(session) if menu.title not in {own.title for own in out}]


def _built_in(session: Session) -> list[Menu]:
    """The menus every instance comes with (menus.json), without tables this instance or this user does not have."""
    out = []
    for menu in _declared():
        modules = tuple(
            Module(title=one["title"], address=_page_of(one))
            for one in menu["modules"]
            if session.can("create" if one.get("new") else "read", one["table"])
        )
        if modules and _opens(session, menu["roles"]):
            out.append(Menu(sys_id=menu["title"], title=menu["title"], modules=modules))
    return out


def _page_of(module: dict[str, Any]) -> str:
    if module.get("new"):
        return f"/{module['table']}.do?sys_id=-1"
    query = f"?{urlencode({'sysparm_query': module['query']})}" if module.get("query") else ""
    return f"/{module['table']}_list.do{query}"


@cache
def _declared() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((resources.files(__package__) / "menus.json").read_text(encoding="utf-8"))
    return found


def _place(row: Row) -> tuple[float, str]:
    return float(row.get("order") or 0), row.get("title", "")


def _opens(session: Session, roles: str) -> bool:
    wanted = [role.strip() for role in roles.split(",") if role.strip()]
    return not wanted or any(session.has_role(role) for role in (*wanted, "admin"))


def _address(module: Row) -> str:
    """Where a module leads; kinds without a page here (reports, surveys, maps) lead nowhere."""
    kind, table = module.get("link_type", "LIST"), module.get("name", "")
    view = {"sysparm_view": module["view_name"]} if module.get("view_name") else {}
    if kind in ("LIST", "FILTER") and table:
        query = {"sysparm_query": module["filter"]} if module.get("filter") else {}
        return f"/{table}_list.do?{urlencode({**query, **view})}".rstrip("?")
    if kind == "NEW" and table:
        return f"/{table}.do?{urlencode({'sys_id': '-1', **view})}"
    if kind == "DETAIL" and table and module.get("query"):
        return f"/{table}.do?{urlencode({'sys_id': module['query'], **view})}"
    if kind == "DIRECT" and module.get("query"):
        return safe_target(f"/{module['query'].lstrip('/')}", "")
    return ""


def _applications(session: Session) -> list[tuple[str, str]]:
    """Applications the picker offers: Global and those made on this instance."""
    rows = session.query("sys_app", "active=true^ORDERBYname", acl=False)
    return [("global", "Global"), *((row["sys_id"], row.get("name") or row["sys_id"]) for row in rows)]
