"""The flow's own book of cases. Every function takes the connection of a transaction that somebody else commits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sidecar.errors import Transient
from sidecar.flows.order_issues.evidence import Evidence
from sidecar.flows.order_issues.tables import CASES, EVIDENCE, FAILURES, LINES

FLOW = "order_issues"
WHOLE_ORDER = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a case is about. Without `lines` any open case of the topic will do; `reporter` is "" for the owner."""

    site_id: str
    order_no: str
    topic: str
    reporter: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The case an event belongs to; `joined` when it was open already. `previous` is the record it follows."""

    case_id: int
    joined: bool
    correlation_id: str
    previous: str = ""
    previous_number: str = ""


def correlation_id(claim: Claim, occurrence: int) -> str:
    key = "\n".join((claim.site_id, claim.order_no, claim.topic, claim.reporter, str(occurrence)))
    return f"{FLOW}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def claimed(connection: Connection, claim: Claim, *, now: datetime) -> Place:
    """The open case of the claim, or a new one. Raises Transient when another process opened it this very moment."""
    found = _open_case(connection, claim)
    try:
        if found is not None:
            _add_lines(connection, claim, found.id)
            return _place(connection, found, joined=True)
        return _place(connection, _opened(connection, claim, now), joined=False)
    except IntegrityError:
        raise Transient("Another process opened a case of the same order at the same moment.") from None


def keep_evidence(connection: Connection, evidence: Evidence) -> None:
    known = select(EVIDENCE.c.sha256).where(EVIDENCE.c.sha256 == evidence.sha256)
    if connection.execute(known).first() is None:
        connection.execute(insert(EVIDENCE).values(sha256=evidence.sha256, document=evidence.text))


def kept_evidence(connection: Connection, sha256: str) -> Evidence:
    row = connection.execute(select(EVIDENCE.c.document).where(EVIDENCE.c.sha256 == sha256)).one()
    return Evidence(text=row.document, sha256=sha256)


def case(connection: Connection, case_id: int) -> Row[Any]:
    return connection.execute(select(CASES).where(CASES.c.id == case_id)).one()


def of_record(connection: Connection, sys_id: str) -> Row[Any] | None:
    found = select(CASES).where(CASES.c.sys_id == sys_id).order_by(CASES.c.id.desc())
    return connection.execute(found).first()


def newest_open(connection: Connection, claim: Claim) -> Row[Any] | None:
    """The case opened last for this order and reporter, whatever its topic."""
    return connection.execute(_of(claim).where(CASES.c.state == "open").order_by(CASES.c.id.desc())).first()


def open_case(connection: Connection, claim: Claim) -> Row[Any] | None:
    return _open_case(connection, claim)


def shown_case(connection: Connection, site_id: str, order_no: str) -> int | None:
    """The case that the order shows: the open one opened last, without one the last of all."""
    owned = select(CASES.c.id).where(CASES.c.site_id == site_id, CASES.c.order_no == order_no, CASES.c.reporter == "")
    for some in (owned.where(CASES.c.state == "open"), owned):
        found = connection.execute(some.order_by(CASES.c.id.desc())).scalar()
        if found is not None:
            return int(found)
    return None


def remember(connection: Connection, case_id: int, **values: Any) -> None:
    connection.execute(update(CASES).where(CASES.c.id == case_id).values(**values))


def close(connection: Connection, case_id: int, *, now: datetime) -> None:
    """Another event of the same kind opens another case from now on."""
    remember(connection, case_id, state="closed", closed_at=now.timestamp())
    close_lines(connection, case_id)


def close_lines(connection: Connection, case_id: int) -> None:
    connection.execute(update(LINES).where(LINES.c.case_id == case_id).values(state="closed"))


def reopen(connection: Connection, row: Row[Any]) -> None:
    """The record was opened again; lines that a later case took over stay there."""
    remember(connection, row.id, state="open", closed_at=None)
    taken = {
        line
        for (line,) in connection.execute(
            select(LINES.c.line).where(
                LINES.c.site_id == row.site_id,
                LINES.c.order_no == row.order_no,
                LINES.c.topic == row.topic,
                LINES.c.reporter == row.reporter,
                LINES.c.state == "open",
            )
        )
    }
    connection.execute(update(LINES).where(LINES.c.case_id == row.id, LINES.c.line.not_in(taken)).values(state="open"))


def failure_known(connection: Connection, site_id: str, order_no: str, attempt: int, *, seq: int) -> int | None:
    """The event that told of this failure already; else it is this one's. Attempt 0 is any that is known."""
    same = [FAILURES.c.site_id == site_id, FAILURES.c.order_no == order_no]
    if attempt:
        same.append(FAILURES.c.attempt == attempt)
    found = connection.execute(select(func.min(FAILURES.c.seq)).where(*same)).scalar()
    if found is not None:
        return None if found == seq else int(found)
    connection.execute(insert(FAILURES).values(site_id=site_id, order_no=order_no, attempt=attempt, seq=seq))
    return None


def _of(claim: Claim) -> Any:
    return select(CASES).where(
        CASES.c.site_id == claim.site_id, CASES.c.order_no == claim.order_no, CASES.c.reporter == claim.reporter
    )


def _open_case(connection: Connection, claim: Claim) -> Row[Any] | None:
    found = _of(claim).where(CASES.c.topic == claim.topic, CASES.c.state == "open")
    if claim.lines:
        found = found.join(LINES, LINES.c.case_id == CASES.c.id).where(
            LINES.c.line.in_(claim.lines), LINES.c.state == "open"
        )
        return connection.execute(found.order_by(CASES.c.id)).first()
    return connection.execute(found.order_by(CASES.c.id.desc())).first()


def _opened(connection: Connection, claim: Claim, now: datetime) -> Row[Any]:
    earlier = connection.execute(_of(claim).where(CASES.c.topic == claim.topic).order_by(CASES.c.id)).all()
    occurrence = len(earlier) + 1
    row = {
        "site_id": claim.site_id,
        "order_no": claim.order_no,
        "topic": claim.topic,
        "reporter": claim.reporter,
        "occurrence": occurrence,
        "correlation_id": correlation_id(claim, occurrence),
        "previous": earlier[-1].id if earlier else None,
        "opened_at": now.timestamp(),
    }
    case_id = int(connection.execute(insert(CASES).values(**row).returning(CASES.c.id)).scalar_one())
    _add_lines(connection, claim, case_id)
    return case(connection, case_id)


def _add_lines(connection: Connection, claim: Claim, case_id: int) -> None:
    """A line that another open case has stays there."""
    same = {name: getattr(claim, name) for name in ("site_id", "order_no", "topic", "reporter")}
    open_lines = select(LINES.c.line).where(
        *(LINES.c[name] == value for name, value in same.items()), LINES.c.state == "open"
    )
    taken = {line for (line,) in connection.execute(open_lines)}
    wanted = claim.lines or ((WHOLE_ORDER,) if not taken else ())
    for line in dict.fromkeys(wanted):
        if line not in taken:
            connection.execute(insert(LINES).values(case_id=case_id, line=line, **same))


def _place(connection: Connection, row: Row[Any], *, joined: bool) -> Place:
    before = case(connection, row.previous) if row.previous else None
    return Place(
        case_id=row.id,
        joined=joined,
        correlation_id=row.correlation_id,
        previous=before.sys_id if before else "",
        previous_number=before.number if before else "",
    )
