"""Attachments: metadata in sys_attachment, bytes in sys_attachment_doc, both gone with their record."""

from __future__ import annotations

import base64
import gzip
import hashlib
import struct

from snow_app.emulator.errors import BadRequest, NoRecord, Refused
from snow_app.emulator.instance import Row, Session

CHUNK = 700_000

METADATA = (
    "table_sys_id", "size_bytes", "download_link", "sys_updated_on", "sys_id", "image_height", "sys_created_on",
    "file_name", "sys_created_by", "compressed", "average_image_color", "sys_updated_by", "sys_tags", "table_name",
    "image_width", "sys_mod_count", "content_type", "size_compressed", "chunk_size_bytes", "hash", "state",
)  # fmt: skip


def attached(
    session: Session, *, table: str, sys_id: str, file_name: str, content: bytes, content_type: str, created: str = ""
) -> Row:
    """Attach a file to a record.

    Raises InvalidTable, NoRecord (no such record, or hidden), Refused (record not writable, extension), BadRequest (no
    name, too large).
    """
    instance = session.instance
    row = session.get(table, sys_id)
    if row is None:
        raise NoRecord
    if not session.can("write", table, row):
        raise Refused("ACL Exception Insert Failed due to security constraints")
    _check(session, file_name, content)
    values, chunks = packed(content)
    values |= {
        "file_name": file_name,
        "table_name": table,
        "table_sys_id": sys_id,
        "content_type": content_type or "application/octet-stream",
    }
    attachment = session.insert("sys_attachment", values, acl=False)
    for chunk in chunks:
        session.insert(
            "sys_attachment_doc", chunk | {"sys_attachment": attachment["sys_id"]}, workflow=False, acl=False
        )
    if created:
        instance.records.update("sys_attachment", attachment["sys_id"], {"sys_created_on": created})
        attachment["sys_created_on"] = created
    return attachment


def packed(content: bytes) -> tuple[Row, list[Row]]:
    """The metadata that follows from the bytes of a file, and the sys_attachment_doc rows that hold them."""
    zipped = gzip.compress(content, mtime=0)
    width, height = image_size(content)
    values = {
        "size_bytes": str(len(content)),
        "size_compressed": str(len(zipped)),
        "compressed": "true",
        "hash": hashlib.sha256(content).hexdigest(),
        "image_width": str(width) if width else "",
        "image_height": str(height) if height else "",
        "chunk_size_bytes": str(CHUNK),
        "state": "available",
    }
    chunks = []
    for position, start in enumerate(range(0, max(1, len(zipped)), CHUNK)):
        part = zipped[start : start + CHUNK]
        data = base64.b64encode(part).decode()
        chunks.append({"position": str(position), "length": str(len(part)), "data": data})
    return values, chunks


def _check(session: Session, file_name: str, content: bytes) -> None:
    roles = session.instance.property("glide.attachment.role", "public") or "public"
    if "public" not in roles.split(",") and not session.has_role(roles):
        raise Refused("ACL Exception Insert Failed due to security constraints")
    _check_name(session, file_name)
    limit = _size_limit(session)
    if len(content) > limit:
        raise BadRequest("Exception while reading request", f"File size exceeds the maximum of {limit} bytes")


def _check_name(session: Session, file_name: str) -> None:
    if not file_name:
        raise BadRequest("Invalid file name", "The file_name parameter is required")
    allowed = (session.instance.property("glide.attachment.extensions") or "").lower().split(",")
    allowed = [part.strip().removeprefix(".") for part in allowed if part.strip()]
    extension = file_name.rpartition(".")[2] if "." in file_name else ""
    if allowed and extension.lower() not in allowed:
        raise Refused(f"Attachment type is not allowed: {extension or file_name}")


def _size_limit(session: Session) -> int:
    """In bytes; the property counts MB, and allows 1 KB when it is there but empty."""
    row = session.instance.records.first("sys_properties", name="com.glide.attachment.max_size")
    megabytes = row["value"].strip() if row else "1024"
    return int(float(megabytes) * 1024 * 1024) if megabytes else 1024


def found(session: Session, sys_id: str) -> Row:
    """An attachment whose record this user may read. Raises NoRecord."""
    row = session.instance.records.get("sys_attachment", sys_id)
    if row is None or not readable(session, row):
        raise NoRecord
    return row


def readable(session: Session, row: Row) -> bool:
    """An attachment follows the access controls of its record."""
    table = row["table_name"].removeprefix("ZZ_YY")
    if session.instance.dictionary.table(table) is None:
        return session.has_role("admin")
    return session.get(table, row["table_sys_id"]) is not None


def content(session: Session, row: Row) -> bytes:
    """The bytes of an attachment."""
    chunks = session.instance.records.all("sys_attachment_doc", sys_attachment=row["sys_id"])
    chunks.sort(key=lambda chunk: int(chunk["position"] or 0))
    kept = b"".join(base64.b64decode(chunk["data"]) for chunk in chunks)
    return gzip.decompress(kept) if row["compressed"] == "true" else kept


def renamed(session: Session, sys_id: str, file_name: str) -> None:
    """Give an attachment another name. Raises NoRecord, Refused, BadRequest."""
    row = writable(session, sys_id, "Update")
    _check_name(session, file_name)
    session.update("sys_attachment", row["sys_id"], {"file_name": file_name}, acl=False)


def removed(session: Session, sys_id: str) -> None:
    """Delete an attachment with its bytes. Raises NoRecord, Refused."""
    session.delete("sys_attachment", writable(session, sys_id, "Delete")["sys_id"], acl=False)


def writable(session: Session, sys_id: str, operation: str) -> Row:
    """An attachment whose record this user may write. Raises NoRecord, Refused, which names the operation."""
    row = found(session, sys_id)
    table = row["table_name"].removeprefix("ZZ_YY")
    if not session.can("write", table, session.instance.records.get(table, row["table_sys_id"]) or {}):
        raise Refused(f"ACL Exception {operation} Failed due to security constraints")
    return row


def image_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or GIF in pixels, zeros for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    return 0, 0
