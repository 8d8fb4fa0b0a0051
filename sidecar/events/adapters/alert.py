"""What every source becomes: one alert each, with nothing in it that a person could be known by."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sidecar.events.envelope import ORGANIZATION
from sidecar.events.scrub import scrubbed
from sidecar.events.wire import EARLIEST, LATEST
from sidecar.observe import redacted

MESSAGE: Final = 2000
_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}(?![\w:])"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FORM = re.compile(
    r"(?i)\b(dwfrm_[\w.]{1,100}|[\w-]{0,40}(?:address\d?|first_?name|last_?name|phone|postal_?code))(=|:\s?)[^&\s,;]+"
)


class Unreadable(ValueError):  # noqa: N818 - reads as what it says
    """The message is not one of this source's; the text says what is missing, never what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One ``storefront.alert`` to be: `data` is its document."""

    id: str
    site_id: str
    time: datetime
    data: Mapping[str, Any]


def cleaned(text: str, longest: int = MESSAGE) -> str:
    """Free text for people in IT: no secrets, no addresses, no names from forms. "" when nothing is left."""
    plain = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))[: 4 * longest]
    plain = _FORM.sub(r"\1\2[removed]", plain)
    return str(_ADDRESS.sub("[address]", redacted(scrubbed(plain)))).strip()[:longest]


def one_line(value: Any, longest: int = 200) -> str:
    """As `cleaned`, on one line; "" for what is no text and no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(cleaned(str(value), longest).split())[:longest]


def identifier(value: Any) -> str:
    """An id as sent, or "" when it is none."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9._:-]{1,100}", value) else ""


def whole(value: Any, most: int = 10_000_000) -> int | None:
    """A count as sent, as number or digits; None when it is none."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,15}", value):
        value = int(value)
    return min(value, most) if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def moment(value: Any, otherwise: datetime) -> datetime:
    """ISO 8601 or epoch in s or ms; `otherwise` when it is none or lies outside of what events may say."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value / 1000 if value > 10**11 else value, UTC)
        else:
            found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", str(value)))
            found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise
    return found if EARLIEST <= found <= LATEST else otherwise


def site(value: Any) -> str:
    """A site id, also out of ``Sites-RefArch-Site``; the organization when there is none."""
    found = re.fullmatch(r"(?:Sites-)?([A-Za-z0-9_-]{1,32}?)(?:-Site)?", value) if isinstance(value, str) else None
    return found[1] if found and found[1] not in ("Site", "Sites") else ORGANIZATION


def document(*, start: datetime, end: datetime, **members: Any) -> dict[str, Any]:
    """`data` of an alert, without what is empty."""
    window = {"from": min(start, end).isoformat(), "to": max(start, end).isoformat()}
    held = {name: value for name, value in members.items() if value not in (None, "", {}, [])}
    return {**held, "window": window}


def fingerprint(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]
