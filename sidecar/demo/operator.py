"""What a ServiceNow operator does by hand on a real instance: commit the update set, hand out roles, make groups."""

from __future__ import annotations

from collections.abc import Iterable

from snow_app.emulator import ServiceNowEmulator
from snow_app.emulator.updatesets import committed, previewed, uploaded


def commit_update_set(servicenow: ServiceNowEmulator, document: bytes) -> None:
    """Import an update-set file, preview it and commit it."""
    session = servicenow.instance.session(servicenow.username)
    for row in uploaded(session, document):
        previewed(session, row["sys_id"])
        committed(session, row["sys_id"])


def make_groups(servicenow: ServiceNowEmulator, *, scope: str, owners: Iterable[str]) -> None:
    """The groups that the app's properties name, those of `owners`, and one for order issues."""
    session = servicenow.instance.session(servicenow.username)
    issues = f"{scope}.order_issues.group"
    for row in session.query("sys_properties", f"name={issues}", acl=False):
        session.update("sys_properties", row["sys_id"], {"value": "Customer Service"}, acl=False)
    named = session.query("sys_properties", f"nameSTARTSWITH{scope}.alerts.group.^ORname={issues}", acl=False)
    for name in sorted({row["value"] for row in named} | set(owners)):
        if name and not session.count("sys_user_group", f"name={name}"):
            session.insert("sys_user_group", {"name": name, "active": "true"}, acl=False)


def grant_roles(servicenow: ServiceNowEmulator, roles: Iterable[tuple[str, str]]) -> None:
    """Give users (by user name) roles (by full name), unless they have them."""
    session = servicenow.instance.session(servicenow.username)
    for user_name, role_name in roles:
        (user,) = session.query("sys_user", f"user_name={user_name}", acl=False)
        (role,) = session.query("sys_user_role", f"name={role_name}", acl=False)
        grant = {"user": user["sys_id"], "role": role["sys_id"]}
        if not session.count("sys_user_has_role", f"user={grant['user']}^role={grant['role']}"):
            session.insert("sys_user_has_role", {**grant, "state": "active"}, acl=False)
