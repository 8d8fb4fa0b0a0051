"""Files on records, sent and read in pieces and compared by their SHA-256 (servicenow-rest D8).

A file never stands in memory as a whole. An upload is repeated safely: a file of the same name and content on the same
record is found and not sent again, also after an answer that got lost. Two uploads of the same file at the same moment
may both be stored; the platform offers no key for attachments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import requests

from snow_app import errors
from snow_app.query import Query
from snow_app.records.identity import checked
from snow_app.row import record
from snow_app.transport import pause

if TYPE_CHECKING:
    from snow_app.client import SnowClient

ATTACHMENT_API = "/api/now/v1/attachment"
CHUNK = 1 << 18
"""Bytes that are read, hashed and written at a time."""
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The metadata of a file. `size` is bytes, `hash` the platform's SHA-256 of the content, empty where it has none;
    `created` is aware UTC.
    """

    sys_id: str
    table: str
    record: str
    file_name: str
    content_type: str
    size: int
    hash: str
    created: datetime | None
    created_by: str


class Attachments:
    """The files of one instance: `client.attachments`."""

    def __init__(self, client: SnowClient) -> None:
        self._client = client

    def of_record(self, table: str, sys_id: str, *, file_name: str | None = None) -> tuple[Attachment, ...]:
        """The files of a record, oldest first; only those of one name with `file_name`."""
        query = Query().where("table_name", "=", table).where("table_sys_id", "=", checked(sys_id))
        query = query.ordered_by("sys_created_on").ordered_by("sys_id")
        found: dict[str, Attachment] = {}
        offset, total = 0, 1
        while offset < total:
            page = {"sysparm_query": str(query), "sysparm_limit": str(_PAGE), "sysparm_offset": str(offset)}
            answer = self._client.request("GET", ATTACHMENT_API, parameters=page)
            result = answer.result()
            if not isinstance(result, list):
                raise errors.BadAnswer("ServiceNow answered attachments without a list.", operation=answer.operation)
            found |= {one.sys_id: one for one in map(_attachment, result)}
            offset += _PAGE
            total = int(answer.header("X-Total-Count") or 0)
        # A file's name may hold anything, so it is compared here and never part of a query.
        return tuple(
            one
            for one in found.values()
            if (one.table, one.record) == (table, sys_id) and file_name in (None, one.file_name)
        )

    def get(self, sys_id: str) -> Attachment:
        """The metadata of one file. Raises NotFound when it or its record is gone or hidden."""
        return _attachment(self._client.request("GET", f"{ATTACHMENT_API}/{checked(sys_id)}").result())

    def upload(
        self,
        table: str,
        sys_id: str,
        content: Path | IO[bytes],
        *,
        file_name: str = "",
        content_type: str = "application/octet-stream",
    ) -> Attachment:
        """Attach `content`, a path or a seekable binary file, to a record; the same file a second time is not sent.

        `file_name` defaults to the path's. Raises WriteLost when what the platform holds afterwards is not what was
        sent, NotFound when the record is gone, Forbidden when it may not be written or the file type is closed.
        """
        if isinstance(content, Path):
            with content.open("rb") as opened:
                return self.upload(
                    table, sys_id, opened, file_name=file_name or content.name, content_type=content_type
                )
        if not file_name:
            raise errors.UnsafeQuery("An upload needs a file_name.")
        start = content.tell()
        size, digest = _digested(content)
        parameters = {"table_name": table, "table_sys_id": checked(sys_id), "file_name": file_name}
        for attempt in range(1, self._client.settings.attempts + 1):
            same = self._same(table, sys_id, file_name, size, digest)
            if same is not None:
                return same
            content.seek(start)
            try:
                answer = self._client.request(
                    "POST",
                    f"{ATTACHMENT_API}/file",
                    parameters=parameters,
                    data=content,
                    headers={"Content-Type": content_type, "Accept": "application/json"},
                )
                return self._verified(_attachment(answer.result()), size, digest)
            except errors.Transient as failure:
                if attempt == self._client.settings.attempts or isinstance(failure, errors.RateLimited):
                    raise
                self._client.clock.sleep(pause(attempt))
        raise AssertionError("the loop returns or raises")

    def download(self, sys_id: str, into: Path | IO[bytes]) -> Attachment:
        """Write the content into a path or a binary file, piece by piece, and compare it with the metadata.

        Raises BadAnswer when size or hash differ; a path is removed then.
        """
        if isinstance(into, Path):
            try:
                with into.open("wb") as opened:
                    return self.download(sys_id, opened)
            except errors.SnowError:
                into.unlink(missing_ok=True)
                raise
        known = self.get(sys_id)
        size, digest = 0, hashlib.sha256()
        with self.pieces(sys_id) as pieces:
            for piece in pieces:
                size += len(piece)
                digest.update(piece)
                into.write(piece)
        if size != known.size or (_is_hash(known.hash) and known.hash.lower() != digest.hexdigest()):
            raise errors.BadAnswer(
                f"ServiceNow sent another content of the attachment {sys_id} than it describes; ask again.",
                operation=f"GET {ATTACHMENT_API}/{sys_id}/file",
            )
        return known

    @contextmanager
    def pieces(self, sys_id: str, *, chunk: int = CHUNK) -> Iterator[Iterator[bytes]]:
        """The content in pieces of at most `chunk` bytes, not compared with anything."""
        path = f"{ATTACHMENT_API}/{checked(sys_id)}/file"
        with self._client.stream(path) as response:
            yield _read(response, chunk, path)

    def delete(self, sys_id: str) -> None:
        """Raises NotFound when the file is gone already."""
        self._client.request("DELETE", f"{ATTACHMENT_API}/{checked(sys_id)}")

    def _same(self, table: str, sys_id: str, file_name: str, size: int, digest: str) -> Attachment | None:
        """The file that is there already, by name, size and content."""
        for one in self.of_record(table, sys_id, file_name=file_name):
            if one.size == size and (one.hash.lower() == digest or self._digest(one) == digest):
                return one
        return None

    def _verified(self, stored: Attachment, size: int, digest: str) -> Attachment:
        if stored.size == size and stored.hash.lower() == digest:
            return stored
        if stored.size != size or self._digest(stored) != digest:
            raise errors.WriteLost(
                f"ServiceNow stored another content of the attachment {stored.sys_id} than was sent; delete it and "
                "upload again.",
                columns=("hash",),
                operation=f"POST {ATTACHMENT_API}/file",
            )
        return stored

    def _digest(self, stored: Attachment) -> str:
        """The SHA-256 of what the platform gives back."""
        digest = hashlib.sha256()
        with self.pieces(stored.sys_id) as pieces:
            for piece in pieces:
                digest.update(piece)
        return digest.hexdigest()


def _digested(content: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while piece := content.read(CHUNK):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()


def _read(response: requests.Response, chunk: int, path: str) -> Iterator[bytes]:
    try:
        yield from response.iter_content(chunk)
    except requests.exceptions.RequestException:
        raise errors.Unreachable(
            "The connection broke in the middle of an attachment.", operation=f"GET {path}"
        ) from None


def _attachment(one: Any) -> Attachment:
    if not isinstance(one, Mapping) or not one.get("sys_id"):
        raise errors.BadAnswer("ServiceNow answered an attachment in an unknown shape.", operation=ATTACHMENT_API)
    row = record("sys_attachment", one)
    return Attachment(
        sys_id=row.sys_id,
        table=row["table_name"],
        record=row["table_sys_id"],
        file_name=row["file_name"],
        content_type=row["content_type"],
        size=int(row["size_bytes"] or 0),
        hash=row["hash"],
        created=row.time("sys_created_on"),
        created_by=row["sys_created_by"],
    )


def _is_hash(value: str) -> bool:
    return len(value) == hashlib.sha256().digest_size * 2
