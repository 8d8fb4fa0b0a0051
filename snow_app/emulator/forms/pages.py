"""``{page}.do``: an installed UI page (``sys_ui_page``), rendered through Jelly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask
from markupsafe import Markup

from .assets import PROTOTYPE
from .jelly import JellyError
from .records import inert_json, person

if TYPE_CHECKING:
    from snow_app.emulator.scripts.transaction import Transaction

    from .room import Room


def shown(room: Room, transaction: Transaction, name: str, *, submitted: bool) -> flask.Response:
    """The page, inside the frame of styles and client API unless it is `direct`; 404 when there is none."""
    found = room.instance.records.first("sys_ui_page", name=name)
    if found is None:
        return room.page(
            "message.html",
            transaction=transaction,
            status=404,
            title="Page not found",
            text=f"{name}.do does not exist.",
        )
    parameters = {key: value for key, value in flask.request.values.items() if key != "sysparm_ck"}
    try:
        html = room.documents.page(transaction, found, parameters=parameters, submitted=submitted)
    except JellyError as error:
        return room.page(
            "message.html", transaction=transaction, status=500, title="This page could not be shown", text=str(error)
        )
    if found.get("direct") == "true":
        return flask.Response(html, content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})
    return room.page(
        "page.html",
        transaction=transaction,
        title=found.get("description") or name,
        body=Markup(html),  # noqa: S704 - written by jelly.nodes, escaped there
        client_script=Markup(found.get("client_script", "").replace("</", "<\\/")),  # noqa: S704 - the page's own code
        boot=inert_json(person(transaction)),
        prototype=PROTOTYPE.is_file(),
    )
