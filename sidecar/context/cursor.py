"""Where a list of orders goes on: opaque to callers, and only what was handed out here is taken back."""

from __future__ import annotations

import hmac
import re

from sidecar.context.keys import Keys
from sidecar.errors import BadCursor

_FORM = re.compile(r"([0-9]{1,5})\.([0-9a-f]{16})")
_FURTHEST = 10_000


def cursor(position: int, keys: Keys) -> str:
    """The cursor for the order at `position` of the upstream list, which is counted from 0."""
    return f"{position}.{_mark(position, keys)}"


def position_of(text: str | None, keys: Keys) -> int:
    """The position behind a cursor; 0 without one. Raises BadCursor."""
    if not text:
        return 0
    form = _FORM.fullmatch(text)
    position = int(form[1]) if form else _FURTHEST
    if form is None or position >= _FURTHEST or not hmac.compare_digest(form[2], _mark(position, keys)):
        raise BadCursor("The cursor was not made by this sidecar, or it restarted since; read the list from the start.")
    return position


def _mark(position: int, keys: Keys) -> str:
    return keys.of("cursor", str(position))[:16]
