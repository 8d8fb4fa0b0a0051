"""What a ServiceNow operator does by hand on a real instance: commit the update set, hand out the app's roles."""

from __future__ import annotations

from collections.abc import Mapping

from snow_app.emulator import ServiceNowEmulator
from snow_app.emulator.updatesets import committed, previewed, uploaded


def commit_update_set(servicenow: ServiceNowEmulator, document: bytes) -> None:
    """Import an update-set file, preview it and commit it."""
    session = servicenow.instance.session(servicenow.username)
    for row in uploaded(session, document):
        previewed(session, row["sys_id"])
        committed(session, row["sys_id"])


def grant_roles(servicenow: ServiceNowEmulator, roles: Mapping[str, str]) -> None:
    """Give each user (by user name) one role of the app (by full name), unless they have it."""
    session = servicenow.instance.session(servicenow.username)
    for user_name, role_name in roles.items():
        (user,) = session.query("sys_user", f"user_name={user_name}", acl=False)
        (role,) = session.query("sys_user_role", f"name={role_name}", acl=False)
        grant = {"user": user["sys_id"], "role": role["sys_id"]}
        if not session.count("sys_user_has_role", f"user={grant['user']}^role={grant['role']}"):
            session.insert("sys_user_has_role", {**grant, "state": "active"}, acl=False)
