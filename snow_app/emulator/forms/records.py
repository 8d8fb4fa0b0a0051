"""``{table}.do``: the form of one record, showing and saving it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import flask
from markupsafe import Markup

from snow_app.emulator.errors import PlatformError
from snow_app.emulator.model import RuleAbort

from .activity import Entry, entries
from .assets import PROTOTYPE
from .fields import Field, field_of, posted_changes
from .jelly import JellyError
from .layout import Element, Section, form_sections

if TYPE_CHECKING:
    from snow_app.emulator.model import Row
    from snow_app.emulator.scripts.transaction import Transaction

    from .room import Room

NEW = "-1"
_BUILT_IN_FORMATTERS = frozenset({"activity", "activity_xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An element ready to show: a field, formatter HTML, an error in its place, or the activity stream."""

    kind: str
    name: str = ""
    shown_field: Field | None = None
    html: Markup | None = None
    text: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of parts, in two columns or across the form."""

    split: bool
    left: tuple[Part, ...]
    right: tuple[Part, ...] = ()


def shown(room: Room, transaction: Transaction, table: str, entered: Mapping[str, str] | None = None) -> flask.Response:
    """The form page. `entered` are values of a save that was refused."""
    session = transaction.session
    arguments = flask.request.args
    row = _wanted(room, transaction, table)
    if row is None:
        return room.page("message.html", status=404, title="Record not found", text=MISSING)
    is_new = not row.get("sys_id")
    own = row.get("sys_class_name") or table
    if own != table and not is_new and room.instance.dictionary.table(own):
        return room.redirect(transaction, f"/{own}.do?{urlencode({**arguments, 'sys_id': row['sys_id']})}")
    view = arguments.get("sysparm_view", "")
    scratchpad = {} if is_new else room.scripts.display(table, row, session)
    form = _Form(room=room, transaction=transaction, table=table, row={**row, **(entered or {})})
    sections = [(section, form.blocks(section)) for section in form_sections(room.instance, session, table, view)]
    definition = room.instance.dictionary.table(table)
    display_column = room.instance.dictionary.display_column(table)
    may_write = session.can("create" if is_new else "write", table, None if is_new else row)
    return room.page(
        "form.html",
        transaction=transaction,
        table=table,
        label=definition.label if definition else table,
        row=row,
        is_new=is_new,
        heading="New record" if is_new else session.display(table, row, display_column) or row["sys_id"],
        sections=sections,
        may_write=may_write,
        may_delete=not is_new and session.can("delete", table, row),
        view=view,
        return_to=safe_target(arguments.get("sysparm_return", ""), f"/{table}_list.do"),
        boot=form.boot(sections, scratchpad),
        prototype=PROTOTYPE.is_file(),
    )


MISSING = "It does not exist, or you may not see it."


def saved(room: Room, transaction: Transaction, table: str) -> flask.Response:
    """Store a posted form and go on, or show it again with what is wrong."""
    session = transaction.session
    form = flask.request.form
    action = form.get("sys_action", "save")
    row = _wanted(room, transaction, table)
    if row is None:
        return room.page("message.html", status=404, title="Record not found", text=MISSING)
    sys_id = row.get("sys_id", "")
    back = safe_target(form.get("sysparm_return", ""), f"/{table}_list.do")
    changes: dict[str, str] = {}
    try:
        changes = posted_changes(room.instance, session, table, row, form)
        if action == "delete":
            session.delete(table, sys_id)
            transaction.show("info", "Record deleted")
            return room.redirect(transaction, back)
        if not sys_id:
            sys_id = session.insert(table, {**_defaults_of(form), **changes})["sys_id"]
        elif changes:
            session.update(table, sys_id, changes)
    except (RuleAbort, PlatformError, ValueError) as refusal:
        if not any(message.level == "error" for message in transaction.messages):
            transaction.show("error", _why(refusal))
        return shown(room, transaction, table, entered=changes)
    if action == "update":
        return room.redirect(transaction, back)
    address = {"sys_id": sys_id, **({"sysparm_view": view} if (view := flask.request.args.get("sysparm_view")) else {})}
    return room.redirect(transaction, f"/{table}.do?{urlencode(address)}")


def safe_target(target: str, fallback: str) -> str:
    """A page of this instance to go to; anything that could lead elsewhere becomes the fallback."""
    plain = (
        target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target and "\r" not in target
    )
    return target if plain else fallback


def _wanted(room: Room, transaction: Transaction, table: str) -> Row | None:
    """The record the address names; an empty row with defaults for a new one; None when there is none to see."""
    session, arguments = transaction.session, flask.request.args
    sys_id = arguments.get("sys_id", "")
    query = arguments.get("sysparm_query", "")
    if sys_id == NEW or (not sys_id and not query):
        if not session.can("create", table):
            return None
        columns = room.instance.dictionary.columns(table)
        row = {
            name: "" if column.default.startswith("javascript:") else column.default for name, column in columns.items()
        }
        row["sys_id"] = ""
        return row
    if sys_id:
        return session.get(table, sys_id)
    found = session.query(table, query, limit=1)
    return found[0] if found else None


def _defaults_of(form: Mapping[str, str]) -> dict[str, str]:
    """`sysparm_query` of a new record's form fills fields: "caller_id=…^priority=1"."""
    pairs = (part.partition("=") for part in form.get("sysparm_query", "").split("^") if "=" in part)
    return {name: value for name, _, value in pairs}


