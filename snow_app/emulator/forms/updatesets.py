"""Retrieved update sets: the upload page, and the form with its preview, its problems and its commit.

``upload.do`` and ``sys_upload.do`` (multipart: ``sysparm_target``, ``attachFile``, ``sysparm_ck``) import the file,
``sys_remote_update_set.do`` shows a set; its buttons post ``sys_action`` and, for a problem, ``problem``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import flask

from snow_app.emulator.errors import PlatformError
from snow_app.emulator.updatesets import committed, previewed, resolved, uploaded
from snow_app.emulator.updatesets.document import LARGEST
from snow_app.emulator.updatesets.preview import PREVIEW, problems

from . import lists, records

if TYPE_CHECKING:
    from snow_app.emulator.model import Row
    from snow_app.emulator.scripts.transaction import Transaction

    from .room import Room

SET = "sys_remote_update_set"
LIST = f"/{SET}_list.do"
_STATES = ("loaded", "previewed", "committed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Update:
    """One update of the set as the form lists it."""

    name: str
    kind: str
    target: str
    disposition: str
    action: str


def upload_page(room: Room, transaction: Transaction) -> flask.Response:
    """The page that asks for the file."""
    if flask.request.args.get("sysparm_target") != SET:
        return room.page("message.html", status=404, title="Nothing to import", text="Only update sets are imported.")
    return room.page("upload.html", transaction=transaction, target=SET, list=LIST)


def imported(room: Room, transaction: Transaction) -> flask.Response:
    """Import the posted file and show the list, or the upload page again with what is wrong."""
    file = flask.request.files.get("attachFile")
    if flask.request.form.get("sysparm_target") != SET or file is None or not file.filename:
        return _again(room, transaction, "Choose the XML file of an update set.")
    if (flask.request.content_length or 0) > LARGEST + 1024 * 1024:
        return _again(room, transaction, f"The file is larger than {LARGEST // 1024 // 1024} MB.")
    try:
        sets = uploaded(transaction.session, file.stream.read(LARGEST + 1))
    except PlatformError as refusal:
        return _again(room, transaction, refusal.detail or refusal.message)
    transaction.show("info", "Imported: " + ", ".join(row["name"] for row in sets))
    return lists.shown(room, transaction, SET)


def _again(room: Room, transaction: Transaction, reason: str) -> flask.Response:
    transaction.show("error", reason)
    return room.page("upload.html", transaction=transaction, status=400, target=SET, list=LIST)


def shown(room: Room, transaction: Transaction) -> flask.Response:
    """The form of one retrieved set; of a new one, the plain form."""
    sys_id = flask.request.args.get("sys_id", "")
    if sys_id in ("", records.NEW):
        return records.shown(room, transaction, SET)
    session = transaction.session
    row = session.get(SET, sys_id)
    if row is None:
        return room.page("message.html", status=404, title="Record not found", text=records.MISSING)
    found = problems(session, sys_id)
    updates = room.instance.records.all("sys_update_xml", remote_update_set=sys_id)
    return room.page(
        "update_set.html",
        transaction=transaction,
        row=row,
        list=LIST,
        states=[(state, session.display(SET, {**row, "state": state}, "state")) for state in _STATES],
        facts=[(_label(room, name), session.display(SET, row, name)) for name in _shown_columns(row)],
        problems=[(problem, _name(room, problem), session.display(_PROBLEM, problem, "status")) for problem in found],
        open_problems=sum(not problem["status"] for problem in found),
        updates=sorted((_update(room, transaction, one) for one in updates), key=lambda one: (one.kind, one.target)),
    )


_PROBLEM = "sys_update_preview_problem"


def acted(room: Room, transaction: Transaction) -> flask.Response:
    """Preview, commit, decide about a problem, or delete; then the form again."""
    form, sys_id = flask.request.form, flask.request.args.get("sys_id", "")
    action = _ACTIONS.get(form.get("sys_action", ""))
    if action is None:
        return records.saved(room, transaction, SET)
    try:
        said = action(transaction, sys_id, form.get("problem", ""))
    except PlatformError as refusal:
        transaction.show("error", refusal.detail or refusal.message)
        return shown(room, transaction)
    transaction.show("info", said)
    return room.redirect(transaction, f"/{SET}.do?sys_id={sys_id}")


def _preview(transaction: Transaction, sys_id: str, _problem: str) -> str:
    found = previewed(transaction.session, sys_id)
    return f"Previewed: {len(found)} problem(s) to decide about." if found else "Previewed: no problems."


def _commit(transaction: Transaction, sys_id: str, _problem: str) -> str:
    done = committed(transaction.session, sys_id)
    for failure in done.failures:
        transaction.show("error", failure)
    counts = f"{done.inserted} inserted, {done.updated} updated, {done.deleted} deleted"
    return f"Committed: {counts}, {len(done.skipped)} skipped, {len(done.failures)} failed."


def _accept(transaction: Transaction, _sys_id: str, problem: str) -> str:
    resolved(transaction.session, problem, "ignored")
    return "The remote update will be committed."


def _skip(transaction: Transaction, _sys_id: str, problem: str) -> str:
    resolved(transaction.session, problem, "skipped")
    return "The remote update will be skipped."


_ACTIONS: dict[str, Callable[[Transaction, str, str], str]] = {
    "preview": _preview,
    "commit": _commit,
    "accept": _accept,
    "skip": _skip,
}


def _shown_columns(row: Row) -> tuple[str, ...]:
    names = ("application_name", "application_scope", "application_version", "description")
    return (*names, *(("commit_date", "inserted", "updated", "deleted") if row["state"] == "committed" else ()))


def _label(room: Room, name: str) -> str:
    return room.instance.dictionary.columns(SET)[name].label


def _name(room: Room, problem: Row) -> str:
    update = room.instance.records.get("sys_update_xml", problem["remote_update"])
    return f"{update['type']}: {update['target_name'] or update['name']}" if update else ""


def _update(room: Room, transaction: Transaction, row: Row) -> _Update:
    preview = room.instance.records.first(PREVIEW, remote_update=row["sys_id"]) or {}
    session = transaction.session
    return _Update(
        name=row["name"],
        kind=row["type"],
        target=row["target_name"],
        disposition=session.display(PREVIEW, preview, "disposition") if preview else "",
        action=session.display(PREVIEW, preview, "proposed_action") if preview else "",
    )
