"""Approvals: who is asked about a record, what they answer, and the approval that follows for the record itself.

Each request is a row of `sysapproval_approver`; the requests of a group hang on its `sysapproval_group` row, and one
member's answer speaks for the group. Asking again starts a new round (`iteration`); only the latest round counts.
Source: product documentation c_ApprovalStatus; that one member answers for a group is unverified.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from snow_app.emulator.behaviour.write import AFTER, BEFORE, Write, follow, hook
from snow_app.emulator.model import Row
from snow_app.emulator.query.moments import stored

if TYPE_CHECKING:
    from snow_app.emulator.session import Session

TABLE: Final = "sysapproval_approver"
NOT_REQUESTED, REQUESTED, APPROVED, REJECTED = "not requested", "requested", "approved", "rejected"
CANCELLED, NOT_REQUIRED = "cancelled", "not_required"

_OPEN: Final = (NOT_REQUESTED, REQUESTED)
_ANSWERED: Final = (APPROVED, REJECTED)


def ask(session: Session, record: Row, groups: Iterable[str]) -> int:
    """Ask every active member of these groups (sys_user_group sys_ids) about a task, in a new round.

    Returns how many were asked; nobody is asked for a group without members.
    """
    records, iteration = session.instance.records, _round(session, record["sys_id"]) + 1
    asked = 0
    for group in dict.fromkeys(filter(None, groups)):
        members = [
            row["user"]
            for row in records.all("sys_user_grmember", group=group)
            if (records.get("sys_user", row["user"]) or {}).get("active") == "true"
        ]
        if not members:
            continue
        values = {"parent": record["sys_id"], "assignment_group": group, "approval": REQUESTED}
        hanging = session.insert("sysapproval_group", values, acl=False)["sys_id"]
        for member in dict.fromkeys(members):
            request = {"sysapproval": record["sys_id"], "approver": member, "group": hanging, "state": REQUESTED}
            session.insert(TABLE, {**request, "iteration": str(iteration)}, acl=False)
            asked += 1
    return asked


def requests_of(session: Session, sys_id: str) -> list[Row]:
    """The latest round of requests about a record, by its sys_id."""
    rows = _about(session, sys_id)
    latest = max((_number(row) for row in rows), default=0)
    return [row for row in rows if _number(row) == latest]


def answer(session: Session, sys_id: str, state: str, comments: str = "") -> list[Row]:
    """Approve or reject a record as the session's user; `state` is `approved` or `rejected`.

    Returns the user's own requests, answered; none when nobody asked this user, who then may not approve.
    """
    own = [
        row
        for row in requests_of(session, sys_id)
        if row["approver"] == session.user.sys_id and row["state"] == REQUESTED
    ]
    return [session.update(TABLE, row["sys_id"], {"state": state, "comments": comments}, acl=False) for row in own]


def withdraw(session: Session, sys_id: str, state: str = CANCELLED) -> None:
    """Take back every request about a record that nobody answered."""
    for row in requests_of(session, sys_id):
        if row["state"] in _OPEN:
            follow(session, TABLE, row["sys_id"], {"state": state})


def outcome(rows: Iterable[Row]) -> str:
    """The approval that follows from a round: rejected by one, approved by all, else requested."""
    answers: dict[str, set[str]] = {}
    for row in rows:
        if row["state"] in (REQUESTED, *_ANSWERED):
            answers.setdefault(row.get("group") or row["sys_id"], set()).add(row["state"])
    if any(REJECTED in states for states in answers.values()):
        return REJECTED
    if not answers:
        return NOT_REQUESTED
    return APPROVED if all(APPROVED in states for states in answers.values()) else REQUESTED


@hook(BEFORE, TABLE, "insert")
def point_at_record(write: Write) -> None:
    """A request about a task is one about a document too; it joins the round that is under way."""
    row, records = write.current, write.session.instance.records
    task = records.get("task", row.get("sysapproval", ""))
    if task:
        row["document_id"] = row.get("document_id") or task["sys_id"]
        row["source_table"] = row.get("source_table") or task["sys_class_name"]
    row["iteration"] = row.get("iteration") or str(max(1, _round(write.session, _subject(row))))


@hook(AFTER, TABLE, "insert", "update")
def settle(write: Write) -> None:
    """An answer makes the requests it speaks for needless, and decides about the record."""
    if not write.changed("state"):
        return
    session, row = write.session, write.current
    if row["state"] in _ANSWERED:
        for other in requests_of(session, _subject(row)):
            spoken_for = row["state"] == REJECTED or (row.get("group") and other.get("group") == row["group"])
            if other["state"] in _OPEN and spoken_for:
                follow(session, TABLE, other["sys_id"], {"state": NOT_REQUIRED})
        group = session.instance.records.get("sysapproval_group", row.get("group", ""))
        if group:
            values = {"approval": row["state"], "approval_user": row["approver"]}
            follow(session, "sysapproval_group", group["sys_id"], values)
    if row["state"] in (REQUESTED, *_ANSWERED):
        _decide(session, row)


def _decide(session: Session, request: Row) -> None:
    """Write what the round says to the record it is about, if that knows approvals."""
    table, sys_id = request.get("source_table", ""), _subject(request)
    if session.instance.dictionary.table(table) is None:
        return
    record = session.instance.records.get(table, sys_id)
    decided = outcome(requests_of(session, sys_id))
    if record is None or record.get("approval", decided) == decided:
        return
    values = {"approval": decided}
    if "approval_set" in record and decided in _ANSWERED:
        values["approval_set"] = stored(session.instance.clock())
    follow(session, table, sys_id, values)


def _subject(request: Row) -> str:
    return request.get("sysapproval") or request.get("document_id", "")


def _about(session: Session, sys_id: str) -> list[Row]:
    return session.instance.records.all(TABLE, document_id=sys_id) if sys_id else []


def _round(session: Session, sys_id: str) -> int:
    return max((_number(row) for row in _about(session, sys_id)), default=0)


def _number(row: Row) -> int:
    return int(row.get("iteration") or 1)
