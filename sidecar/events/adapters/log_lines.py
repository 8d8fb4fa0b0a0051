"""Lines of the platform's logs (error, customerror, quota, jobs, api) as WebDAV and the log stream have them.

A line names its moment, level, thread and logger, then says what happened; below it come request parameters, headers,
session and remote address. Of these nothing is kept but the request's id: real logs hold names and addresses there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sidecar.events.adapters.alert import cleaned, identifier, moment, one_line, site
from sidecar.events.envelope import ORGANIZATION

_HEAD = re.compile(
    r"^\[(?P<at>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,3})?) ?(?:GMT|UTC|Z)?\] "
    r"(?P<level>FATAL|ERROR|WARN|INFO|DEBUG) ?",
    re.MULTILINE,
)
_THREAD = re.compile(r"(?P<thread>[^\s|]*(?:\|[^|\n]*?){2,}\|[^\s|]*|[^\s|]+\|[^\s|]+)\s+")
_LOGGER = re.compile(r"(?P<logger>[A-Za-z][\w$-]*(?:\.[\w$()-]+)+(?:@\w+)?|(?:custom|system|org|com|dw)\b[\w.$]*)\s+")
_BELOW = re.compile(
    r"^[ \t]*(?:System Information|Request Information|Request Parameters?|Request Headers?"
    r"|Session Information|Parameters|Headers"
    r"|RequestID|SessionType|SessionID|Session|ServerName|ServerPort|Server|Remote ?(?:Address|Host|IP|Addr)|URI|URL"
    r"|Method|PathInfo|Path ?Info|Query ?String|Truncated|User-?Agent|Cookie|Host|Referer|Basket"
    r"|Customer)\b\s*[:=]?.*$",
    re.MULTILINE | re.IGNORECASE,
)
_REQUEST_ID = re.compile(r"^[ \t]*RequestID:?\s*([A-Za-z0-9._-]{1,100})\s*$", re.MULTILINE | re.IGNORECASE)
_NODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[A-Za-z][A-Za-z0-9_]*")
_CARTRIDGE = re.compile(r"\b([A-Za-z]\w*/cartridge/[\w./-]+\.(?:js|ds|isml)(?::\d+|#\d+)?)")
_EXCEPTION = re.compile(r"\b((?:[a-z]\w*\.)*[A-Z]\w*(?:Error|Exception|Timeout))\b")
_STACK_LINES = 6
_LONGEST = 20_000
"""Characters of an entry that are looked at; its message stands at the beginning."""
_HEADING = 2000
SEVERE = frozenset({"FATAL", "ERROR", "WARN"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry. `message` is clean; `site_id` is the organization's where the thread names none."""

    at: datetime
    level: str
    site_id: str
    node: str
    job: str
    logger: str
    message: str
    request_id: str
    exception: str
    cartridge_path: str


def entries(text: str, received: datetime) -> Iterator[LogLine]:
    """Every entry of `text` that is a warning or worse; text that is no log line is one of level ERROR, so that it is
    not lost."""
    heads = list(_HEAD.finditer(text))
    before = text[: heads[0].start()] if heads else text
    if before.strip():
        yield _entry(before[:_LONGEST], received, "ERROR")
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=False):
        if head["level"] in SEVERE:
            body = text[head.end() : min(end, head.end() + _LONGEST)]
            yield _entry(body, moment(head["at"].replace(",", "."), received), head["level"])


def _entry(body: str, at: datetime, level: str) -> LogLine:
    thread = _THREAD.match(body[:_HEADING])
    parts = thread["thread"].split("|") if thread else []
    rest = body[thread.end() :] if thread else body
    logger = _LOGGER.match(rest)
    said = _said(rest[logger.end() :] if logger else rest, _session(parts))
    job = next((part for part in parts[1:] if parts[0].endswith("JobThread") and not part.isdigit()), "")
    request = _REQUEST_ID.search(body)
    exception, path = _EXCEPTION.search(said), _CARTRIDGE.search(said)
    return LogLine(
        at=at.astimezone(UTC),
        level=level,
        site_id=_site(parts),
        node=_node(parts),
        job=one_line(job),
        logger=one_line(logger["logger"]) if logger else "",
        message=said or "(no message)",
        request_id=identifier(request[1]) if request else "",
        exception=exception[1][:300] if exception else "",
        cartridge_path=path[1][:500] if path else "",
    )


def _said(text: str, session: str) -> str:
    """The message and the top of its stack; what stands below is left out."""
    below = _BELOW.search(text, text.find("\n") + 1) if "\n" in text else None
    kept = (text[: below.start()] if below else text).strip("\n").split("\n")
    stack = "\n".join(line for line in kept[: 1 + _STACK_LINES] if line.strip())
    return cleaned(stack.replace(session, "[session]") if session else stack)


def _session(parts: list[str]) -> str:
    """The last part of a request's thread."""
    return parts[-1] if len(parts) > 3 and len(parts[-1]) >= 6 and not _NODE.fullmatch(parts[-1]) else ""


def _site(parts: list[str]) -> str:
    named = next((part for part in parts if part.startswith("Sites-") and part.endswith("-Site")), "")
    if named:
        return site(named)
    plain = len(parts) > 3 and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,31}", parts[1])
    return parts[1] if plain else ORGANIZATION


def _node(parts: list[str]) -> str:
    return next((part for part in parts[1:] if _NODE.fullmatch(part) and not part.startswith("Sites-")), "")
