"""What every page of this room shares: the instance, its scripts, the door, and how a page is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask

from .jelly import Documents
from .visitors import Doorway, Turns

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance
    from snow_app.emulator.scripts import ScriptEngine
    from snow_app.emulator.scripts.transaction import Transaction

THEMES = ("light", "dark")


class Room:
    """Made once per instance; thread-safe."""

    def __init__(self, instance: Instance, scripts: ScriptEngine, sign_in_as: str | None) -> None:
        self.instance = instance
        self.scripts = scripts
        self.door = Doorway(instance, sign_in_as)
        self.turns = Turns()
        self.documents = Documents()

    def page(
        self, template: str, *, transaction: Transaction | None = None, status: int = 200, **values: Any
    ) -> flask.Response:
        """A rendered page with the messages of this and the previous request."""
        messages = [*flask.session.pop("messages", []), *_listed(transaction)]
        body = flask.render_template(
            template,
            theme=self.theme(),
            messages=messages,
            token=transaction.token if transaction else "",
            instance_name=self.instance.property("glide.product.name") or "Local instance",
            **values,
        )
        response = flask.Response(body, status=status, content_type="text/html; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def redirect(self, transaction: Transaction, target: str) -> flask.Response:
        """Go on to a page of this instance, which then shows this transaction's messages."""
        flask.session["messages"] = _listed(transaction)
        return flask.Response(status=302, headers={"Location": target})

    def theme(self) -> str:
        """``?theme=`` wins and is remembered for the browser session; else light."""
        asked = flask.request.args.get("theme", "")
        if asked in THEMES:
            flask.session["theme"] = asked
        return str(flask.session.get("theme", "light"))


def _listed(transaction: Transaction | None) -> list[dict[str, str]]:
    return [{"level": message.level, "text": message.text} for message in transaction.messages] if transaction else []
