"""Files pages load: this room's own styles and scripts, installed UI scripts, style sheets, and Prototype."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import flask

if TYPE_CHECKING:
    from .room import Room

# Where Debian's libjs-prototype puts it; Core UI pages load Prototype, so these do when they can.
PROTOTYPE = Path("/usr/share/javascript/prototype/prototype.js")
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FOLDERS = {"css": "styles", "js": "client", "svg": "styles"}


@cache
def _own(name: str) -> bytes | None:
    folder = _FOLDERS.get(name.rpartition(".")[2])
    if folder is None or "/" in name or name.startswith("."):
        return None
    found = resources.files(__package__) / folder / name
    return found.read_bytes() if found.is_file() else None


def own_file(name: str) -> flask.Response:
    """A file of this room."""
    body = _own(name)
    if body is None:
        flask.abort(404)
    return _cacheable(body, _TYPES[name.rpartition(".")[2]])


def prototype() -> flask.Response:
    if not PROTOTYPE.is_file():
        flask.abort(404)
    return _cacheable(PROTOTYPE.read_bytes(), _TYPES["js"])


def ui_script(room: Room, name: str) -> flask.Response:
    """``/{api name}.jsdbx``: an active sys_ui_script by its API name, or by its name in global scope."""
    rows = room.instance.records.all("sys_ui_script", active="true")
    named = (row for row in rows if name in _names(room, row))
    found = next(named, None)
    if found is None:
        flask.abort(404)
    return _cacheable(found.get("script", "").encode(), _TYPES["js"])


def _names(room: Room, row: dict[str, str]) -> set[str]:
    scope = room.scripts.scope_name(row.get("sys_scope", ""))
    own = row.get("name") or row.get("script_name", "")
    qualified = own if own.startswith(f"{scope}.") else f"{scope}.{own}"
    return {qualified, row.get("scoped_name") or qualified, *({own} if scope == "global" else ())}


def style_sheet(room: Room, sys_id: str) -> flask.Response:
    """``/{sys_id}.cssdbx``: a content_css record, on instances that have the table."""
    if room.instance.dictionary.table("content_css") is None:
        flask.abort(404)
    row = room.instance.records.get("content_css", sys_id)
    if row is None:
        flask.abort(404)
    return _cacheable(row.get("style", "").encode(), _TYPES["css"])


def _cacheable(body: bytes, content_type: str) -> flask.Response:
    response = flask.Response(body, content_type=content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.make_conditional(flask.request)
    return response
