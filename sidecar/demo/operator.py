"""What a ServiceNow operator does by hand on a real instance: bring the access rules, hand out the app's roles.

The Table API refuses both on purpose, so here they are written from inside the local instance, as an update set is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from snow_app.emulator import ServiceNowEmulator
from snow_app.records import Row


def bring_access_rules(servicenow: ServiceNowEmulator, rows: Iterable[Row]) -> None:
    """Write the records that only a package can carry, unless they are there."""
    session = servicenow.instance.session(servicenow.username)
    for row in rows:
        if session.get(row.table, row.sys_id, acl=False) is None:
            session.insert(row.table, {"sys_id": row.sys_id, **row.values}, acl=False)


def grant_roles(servicenow: ServiceNowEmulator, roles: Mapping[str, str]) -> None:
    """Give each user (by user name) one role of the app (by full name), unless they have it."""
    session = servicenow.instance.session(servicenow.username)
    for user_name, role_name in roles.items():
        (user,) = session.query("sys_user", f"user_name={user_name}", acl=False)
        (role,) = session.query("sys_user_role", f"name={role_name}", acl=False)
        grant = {"user": user["sys_id"], "role": role["sys_id"]}
        if not session.count("sys_user_has_role", f"user={grant['user']}^role={grant['role']}"):
            session.insert("sys_user_has_role", {**grant, "state": "active"}, acl=False)
