"""Tasks and their service levels: a stored task is looked at by the SLA engine."""

from __future__ import annotations

from snow_app.emulator.behaviour.write import AFTER, Write, hook


@hook(AFTER, "task", "insert", "update")
def run_service_levels(write: Write) -> None:
    write.session.instance.slas.written(write.table, write.current, write.previous)
