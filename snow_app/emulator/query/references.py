"""Operators on references: what stands below a record, and what the platform's dynamic filters name."""

# ruff: noqa: S608 - names in statements are quoted identifiers, values are bound
from __future__ import annotations

from snow_app.emulator.query.operand import Operand, Sql
from snow_app.emulator.store import quoted


def among(left: Operand, value: str) -> Sql:
    """One of a comma list."""
    wanted = tuple(left.bound(part) for part in value.split(","))
    return Sql(f"{left.filled} COLLATE NOCASE IN ({', '.join('?' * len(wanted))})", wanted)


def in_hierarchy(left: Operand, value: str) -> Sql:
    """The record itself and everything below it; on a table without a hierarchy the record alone."""
    table = left.column.reference
    owner = left.around.parent(table) if table else None
    if owner is None:
        return among(left, value)
    name = quoted(owner)
    below = (
        "WITH RECURSIVE below(id) AS "
        f"(SELECT ? UNION SELECT c.sys_id FROM {name} c JOIN below ON c.parent = below.id) "
        "SELECT id FROM below"
    )
    return Sql(f"{left.sql} IN ({below})", (value,))


def dynamic(left: Operand, value: str) -> Sql | None:
    """What a row of sys_filter_option_dynamic stands for; nothing is found where it stands for nothing."""
    meant = left.around.dynamic(value)
    return None if meant is None else among(left, meant) if meant else Sql("0")
