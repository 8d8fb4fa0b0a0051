"""Who looked at which customer: an append-only log that can be exported, erased per customer, and verified."""

from sidecar.audit.entry import Action, Entry, LoggedEntry, Result, Subject
from sidecar.audit.keys import master_key
from sidecar.audit.log import AccessLog
from sidecar.audit.reveals import Caller, RevealAudit, called_by
from sidecar.audit.store import ERASURES, Verification

__all__ = [
    "ERASURES",
    "AccessLog",
    "Action",
    "Caller",
    "Entry",
    "LoggedEntry",
    "Result",
    "RevealAudit",
    "Subject",
    "Verification",
    "called_by",
    "master_key",
]
