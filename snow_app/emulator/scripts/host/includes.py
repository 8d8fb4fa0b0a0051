"""Script includes by scope and name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Place

if TYPE_CHECKING:
    from ..transaction import Transaction


def find(transaction: Transaction, scope: str, name: str) -> dict[str, Any] | None:
    """The active script include `name` of `scope`, ready to run, or None."""
    row = transaction.scripts.include(scope, name)
    if row is None:
        return None
    place = Place(table="sys_script_include", sys_id=row["sys_id"], name=row.get("api_name") or name)
    prepared = transaction.realm.script(row.get("script", ""), place)
    return {**prepared, "access": row.get("access") or "package_private"}


def scope_exists(transaction: Transaction, scope: str) -> bool:
    return transaction.scripts.scope_exists(scope)


OPERATIONS: Mapping[str, Callable[..., Any]] = {"find": find, "scopeExists": scope_exists}
