"""The Case API (product documentation case-api), under ``/api/sn_customerservice/[v1/]case``.

List, one by sys_id or number, POST, PUT. Nothing is validated: keys that are no column, and values no choice allows,
are dropped without a word. Account, contact and consumer come as whole records to those who may read them. External
users write a few fields only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from snow_app.emulator.errors import AccessDenied, BadRequest, NoRecord
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.rest.input import plain_input
from snow_app.emulator.rest.rendering import Rendering
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.rest.table import DEFAULT_LIMIT, page_links

CASE: Final = "sn_customerservice_case"
ROLES: Final = "csm_ws_integration,sn_customerservice.customer,sn_customerservice.consumer"

CREATE_ALLOWED: Final = frozenset(
    {
        "account", "asset", "comments", "consumer", "contact", "contact_type", "partner", "partner_contact", "priority",
        "product", "short_description", "state",
    }
)  # fmt: skip
UPDATE_ALLOWED: Final = frozenset({"comments", "state"})
"""What external users may write."""

_EMBEDDED: Final = ("account", "contact", "consumer")
_PARAMETERS: Final = (
    "query", "fields", "limit", "offset", "display_value", "reference_fields", "get_case_details", "activity_type",
    "dependent_value", "reference_field_columns", "ref_qual_input",
)  # fmt: skip
"""Parameters that also work without their ``sysparm_``."""


def listed(request: Request) -> Reply:
    """GET a list; `X-Total-Count` only where limit or offset is given."""
    request = admitted(request)
    session, query = request.session, request.params.get("sysparm_query", "")
    limit, offset = page_of(request)
    rows = session.query(CASE, query, limit=limit, offset=offset)
    shown = Cases(request)
    headers = counted(request, session.count(CASE, query), limit, offset)
    return Reply.result(200, [shown.document(row) for row in rows], *headers)


def found(request: Request, case: str) -> Reply:
    """GET one. Raises NoRecord."""
    request = admitted(request)
    return Reply.result(200, Cases(request).document(case_of(request.session, case)))


def created(request: Request) -> Reply:
    """POST a case: 201 with its sys_id and number."""
    request = admitted(request)
    session = request.session
    values = _written(request, CREATE_ALLOWED)
    if external(session) and not values.get("contact") and session.has_role("sn_customerservice.customer"):
        values["contact"] = session.user.sys_id
    contact = session.instance.records.get("customer_contact", values.get("contact", ""))
    if contact is not None and not values.get("account"):
        values["account"] = contact["account"]
    row = session.insert(CASE, values, acl=not external(session))
    return Reply.result(201, {"sys_id": row["sys_id"], "number": row["number"]})


def updated(request: Request, case: str) -> Reply:
    """PUT a case: 200 with sys_id and number, or all of it with `sysparm_get_case_details`. Raises NoRecord."""
    request = admitted(request)
    session = request.session
    row = case_of(session, case)
    session.update(CASE, row["sys_id"], _written(request, UPDATE_ALLOWED), acl=not external(session))
    if request.flag("sysparm_get_case_details"):
        return Reply.result(200, Cases(request).document(case_of(session, row["sys_id"])))
    return Reply.result(200, {"sys_id": row["sys_id"], "number": row["number"]})


class Cases:
    """Renders cases the way one request asked for them."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._session = request.session
        self._whole = request.params.get("sysparm_reference_fields", "").lower() != "false"
        self._rendering = Rendering(request, CASE)
        self._others = replace(request, params=request.params | {"sysparm_fields": ""})
        self._kept: dict[tuple[str, str], dict[str, Any] | None] = {}

    def document(self, row: Row) -> dict[str, Any]:
        """A case, the records it is about in it."""
        document = self._rendering.record(row)
        for name in _EMBEDDED if self._whole else ():
            if name in document and row[name]:
                document[name] = self._embedded(name, row[name]) or document[name]
        return document

    def _embedded(self, field: str, sys_id: str) -> dict[str, Any] | None:
        key = (field, sys_id)
        if key not in self._kept:
            table = self._session.instance.dictionary.columns(CASE)[field].reference
            found = self._session.get(table, sys_id)
            self._kept[key] = Rendering(self._others, table).record(found) if found else None
        return self._kept[key]


def admitted(request: Request) -> Request:
    """The request with complete parameter names.

    Raises BadRequest where Customer Service Management is not installed, AccessDenied without one of the API's roles.
    """
    if request.session.instance.dictionary.table(CASE) is None:
        raise BadRequest("Requested URI does not represent any resource")
    if not request.session.has_role(ROLES):
        raise AccessDenied
    short = {f"sysparm_{name}": request.params[name] for name in _PARAMETERS if name in request.params}
    return replace(request, params=short | request.params | {"sysparm_exclude_reference_link": "true"})


def case_of(session: Session, case: str) -> Row:
    """A case by sys_id or number. Raises NoRecord when it is missing or hidden."""
    row = session.get(CASE, case)
    if row is None:
        rows = session.query(CASE, f"number={case.replace('^', '^^')}", limit=1)
        row = rows[0] if rows else None
    if row is None:
        raise NoRecord
    return row


def page_of(request: Request) -> tuple[int, int]:
    """Limit and offset."""
    return max(0, request.number("sysparm_limit", DEFAULT_LIMIT)), max(0, request.number("sysparm_offset", 0))


def counted(request: Request, total: int, limit: int, offset: int) -> list[tuple[str, str]]:
    """Paging headers where paging was asked for."""
    if not {"sysparm_limit", "sysparm_offset"} & set(request.params):
        return []
    link = page_links(request, total, limit, offset)
    return [("X-Total-Count", str(total)), *([("Link", link)] if link else [])]


def external(session: Session) -> bool:
    """True for customers and consumers."""
    return not session.has_role("csm_ws_integration")


def _written(request: Request, allowed: frozenset[str]) -> dict[str, str]:
    document: Mapping[str, Any] = request.document()
    columns = request.session.instance.dictionary.columns(CASE)
    limited = external(request.session)
    return {
        name: plain_input(request.session, CASE, columns[name], value)
        for name, value in document.items()
        if name in columns and (name in allowed or not limited)
    }
