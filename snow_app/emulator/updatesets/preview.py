"""Comparing a retrieved set with the instance: a preview record for each update, and the problems to decide about.

A problem is resolved by accepting the remote update (status ignored) or by skipping it (status skipped); until then the
set cannot be committed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from snow_app.emulator.errors import BadRequest, NoRecord
from snow_app.emulator.model import GLOBAL_SCOPE, Row
from snow_app.emulator.session import Session
from snow_app.emulator.updatesets.document import DELETE, Entry
from snow_app.emulator.updatesets.incoming import SET, Incoming, Update, administrator, as_system

PROBLEM, PREVIEW = "sys_update_preview_problem", "sys_update_preview_xml"
Decision = Literal["ignored", "skipped"]
_VARIABLES: Final = "var__m_"
"""How the names start under which variables are kept; no table has such a name."""
_COLLISION: Final = "Found a local update that is newer than this one"


def previewed(session: Session, sys_id: str) -> tuple[Row, ...]:
    """Preview a set anew and answer its problems (sys_update_preview_problem rows), none when it can be committed.

    Raises Refused, NoRecord, BadRequest for a payload that cannot be read.
    """
    administrator(session)
    incoming, writer = Incoming(session, sys_id), as_system(session)
    collisions = 0
    with session.instance.store.transaction():
        forget(writer, sys_id)
        for update in incoming.updates:
            found = _distinct(_problems(incoming, update))
            for problem in found:
                values = {
                    "remote_update_set": sys_id,
                    "remote_update": update.row["sys_id"],
                    "type": "error",
                    **problem,
                }
                writer.insert(PROBLEM, values, workflow=False, acl=False)
            collided = any(problem["description"] == _COLLISION for problem in found)
            collisions += collided
            kind = _disposition(incoming, update)
            values = {
                "remote_update": update.row["sys_id"],
                "disposition": f"collision_{kind}" if collided else kind,
                "proposed_action": "commit",
            }
            writer.insert(PREVIEW, values, workflow=False, acl=False)
        done = {"state": "previewed", "collisions": str(collisions)}
        writer.update(SET, sys_id, done, workflow=False, acl=False)
    return problems(session, sys_id)


def problems(session: Session, sys_id: str) -> tuple[Row, ...]:
    """The problems of the last preview, decided ones included."""
    found = session.instance.records.all(PROBLEM, remote_update_set=sys_id)
    return tuple(sorted(found, key=lambda row: (row["sys_created_on"], row["remote_update"], row["description"])))


def unresolved(session: Session, sys_id: str) -> tuple[Row, ...]:
    """The problems that still forbid the commit."""
    return tuple(row for row in problems(session, sys_id) if row["type"] == "error" and not row["status"])


def resolved(session: Session, problem_id: str, decision: Decision) -> None:
    """Accept the remote update of a problem or skip it. Raises Refused, NoRecord."""
    administrator(session)
    writer, row = as_system(session), session.instance.records.get(PROBLEM, problem_id)
    if row is None:
        raise NoRecord
    writer.update(PROBLEM, problem_id, {"status": decision}, workflow=False, acl=False)
    preview = session.instance.records.first(PREVIEW, remote_update=row["remote_update"])
    if preview:
        action = "skip" if decision == "skipped" else "commit"
        writer.update(PREVIEW, preview["sys_id"], {"proposed_action": action}, workflow=False, acl=False)


def forget(writer: Session, sys_id: str) -> None:
    """Drop what the last preview of a set found."""
    records = writer.instance.records
    for row in records.all(PROBLEM, remote_update_set=sys_id):
        records.delete(PROBLEM, row["sys_id"])
    for update in records.all("sys_update_xml", remote_update_set=sys_id):
        for row in records.all(PREVIEW, remote_update=update["sys_id"]):
            records.delete(PREVIEW, row["sys_id"])


def _problems(incoming: Incoming, update: Update) -> Iterator[Row]:
    for entry in update.entries:
        yield from _application(incoming, entry)
        if not incoming.known_table(entry.table):
            yield {"description": f"Table '{entry.table}' does not exist", "missing_item_table": "sys_db_object"}
            continue
        for _, table, sys_id in incoming.missing(entry):
            yield {
                "description": f"Could not find a record in {table} referenced in this update",
                "missing_item_table": table,
                "missing_item": sys_id,
            }
        yield from _named_tables(incoming, entry)
        if _is_older(incoming, entry):
            yield {"description": _COLLISION}


def _distinct(found: Iterator[Row]) -> list[Row]:
    """Each problem of an update once, however many of its records have it."""
    return list({tuple(sorted(problem.items())): problem for problem in found}.values())


def _application(incoming: Incoming, entry: Entry) -> Iterator[Row]:
    """The application must be there or come along, and be the set's own."""
    scope, own = entry.values.get("sys_scope", ""), incoming.row["application"]
    if not scope or scope == GLOBAL_SCOPE:
        return
    if scope != own:
        yield {"description": f"Scope id '{scope}' is different than update set scope id '{own}'"}
    if not incoming.brings(scope) and incoming.instance.records.get("sys_scope", scope) is None:
        yield {
            "description": "Could not find a record in sys_scope referenced in this update",
            "missing_item_table": "sys_scope",
            "missing_item": scope,
        }


def _named_tables(incoming: Incoming, entry: Entry) -> Iterator[Row]:
    """Columns that name a table, such as the owner of a column or of a business rule."""
    for name, column in incoming.instance.dictionary.columns(entry.table).items():
        named = entry.values.get(name, "")
        known = named in ("", "global") or named.startswith(_VARIABLES) or incoming.known_table(named)
        if column.type == "table_name" and not known:
            yield {"description": f"Table '{named}' does not exist", "missing_item_table": "sys_db_object"}


def _is_older(incoming: Incoming, entry: Entry) -> bool:
    """Whether somebody changed the record here after the update was made, to something else than it says."""
    row = incoming.target(entry)
    if row is None or row.get("sys_updated_on", "") <= entry.values.get("sys_updated_on", ""):
        return False
    return entry.action == DELETE or bool(incoming.differing(entry, row))


def _disposition(incoming: Incoming, update: Update) -> str:
    if any(entry.action == DELETE for entry in update.entries):
        return "delete"
    return "update" if any(incoming.target(entry) for entry in update.entries) else "insert"


def must_be_committable(session: Session, row: Row) -> None:
    """Raises BadRequest with the reason when a set cannot be committed now."""
    if row["state"] != "previewed":
        raise BadRequest("The update set was not committed", f"It is {row['state'] or 'not loaded'}; preview it first.")
    left = len(unresolved(session, row["sys_id"]))
    if left:
        raise BadRequest("The update set was not committed", f"{left} problem(s) of its preview are not resolved.")
