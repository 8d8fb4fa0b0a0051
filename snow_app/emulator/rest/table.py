"""The Table API (product documentation c_TableAPI).

GET list and one, POST, PUT, PATCH, DELETE, HEAD under ``/api/now/[v1|v2/]table/{table}[/{sys_id}]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from snow_app.emulator.errors import AccessDenied, InvalidTable, NoRecord
from snow_app.emulator.instance import Column, Session
from snow_app.emulator.rest import markup
from snow_app.emulator.rest.filters import encoded_filter
from snow_app.emulator.rest.input import display_input, plain_input
from snow_app.emulator.rest.rendering import Rendering
from snow_app.emulator.rest.request import Reply, Request

DEFAULT_LIMIT = 10_000


def listed(request: Request, table: str, version: str = "") -> Reply:
    """GET a list. `X-Total-Count` counts what matches, readable or not."""
    session = _admitted(request, table, "read")
    query = encoded_filter(request, table)
    limit = max(0, request.number("sysparm_limit", DEFAULT_LIMIT))
    offset = max(0, request.number("sysparm_offset", 0))
    rows = session.query(table, query, limit=limit, offset=offset)
    if not rows and version == "v1":
        raise NoRecord
    rendering = Rendering(request, table)
    headers: list[tuple[str, str]] = []
    if not request.flag("sysparm_no_count"):
        total = (
            session.count(table, query) if offset or len(rows) >= limit or not _sees_all(session, table) else len(rows)
        )
        headers.append(("X-Total-Count", str(total)))
        link = page_links(request, total, limit, offset)
        if link and not request.flag("sysparm_suppress_pagination_header"):
            headers.append(("Link", link))
    return Reply.result(200, [rendering.record(row) for row in rows], *headers)


def _sees_all(session: Session, table: str) -> bool:
    """True when access controls take no row away, so that a short page is the last one."""
    return session.sees_all(table)


def found(request: Request, table: str, sys_id: str) -> Reply:
    """GET one record."""
    session = _admitted(request, table, "read")
    row = session.get(table, sys_id)
    if row is None:
        raise NoRecord
    return Reply.result(200, Rendering(request, table).record(row))


def created(request: Request, table: str) -> Reply:
    """POST a record; the answer says where it is."""
    session = _admitted(request, table, "")
    values = written_values(request, table)
    stamps = not request.flag("sysparm_suppress_auto_sys_field")
    row = session.insert(table, values, stamps=stamps)
    location = f"{request.base}/api/now/table/{table}/{row['sys_id']}"
    if request.headers.get("X-no-response-body").lower() == "true":
        return Reply(status=201, headers=(("Location", location),))
    return Reply.result(201, Rendering(request, table).record(row), ("Location", location))


def updated(request: Request, table: str, sys_id: str) -> Reply:
    """PUT or PATCH: both change the given fields only."""
    session = _admitted(request, table, "")
    session.update(table, sys_id, written_values(request, table))
    if request.headers.get("X-no-response-body").lower() == "true":
        return Reply(status=204)
    row = session.instance.records.get(table, sys_id)
    if row is None:
        raise NoRecord
    return Reply.result(200, Rendering(request, table).record(row))


def deleted(request: Request, table: str, sys_id: str) -> Reply:
    """DELETE a record."""
    _admitted(request, table, "").delete(table, sys_id)
    return Reply(status=204)


def _admitted(request: Request, table: str, operation: str) -> Session:
    """The session, when the table exists, is open to web services, and the user could see some of it."""
    session = request.session
    definition = session.instance.dictionary.table(table)
    if definition is None:
        raise InvalidTable(table)
    if not definition.ws_access or (operation and not session.can(operation, table)):
        raise AccessDenied
    scope = request.params.get("sysparm_transaction_scope")
    if scope and session.instance.property("emulator.rest.transaction_scope") == "true":
        return session.within(scope)
    return session


def written_values(request: Request, table: str) -> dict[str, str]:
    """The body's fields as stored values. Raises BadRequest when there is no JSON object or XML entry in it."""
    document: Mapping[str, Any] = markup.document(request.body) if _in_xml(request) else request.document()
    columns: Mapping[str, Column] = request.session.instance.dictionary.columns(table)
    reading = display_input if request.flag("sysparm_input_display_value") else plain_input
    return {
        name: reading(request.session, table, columns[name], value)
        for name, value in document.items()
        if name in columns and _may_write(request.session, name)
    }


def _in_xml(request: Request) -> bool:
    """True for an XML body; an exported file is none that a table takes."""
    kind, body = request.headers.get("Content-Type").lower(), request.body.strip()
    return "xml" in kind and bool(body) and b"<unload" not in body[:1000]


def _may_write(session: Session, name: str) -> bool:
    restricted = session.instance.property("glide.rest.table_api.admin_only_sys_fields") == "true"
    return not (restricted and name.startswith("sys_") and not session.has_role("admin"))


def page_links(request: Request, total: int, limit: int, offset: int) -> str:
    """The Link header: pages by offset, all parameters repeated; empty when there is one page."""
    if limit <= 0 or total <= limit:
        return ""
    kept = [(name, value) for name, value in request.pairs if name not in ("sysparm_offset", "sysparm_limit")]
    last = (total - 1) // limit * limit
    pages = {"first": 0, "prev": offset - limit, "next": offset + limit, "last": last}
    if offset <= 0:
        pages.pop("prev")
    if offset + limit >= total:
        pages.pop("next")
    base = f"{request.base}{request.path}"
    return ",".join(
        f'<{base}?{urlencode([*kept, ("sysparm_offset", max(0, at)), ("sysparm_limit", limit)])}>;rel="{name}"'
        for name, at in pages.items()
    )
