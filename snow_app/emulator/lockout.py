"""Accounts are locked after too many wrong passwords in a row, and unlocked by the clock.

The account is locked at the first failure beyond `glide.user.max_unlock_attempts` (5), for
`glide.user.unlock_timeout_in_mins` minutes (15; 0 for good). Source: platform documentation, "Specify lockout for
failed login attempts".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import stored

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance

MOST, MINUTES = "glide.user.max_unlock_attempts", "glide.user.unlock_timeout_in_mins"

_UNLOCK: Final = """
var user = new GlideRecord('sys_user');
user.addQuery('sys_id', '{user}');
user.addQuery('locked_out', true);
user.query();
if (user.next()) {{ user.locked_out = false; user.update(); }}
"""


def note_failure(instance: Instance, user: Row) -> None:
    """Count a wrong password; lock the account when it is one too many."""
    session = instance.session("system")
    now = stored(instance.clock())
    with instance.store.transaction():
        kept = instance.records.get("sys_user", user["sys_id"]) or user
        failures = int(kept["failed_attempts"] or 0) + 1
        locks = failures > int(instance.property(MOST, "5") or 5)
        changes = {"failed_attempts": str(failures), **({"locked_out": "true"} if locks else {})}
        instance.records.update("sys_user", user["sys_id"], changes)
    failed = {"name": "login.failed", "parm1": user["user_name"], "state": "ready", "process_on": now}
    session.insert("sysevent", failed, workflow=False, acl=False)
    minutes = float(instance.property(MINUTES, "15") or 15)
    if locks and minutes > 0:
        item = {
            "name": "Unlock user", "document": "sys_user", "document_key": user["sys_id"], "trigger_type": "0",
            "next_action": stored(instance.clock() + timedelta(minutes=minutes)),
            "script": _UNLOCK.format(user=user["sys_id"]),
        }  # fmt: skip
        session.insert("sys_trigger", item, workflow=False, acl=False)


def note_success(instance: Instance, user: Row) -> None:
    """Forget earlier failures."""
    if user["failed_attempts"] not in ("", "0"):
        instance.records.update("sys_user", user["sys_id"], {"failed_attempts": "0"})
