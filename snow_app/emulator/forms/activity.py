"""The activity stream of a form: journal entries and field changes of a record, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance, Session
    from snow_app.emulator.model import Row

_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`kind` is the journal's column name or "changes"; `changes` are (label, new, old)."""

    kind: str
    label: str
    at: str
    by: str
    text: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.by.split()[:2]).upper() or "?"


def entries(instance: Instance, session: Session, table: str, row: Row) -> list[Entry]:
    """At most 100 of each kind; entries of journals the user may not read are left out."""
    found = [*_journals(instance, session, table, row), *_changes(instance, session, table, row)]
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _journals(instance: Instance, session: Session, table: str, row: Row) -> list[tuple[str, Entry]]:
    columns = instance.dictionary.columns(table)
    encoded = f"element_id={row['sys_id']}^ORDERBYDESCsys_created_on"
    out = []
    for found in session.query("sys_journal_field", encoded, limit=_LIMIT, acl=False):
        column = columns.get(found["element"])
        if column is None or not session.can("read", table, row, column.name):
            continue
        out.append(
            (
                found["sys_created_on"],
                Entry(
                    kind=column.name,
                    label=column.label,
                    at=session.display("sys_journal_field", found, "sys_created_on"),
                    by=_person(session, found["sys_created_by"]),
                    text=found["value"],
                ),
            )
        )
    return out


def _changes(instance: Instance, session: Session, table: str, row: Row) -> list[tuple[str, Entry]]:
    """Audited changes, those of one moment and person together."""
    if instance.dictionary.table("sys_audit") is None:
        return []
    columns = instance.dictionary.columns(table)
    encoded = f"documentkey={row['sys_id']}^ORDERBYDESCsys_created_on"
    rows = session.query("sys_audit", encoded, limit=_LIMIT, acl=False)
    out = []
    for (at, by), group in groupby(rows, key=lambda found: (found["sys_created_on"], found["sys_created_by"])):
        changed = list(group)
        lines = tuple(
            (
                columns[one["fieldname"]].label,
                _shown(session, table, one, "newvalue"),
                _shown(session, table, one, "oldvalue"),
            )
            for one in changed
            if one["fieldname"] in columns and session.can("read", table, row, one["fieldname"])
        )
        if lines:
            shown = session.display("sys_audit", changed[0], "sys_created_on")
            out.append(
                (at, Entry(kind="changes", label="Field changes", at=shown, by=_person(session, by), changes=lines))
            )
    return out


def _shown(session: Session, table: str, change: Row, which: str) -> str:
    return session.display(table, {change["fieldname"]: change[which]}, change["fieldname"])


def _person(session: Session, user_name: str) -> str:
    found = session.query("sys_user", f"user_name={user_name}", limit=1, acl=False)
    return found[0].get("name") or user_name if found else user_name
