"""The routes of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import flask

from snow_app.emulator.errors import PlatformError
from snow_app.emulator.scripts import ScriptEngine, attach

from . import assets, lists, navigator, pages, records, updatesets, xmlhttp
from .room import Room
from .visitors import TooManyWaiting, Visitor, is_genuine

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance
    from snow_app.emulator.scripts.transaction import Transaction

Page = Callable[[Room, "Transaction"], flask.Response]


def blueprint(instance: Instance, *, sign_in_as: str | None = None) -> flask.Blueprint:
    """The pages of an instance. `sign_in_as` signs every browser in as that user, for a demo."""
    scripts = instance.scripts if isinstance(instance.scripts, ScriptEngine) else attach(instance)
    room = Room(instance, scripts, sign_in_as)
    routes = flask.Blueprint("forms", __name__, template_folder="templates")

    @routes.errorhandler(PlatformError)
    def refused(error: PlatformError) -> flask.Response:
        return room.page("message.html", status=error.status, title=error.message, text=error.detail or "")

    _sign_in(routes, room)
    _frame(routes, room)
    _files(routes, room)
    _update_sets(routes, room)
    _records(routes, room)
    return routes


def _within(room: Room, page: Page, *, write: bool = False) -> flask.Response:
    """A page for the signed-in visitor, in their turn; others are sent to the sign-in page."""
    visitor = room.door.visitor()
    if visitor is None:
        return flask.Response(status=302, headers={"Location": f"/login.do?next={quote(flask.request.full_path)}"})
    if write and not is_genuine(visitor, flask.request.form.get("sysparm_ck", "")):
        return room.page(
            "message.html", status=403, title="This form has expired", text="Reload the page and send it again."
        )
    return _in_turn(room, visitor, page)


def _in_turn(room: Room, visitor: Visitor, page: Page) -> flask.Response:
    try:
        with (
            room.turns.turn(visitor.key),
            room.scripts.transaction(visitor.session, interactive=True, token=visitor.token) as transaction,
        ):
            return page(room, transaction)
    except TooManyWaiting:
        return flask.Response("Too many transactions of this session are waiting.", status=429)


def _sign_in(routes: flask.Blueprint, room: Room) -> None:
    @routes.get("/login.do")
    def login_page() -> flask.Response:
        return room.page("login.html", next=records.safe_target(flask.request.args.get("next", ""), "/"), failed=False)

    @routes.post("/login.do")
    def login() -> flask.Response:
        form = flask.request.form
        target = records.safe_target(form.get("next", ""), "/")
        if room.door.signed_in(form.get("user_name", ""), form.get("user_password", "")):
            return flask.Response(status=302, headers={"Location": target})
        return room.page("login.html", status=401, next=target, failed=True)

    @routes.get("/logout.do")
    def logout() -> flask.Response:
        room.door.sign_out()
        return flask.Response(status=302, headers={"Location": "/login.do"})

    @routes.post("/elevate.do")
    def elevate() -> flask.Response:
        def elevated(room: Room, transaction: Transaction) -> flask.Response:
            if not room.door.elevate(transaction.session, flask.request.form.get("role", "")):
                return room.page("message.html", status=403, title="Access denied", text="This role is not yours.")
            return room.redirect(transaction, "/")

        return _within(room, elevated, write=True)


def _frame(routes: flask.Blueprint, room: Room) -> None:
    def framed(target: str) -> flask.Response:
        return _within(room, lambda room, transaction: navigator.shown(room, transaction, target))

    @routes.get("/")
    @routes.get("/navpage.do")
    @routes.get("/nav_to.do")
    @routes.get("/now/nav/ui/home")
    def navigation() -> flask.Response:
        return framed(flask.request.args.get("uri", ""))

    @routes.get("/theme.do")
    def theme() -> flask.Response:
        return flask.jsonify(theme=room.theme())

    @routes.get("/now/nav/ui/classic/params/target/<path:target>")
    def classic(target: str) -> flask.Response:
        return framed(f"/{target}")


def _files(routes: flask.Blueprint, room: Room) -> None:
    routes.add_url_rule("/styles/<name>", "styles", assets.own_file)
    routes.add_url_rule("/scripts/<name>", "scripts", assets.own_file)
    routes.add_url_rule("/scripts/prototype.js", "prototype", assets.prototype)

    @routes.get("/<name>.jsdbx")
    def ui_script(name: str) -> flask.Response:
        return assets.ui_script(room, name)

    @routes.get("/<sys_id>.cssdbx")
    def style_sheet(sys_id: str) -> flask.Response:
        return assets.style_sheet(room, sys_id)


def _update_sets(routes: flask.Blueprint, room: Room) -> None:
    @routes.get("/upload.do")
    def upload_page() -> flask.Response:
        return _within(room, updatesets.upload_page)

    @routes.post("/sys_upload.do")
    def upload() -> flask.Response:
        return _within(room, updatesets.imported, write=True)

    @routes.get("/sys_remote_update_set.do")
    def update_set() -> flask.Response:
        return _within(room, updatesets.shown)

    @routes.post("/sys_remote_update_set.do")
    def act_on_update_set() -> flask.Response:
        return _within(room, updatesets.acted, write=True)


def _records(routes: flask.Blueprint, room: Room) -> None:
    @routes.post("/xmlhttp.do")
    def ajax() -> flask.Response:
        visitor = room.door.visitor()
        try:
            with room.turns.turn(visitor.key if visitor else ""):
                return xmlhttp.answered(room.scripts, visitor)
        except TooManyWaiting:
            return flask.Response("Too many transactions of this session are waiting.", status=429)

    @routes.get("/cache.do")
    def cache() -> flask.Response:
        def flushed(room: Room, transaction: Transaction) -> flask.Response:
            if not transaction.session.has_role("admin"):
                return room.page("message.html", status=403, title="Access denied", text="Only administrators flush.")
            room.documents.forget()
            return room.page("message.html", title="Cache flushed", text="Macros are rendered anew from now on.")

        return _within(room, flushed)

    @routes.get("/ref_list.do")
    def lookup() -> flask.Response:
        arguments = flask.request.args
        return _within(
            room,
            lambda room, transaction: flask.jsonify(
                lists.lookup(room, transaction, arguments.get("table", ""), arguments.get("q", ""))
            ),
        )

    @routes.get("/<name>.do")
    def page(name: str) -> flask.Response:
        table = name.removesuffix("_list")
        known = room.instance.dictionary.table
        if name.endswith("_list") and known(table):
            return _within(room, lambda room, transaction: lists.shown(room, transaction, table))
        if known(name):
            return _within(room, lambda room, transaction: records.shown(room, transaction, name))
        return _within(room, lambda room, transaction: pages.shown(room, transaction, name, submitted=False))

    @routes.post("/<name>.do")
    def post(name: str) -> flask.Response:
        if room.instance.dictionary.table(name):
            return _within(room, lambda room, transaction: records.saved(room, transaction, name), write=True)
        return _within(room, lambda room, transaction: pages.shown(room, transaction, name, submitted=True), write=True)
