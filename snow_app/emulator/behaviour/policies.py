"""Data policies: fields that must be filled while a condition holds, wherever the write comes from."""

from __future__ import annotations

from snow_app.emulator.behaviour.write import Write
from snow_app.emulator.errors import DataPolicy

_POLICIES = """
    SELECT p.sys_id, p.model_table, p.conditions, p.inherit FROM sys_data_policy2 p WHERE p.active != 'false'"""

_RULES = "SELECT field FROM sys_data_policy_rule WHERE sys_data_policy = ? AND mandatory = 'true' ORDER BY field"


def check_data_policies(write: Write) -> None:
    """Raises DataPolicy, naming by label every mandatory field that is empty."""
    instance = write.session.instance
    lineage = instance.dictionary.lineage(write.table)
    for sys_id, table, conditions, inherit in instance.store.rows(_POLICIES):
        if table not in lineage or (table != write.table and inherit != "true"):
            continue
        fields = [str(row[0]) for row in instance.store.rows(_RULES, (sys_id,))]
        empty = [field for field in fields if not write.current.get(field)]
        if empty and write.session.matches(write.table, write.current, str(conditions), write.previous):
            columns = instance.dictionary.columns(write.table)
            raise DataPolicy(tuple(columns[field].label if field in columns else field for field in empty))