def _why(refusal: Exception) -> str:
    if isinstance(refusal, PlatformError):
        return refusal.detail or refusal.message
    return "Invalid update" if isinstance(refusal, RuleAbort) else str(refusal)


Shown = list[tuple[Section, list[Block]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One record about to be shown."""

    room: Room
    transaction: Transaction
    table: str
    row: Row

    def blocks(self, section: Section) -> list[Block]:
        out = []
        for split, elements in section.blocks():
            left = tuple(filter(None, (self._part(e) for e in elements if e.place != "right")))
            right = tuple(filter(None, (self._part(e) for e in elements if e.place == "right")))
            if left or right:
                out.append(Block(split=split, left=left, right=right))
        return out

    def _part(self, element: Element) -> Part | None:
        if element.kind == "annotation":
            return Part(kind="annotation", text=element.name)
        if element.kind == "formatter":
            return self._formatter(element)
        instance, session = self.room.instance, self.transaction.session
        column = instance.dictionary.columns(self.table)[element.name]
        if self.row.get("sys_id") and not session.can("read", self.table, self.row, element.name):
            return None
        shown_field = field_of(instance, session, self.table, self.row, column)
        return Part(kind="field", name=element.name, shown_field=shown_field)

    def _formatter(self, element: Element) -> Part | None:
        """The installed macro of a formatter, rendered; what is wrong with it stands in its place."""
        sys_id, name = self.row.get("sys_id", ""), element.name
        if name in _BUILT_IN_FORMATTERS:
            stream = entries(self.room.instance, self.transaction.session, self.table, self.row) if sys_id else []
            return Part(kind="activity", name=name, entries=tuple(stream)) if sys_id else None
        records = self.room.instance.records
        if element.sys_id:
            formatter = records.get("sys_ui_formatter", element.sys_id)
            if formatter is None or formatter.get("active") == "false":
                return None
            name = formatter.get("formatter", "").removesuffix(".xml") or name
        macro = records.first("sys_ui_macro", name=name, active="true")
        if macro is None:
            return Part(kind="failure", name=name, text=f"There is no active UI macro named {name}.")
        variables = {"jvar_table": self.table, "jvar_form_sys_id": sys_id, "sys_id": sys_id}
        try:
            html = self.room.documents.macro(
                self.transaction, macro, current=self.row, table=self.table, variables=variables
            )
        except JellyError as error:
            return Part(kind="failure", name=name, text=f"UI macro {name}: {error}")
        return Part(kind="formatter", name=name, html=Markup(html))  # noqa: S704 - escaped by jelly.nodes

    def boot(self, sections: Shown, scratchpad: Mapping[str, str]) -> Markup:
        """What the client API starts from, as inert JSON."""
        parts = (
            part
            for _, blocks in sections
            for block in blocks
            for part in (*block.left, *block.right)
            if part.shown_field
        )
        fields = (part.shown_field for part in parts if part.shown_field is not None)
        boot: dict[str, Any] = {
            "table": self.table,
            "sys_id": self.row.get("sys_id") or NEW,
            "fields": {
                one.name: {
                    "label": one.label, "kind": one.kind, "mandatory": one.mandatory, "readonly": one.read_only,
                    "reference": one.reference,
                }
                for one in fields
            },
            "scratchpad": dict(scratchpad),
            **person(self.transaction),
        }  # fmt: skip
        return inert_json(boot)


def person(transaction: Transaction) -> dict[str, Any]:
    """The part of a page's start data that is about the signed-in user."""
    user = transaction.session.user
    return {
        "user": {"id": user.sys_id, "name": user.user_name, "full": user.name, "roles": sorted(user.roles)},
        "token": transaction.token,
        "time_zone": user.time_zone,
        "language": user.locale,
    }


def inert_json(document: object) -> Markup:
    """JSON that may stand inside a script element."""
    text = json.dumps(document).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704 - no character of markup is left
