"""GlideSysAttachment: attachments of a record, as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from snow_app.emulator import attachments
from snow_app.emulator.errors import PlatformError

from ..realm import HostRefused

if TYPE_CHECKING:
    from ..transaction import Transaction


def write(transaction: Transaction, file: dict[str, str]) -> str:
    """Attach ``{"table", "sys_id", "name", "type", "content"}``; the sys_id of the attachment."""
    try:
        row = attachments.attached(
            transaction.session,
            table=file["table"],
            sys_id=file["sys_id"],
            file_name=file["name"],
            content=file["content"].encode(),
            content_type=file["type"],
        )
    except PlatformError as refusal:
        raise HostRefused(str(refusal)) from refusal
    return row["sys_id"]


def content(transaction: Transaction, sys_id: str) -> str:
    try:
        row = attachments.found(transaction.session, sys_id)
        return attachments.content(transaction.session, row).decode("utf-8", "replace")
    except PlatformError as refusal:
        raise HostRefused(str(refusal)) from refusal


OPERATIONS: Mapping[str, Callable[..., Any]] = {"write": write, "content": content}
