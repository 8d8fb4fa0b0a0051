"""Data policies: fields that must be filled, or stay as they are, while a condition holds, whoever writes.

Source: product documentation c_DataPolicy. How an instance words the refusal of a read-only field is unverified.
"""

from __future__ import annotations

from snow_app.emulator.behaviour.write import Write
from snow_app.emulator.errors import DataPolicy

_POLICIES = """
    SELECT p.sys_id, p.model_table, p.conditions, p.inherit FROM sys_data_policy2 p WHERE p.active != 'false'"""

_RULES = "SELECT field, mandatory, disabled FROM sys_data_policy_rule WHERE sys_data_policy = ? ORDER BY field"


def check_data_policies(write: Write) -> None:
    """Raises DataPolicy, naming by label every mandatory field that is empty, else every read-only one that changes."""
    instance = write.session.instance
    lineage = instance.dictionary.lineage(write.table)
    for sys_id, table, conditions, inherit in instance.store.rows(_POLICIES):
        if table not in lineage or (table != write.table and inherit != "true"):
            continue
        kind, fields = _broken(write, [(str(a), str(b), str(c)) for a, b, c in instance.store.rows(_RULES, (sys_id,))])
        if fields and write.session.matches(write.table, write.current, str(conditions), write.previous):
            columns = instance.dictionary.columns(write.table)
            raise DataPolicy(tuple(columns[field].label if field in columns else field for field in fields), kind)


def _broken(write: Write, rules: list[tuple[str, str, str]]) -> tuple[str, list[str]]:
    """What a policy's rules would hold against the write if its condition is true."""
    empty = [field for field, mandatory, _ in rules if mandatory == "true" and not write.current.get(field)]
    if empty or write.op != "update":
        return "mandatory", empty
    return "read only", [field for field, _, fixed in rules if fixed == "true" and write.changed(field)]
