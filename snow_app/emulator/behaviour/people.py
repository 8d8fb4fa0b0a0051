"""Users: passwords and keys are kept hashed, the name is made of its parts, roles take effect at once."""

from __future__ import annotations

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, hook
from snow_app.emulator.secrets import hashed


@hook(BEFORE, "sys_user", "insert", "update")
def hash_password(write: Write) -> None:
    if write.changed("user_password") and write.current.get("user_password"):
        write.current["user_password"] = hashed(write.current["user_password"])


@hook(BEFORE, "sys_user", "insert", "update")
@hook(BEFORE, "csm_consumer", "insert", "update")
def compose_name(write: Write) -> None:
    """First, middle and last name, unless a name was written."""
    row = write.current
    parts = [row.get(name, "") for name in ("first_name", "middle_name", "last_name")]
    if any(parts) and "name" not in write.given:
        row["name"] = " ".join(filter(None, parts))


@hook(BEFORE, "sys_user", "update")
def forget_failures(write: Write) -> None:
    """An account that is unlocked starts with a clean slate."""
    if write.changed("locked_out") and write.current.get("locked_out") != "true":
        write.current["failed_attempts"] = "0"


@hook(BEFORE, "api_key", "insert", "update")
def hash_key(write: Write) -> None:
    if write.changed("token") and write.current.get("token"):
        write.current["token"] = hashed(write.current["token"])


@hook(AFTER, "sys_user", "insert", "update", "delete")
@hook(AFTER, "sys_user_has_role", "insert", "update", "delete")
@hook(AFTER, "sys_user_grmember", "insert", "update", "delete")
@hook(AFTER, "sys_group_has_role", "insert", "update", "delete")
def reread_roles(write: Write) -> None:
    write.session.instance.access.forget()
