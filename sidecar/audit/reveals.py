"""How a reveal reaches the access log: the context room knows what is shown, the HTTP edge knows from where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sidecar.audit.entry import Entry, Subject
from sidecar.audit.log import AccessLog

if TYPE_CHECKING:
    from sidecar.context import AccessRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a request came from, and whom it named, should the customer number stay unknown (a guest)."""

    ip: str = ""
    client: str = ""
    subject: Subject


_caller: ContextVar[Caller] = ContextVar("caller")


@contextmanager
def called_by(caller: Caller) -> Iterator[None]:
    """Reveals inside the block are recorded as asked for by `caller`."""
    mark = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(mark)


class RevealAudit:
    """The context room's `AccessAudit`: each record is on disk before the value is shown, or AuditUnavailable."""

    def __init__(self, log: AccessLog) -> None:
        self._log = log

    def record(self, record: AccessRecord) -> None:
        caller = _caller.get()
        known = Subject(kind="customer_no", value=record.customer_no) if record.customer_no else caller.subject
        self._log.write(
            Entry(
                action="reveal",
                subject=known,
                user=record.user,
                result="shown",
                site_id=record.site_id or "",
                case_table=record.case.table if record.case else "",
                case_id=record.case.sys_id if record.case else "",
                field_name=record.field,
                reason=record.reason or "",
                ip=caller.ip,
                client=caller.client,
                ref=record.reference,
            )
        )
