"""Committing a previewed set: its records are written by the system, which no access control stops.

Applications come first, then tables, then columns, then the rest; deletions last. One update that fails does not stop
the others, and is named in the summary. A local update set keeps what was committed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from snow_app.emulator.errors import PlatformError
from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import stored
from snow_app.emulator.session import Session
from snow_app.emulator.updatesets.document import DELETE, Entry
from snow_app.emulator.updatesets.incoming import SET, Incoming, Update, administrator, as_system
from snow_app.emulator.updatesets.preview import PREVIEW, must_be_committable

_FIRST: Final = ("sys_scope", "sys_app", "sys_db_object", "sys_dictionary", "sys_choice_set")


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """How many records a commit wrote, which updates it left out, and which failed with their reason."""

    inserted: int
    updated: int
    deleted: int
    skipped: tuple[str, ...]
    failures: tuple[str, ...]
    update_set: str


def committed(session: Session, sys_id: str) -> Committed:
    """Commit a previewed set. Raises Refused, NoRecord, BadRequest when it is not previewed or has open problems."""
    administrator(session)
    incoming = Incoming(session, sys_id)
    must_be_committable(session, incoming.row)
    left_out = {update.row["sys_id"] for update in incoming.updates if _is_skipped(session, update)}
    chosen = [update for update in incoming.updates if update.row["sys_id"] not in left_out]
    counts: Counter[str] = Counter()
    failures = []
    for update in sorted(chosen, key=_rank):
        try:
            with session.instance.store.transaction():
                counts.update(_written(session, incoming, entry) for entry in update.entries)
        except PlatformError as refusal:
            failures.append(f"{update.row['name']}: {refusal.detail or refusal.message}")
    writer = as_system(session, incoming.row["application"])
    local = _kept(writer, incoming, chosen)
    done = {
        "state": "committed",
        "commit_date": stored(session.instance.clock()),
        "update_set": local,
        **{kind: str(counts[kind]) for kind in ("inserted", "updated", "deleted")},
        "summary": "\n".join(failures),
    }
    writer.update(SET, sys_id, done, workflow=False, acl=False)
    return Committed(
        inserted=counts["inserted"],
        updated=counts["updated"],
        deleted=counts["deleted"],
        skipped=tuple(update.row["name"] for update in incoming.updates if update.row["sys_id"] in left_out),
        failures=tuple(failures),
        update_set=local,
    )


def _is_skipped(session: Session, update: Update) -> bool:
    preview = session.instance.records.first(PREVIEW, remote_update=update.row["sys_id"])
    return preview is not None and preview["proposed_action"] == "skip"


def _rank(update: Update) -> int:
    if any(entry.action == DELETE for entry in update.entries):
        return len(_FIRST) + 1
    ranks = [_FIRST.index(entry.table) for entry in update.entries if entry.table in _FIRST]
    return min(ranks, default=len(_FIRST))


def _written(session: Session, incoming: Incoming, entry: Entry) -> str:
    """Write one record and say what happened: inserted, updated, deleted or unchanged."""
    writer = as_system(session, entry.values.get("sys_scope") or incoming.row["application"])
    row = incoming.target(entry)
    if entry.action == DELETE:
        if row is None:
            return "unchanged"
        writer.delete(entry.table, row["sys_id"], workflow=False, acl=False)
        return "deleted"
    if row is None:
        values = {name: incoming.value(entry, name) for name in entry.values}
        writer.insert(entry.table, values, workflow=False, acl=False, stamps=False)
        return "inserted"
    changes = incoming.differing(entry, row)
    if not changes:
        return "unchanged"
    writer.update(entry.table, row["sys_id"], changes, workflow=False, acl=False)
    return "updated"


def _kept(writer: Session, incoming: Incoming, chosen: list[Update]) -> str:
    """The local update set of this commit, with a copy of every update that was committed."""
    now, row = stored(writer.instance.clock()), incoming.row
    values: Row = {
        "name": row["name"],
        "application": row["application"],
        "description": row["description"],
        "state": "complete",
        "is_default": "false",
        "remote_sys_id": row["sys_id"],
        "origin_sys_id": row["origin_sys_id"] or row["remote_sys_id"],
        "install_date": now,
        "completed_on": now,
        "completed_by": writer.user.user_name,
    }
    local = writer.insert("sys_update_set", values, workflow=False, acl=False)["sys_id"]
    for update in chosen:
        copy = {name: value for name, value in update.row.items() if name not in ("sys_id", "remote_update_set")}
        writer.insert("sys_update_xml", {**copy, "update_set": local}, workflow=False, acl=False, stamps=False)
    return local
