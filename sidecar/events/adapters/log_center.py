"""Log Center's alerts as it sends them to Slack: text, attachments with fields, blocks. Words say state and size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sidecar.events.adapters.alert import Alert, Unreadable, cleaned, document, fingerprint, one_line, site, whole
from sidecar.events.adapters.signals import quota_of, signal_of

REPEATS: Final = timedelta(minutes=5)
"""The same text within this time is the same alert: Slack's form has no id."""
_RESOLVED = re.compile(r"(?i)\b(resolved|recovered|closed|back to normal|ok again)\b")
_SEVERITIES = (
    ("critical", re.compile(r"(?i)\b(critical|fatal|emergency|sev(?:erity)?[ -]?1|p1)\b")),
    ("warning", re.compile(r"(?i)\b(warn(?:ing)?|anomaly)\b")),
    ("info", re.compile(r"(?i)\b(info(?:rmation)?|notice)\b")),
)
_COUNT = re.compile(
    r"(?i)\b([\d,.]{1,12})\s*(?:hits|events|occurrences|errors|matches|log(?:s| entries| lines)?|times)\b"
)
_COUNTS = ("count", "hits", "matches", "events", "occurrences", "value")
_MONITORS = ("monitor", "alert", "alert name", "monitor name", "rule", "name")
_SITE = re.compile(r"\bSites-([A-Za-z0-9_-]{1,32}?)-Site\b")
_LINK = re.compile(r"<(?:https?://|mailto:)[^|>\s]*(?:\|([^>]*))?>")


def alert(body: Any, raw: bytes, received: datetime) -> Alert:
    """Raises Unreadable when there is no text in it."""
    if not isinstance(body, Mapping):
        raise Unreadable("The body is not a Slack message.")
    named = dict(_fields(body))
    text = _LINK.sub(lambda link: link[1] or "", "\n".join(dict.fromkeys(_texts(body)))).strip()
    if not text:
        raise Unreadable("The message has no text.")
    found = cleaned(text)
    label = next((named[name] for name in _MONITORS if named.get(name)), "") or found.partition("\n")[0]
    signal, every = signal_of(found), "\n".join([found, *named.values()])
    count = next((whole(named[name].replace(",", "")) for name in _COUNTS if name in named), None)
    said = _COUNT.search(found)
    if count is None and said:
        count = whole(re.sub(r"[,.]", "", said[1]))
    site_name = _SITE.search(text)
    data = document(
        start=received - REPEATS,
        end=received,
        signal=signal,
        state="resolved" if _RESOLVED.search(every) else "firing",
        severity=next((name for name, pattern in _SEVERITIES if pattern.search(every)), "error"),
        message=found or "(no message)",
        count=1 if count is None else count,
        monitor=one_line(label),
        quota=quota_of(found) if signal == "quota" else None,
    )
    turn = int(received.timestamp() // REPEATS.total_seconds())
    where = site(site_name[0] if site_name else named.get("site") or named.get("site id"))
    return Alert(id=f"source:log-center:{fingerprint(raw)}:{turn}", site_id=where, time=received, data=data)


def _texts(body: Mapping[str, Any]) -> Iterator[str]:
    for part in (body, *_listed(body, "attachments"), *_listed(body, "blocks")):
        for name in ("pretext", "title", "text", "fallback"):
            inner = part.get(name)
            inner = inner.get("text") if isinstance(inner, Mapping) else inner
            if isinstance(inner, str) and inner.strip():
                yield inner.strip()
    for part in (*_listed(body, "attachments"), *_listed(body, "blocks")):
        for field in _listed(part, "fields"):
            values = [str(field[name]) for name in ("title", "value", "text") if isinstance(field.get(name), str)]
            if values:
                yield ": ".join(values)


def _fields(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part in _listed(body, "attachments"):
        for field in _listed(part, "fields"):
            title = one_line(field.get("title")).casefold().rstrip(":")
            if title:
                yield title, one_line(field.get("value"))


def _listed(part: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = part.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
