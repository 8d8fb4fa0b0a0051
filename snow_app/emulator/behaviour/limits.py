"""Rate limit rules: a limit above zero, and a fresh count when it changes."""

from __future__ import annotations

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, hook, refuse
from snow_app.emulator.query.moments import stored


@hook(BEFORE, "sys_rate_limit_rules", "insert", "update")
def require_limit(write: Write) -> None:
    if not float(write.current.get("request_limit") or 0) > 0:
        refuse(write, "Prevent negative/zero value of Requests")


@hook(AFTER, "sys_rate_limit_rules", "update")
def start_counting_again(write: Write) -> None:
    """A new limit forgets the counts and violations of the hour that runs."""
    if not write.changed("request_limit"):
        return
    instance = write.session.instance
    hour = stored(instance.clock().replace(minute=0, second=0, microsecond=0))
    for table in ("sys_rate_limit_count", "sys_rate_limit_violation"):
        for row in instance.records.all(table, rule=write.current["sys_id"], hour=hour):
            instance.records.delete(table, row["sys_id"])
