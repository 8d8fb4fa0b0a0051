"""What the panel page can ask: the same operations as the case form's GlideAjax, each recorded before it is shown."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import request

from sidecar.api.looks import candidates, entry, looks, subject_of
from sidecar.api.pages import Page
from sidecar.api.problems import KINDS, Problem, from_sidecar, invalid
from sidecar.api.reveal import revealed
from sidecar.audit import Action, Result, Subject
from sidecar.context import ContextAnswer, ContextRequest, Identity, RevealRequest
from sidecar.desk import CaseDesk
from sidecar.errors import SidecarError
from sidecar.services import Services
from snow_app import errors as snow_errors

_log = structlog.get_logger(__name__)
_FOUND = frozenset({"one", "guest", "many"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One operation of one open page; `given` are the validated fields."""

    services: Services
    page: Page
    token: str = field(repr=False)
    given: Mapping[str, Any] = field(repr=False)
    ref: str

    def needed(self, name: str) -> str:
        """A field this operation cannot do without. Raises Problem (422)."""
        value = self.given.get(name)
        if not value:
            raise invalid([(name, "Missing data for required field.")])
        return str(value)

    def record(self, action: Action, subject: Subject | None, result: Result = "done", **more: str) -> None:
        """Write to the access log, on disk when this returns. Raises AuditUnavailable."""
        if subject is None:
            return
        page = self.page
        self.services.access_log.write(
            entry(
                action,
                subject,
                viewer=page.viewer,
                case=page.case,
                result=result,
                ip=request.remote_addr or "",
                client=page.client,
                ref=self.ref,
                **more,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error as the panel understands it."""

    status: int
    document: Mapping[str, Any]
    headers: Mapping[str, str]


def failure_of(error: Problem | SidecarError, ref: str) -> Failure:
    """The error of an operation; retryable when the same call may succeed later."""
    problem = from_sidecar(error) if isinstance(error, SidecarError) else error
    retryable = problem.status in (429, 502, 503, 504)
    document = {"code": problem.code, "message": problem.detail, "ref": ref, "retryable": retryable}
    wait = problem.extra.get("retry_after_s")
    if wait is not None:
        document["retry_after_s"] = math.ceil(wait)
    if "errors" in problem.extra:
        document["errors"] = problem.extra["errors"]
    return Failure(status=KINDS[problem.code].status, document=document, headers=problem.headers)


def _summary(call: Call) -> Mapping[str, Any]:
    return _read(call, call.page.identity, action="view", mode="cached")


def _live(call: Call) -> Mapping[str, Any]:
    return _read(call, call.page.identity, action="live", mode="live")


def _read(call: Call, identity: Identity, *, action: Action, mode: str) -> Mapping[str, Any]:
    answer, asked = _answer(call, identity, mode=mode)
    _record_looks(call, answer, asked, action)
    return envelope_of(call.services, call.page, answer)


def _answer(call: Call, identity: Identity, *, mode: str) -> tuple[ContextAnswer, ContextRequest]:
    page, sections = call.page, call.given.get("sections")
    asked = ContextRequest(
        identity=identity,
        mode="live" if mode == "live" else "cached",
        sections=tuple(dict.fromkeys(sections)) if sections else None,
        case=page.case,
        viewer=page.viewer,
        cursor=call.given.get("cursor"),
        ref=call.ref,
    )
    return call.services.context.read(asked), asked


def _record_looks(call: Call, answer: ContextAnswer, asked: ContextRequest, action: Action) -> None:
    entries = looks(answer, asked, action=action, ip=request.remote_addr or "", client=call.page.client)
    if entries:
        call.services.access_log.write(*entries)


def envelope_of(services: Services, page: Page, answer: ContextAnswer) -> Mapping[str, Any]:
    """The answer as this page may show it: no dismissed insights, and notes only where they can be written."""
    document: dict[str, Any] = json.loads(answer.body)
    insights, dismissed = document.get("sections", {}).get("insights"), services.pages.dismissed(page.case)
    if dismissed and insights and isinstance(insights.get("data"), list):
        insights["data"] = [insight for insight in insights["data"] if insight["id"] not in dismissed]
    can = (document.get("viewer") or {}).get("can")
    if can and services.desk is None:
        can["note"] = False
    return document


def _reveal(call: Call) -> Mapping[str, Any]:
    page, name = call.page, call.needed("field")
    value = revealed(
        call.services,
        RevealRequest(
            identity=page.identity,
            field="email" if name == "email" else "phone",
            viewer=page.viewer,
            case=page.case,
            reason=call.given.get("reason"),
        ),
        client=page.client,
    )
    return {"field": value.field, "value": value.value, "expires_in_s": value.expires_in_s}


def _choose(call: Call) -> Mapping[str, Any]:
    """Only one of the candidates this case has: a page must not become a way to any customer."""
    customer_no, site_id = call.needed("customer_no"), call.given.get("site_id")
    answer, _ = _answer(call, call.page.identity, mode="live")
    offered = candidates(answer.body) if answer.match == "many" else []
    if not any(str(candidate["customer_no"]) == customer_no for candidate in offered):
        call.record("choose", Subject(kind="customer_no", value=customer_no), "refused")
        raise Problem("not_permitted", "This customer is not one of the candidates of the case.")
    call.record("choose", Subject(kind="customer_no", value=customer_no), site_id=site_id or "")
    chosen = Identity(customer_no=customer_no, site_id=site_id, order_no=call.page.identity.order_no)
    _write(call, lambda desk: desk.link(call.page.case, customer_no=customer_no, site_id=site_id or ""))
    call.services.pages.look_at(call.token, chosen)
    return _read(call, chosen, action="live", mode="live")


def _search(call: Call) -> Mapping[str, Any]:
    """Whose order this is; the page goes on with that shopper when there is one."""
    order_no = call.needed("order_no")
    identity = Identity(order_no=order_no, site_id=call.given.get("site_id") or call.page.identity.site_id)
    answer, asked = _answer(call, identity, mode="live")
    _record_looks(call, answer, asked, "search")
    if answer.match in _FOUND:
        _write(call, lambda desk: desk.link(call.page.case, order_no=order_no))
        call.services.pages.look_at(call.token, identity)
    return envelope_of(call.services, call.page, answer)


def _note(call: Call) -> Mapping[str, Any]:
    text = call.needed("text")
    if call.services.desk is None:
        raise Problem("not_configured", "Notes need a ServiceNow user. Ask your administrator to set SNOW_USERNAME.")
    _write(call, lambda desk: desk.note(call.page.case, text))
    call.record("note", subject_of(call.page.identity))
    return {"ok": True}


def _dismiss(call: Call) -> Mapping[str, Any]:
    insight = call.needed("insight")
    call.record("dismiss", subject_of(call.page.identity), field_name=insight)
    call.services.pages.dismiss(call.page.case, insight)
    return {"ok": True}


def _write(call: Call, write: Callable[[CaseDesk], None]) -> None:
    """Write on the case, where a ServiceNow user is configured. Raises Problem (503) when ServiceNow refuses."""
    if call.services.desk is None:
        return
    try:
        write(call.services.desk)
    except snow_errors.SnowError as error:
        _log.warning("case_not_written", code=error.code, ref=call.ref)
        raise Problem("unavailable", "ServiceNow did not take the change. Try again.") from error


OPERATIONS: Mapping[str, Callable[[Call], Mapping[str, Any]]] = {
    "summary": _summary,
    "live": _live,
    "reveal": _reveal,
    "choose": _choose,
    "search": _search,
    "note": _note,
    "dismiss": _dismiss,
}
