"""Record operations of GlideRecord and GlideAggregate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..crossscope import require_access
from ..realm import HostRefused

if TYPE_CHECKING:
    from snow_app.emulator.instance import Row

    from ..transaction import Transaction

# GlideRecord spells some operators differently from encoded queries.
_OPERATORS = {"==": "=", "NOT LIKE": "NOTLIKE", "DOES NOT CONTAIN": "NOTLIKE", "CONTAINS": "LIKE", "<>": "!="}
_SIGNS = frozenset({"=", "!=", ">", ">=", "<", "<="})
_WORDS = frozenset(
    {"IN", "NOT IN", "STARTSWITH", "ENDSWITH", "LIKE", "NOTLIKE", "INSTANCEOF", "SAMEAS", "NSAMEAS", "BETWEEN", "ON"}
)


def table(transaction: Transaction, name: str) -> dict[str, Any]:
    """What GlideRecord has to know about a table: its columns and their defaults."""
    dictionary = transaction.instance.dictionary
    found = dictionary.table(name)
    if found is None:
        return {"valid": False, "columns": {}, "label": name, "plural": name, "display": "", "defaults": {}}
    columns = {
        column.name: {
            "type": column.type,
            "label": column.label,
            "reference": column.reference or "",
            "max_length": column.max_length,
            "mandatory": bool(column.mandatory),
        }
        for column in dictionary.columns(name).values()
    }
    defaults = {
        column.name: column.default
        for column in dictionary.columns(name).values()
        if column.default and not column.default.startswith("javascript:")
    }
    label = found.label or name
    return {
        "valid": True,
        "columns": columns,
        "label": label,
        "plural": f"{label}s",
        "display": dictionary.display_column(name),
        "defaults": defaults,
    }


def clause(_: Transaction, field: str, operator: str, value: str) -> str:
    """One condition as encoded query text; a caret in the value is doubled, so it cannot start another condition."""
    wanted = _OPERATORS.get(operator.upper(), operator.upper())
    if wanted not in _SIGNS and wanted not in _WORDS:
        raise HostRefused(f"Invalid query operator: {operator}")
    if value in ("NULL", "") and wanted in ("=", "!="):
        return f"{field}{'ISEMPTY' if wanted == '=' else 'ISNOTEMPTY'}"
    return f"{field}{wanted}{value.replace('^', '^^')}"


def _require(transaction: Transaction, scope: str, table_name: str, operation: str) -> None:
    require_access(transaction.instance, transaction.scripts.scope_name, scope, table_name, operation)


def query(transaction: Transaction, table_name: str, encoded: str, options: dict[str, Any]) -> list[Row]:
    _require(transaction, options["scope"], table_name, "read")
    limit, offset = options.get("limit"), 0
    if options.get("window"):
        offset, last = options["window"]
        limit = max(0, last - offset)
    rows = transaction.session.query(
        table_name, encoded, limit=limit, offset=offset, acl=options["secure"], rules=options["workflow"]
    )
    return [dict(row) for row in rows]


def insert(transaction: Transaction, table_name: str, values: Row, options: dict[str, Any]) -> Row | None:
    """The row as stored, or None when a rule aborted it or, for a secure record, an ACL forbids it."""
    _require(transaction, options["scope"], table_name, "create")
    filled = {name: value for name, value in values.items() if value != ""}
    with transaction.aborts() as outcome:
        outcome.row = transaction.session.insert(
            table_name, filled, workflow=options["workflow"], acl=options["secure"]
        )
    return outcome.row


def update(transaction: Transaction, table_name: str, sys_id: str, values: Row, options: dict[str, Any]) -> Row | None:
    """As `insert`."""
    _require(transaction, options["scope"], table_name, "write")
    with transaction.aborts() as outcome:
        outcome.row = transaction.session.update(
            table_name, sys_id, values, workflow=options["workflow"], acl=options["secure"]
        )
    return outcome.row


def remove(transaction: Transaction, table_name: str, sys_id: str, options: dict[str, Any]) -> bool:
    _require(transaction, options["scope"], table_name, "delete")
    with transaction.aborts() as outcome:
        transaction.session.delete(table_name, sys_id, workflow=options["workflow"], acl=options["secure"])
        outcome.done = True
    return outcome.done


def display(transaction: Transaction, table_name: str, values: Row, field: str, _: Row) -> str:
    return transaction.session.display(table_name, values, field)


def choices(transaction: Transaction, table_name: str, field: str) -> list[str]:
    column = transaction.instance.dictionary.columns(table_name)[field]
    return [choice.value for choice in column.choices]


def from_display(transaction: Transaction, table_name: str, field: str, shown: str) -> str:
    """The stored value behind a display value: a choice's value, a referenced record's id, else the text."""
    dictionary = transaction.instance.dictionary
    column = dictionary.columns(table_name).get(field)
    if column is None:
        return shown
    for choice in column.choices:
        if choice.label == shown:
            return choice.value
    if column.reference:
        name = dictionary.display_column(column.reference)
        found = transaction.session.query(column.reference, f"{name}={shown}", limit=1, acl=False)
        return found[0]["sys_id"] if found else ""
    return shown


def can(transaction: Transaction, operation: str, table_name: str, row: Row | None, field: str | None) -> bool:
    return transaction.session.can(operation, table_name, row, field or "")


def journal(transaction: Transaction, table_name: str, sys_id: str, field: str, limit: int) -> str:
    """Entries newest first, as getJournalEntry prints them; limit -1 is all."""
    encoded = f"name={table_name}^element_id={sys_id}^element={field}^ORDERBYDESCsys_created_on"
    rows = transaction.session.query("sys_journal_field", encoded, limit=None if limit < 0 else limit, acl=False)
    return "".join(f"{row['sys_created_on']} - {row['sys_created_by']} ({field})\n{row['value']}\n\n" for row in rows)


def aggregate(transaction: Transaction, asked_for: dict[str, Any]) -> list[dict[str, Any]]:
    """One row per group: ``{"group": {field: value}, "aggregates": {"KIND:field": text}}``."""
    table_name, asked, groups = asked_for["table"], asked_for["aggregates"], asked_for["groups"]
    _require(transaction, asked_for["scope"], table_name, "read")
    buckets: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in transaction.session.query(table_name, asked_for["query"], acl=False, rules=True):
        buckets[tuple(row.get(field, "") for field in groups)].append(row)
    if not groups and not buckets:
        buckets[()] = []
    out = [
        {
            "group": dict(zip(groups, key, strict=True)),
            "aggregates": {f"{kind}:{field or ''}": _aggregated(kind, field, rows) for kind, field in asked},
        }
        for key, rows in sorted(buckets.items())
    ]
    for by, descending in reversed(asked_for["sorting"]):
        out.sort(key=lambda row, by=by: _sort_key(row, by), reverse=descending)  # type: ignore[misc]
    return out


def _sort_key(row: dict[str, Any], by: Any) -> tuple[float, str]:
    if isinstance(by, str):
        return 0.0, str(row["group"].get(by, ""))
    return float(row["aggregates"].get(f"{by[0]}:{by[1] or ''}") or 0), ""


def _aggregated(kind: str, field: str | None, rows: list[Row]) -> str | None:
    if kind == "COUNT":
        return str(len(rows) if not field else sum(1 for row in rows if row.get(field)))
    if kind == "COUNT(DISTINCT":
        return str(len({row.get(field or "", "") for row in rows}))
    values = [row[field] for row in rows if field and row.get(field)]
    if not values:
        return None
    if kind in ("MIN", "MAX"):
        return (min if kind == "MIN" else max)(values, key=_number_or_text)
    numbers = [float(value) for value in values]
    total = sum(numbers)
    return _shown(total if kind == "SUM" else total / len(numbers))


def _number_or_text(value: str) -> tuple[float, str]:
    try:
        return float(value), ""
    except ValueError:
        return 0.0, value


def _shown(number: float) -> str:
    return str(int(number)) if number.is_integer() else str(round(number, 4))


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "table": table,
    "clause": clause,
    "query": query,
    "insert": insert,
    "update": update,
    "remove": remove,
    "display": display,
    "choices": choices,
    "fromDisplay": from_display,
    "can": can,
    "journal": journal,
    "aggregate": aggregate,
}
