"""Inbound API keys (``api_key``): a token in a header or query parameter that acts as a user.

An instance makes the token itself and shows it once in its pages. Here whoever makes the record chooses it, because
nothing over REST could read it afterwards; only its hash is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from snow_app.emulator.errors import ScopedToken
from snow_app.emulator.query.moments import STORED
from snow_app.emulator.rest.policies import Accepted
from snow_app.emulator.secrets import hashed

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session


def presented_key(accepted: Accepted, headers: Mapping[str, str], params: Mapping[str, str]) -> str:
    """The key a request carries where the API's profiles look for one, empty without one."""
    for parameter in accepted.parameters:
        source = params if parameter["type"] == "query_param" else headers
        name, prefix = parameter["parameter_name"], parameter["prefix"]
        given = source.get(name) or source.get(name.lower()) or ""
        if given.startswith(prefix):
            return given.removeprefix(prefix).strip()
    return ""


def session_of_key(instance: Instance, key: str) -> Session | None:
    """The session behind a key; None when it is unknown, inactive or expired.

    Raises ScopedToken for a key with an authentication scope: no API here belongs to one.
    """
    kept = instance.records.first("api_key", token=hashed(key), active="true")
    user = instance.records.get("sys_user", kept["user"]) if kept else None
    if kept is None or user is None or user["active"] != "true":
        return None
    if kept["expires"] and datetime.strptime(kept["expires"], STORED).replace(tzinfo=UTC) <= instance.clock():
        return None
    if kept["auth_scope"] and kept["auth_scope"] != "useraccount":
        raise ScopedToken
    return instance.session(user["user_name"])
