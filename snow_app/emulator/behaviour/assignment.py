"""Assignment rules (``sysrule_assignment``): who gets a task that was stored without a group or a person.

The first rule in order whose condition holds decides, and fills only what is empty. Source: platform documentation,
"Create an assignment rule".
"""

from __future__ import annotations

import re
from typing import Final

from snow_app.emulator.behaviour.write import AFTER, Write, hook
from snow_app.emulator.model import Row

FIELDS: Final = {"assignment_group": "group", "assigned_to": "user"}
"""Column of the task → column of the rule."""

_JOINT = re.compile(r"\^(?:OR|NQ)?")


@hook(AFTER, "task", "insert", "update")
def assign(write: Write) -> None:
    empty = [name for name in FIELDS if not write.current.get(name)]
    if not empty:
        return
    rule = next((rule for rule in _rules(write) if _holds(write, rule)), None)
    if rule is None:
        return
    wanted = {name: rule[column] for name, column in FIELDS.items()}
    scripts = write.session.instance.scripts
    if rule["script"].strip() and scripts is not None:
        wanted |= scripts.amended(rule, "script", write.table, write.current, write.session)
    filled = {name: wanted[name] for name in empty if wanted.get(name)}
    if filled:
        write.session.instance.records.update(write.table, write.current["sys_id"], filled)
        write.current.update(filled)


def _rules(write: Write) -> list[Row]:
    instance = write.session.instance
    found = [
        rule
        for table in instance.dictionary.lineage(write.table)
        for rule in instance.active("sysrule_assignment")
        if rule["table"] == table
    ]
    return sorted(found, key=lambda rule: (float(rule["order"] or 100), rule["name"]))


def _holds(write: Write, rule: Row) -> bool:
    """All of a rule's conditions, or any of them where it says so."""
    condition = rule["condition"].replace("^EQ", "")
    parts = _JOINT.split(condition) if rule["match_conditions"] == "ANY" else [condition]
    return any(write.session.matches(write.table, write.current, part, write.previous or {}) for part in parts)
