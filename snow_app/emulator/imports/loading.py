"""Staging rows and the import sets they belong to.

Rows that come one by one are transformed at once; a web service's rows of a day share an import set. Rows that come
together have an import set of their own and are transformed with the next pending work, unless a
sys_rest_insert_multiple row of the staging table says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from snow_app.emulator.errors import BadRequest, InvalidTable
from snow_app.emulator.imports.transform import Outcome, transformed
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import stored
from snow_app.emulator.values import text

STAGING = "sys_import_set_row"
WORK = "import_set"
"""The kind of work that waits: an import set to transform."""


def staging(session: Session, table: str) -> str:
    """The name of a staging table. Raises InvalidTable, BadRequest for a table that is none."""
    dictionary = session.instance.dictionary
    if dictionary.table(table) is None:
        raise InvalidTable(table)
    if table == STAGING or not dictionary.extends(table, STAGING):
        raise BadRequest(f"Invalid staging table {table}", f"The table does not extend {STAGING}")
    return table


def loaded(session: Session, table: str, values: Mapping[str, Any]) -> tuple[Row, Row, list[Outcome]]:
    """One row, transformed: its import set, the staging row, an outcome for each map. Raises what inserting raises."""
    import_set = _of_today(session, table)
    row = _staged(session, table, import_set, 0, values)
    return import_set, row, transformed(session, import_set, [row])[row["sys_id"]]


def loaded_together(
    session: Session, table: str, records: Sequence[Mapping[str, Any]], *, multiple: str = "", run_after: str = ""
) -> Row:
    """Many rows keyed by column label (or name, as configured) in an import set of their own, which comes back."""
    instance = session.instance
    settings = instance.records.first("sys_rest_insert_multiple", source_table=table) or {}
    if not multiple or instance.records.get("sys_multi_import_set", multiple) is None:
        made = {"description": f"Import sets for {table}"}
        multiple = session.insert("sys_multi_import_set", made, workflow=False, acl=False)["sys_id"]
    synchronous = settings.get("transformation") == "synchronous"
    import_set = _opened(
        session, table, synchronous=synchronous, multi_import_set=multiple, run_after=run_after, state="loaded"
    )
    names = {} if settings.get("column_mapping") == "column_name" else _by_label(session, table)
    for position, record in enumerate(records):
        _staged(session, table, import_set, position, {names.get(key, key): value for key, value in record.items()})
    if synchronous:
        process(session, {"import_set": import_set["sys_id"]})
    else:
        instance.keep(WORK, session, {"import_set": import_set["sys_id"]})
    return import_set


def process(session: Session, values: Mapping[str, Any]) -> None:
    """Transform the rows of an import set that still wait, in the order they came."""
    records = session.instance.records
    import_set = records.get("sys_import_set", values["import_set"])
    if import_set is None:
        return
    table = import_set["table_name"]
    rows = records.all(table, sys_import_set=import_set["sys_id"], sys_import_state="pending")
    rows.sort(key=lambda row: int(row["sys_import_row"] or 0))
    transformed(session, import_set, rows)
    session.update("sys_import_set", import_set["sys_id"], {"state": "processed"}, workflow=False, acl=False)


def _of_today(session: Session, table: str) -> Row:
    today = stored(session.instance.clock())[:10]
    open_sets = session.instance.records.all("sys_import_set", table_name=table, state="loading")
    found = next((row for row in open_sets if row["sys_created_on"].startswith(today)), None)
    return found or _opened(session, table, synchronous=True, state="loading")


def _opened(session: Session, table: str, *, synchronous: bool, **more: str) -> Row:
    values = {
        "table_name": table,
        "mode": "synchronous" if synchronous else "asynchronous",
        "creation_source": "Web service",
        "short_description": f"Web service import into {table}",
        **more,
    }
    return session.insert("sys_import_set", values, workflow=False, acl=False)


def _staged(session: Session, table: str, import_set: Row, position: int, values: Mapping[str, Any]) -> Row:
    row = {name: java_text(value) for name, value in values.items() if not name.startswith("sys_")}
    row |= {"sys_import_set": import_set["sys_id"], "sys_import_row": str(position)}
    return session.insert(table, row)


def _by_label(session: Session, table: str) -> dict[str, str]:
    return {column.label: name for name, column in session.instance.dictionary.columns(table).items()}


def java_text(value: Any) -> str:
    """A JSON value as a staging column keeps it: nested ones as Java prints maps and lists, `:` turned into `=`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}={java_text(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(java_text(part) for part in value) + "]"
    return text(value)
