"""Backing out a committed set: what it inserted is deleted again.

The instance keeps no earlier versions of records, so a set that changed or deleted one cannot be backed out.
"""

from __future__ import annotations

from typing import Final

from snow_app.emulator.errors import BadRequest, NoRecord
from snow_app.emulator.session import Session
from snow_app.emulator.updatesets.incoming import SET, Incoming, Update, administrator, as_system
from snow_app.emulator.updatesets.preview import PREVIEW, forget

LOCAL: Final = "sys_update_set"
_NOT: Final = "The update set was not backed out"
_TABLES: Final = ("sys_dictionary", "sys_db_object", "sys_app", "sys_scope")
"""What goes last, in this order."""


def backed_out(session: Session, sys_id: str) -> int:
    """Back out a local update set that a commit made; answers how many records went.

    The set goes with them, the retrieved one is loaded again. Raises Refused, NoRecord, BadRequest.
    """
    administrator(session)
    records = session.instance.records
    local = records.get(LOCAL, sys_id)
    if local is None:
        raise NoRecord
    if records.get(SET, local["remote_sys_id"]) is None:
        raise BadRequest(_NOT, "It was not committed from a retrieved update set.")
    incoming = Incoming(session, local["remote_sys_id"])
    chosen = [update for update in incoming.updates if _disposition(session, update) != ""]
    changed = next((one for one in chosen if not _disposition(session, one).endswith("insert")), None)
    if changed is not None:
        raise BadRequest(_NOT, f"{changed.row['name']} changed a record whose earlier version is not kept.")
    entries = [entry for update in chosen for entry in update.entries]
    entries.sort(key=lambda entry: _TABLES.index(entry.table) + 1 if entry.table in _TABLES else 0)
    writer, gone = as_system(session), 0
    with session.instance.store.transaction():
        for entry in entries:
            row = incoming.target(entry)
            if row is not None:
                owner = as_system(session, row.get("sys_scope", "") or incoming.row["application"])
                owner.delete(entry.table, row["sys_id"], workflow=False, acl=False)
                gone += 1
        for update in records.all("sys_update_xml", update_set=sys_id):
            writer.delete("sys_update_xml", update["sys_id"], workflow=False, acl=False)
        writer.delete(LOCAL, sys_id, workflow=False, acl=False)
        forget(writer, incoming.row["sys_id"])
        opened = {"state": "loaded", "commit_date": "", "update_set": ""}
        writer.update(SET, incoming.row["sys_id"], opened, workflow=False, acl=False)
    return gone


def _disposition(session: Session, update: Update) -> str:
    """What committing an update did, as its preview said; empty when it was skipped."""
    preview = session.instance.records.first(PREVIEW, remote_update=update.row["sys_id"])
    return "" if preview is None or preview["proposed_action"] == "skip" else preview["disposition"]
