"""Routes that steer an instance from outside, besides those of the loopback server.

- ``GET /_emulator/clock``: ``{"now"}``; ``POST`` with ``{"advance_s": seconds}`` or ``{"set": ISO time}`` puts the
  clock forward, does everything that falls due on the way, each at its own time, and answers ``{"now", "stops"}``.
- ``GET /_emulator/outbox``: the e-mails this instance would have sent, oldest first; nothing ever leaves the machine.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import flask

from snow_app.emulator.instance import Instance, Row

MOST_SECONDS = 10 * 366 * 86_400


def controls(instance: Instance) -> flask.Blueprint:
    """The control routes of an instance."""
    routes = flask.Blueprint("controls", __name__)

    @routes.get("/_emulator/clock")
    def clock() -> dict[str, Any]:
        return {"now": _shown(instance.clock())}

    @routes.post("/_emulator/clock")
    def advance() -> tuple[dict[str, Any], int]:
        try:
            until = _until(flask.request.get_json(force=True, silent=True), instance.clock())
        except ValueError as error:
            return {"error": str(error)}, 400
        stops = instance.advance(until)
        return {"now": _shown(instance.clock()), "stops": stops}, 200

    @routes.get("/_emulator/outbox")
    def outbox() -> dict[str, Any]:
        return {"messages": [_message(row) for row in instance.notifications.outbox()]}

    return routes


def _until(document: object, now: datetime) -> datetime:
    """The moment a request asks for. Raises ValueError, worded for whoever sent it."""
    if not isinstance(document, dict) or len(document) != 1 or not document.keys() <= {"advance_s", "set"}:
        raise ValueError('send {"advance_s": seconds} or {"set": "2026-11-24T09:00:00Z"}')
    if "set" in document:
        until = _moment(document["set"])
        if until < now:
            raise ValueError(f"the clock shows {_shown(now)} and does not go back")
    else:
        seconds = document["advance_s"]
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MOST_SECONDS:
            raise ValueError(f"advance_s is a number of seconds from 0 to {MOST_SECONDS}")
        until = now + timedelta(seconds=seconds)
    if until > now + timedelta(seconds=MOST_SECONDS):
        raise ValueError(f"the clock goes forward {MOST_SECONDS} seconds at most")
    return until


def _moment(text: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"{str(text)[:40]!r} is no ISO time") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _message(row: Row) -> dict[str, Any]:
    names = ("sys_id", "type", "state", "subject", "body", "body_text", "content_type", "sys_created_on")
    about = {"table": row["target_table"], "record": row["instance"]}
    return {**{name: row[name] for name in names}, **about, "recipients": row["recipients"].split(",")}


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
