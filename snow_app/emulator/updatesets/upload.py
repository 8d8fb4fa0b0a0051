"""*Import Update Set from XML*: the file's set and updates become rows, in state loaded."""

from __future__ import annotations

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.model import Row
from snow_app.emulator.session import Session
from snow_app.emulator.updatesets.document import Entry, recorded, unloaded
from snow_app.emulator.updatesets.incoming import SET, administrator, as_system
from snow_app.emulator.updatesets.preview import forget

_HELD = frozenset({SET, "sys_update_xml"})
_FRESH = {"state": "loaded", "commit_date": "", "collisions": "", "inserted": "", "updated": "", "deleted": ""}


def uploaded(session: Session, document: bytes) -> tuple[Row, ...]:
    """Keep the sets of a file and their updates; a set that was imported before is opened again.

    Answers the sets' rows. Raises Refused, BadRequest for a file that holds no update set or cannot be read.
    """
    administrator(session)
    entries = unloaded(document)
    _check(entries)
    writer = as_system(session)
    with session.instance.store.transaction():
        for entry in entries:
            values = {**entry.values, **(_FRESH if entry.table == SET else {})}
            if session.instance.records.get(entry.table, entry.sys_id) is None:
                writer.insert(entry.table, values, workflow=False, acl=False, stamps=False)
            else:
                writer.update(entry.table, entry.sys_id, values, workflow=False, acl=False)
        sets = tuple(entry.sys_id for entry in entries if entry.table == SET)
        for sys_id in sets:
            forget(writer, sys_id)
    return tuple(row for sys_id in sets if (row := session.instance.records.get(SET, sys_id)))


def _check(entries: tuple[Entry, ...]) -> None:
    """One set at least, nothing but sets and updates of them, and every update readable."""
    strange = next((entry.table for entry in entries if entry.table not in _HELD), None)
    if strange is not None:
        raise BadRequest(_NOT, f"The file holds a record of {strange}; an update set holds updates only.")
    sets = {entry.sys_id for entry in entries if entry.table == SET}
    if not sets or "" in sets:
        raise BadRequest(_NOT, "The file holds no update set (sys_remote_update_set with a sys_id).")
    for entry in entries:
        if entry.table == SET:
            continue
        if entry.values.get("remote_update_set", "") not in sets:
            raise BadRequest(_NOT, f"The update {entry.values.get('name', '')} belongs to none of the file's sets.")
        recorded(entry.values.get("payload", ""))


_NOT = "The update set was not imported"
