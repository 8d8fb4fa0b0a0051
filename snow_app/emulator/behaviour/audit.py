"""The history of tasks: every changed field of an update becomes a ``sys_audit`` row; what was inserted does not."""

from __future__ import annotations

from snow_app.emulator.behaviour.write import AFTER, Write, hook
from snow_app.emulator.dictionary import JOURNAL_TYPES
from snow_app.emulator.query.moments import stored


@hook(AFTER, "task", "update")
def keep_history(write: Write) -> None:
    instance, row, before = write.session.instance, write.current, write.previous or {}
    columns = instance.dictionary.columns(write.table)
    now, user = stored(instance.clock()), write.session.user.user_name
    for name in sorted(write.names & columns.keys()):
        if name.startswith("sys_") or columns[name].type in JOURNAL_TYPES:
            continue
        entry = {
            "sys_id": instance.new_id(), "tablename": write.table, "documentkey": row["sys_id"], "fieldname": name,
            "oldvalue": before.get(name, ""), "newvalue": row[name], "user": user,
            "record_checkpoint": row.get("sys_mod_count", "0"), "sys_created_on": now, "sys_created_by": user,
        }  # fmt: skip
        instance.records.insert("sys_audit", entry)
