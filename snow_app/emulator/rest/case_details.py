"""What the Case API says about a case beside its fields: the activity stream, and the values a field may take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.instance import Column, Row, Session
from snow_app.emulator.rest.case import CASE, admitted, case_of, counted, page_of
from snow_app.emulator.rest.request import Reply, Request

_JOURNALS: Final = {"comments": "transparent", "work_notes": "gold"}
"""Journal → colour in the stream."""

_QUALIFIERS: Final = {"contact": ("account", "account"), "partner_contact": ("account", "partner")}
"""Reference field → column of the referenced table that must equal a field of the case, where that is filled."""


def activities(request: Request, case: str) -> Reply:
    """GET the stream, newest first: comments, work notes to those who may read them, attachments."""
    request = admitted(request)
    session = request.session
    row = case_of(session, case)
    entries = sorted(_entries(session, row), key=lambda entry: entry["sys_created_on"], reverse=True)
    wanted = [part.strip() for part in request.params.get("sysparm_activity_type", "").split(",") if part.strip()]
    entries = [entry for entry in entries if not wanted or entry["element"] in wanted]
    limit, offset = page_of(request)
    document = {
        "display_value": row["number"],
        "sys_id": row["sys_id"],
        "short_description": row["short_description"],
        "number": row["number"],
        "entries": entries[offset : offset + limit],
        "user_sys_id": session.user.sys_id,
        "user_full_name": session.user.name,
        "user_login": session.user.user_name,
        "label": "Case",
        "table": CASE,
        "journal_fields": [_journal(session, row, name) for name in _JOURNALS],
        "sys_created_on": row["sys_created_on"],
        "sys_created_on_adjusted": session.display(CASE, row, "sys_created_on"),
    }
    return Reply.result(200, document, *counted(request, len(entries), limit, offset))


def _journal(session: Session, row: Row, name: str) -> dict[str, Any]:
    return {
        "can_read": session.can("read", CASE, row, name),
        "color": _JOURNALS[name],
        "can_write": session.can("write", CASE, row, name),
        "name": name,
        "label": session.instance.dictionary.columns(CASE)[name].label,
    }


def _entries(session: Session, row: Row) -> Iterator[dict[str, Any]]:
    columns = session.instance.dictionary.columns(CASE)
    readable = [name for name in _JOURNALS if session.can("read", CASE, row, name)]
    for entry in session.query(
        "sys_journal_field", f"element_id={row['sys_id']}^elementIN{','.join(readable)}", acl=False
    ):
        if entry["element"] in readable:
            label = columns[entry["element"]].label
            yield _entry(session, "sys_journal_field", entry) | {
                "field_label": label,
                "value": entry["value"],
                "element": entry["element"],
            }
    for file in session.query("sys_attachment", f"table_name={CASE}^table_sys_id={row['sys_id']}", acl=False):
        yield _entry(session, "sys_attachment", file) | {
            "field_label": "Attachment",
            "value": file["file_name"],
            "element": "attachment",
            "attachment": _attachment(file),
        }


def _entry(session: Session, table: str, row: Row) -> dict[str, Any]:
    """Who and when."""
    author = session.instance.records.first("sys_user", user_name=row["sys_created_by"]) or {}
    name = author.get("name") or row["sys_created_by"]
    return {
        "sys_created_on_adjusted": session.display(table, row, "sys_created_on"),
        "sys_id": row["sys_id"],
        "login_name": name,
        "user_sys_id": author.get("sys_id", ""),
        "initials": "".join(word[0] for word in name.split()[:2]).upper(),
        "sys_created_on": row["sys_created_on"],
        "contains_code": "false",
        "name": name,
    }


def _attachment(file: Row) -> dict[str, Any]:
    image = f"/sys_attachment.do?sys_id={file['sys_id']}"
    return {
        "sys_id": file["sys_id"],
        "file_name": file["file_name"],
        "content_type": file["content_type"],
        "state": file["state"],
        "size": _size(int(file["size_bytes"] or 0)),
        "size_bytes": int(file["size_bytes"] or 0),
        "image_height": int(file["image_height"] or 0),
        "image_width": int(file["image_width"] or 0),
        "average_image_color": file["average_image_color"],
        "path": image,
        "image_path": image if file["image_width"] else "",
        "thumbnail_path": f"{image}&view=true" if file["image_width"] else "",
    }


def _size(count: int) -> str:
    for unit, size in (("MB", 1024 * 1024), ("KB", 1024)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"


def field_values(request: Request, field: str) -> Reply:
    """GET the values of a choice or reference field. Raises BadRequest for any other field."""
    return _values(admitted(request), field, {})


def field_values_of(request: Request, case: str, field: str) -> Reply:
    """GET the values a field may take in a case; what it depends on there narrows them. Raises NoRecord."""
    request = admitted(request)
    return _values(request, field, case_of(request.session, case))


def _values(request: Request, field: str, case: Row) -> Reply:
    column = request.session.instance.dictionary.columns(CASE).get(field)
    if column is not None and column.choices:
        values = list(_choices(request, column, case))
    elif column is not None and request.session.instance.dictionary.table(column.reference):
        return _references(request, column, case)
    else:
        raise BadRequest("Invalid field", f"{field} is no choice or reference field of {CASE}")
    limit, offset = page_of(request)
    return Reply.result(200, values[offset : offset + limit], *counted(request, len(values), limit, offset))


def _choices(request: Request, column: Column, case: Row) -> Iterator[dict[str, str]]:
    wanted = request.params.get("sysparm_dependent_value", case.get(column.dependent, ""))
    for choice in column.choices:
        if not column.dependent or not wanted or choice.dependent in ("", wanted):
            yield {"label": choice.label, "value": choice.value}


def _references(request: Request, column: Column, case: Row) -> Reply:
    session, table = request.session, column.reference
    given = dict(
        part.split("=", 1) for part in request.params.get("sysparm_ref_qual_input", "").split("^") if "=" in part
    )
    terms = []
    if column.name in _QUALIFIERS:
        theirs, ours = _QUALIFIERS[column.name]
        wanted = given.get(ours, case.get(ours, ""))
        terms = [f"{theirs}={wanted}"] if wanted else []
    query = "^".join(filter(None, [*terms, request.params.get("sysparm_query", "")]))
    limit, offset = page_of(request)
    names = [name.strip() for name in request.params.get("sysparm_reference_field_columns", "").split(",")]
    columns = [name for name in names if name in session.instance.dictionary.columns(table)]
    shown = session.instance.dictionary.display_column(table)
    rows = session.query(table, query, limit=limit, offset=offset)
    values = [
        {"label": session.display(table, row, shown), "value": row["sys_id"], **{name: row[name] for name in columns}}
        for row in rows
    ]
    return Reply.result(200, values, *counted(request, session.count(table, query), limit, offset))
