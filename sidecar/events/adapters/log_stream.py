"""The log stream "Generic HTTP": Amazon Data Firehose HTTP endpoint delivery, version 1.0.

A request carries ``requestId``, ``timestamp`` (epoch ms) and ``records``, each with base64 ``data``: log lines, or JSON
objects with a message. Entries of one request that say the same are one alert with a count; what is less than a warning
is read and left out.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sidecar.events.adapters.alert import Alert, Unreadable, document, identifier, moment, one_line
from sidecar.events.adapters.log_lines import LogLine, entries
from sidecar.events.adapters.signals import quota_of, signal_of

MOST_ALERTS: Final = 500
"""Of one request; what comes after joins the alert of its site and signal."""
MOST_ENTRIES: Final = 20_000
"""Warnings and worse in one request: twice what 5 MB of usual lines hold."""
_SEVERITIES = {"FATAL": "critical", "ERROR": "error", "WARN": "warning"}
_MESSAGES = ("message", "msg", "log", "event", "text")


def request_id(body: Any) -> str:
    """Raises Unreadable without one."""
    found = identifier(body.get("requestId")) if isinstance(body, dict) else ""
    if not found:
        raise Unreadable("The body has no requestId.")
    return found


def alerts(body: Any, received: datetime) -> list[Alert]:
    """The alerts of one request; the same request gives the same. Raises Unreadable for another protocol."""
    name = request_id(body)
    sent = moment(body.get("timestamp"), received)
    records = body.get("records")
    if not isinstance(records, list):
        raise Unreadable("The body has no list of records.")
    groups: dict[tuple[str, ...], list[LogLine]] = {}
    found = (line for record in records for line in _lines(record, sent))
    for place, line in enumerate(found):
        if place == MOST_ENTRIES:
            raise Unreadable(f"The request holds more than {MOST_ENTRIES} entries. Make the stream's buffer smaller.")
        said = re.sub(r"\d+", "#", line.message)
        key = (line.site_id, _signal(line), line.level, line.logger, line.node, line.job, said)
        groups.setdefault(key if key in groups or len(groups) < MOST_ALERTS else key[:2], []).append(line)
    return [_alert(f"source:log-stream:{name}:{place}", lines) for place, lines in enumerate(groups.values())]


def _alert(event_id: str, lines: list[LogLine]) -> Alert:
    first, signal = lines[0], _signal(lines[0])
    moments = [line.at for line in lines]
    data = document(
        start=min(moments),
        end=max(moments),
        signal=signal,
        state="firing",
        severity=_SEVERITIES[first.level],
        message=first.message,
        count=len(lines),
        logger=first.logger,
        node=first.node,
        job=first.job,
        exception=first.exception,
        cartridgePath=first.cartridge_path,
        requestId=first.request_id,
        quota=quota_of(first.message) if signal == "quota" else None,
    )
    return Alert(id=event_id, site_id=first.site_id, time=max(moments), data=data)


def _signal(line: LogLine) -> str:
    return "job_failed" if line.job else signal_of(f"{line.logger} {line.node} {line.message}")


def _lines(record: Any, sent: datetime) -> Iterator[LogLine]:
    try:
        text = base64.b64decode(record["data"], validate=True).decode("utf-8", "replace")
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise Unreadable("A record has no data in base64.") from error
    for part in _parts(text):
        yield from entries(part, sent)


def _parts(text: str) -> list[str]:
    """Plain text, or the messages of JSON objects, one a line, written as the log writes them."""
    if not text.lstrip().startswith("{"):
        return [text]
    return [_as_line(row) for row in text.splitlines() if row.strip()]


def _as_line(row: str) -> str:
    try:
        found = json.loads(row)
    except (ValueError, RecursionError):
        return row
    if not isinstance(found, dict):
        return row
    message = next((found[name] for name in _MESSAGES if isinstance(found.get(name), str)), "")
    if message.startswith("["):
        return str(message)
    level = one_line(found.get("level") or found.get("severity")).upper().replace("WARNING", "WARN")
    at = one_line(found.get("timestamp") or found.get("@timestamp")).replace("Z", "")[:23]
    logger = re.sub(r"[^\w.$]", "", one_line(found.get("category") or found.get("logger")))
    site = re.sub(r"[^\w-]", "", one_line(found.get("siteId") or found.get("site"), 32))
    thread = f"Stream|0|Sites-{site}-Site|- " if site else ""
    head = f"[{at} GMT] {level if level in (*_SEVERITIES, 'INFO', 'DEBUG') else 'ERROR'} "
    named = logger if "." in logger else f"custom.{logger}"
    return f"{head}{thread}{f'{named} ' if logger else ''}{message}"
