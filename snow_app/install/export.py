"""The app as an update-set file, for what the Table API refuses to take.

*Retrieved Update Sets > Import Update Set from XML* reads such a file: one `sys_remote_update_set` and, for each
record, one `sys_update_xml` whose payload is a document of its own (`record_update`); an action of Flow Designer is one
update with all its records. A commit writes the records as the system, access rules included.

Needs no instance, and the same input gives the same bytes: ids derive from names, times from the app's version. What an
operator entered never travels: `secret` values are left out, `initial` ones are the defaults of the declarations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from snow_app.app import AppParameters, Facts
from snow_app.app.scope import RELEASED, VERSION
from snow_app.errors import InvalidDeclaration
from snow_app.install.actions import own_actions
from snow_app.install.selection import Owner, selected
from snow_app.records.identity import NATURAL_KEYS, sys_id
from snow_app.records.record import Row

# These belong to the record they are part of; the platform keeps no application and no update name with them.
_PARTS = frozenset({"sys_choice", "sys_element_mapping", "sys_ui_element", "sys_ui_form_section", "sys_variable_value"})
_WRITE = "INSERT_OR_UPDATE"
_AUTHOR = "sfcc-snow"
_NO_KEYS: Mapping[str, Mapping[str, str]] = MappingProxyType({})
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSet:
    """A file to import: the set's name, the records it carries, and the XML (UTF-8)."""

    name: str
    rows: tuple[Row, ...]
    document: bytes


def exported(
    parameters: AppParameters,
    facts: Facts | None = None,
    *,
    everything: bool = False,
    application_id: str | None = None,
) -> UpdateSet:
    """The records that only a package can bring, or with `everything` those of the whole app for an instance with these
    `facts`, the application first and the place on the form left out.

    `application_id` is the sys_id of the application where somebody else made it. Raises InvalidSettings when it is
    none, InvalidDeclaration for a value that XML cannot carry (control characters).
    """
    found = selected(parameters, facts, everything=everything, application_id=application_id)
    rows = found.rows if application_id or not everything else (found.app, *found.rows)
    name = f"{found.owner.name} {VERSION}: {found.what}"
    written = _document(rows, found.declared, found.owner, name, found.what)
    return UpdateSet(name=name, rows=rows, document=written)


def _update_name(row: Row) -> str:
    """How the platform names the update of one record; a column's by its table and itself."""
    if row.table == "sys_dictionary":
        return f"sys_dictionary_{row.values['name']}_{row.values['element']}"
    return f"{row.table}_{row.sys_id}"


def _document(rows: Iterable[Row], declared: Mapping[str, Row], owner: Owner, name: str, what: str) -> bytes:
    set_id = sys_id(owner.scope, "sys_remote_update_set", what)
    root = etree.Element("unload", {"unload_date": RELEASED})
    _record(root, "sys_remote_update_set", _set_columns(owner, name, set_id))
    for update in _updates(tuple(rows)):
        columns = _update_columns(update[0], _payload(update, declared, owner), owner, set_id)
        _record(root, "sys_update_xml", columns)
    root.text = "\n"
    for child in root:
        child.tail = "\n"
    return f"{_DECLARATION}\n{etree.tostring(root, encoding='unicode')}\n".encode()


def _updates(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """The rows of each update, the one it is named after first."""
    actions = {action.action.sys_id: action for action in own_actions(rows)}
    parts = {row.sys_id for action in actions.values() for row in action.parts}
    for row in rows:
        if row.sys_id in actions:
            yield actions[row.sys_id].rows
        elif row.sys_id not in parts:
            yield (row,)


def _set_columns(owner: Owner, name: str, set_id: str) -> dict[str, str]:
    """The empty ones are cleared, should the set have been imported before."""
    cleared = ("collisions", "commit_date", "deleted", "inserted", "summary", "update_set", "updated")
    return {
        **dict.fromkeys(cleared, ""),
        **_audit(set_id),
        "application": owner.sys_id,
        "application_name": owner.name,
        "application_scope": owner.scope,
        "application_version": VERSION,
        "description": f"Written by sfcc-snow app export for the scope {owner.scope}.",
        "name": name,
        "remote_sys_id": set_id,
        "state": "loaded",
        "sys_class_name": "sys_remote_update_set",
    }


def _update_columns(row: Row, document: str, owner: Owner, set_id: str) -> dict[str, str]:
    name = _update_name(row)
    return {
        **_audit(sys_id(owner.scope, "sys_update_xml", f"{set_id} {name}")),
        "action": _WRITE,
        "application": owner.sys_id,
        "category": "customer",
        "name": name,
        "payload": document,
        "remote_update_set": set_id,
        "replace_on_upgrade": "false",
        "target_name": row.name,
        "type": row.table,
        "update_domain": "global",
    }


def _payload(update: tuple[Row, ...], declared: Mapping[str, Row], owner: Owner) -> str:
    """The document of one update. A link also names its target by natural key, as the platform's own files do."""
    root = etree.Element("record_update", {"table": update[0].table})
    for row in update:
        columns = {**_audit(row.sys_id), **_membership(row, owner), **row.initial, **row.values}
        keys = {column: _key(declared[value]) for column, value in columns.items() if value in declared}
        keys.pop("sys_id", None)
        keys["sys_package"] = {"source": owner.scope}
        _record(root, row.table, columns, keys)
    return _DECLARATION + etree.tostring(root, encoding="unicode")


def _key(target: Row) -> dict[str, str]:
    return {column: target.values[column] for column in NATURAL_KEYS.get(target.table, ()) if column in target.values}


def _audit(own_id: str) -> dict[str, str]:
    return {
        "sys_created_by": _AUTHOR,
        "sys_created_on": RELEASED,
        "sys_id": own_id,
        "sys_mod_count": "0",
        "sys_updated_by": _AUTHOR,
        "sys_updated_on": RELEASED,
    }


def _membership(row: Row, owner: Owner) -> dict[str, str]:
    """Which application a record belongs to. The application itself belongs to itself and is no package's."""
    if row.table in _PARTS:
        return {}
    known = {"sys_class_name": row.table, "sys_scope": owner.sys_id, "sys_update_name": _update_name(row)}
    if row.table == "sys_app":
        return known
    return {**known, "sys_name": row.values.get("name", row.name), "sys_package": owner.sys_id}


def _record(
    parent: etree._Element, table: str, columns: Mapping[str, str], keys: Mapping[str, Mapping[str, str]] = _NO_KEYS
) -> None:
    """One record with its columns; `keys` are further attributes of a column's element."""
    record = etree.SubElement(parent, table, {"action": _WRITE})
    for column, value in sorted(columns.items()):
        try:
            etree.SubElement(record, column, dict(keys.get(column, {}))).text = value
        except ValueError:
            raise InvalidDeclaration(
                f"{table}: {column} holds a character that XML cannot carry; remove it from the app's names or texts."
            ) from None
