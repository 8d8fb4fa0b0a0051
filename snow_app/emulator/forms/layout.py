"""How a form and a list are laid out: the instance's own sections and lists, or a built-in layout where it has none.

Sections come from ``sys_ui_form`` → ``sys_ui_form_section`` → ``sys_ui_section`` → ``sys_ui_element`` of the view. A
table without a section of its own shows the first section of what it extends, else the built-in one (layouts.json),
else every column. Lists come from ``sys_ui_list`` and ``sys_ui_list_element``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session
    from snow_app.emulator.model import Column, Row

DEFAULT_VIEW = "Default view"
_HIDDEN_TYPES = frozenset({"journal_list", "collection", "sys_class_path", "related_tags", "variables", "glide_var"})
_WIDE_TYPES = frozenset({"html", "script", "script_plain", "xml", "journal_input", "json", "conditions", "css"})
_WIDE_NAMES = frozenset({"short_description"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing of a section: a field (by name), or a formatter (by macro name), or a line of text."""

    kind: Literal["field", "formatter", "annotation"]
    name: str
    place: Literal["wide", "left", "right"] = "wide"
    sys_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A block of a form; the one that carries the form's title has no caption of its own."""

    sys_id: str
    caption: str
    elements: tuple[Element, ...]

    def blocks(self) -> list[tuple[bool, list[Element]]]:
        """Runs of elements: (in two columns, elements), in order."""
        out: list[tuple[bool, list[Element]]] = []
        for element in self.elements:
            split = element.place != "wide"
            if not out or out[-1][0] != split:
                out.append((split, []))
            out[-1][1].append(element)
        return out


def form_sections(instance: Instance, session: Session, table: str, view: str = "") -> list[Section]:
    """The sections of a table's form that the user may see, in order."""
    wanted = _view_id(session, view)
    rows = _section_rows(session, table, wanted)
    sections = [_section(session, row) for row in rows if _may_see(session, row.get("roles", ""))]
    if not any(not section.caption and section.elements for section in sections):
        sections.insert(0, _implicit(instance, session, table, wanted))
    columns = instance.dictionary.columns(table)
    known = [
        replace(section, elements=tuple(e for e in section.elements if e.kind != "field" or e.name in columns))
        for section in sections
    ]
    return _with_activity(known, columns)


def _with_activity(sections: list[Section], columns: dict[str, Column]) -> list[Section]:
    """A form that asks for journal entries shows them too, whether or not somebody placed the activity formatter."""
    if any(
        element.kind == "formatter" and element.name.startswith("activity") for s in sections for element in s.elements
    ):
        return sections
    for index, section in enumerate(sections):
        if any(e.kind == "field" and columns[e.name].type == "journal_input" for e in section.elements):
            added = replace(section, elements=(*section.elements, Element(kind="formatter", name="activity")))
            return [*sections[:index], added, *sections[index + 1 :]]
    return sections


def list_columns(instance: Instance, session: Session, table: str, view: str = "") -> list[str]:
    """The columns of a table's list, dot-walked ones included."""
    wanted = _view_id(session, view)
    for name in instance.dictionary.lineage(table):
        lists = session.query(
            "sys_ui_list", f"name={name}^view={wanted}^parentISEMPTY^sys_userISEMPTY", limit=1, acl=False
        )
        if lists:
            rows = session.query("sys_ui_list_element", f"list_id={lists[0]['sys_id']}^ORDERBYposition", acl=False)
            if rows:
                return [row["element"] for row in rows]
    columns = instance.dictionary.columns(table)
    for name in instance.dictionary.lineage(table):
        if name in _built_in():
            return [column for column in _built_in()[name]["list"] if column in columns]
    display = instance.dictionary.display_column(table)
    others = [c.name for c in columns.values() if _is_plain(c) and c.name != display and not c.name.startswith("sys_")]
    return [display, *others[:5], "sys_updated_on"]


def _view_id(session: Session, view: str) -> str:
    if not view:
        return DEFAULT_VIEW
    found = session.query("sys_ui_view", f"name={view}", limit=1, acl=False)
    return found[0]["sys_id"] if found else DEFAULT_VIEW


