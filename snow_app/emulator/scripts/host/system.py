"""gs: properties, user, messages, log, events."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..realm import HostRefused

if TYPE_CHECKING:
    from ..transaction import Transaction

_LEVELS = {"info": "0", "warn": "1", "error": "2", "debug": "0"}


def log(transaction: Transaction, source: str, level: str, message: str) -> None:
    """A syslog row; debug lines are kept only where the scope asks for them."""
    if level == "debug" and transaction.instance.property(f"{source}.logging.debug", "false") != "true":
        return
    transaction.scripts.log(transaction.session, level=_LEVELS[level], source=source, message=message)


def property_value(transaction: Transaction, name: str, fallback: Any) -> Any:
    found = transaction.instance.property(name)
    return fallback if found is None or found == "" else found


def set_property(transaction: Transaction, scope: str, name: str, value: str, description: str | None) -> None:
    """A script may write the properties of its own scope only."""
    session = transaction.session
    rows = session.query("sys_properties", f"name={name}", limit=1, acl=False)
    owner = transaction.scripts.scope_name(rows[0].get("sys_scope", "")) if rows else None
    foreign = owner not in (None, scope) or (owner is None and not name.startswith(f"{scope}."))
    if scope != "global" and foreign:
        raise HostRefused(f"setProperty: '{name}' does not belong to scope {scope}")
    values = {"value": value, **({"description": description} if description is not None else {})}
    if rows:
        session.update("sys_properties", rows[0]["sys_id"], values, acl=False)
    else:
        session.insert("sys_properties", {"name": name, "type": "string", **values}, acl=False)


def user(transaction: Transaction) -> dict[str, Any]:
    """The session's user; the name parts come from its record."""
    who = transaction.session.user
    row = transaction.session.get("sys_user", who.sys_id, acl=False) or {}
    return {
        "sys_id": who.sys_id,
        "user_name": who.user_name,
        "name": who.name,
        "first_name": row.get("first_name", ""),
        "last_name": row.get("last_name", ""),
        "email": who.email,
        "roles": sorted(who.roles),
        "time_zone": who.time_zone,
        "language": row.get("preferred_language") or who.locale or "en",
    }


def user_value(transaction: Transaction, column: str) -> str:
    row = transaction.session.get("sys_user", transaction.session.user.sys_id, acl=False) or {}
    return row.get(column, "")


def has_role(transaction: Transaction, names: str) -> bool:
    """True for any of the comma-separated roles; an administrator has every role."""
    return any(transaction.session.has_role(name.strip()) for name in names.split(",") if name.strip())


def is_member_of(transaction: Transaction, group: str) -> bool:
    key = "group" if re.fullmatch(r"[0-9a-f]{32}", group) else "group.name"
    encoded = f"user={transaction.session.user.sys_id}^{key}={group}"
    return bool(transaction.session.query("sys_user_grmember", encoded, limit=1, acl=False))


def preference(transaction: Transaction, name: str) -> str | None:
    row = _preference_row(transaction, name)
    return row["value"] if row else None


def save_preference(transaction: Transaction, name: str, value: str) -> None:
    row = _preference_row(transaction, name)
    session = transaction.session
    if row:
        session.update("sys_user_preference", row["sys_id"], {"value": value}, acl=False)
    else:
        values = {"user": session.user.sys_id, "name": name, "value": value}
        session.insert("sys_user_preference", values, acl=False)


def _preference_row(transaction: Transaction, name: str) -> dict[str, str] | None:
    encoded = f"user={transaction.session.user.sys_id}^name={name}"
    rows = transaction.session.query("sys_user_preference", encoded, limit=1, acl=False)
    return rows[0] if rows else None


def client_data(transaction: Transaction, name: str, value: str | None) -> str | None:
    if value is not None:
        transaction.client_data[name] = value
    return transaction.client_data.get(name)


def message(transaction: Transaction, key: str, values: list[str]) -> str:
    """The translated text of `key` with {0}, {1}… filled in; the key itself when there is no translation."""
    text = transaction.scripts.translated(transaction.session, key)
    return re.sub(r"\{(\d+)\}", lambda m: values[int(m[1])] if int(m[1]) < len(values) else m[0], text)


def event(transaction: Transaction, asked: dict[str, str]) -> None:
    """Queue a sysevent row."""
    transaction.scripts.events.queue(transaction.session, **asked)


def execute_now(transaction: Transaction, sys_id: str) -> None:
    transaction.scripts.jobs.execute_later(sys_id)


def guid(transaction: Transaction) -> str:
    return transaction.instance.new_id()


def is_interactive(transaction: Transaction) -> bool:
    return transaction.interactive


def application(transaction: Transaction) -> str:
    return transaction.session.application


def token(transaction: Transaction) -> str:
    return transaction.token


def session_id(transaction: Transaction) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{transaction.session.user.sys_id}{transaction.token}").hex


def add_message(transaction: Transaction, level: str, text: str) -> None:
    transaction.show(level, text)


def listed_messages(transaction: Transaction, level: str) -> list[str]:
    return [message.text for message in transaction.messages if message.level == level]


def encoded64(_: Transaction, text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def decoded64(_: Transaction, text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except binascii.Error as error:
        raise HostRefused("Not base64") from error


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "log": log,
    "property": property_value,
    "setProperty": set_property,
    "user": user,
    "userValue": user_value,
    "hasRole": has_role,
    "isMemberOf": is_member_of,
    "preference": preference,
    "savePreference": save_preference,
    "clientData": client_data,
    "message": message,
    "event": event,
    "executeNow": execute_now,
    "guid": guid,
    "isInteractive": is_interactive,
    "application": application,
    "token": token,
    "sessionId": session_id,
}
MESSAGES: Mapping[str, Callable[..., Any]] = {"add": add_message, "list": listed_messages}
TEXT: Mapping[str, Callable[..., Any]] = {"base64": encoded64, "unbase64": decoded64}
