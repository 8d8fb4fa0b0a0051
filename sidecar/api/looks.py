"""What a read becomes in the access log: one entry for each shopper whose data was shown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sidecar.audit import Action, Entry, Result, Subject
from sidecar.context import CaseRef, ContextAnswer, ContextRequest, Identity, Viewer

_NOTHING_SHOWN = frozenset({"no_identity", "pending"})


def subject_of(identity: Identity) -> Subject | None:
    """Whom a request named, the surest first."""
    for kind in ("customer_no", "email", "order_no"):
        value = getattr(identity, kind)
        if value:
            return Subject(kind=kind, value=value)
    return None


def looks(answer: ContextAnswer, request: ContextRequest, *, action: Action, ip: str, client: str) -> tuple[Entry, ...]:
    """The entries for an answered read by a viewer; none for an integration's read or when nothing was asked."""
    if request.viewer is None or answer.match in _NOTHING_SHOWN:
        return ()
    result: Result = "not_found" if answer.match == "none" else "shown"
    return tuple(
        entry(
            action,
            subject,
            viewer=request.viewer,
            case=request.case,
            result=result,
            site_id=answer.site_id or "",
            ip=ip,
            client=client,
            ref=request.ref or "",
        )
        for subject in _shown(answer, request.identity)
    )


def entry(
    action: Action,
    subject: Subject,
    *,
    viewer: Viewer,
    case: CaseRef | None,
    result: Result = "shown",
    site_id: str = "",
    field_name: str = "",
    reason: str = "",
    ip: str = "",
    client: str = "",
    ref: str = "",
) -> Entry:
    """An entry for what `viewer` did on `case`."""
    return Entry(
        action=action,
        subject=subject,
        user=viewer.user,
        result=result,
        site_id=site_id,
        case_table=case.table if case else "",
        case_id=case.sys_id if case else "",
        field_name=field_name,
        reason=reason,
        ip=ip,
        client=client,
        ref=ref,
    )


def candidates(body: bytes) -> list[dict[str, object]]:
    """The candidates of an ambiguous envelope."""
    found = json.loads(body)["customer"].get("candidates") or []
    return [dict(candidate) for candidate in found]


def _shown(answer: ContextAnswer, identity: Identity) -> Iterator[Subject]:
    if answer.match == "many":
        for candidate in candidates(answer.body):
            yield Subject(kind="customer_no", value=str(candidate["customer_no"]))
    elif answer.customer_no:
        yield Subject(kind="customer_no", value=answer.customer_no)
    else:
        named = subject_of(identity)
        if named is not None:
            yield named