def _section_rows(session: Session, table: str, view: str) -> list[Row]:
    """By the form's own order when it has one; sections nobody ordered come before captions."""
    forms = session.query("sys_ui_form", f"name={table}^view={view}", limit=1, acl=False)
    if forms:
        links = session.query("sys_ui_form_section", f"sys_ui_form={forms[0]['sys_id']}^ORDERBYposition", acl=False)
        found = (session.get("sys_ui_section", link["sys_ui_section"], acl=False) for link in links)
        return [row for row in found if row is not None]
    encoded = f"name={table}^view={view}^sys_userISEMPTY^ORDERBYcaption"
    return session.query("sys_ui_section", encoded, acl=False)


def _section(session: Session, row: Row) -> Section:
    elements = session.query("sys_ui_element", f"sys_ui_section={row['sys_id']}^ORDERBYposition", acl=False)
    caption = "" if row.get("title") == "true" else row.get("caption", "")
    return Section(sys_id=row["sys_id"], caption=caption, elements=tuple(_placed(elements)))


def _placed(rows: Iterable[Row]) -> Iterable[Element]:
    place: Literal["wide", "left", "right"] = "wide"
    for row in rows:
        kind = row.get("type", "")
        if kind in (".begin_split", "begin_split"):
            place = "left"
        elif kind in (".split", "split"):
            place = "right"
        elif kind in (".end_split", "end_split"):
            place = "wide"
        elif kind == "formatter":
            yield Element(
                kind="formatter", name=row["element"].removesuffix(".xml"), sys_id=row.get("sys_ui_formatter", "")
            )
        elif kind == "annotation":
            yield Element(kind="annotation", name=row["element"], place=place)
        elif kind in ("", "element"):
            yield Element(kind="field", name=row["element"], place=place)


def _implicit(instance: Instance, session: Session, table: str, view: str) -> Section:
    """The first section of a form nobody configured."""
    for name in instance.dictionary.lineage(table):
        for row in session.query("sys_ui_section", f"name={name}^view={view}^captionISEMPTY", limit=1, acl=False):
            section = _section(session, row)
            if section.elements:
                return section
        if name in _built_in():
            return Section(sys_id="", caption="", elements=tuple(_declared(_built_in()[name])))
    return Section(sys_id="", caption="", elements=tuple(_everything(instance, table)))


def _declared(layout: dict[str, Any]) -> Iterable[Element]:
    for place in ("left", "right", "wide"):
        for name in layout[place]:
            kind: Literal["formatter", "field"] = "formatter" if name.endswith(".xml") else "field"
            yield Element(kind=kind, name=name.removesuffix(".xml"), place=place)


def _everything(instance: Instance, table: str) -> Iterable[Element]:
    columns = instance.dictionary.columns(table)
    display = instance.dictionary.display_column(table)
    names = sorted(
        (c.name for c in columns.values() if c.type not in _HIDDEN_TYPES and not c.name.startswith("sys_")),
        key=lambda name: (name != display, columns[name].label),
    )
    wide = [name for name in names if is_wide(columns[name])]
    narrow = [name for name in names if name not in wide]
    half = (len(narrow) + 1) // 2
    for index, name in enumerate(narrow):
        yield Element(kind="field", name=name, place="left" if index < half else "right")
    for name in wide:
        yield Element(kind="field", name=name)


def is_wide(column: Column) -> bool:
    """Whether a field takes the whole width of the form."""
    long = column.max_length > 255 and not column.reference and not column.choices
    return column.type in _WIDE_TYPES or column.name in _WIDE_NAMES or (column.type == "string" and long)


def _is_plain(column: Column) -> bool:
    return column.type not in _HIDDEN_TYPES and not is_wide(column) and column.type != "password2"


def _may_see(session: Session, roles: str) -> bool:
    wanted = [role.strip() for role in roles.split(",") if role.strip()]
    return not wanted or any(session.has_role(role) for role in (*wanted, "admin"))


@cache
def _built_in() -> dict[str, dict[str, Any]]:
    text = (resources.files(__package__) / "layouts.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found
