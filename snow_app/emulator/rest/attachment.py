"""The Attachment API (product documentation c_AttachmentAPI), under ``/api/now/[v1/]attachment``."""

from __future__ import annotations

import io
import json
from urllib.parse import unquote

import flask

from snow_app.emulator import attachments
from snow_app.emulator.errors import BadRequest
from snow_app.emulator.instance import Row
from snow_app.emulator.rest.filters import encoded_filter
from snow_app.emulator.rest.ordering import hashmap_order
from snow_app.emulator.rest.request import Reply, Request
from snow_app.emulator.rest.table import page_links

DEFAULT_LIMIT = 1_000
METADATA_HEADER = "emulator.rest.attachment.metadata_header"
"""Property: whether a file comes with `X-Attachment-Metadata`; what it holds is not documented."""


def listed(request: Request) -> Reply:
    """GET the metadata of attachments; `sysparm_query` or name=value filters are on sys_attachment."""
    session = request.session
    query = encoded_filter(request, "sys_attachment")
    limit = max(0, request.number("sysparm_limit", DEFAULT_LIMIT))
    offset = max(0, request.number("sysparm_offset", 0))
    rows = session.query("sys_attachment", query, limit=limit, offset=offset, acl=False)
    shown = [metadata(request, row) for row in rows if attachments.readable(session, row)]
    total = session.count("sys_attachment", query)
    headers = [("X-Total-Count", str(total))]
    link = page_links(request, total, limit, offset)
    if link and not request.flag("sysparm_suppress_pagination_header"):
        headers.append(("Link", link))
    return Reply.result(200, shown, *headers)


def found(request: Request, sys_id: str) -> Reply:
    """GET the metadata of one."""
    return Reply.result(200, metadata(request, attachments.found(request.session, sys_id)))


def downloaded(request: Request, sys_id: str) -> Reply:
    """GET the bytes of one."""
    row = attachments.found(request.session, sys_id)
    return file_reply(request, row, attachments.content(request.session, row))


def file_reply(request: Request, row: Row, content: bytes) -> Reply:
    """The bytes of an attachment with its type, name and metadata."""
    shown = request.session.instance.property(METADATA_HEADER, "true") == "true"
    about = (("X-Attachment-Metadata", json.dumps(metadata(request, row))),) if shown else ()
    name = row["file_name"].replace('"', "'").encode("ascii", "replace").decode()
    return Reply(
        status=200,
        body=content,
        content_type=row["content_type"],
        headers=(*about, ("Content-Disposition", f'attachment;filename="{name}"')),
    )


def uploaded_raw(request: Request) -> Reply:
    """POST /attachment/file: the body is the file, its record stands in the query string."""
    params = request.params
    return _created(
        request,
        table=params.get("table_name", ""),
        sys_id=params.get("table_sys_id", ""),
        file_name=params.get("file_name", ""),
        content=request.body,
        content_type=request.headers.get("Content-Type"),
        created=params.get("creation_time", ""),
    )


def uploaded_form(request: Request) -> Reply:
    """POST /attachment/upload: multipart with table_name, table_sys_id, then the file."""
    form = _form(request)
    try:
        file = next(iter(form.files.values()), None)
        if file is None:
            raise BadRequest("Exception while reading request", "No file part in the multipart request")
        return _created(
            request,
            table=form.form.get("table_name", ""),
            sys_id=form.form.get("table_sys_id", ""),
            file_name=file.filename or "",
            content=file.read(),
            content_type=file.mimetype,
        )
    finally:
        form.close()


def _form(request: Request) -> flask.Request:
    """The multipart body. Raises BadRequest for any other."""
    kind = request.headers.get("Content-Type")
    if not kind.lower().startswith("multipart/form-data"):
        raise BadRequest("Exception while reading request", "Expected a multipart request")
    return flask.Request(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.input": io.BytesIO(request.body),
        }
    )


def _created(
    request: Request, *, table: str, sys_id: str, file_name: str, content: bytes, content_type: str, created: str = ""
) -> Reply:
    row = attachments.attached(
        request.session,
        table=table,
        sys_id=sys_id,
        file_name=unquote(file_name),
        content=content,
        content_type=content_type,
        created=created,
    )
    document = metadata(request, row)
    return Reply.result(201, document, ("Location", document["download_link"]))


def renamed(request: Request, sys_id: str) -> Reply:
    """PATCH `{"file_name"}`."""
    attachments.renamed(request.session, sys_id, str(request.document().get("file_name") or ""))
    return Reply(status=204)


def removed(request: Request, sys_id: str) -> Reply:
    """DELETE one."""
    attachments.removed(request.session, sys_id)
    return Reply(status=204)


def metadata(request: Request, row: Row) -> dict[str, str]:
    """What the API says of an attachment: strings only, whatever display values were asked for."""
    link = f"{request.base}/api/now/v1/attachment/{row['sys_id']}/file"
    shown = row | {"download_link": link}
    return {name: shown.get(name, "") for name in hashmap_order(attachments.METADATA)}
