"""What scripts can reach outside their realm: a table of operations by name.

An operation is a function ``(transaction, *arguments)`` over JSON values; it may raise `HostRefused` to throw an error
in the script.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import attachments, includes, records, rest, system, times

Operation = Callable[..., Any]

_ROOMS: Mapping[str, Mapping[str, Operation]] = {
    "records": records.OPERATIONS,
    "system": system.OPERATIONS,
    "messages": system.MESSAGES,
    "text": system.TEXT,
    "time": times.OPERATIONS,
    "includes": includes.OPERATIONS,
    "rest": rest.OPERATIONS,
    "attachments": attachments.OPERATIONS,
}
OPERATIONS: Mapping[str, Operation] = {
    f"{room}.{name}": operation for room, operations in _ROOMS.items() for name, operation in operations.items()
}
