"""Cross-scope access to tables, as the table's own flags and ``sys_scope_privilege`` rows decide it.

A table of another scope can be read, created, updated or deleted when its ``access`` is public and the flag of the
operation is set, or when a privilege row of the calling scope allows it. Source: platform documentation, application
access settings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snow_app.emulator.model import GLOBAL_SCOPE, Row

from .realm import HostRefused

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance

ScopeNames = Callable[[str], str]
"""A scope's name from its sys_id."""

_FLAGS = {"read": "read_access", "create": "create_access", "write": "update_access", "delete": "delete_access"}


def require_access(instance: Instance, scopes: ScopeNames, scope: str, table: str, operation: str) -> None:
    """Raises HostRefused when a scope (by name) may not do `operation` (read, create, write, delete) on `table`."""
    found = instance.dictionary.table(table)
    if found is None:
        raise HostRefused(f"Invalid table {table}")
    owner = scopes(found.scope)
    if scope in (GLOBAL_SCOPE, owner) or owner == GLOBAL_SCOPE:
        return
    if found.flags.get("access", "public") == "public" and found.flags.get(_FLAGS[operation], "true") == "true":
        return
    privileges = instance.records.all("sys_scope_privilege", target_name=table, operation=operation, status="allowed")
    if any(scopes(row["source_scope"]) == scope for row in privileges):
        return
    raise HostRefused(
        f"{operation.capitalize()} operation against '{table}' from scope '{scope}' has been refused due to the "
        "table's cross-scope access policy"
    )


def may_run(instance: Instance, rule: Row) -> bool:
    """Whether a business rule is of a kind its scope may have on its table.

    On a table of another application a scope may have asynchronous rules (insert, update, delete) with a script, and
    before rules that only set field values. Source: platform documentation, "Creation restrictions across application
    scopes". Tables whose application allows design-time configuration are not exempt: the restriction is the
    platform's.
    """
    owner = instance.dictionary.table(rule.get("collection", ""))
    scope = rule.get("sys_scope") or GLOBAL_SCOPE
    if owner is None or scope in (GLOBAL_SCOPE, owner.scope or GLOBAL_SCOPE):
        return True
    when = rule.get("when", "")
    if when in ("async", "async_always"):
        return rule.get("action_query") != "true"
    scripted = rule.get("advanced") == "true" and bool(rule.get("script", "").strip())
    return when == "before" and not scripted and rule.get("abort_action") != "true"
