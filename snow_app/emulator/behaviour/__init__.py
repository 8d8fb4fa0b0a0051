"""What the platform itself does when records are written: task states, tables that come into being, passwords.

`before` hooks may change the record or refuse it, `after` hooks react to what is stored. A hook is registered for a
table and runs for every table that extends it, nearest class first.
"""

# Importing a room registers its hooks.
from snow_app.emulator.behaviour import (  # noqa: F401
    approvals,
    assignment,
    audit,
    cases,
    certificates,
    change_kinds,
    changes,
    incidents,
    limits,
    metadata,
    people,
    problems,
    requests,
    service_levels,
    tasks,
    web_services,
)
from snow_app.emulator.behaviour.write import Write, run_after, run_before

__all__ = ["Write", "run_after", "run_before"]
