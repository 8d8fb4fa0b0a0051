"""What a notification says: subject and body with ``${field}``, ``${event.parm1}`` and ``${URI}`` filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from snow_app.emulator.model import Row

if TYPE_CHECKING:
    from snow_app.emulator.session import Session

    from .recipients import Occasion

_PLACE = re.compile(r"\$\{([^{}]*)\}")
_TAG = re.compile(r"<[^>]+>")

HTML = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One e-mail's text."""

    subject: str
    body: str
    plain: str
    content_type: str


def message_of(session: Session, notification: Row, occasion: Occasion) -> Message:
    """The text of a notification; what it leaves empty comes from its template."""
    template = session.instance.records.get("sysevent_email_template", notification["template"]) or {}

    def written(*names: str) -> str:
        texts = (row.get(name, "") for row in (notification, template) for name in names)
        return next((text for text in texts if text.strip()), "")

    def filled(text: str, shown: Callable[[str], str]) -> str:
        return _PLACE.sub(lambda found: _value(session, occasion, found[1].strip(), shown), text)

    content_type = notification["content_type"] or HTML
    html = content_type != "text/plain"
    body = filled(written("message_html", "message"), escape if html else str)
    plain = filled(written("message_text"), str) or (_TAG.sub("", body) if html else body)
    subject = " ".join(filled(written("subject"), str).split())
    return Message(subject=subject, body=body, plain=plain, content_type=content_type)


def _value(session: Session, occasion: Occasion, name: str, shown: Callable[[str], str]) -> str:
    """What stands for a name; mail scripts and unknown names leave nothing."""
    if name.startswith("event."):
        return shown(occasion.event.get(name.removeprefix("event."), ""))
    table, row = occasion.table, occasion.row
    if not row or ":" in name:
        return ""
    if name in ("URI", "URI_REF"):
        target = f"{table}.do?sys_id={row['sys_id']}"
        address = f"{session.instance.base_url}/nav_to.do?uri={quote(target, safe='.?=')}"
        if shown is str:
            return address
        dictionary = session.instance.dictionary
        title = session.display(table, row, dictionary.display_column(table)) if name == "URI_REF" else "LINK"
        return f'<a href="{escape(address)}">{escape(title)}</a>'
    return shown(session.display(table, row, name.removeprefix("current.")))
