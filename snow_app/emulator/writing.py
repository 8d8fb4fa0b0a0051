"""The writing half of a session: defaults, choices, numbers, rules, journals, cascades."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from snow_app.emulator.behaviour import Write, run_after, run_before
from snow_app.emulator.behaviour.policies import check_data_policies
from snow_app.emulator.dictionary import JOURNAL_TYPES
from snow_app.emulator.errors import Aborted, DuplicateKey, InvalidTable, NoRecord, Refused
from snow_app.emulator.model import Column, Row, RuleAbort
from snow_app.emulator.query.moments import stored
from snow_app.emulator.values import stored as stored_value

if TYPE_CHECKING:
    from snow_app.emulator.session import Session

_FIXED = ("sys_scope", "sys_package", "sys_id", "sys_class_name", "sys_mod_count")
"""Columns an update leaves alone, whatever was sent."""

_SYS_ID = re.compile(r"[0-9A-Za-z_.\- ]{1,32}$")


class Writer:
    """Insert, update, delete as one user: platform behaviour, then scripts, then data policies, then the store."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.instance = session.instance

    def insert(
        self,
        table: str,
        values: Mapping[str, str],
        *,
        workflow: bool = True,
        acl: bool = True,
        stamps: bool = True,
    ) -> Row:
        """Store a new record and return it. Unknown columns and values that are no choice are dropped.

        `workflow=False` runs no scripts; `stamps=False` keeps created and updated columns as given.
        Raises InvalidTable, Refused (access, duplicate key), Aborted, DataPolicy.
        """
        columns = self._columns(table)
        row = self._defaults(table, columns)
        given = self._accepted(table, columns, values, row, acl=acl, op="create")
        row |= given
        self._stamp_new(table, columns, row, given, stamps=stamps)
        if acl and not self._session.can("create", table, row):
            raise Refused("ACL Exception Insert Failed due to security constraints")
        for column in columns.values():
            if "getNextObjNumber" in column.default and not row.get(column.name):
                row[column.name] = self.instance.next_number(table)
        write = Write(
            op="insert", table=table, current=row, previous=None, session=self._session, given=frozenset(given)
        )
        run_before(write)
        self._run_rules_before(write, workflow=workflow)
        check_data_policies(write)
        self.instance.quotas.check()
        self._store_new(table, columns, row)
        self._keep_journals(write, columns)
        run_after(write)
        self._run_rules_after(write, workflow=workflow)
        return self._returned(columns, row)

    def update(
        self, table: str, sys_id: str, values: Mapping[str, str], *, workflow: bool = True, acl: bool = True
    ) -> Row:
        """Change a record and return it as its own class has it. Nothing happens when nothing would change.

        Raises InvalidTable, NoRecord, Refused, Aborted, DataPolicy.
        """
        table, previous = self._existing(table, sys_id)
        columns = self._columns(table)
        if acl and not self._session.can("read", table, previous):
            raise NoRecord
        if acl and not self._session.can("write", table, previous):
            raise Refused("ACL Exception Update Failed due to security constraints")
        given = self._accepted(table, columns, values, previous, acl=acl, op="write")
        for name in _FIXED:
            given.pop(name, None)
        current = previous | given
        if current == previous:
            return previous
        write = Write(
            op="update",
            table=table,
            current=current,
            previous=previous,
            session=self._session,
            given=frozenset(given),
        )
        run_before(write)
        self._run_rules_before(write, workflow=workflow)
        check_data_policies(write)
        if not write.names:
            return previous
        self.instance.quotas.check()
        current["sys_mod_count"] = str(int(previous.get("sys_mod_count") or 0) + 1)
        current["sys_updated_on"] = stored(self.instance.clock())
        current["sys_updated_by"] = self._session.user.user_name
        changes = {name: current[name] for name in write.names if name in columns}
        self.instance.records.update(table, sys_id, changes)
        self._keep_journals(write, columns)
        run_after(write)
        self._run_rules_after(write, workflow=workflow)
        return self._returned(columns, current)

    def delete(self, table: str, sys_id: str, *, workflow: bool = True, acl: bool = True) -> None:
        """Delete a record with its attachments, journal entries and whatever its references' cascade rules name.

        Raises InvalidTable, NoRecord, Refused, Aborted.
        """
        table, row = self._existing(table, sys_id)
        if acl and not self._session.can("read", table, row):
            raise NoRecord
        if acl and not self._session.can("delete", table, row):
            raise Refused("ACL Exception Delete Failed due to security constraints")
        write = Write(op="delete", table=table, current=row, previous=row, session=self._session)
        run_before(write)
        self._run_rules_before(write, workflow=workflow)
        self.instance.quotas.check()
        self.instance.records.delete(table, sys_id)
        self._cascade(table, sys_id)
        run_after(write)
        self._run_rules_after(write, workflow=workflow)

    # Values ----------------------------------------------------------------------------------------------------------

    def _columns(self, table: str) -> dict[str, Column]:
        if self.instance.dictionary.table(table) is None:
            raise InvalidTable(table)
        return self.instance.dictionary.columns(table)

    def _existing(self, table: str, sys_id: str) -> tuple[str, Row]:
        self._columns(table)
        found = self.instance.records.whole(table, sys_id)
        if found is None:
            raise NoRecord
        return found

    def _defaults(self, table: str, columns: Mapping[str, Column]) -> Row:
        row = {}
        for name, column in columns.items():
            value = column.default
            if value.startswith("javascript:"):
                value = self._calculated(table, value.removeprefix("javascript:"))
            row[name] = stored_value(column, value)
        return row

    def _calculated(self, table: str, script: str) -> str:
        if "getNextObjNumber" in script:
            return ""
        value = self._session.reader().value(script)
        if value is None and self.instance.scripts is not None:
            value = self.instance.scripts.evaluate(script, table, {}, self._session)
        return value or ""

    def _accepted(
        self,
        table: str,
        columns: Mapping[str, Column],
        values: Mapping[str, str],
        row: Row,
        *,
        acl: bool,
        op: str,
    ) -> Row:
        """The values that columns of the table can take and this user may write."""
        guarded = self.instance.access.guarded_fields(op, table) if acl else ()
        any_choice = self.instance.property("glide.rest.choice.allow_non_existing_value") == "true"
        accepted = {}
        for name, value in values.items():
            column = columns.get(name)
            if column is None:
                continue
            kept = stored_value(column, value)
            closed_list = column.choice_mode in (1, 3) and column.choices and not any_choice
            if closed_list and kept and all(choice.value != kept for choice in column.choices):
                continue
            if name in guarded and not self._session.can(op, table, row, name):
                continue
            accepted[name] = kept
        return accepted

    def _stamp_new(
        self, table: str, columns: Mapping[str, Column], row: Row, given: Mapping[str, str], *, stamps: bool
    ) -> None:
        sys_id = given.get("sys_id", "")
        row["sys_id"] = sys_id if _SYS_ID.match(sys_id) else self.instance.new_id()
        now = stored(self.instance.clock())
        fresh = {"sys_created_on": now, "sys_updated_on": now}
        fresh |= {
            "sys_created_by": self._session.user.user_name,
            "sys_updated_by": self._session.user.user_name,
            "sys_mod_count": "0",
        }
        for name, value in fresh.items():
            if name in columns and (stamps or not given.get(name)):
                row[name] = value
        if "sys_class_name" in columns:
            row["sys_class_name"] = table
        if "sys_scope" in columns:
            row |= {"sys_scope": self._session.application, "sys_package": self._session.application}
            row["sys_update_name"] = f"{table}_{row['sys_id']}"
        if "sys_name" in columns:
            row["sys_name"] = row.get(self.instance.dictionary.display_column(table), "")

    def _store_new(self, table: str, columns: Mapping[str, Column], row: Row) -> None:
        title = row.get(self.instance.dictionary.display_column(table), "")
        unique = [name for name, column in columns.items() if column.unique and name != "sys_id" and row.get(name)]
        if any(self.instance.records.first(table, **{name: row[name]}) for name in unique):
            raise self._duplicate(table, title)
        try:
            self.instance.records.insert(table, row)
        except sqlite3.IntegrityError:
            raise self._duplicate(table, title) from None

    def _duplicate(self, table: str, title: str) -> DuplicateKey:
        status = self.instance.property("emulator.rest.duplicate_key.status", "403") or "403"
        return DuplicateKey(table, title, int(status))

    def _returned(self, columns: Mapping[str, Column], row: Row) -> Row:
        return {name: "" if column.type in JOURNAL_TYPES else row.get(name, "") for name, column in columns.items()}

    # Rules -----------------------------------------------------------------------------------------------------------

    def _run_rules_before(self, write: Write, *, workflow: bool) -> None:
        scripts = self.instance.scripts
        if not workflow or scripts is None:
            return
        try:
            scripts.before(write.op, write.table, write.current, write.previous, self._session)
        except RuleAbort as abort:
            raise Aborted(abort.table or write.table, ((abort.name, abort.sys_id),)) from abort

    def _run_rules_after(self, write: Write, *, workflow: bool) -> None:
        scripts = self.instance.scripts
        if not workflow or scripts is None:
            return
        scripts.after(write.op, write.table, write.current, write.previous, self._session)
        self.instance.written(write.op, write.table, write.current, write.previous, self._session)

    # Around a record -------------------------------------------------------------------------------------------------

    def _keep_journals(self, write: Write, columns: Mapping[str, Column]) -> None:
        """Journal columns hold nothing: what is written to them becomes an entry."""
        closed = write.table == "incident" and (write.previous or {}).get("state") == "7"
        if closed and self.instance.property("emulator.journal.closed_incident") != "true":
            return
        for name, column in columns.items():
            if column.type == "journal_input" and write.current.get(name):
                entry = {"element": name, "element_id": write.current["sys_id"], "name": write.table}
                self.insert("sys_journal_field", {**entry, "value": write.current[name]}, workflow=False, acl=False)

    def _cascade(self, table: str, sys_id: str) -> None:
        records = self.instance.records
        for entry in records.all("sys_journal_field", element_id=sys_id):
            records.delete("sys_journal_field", entry["sys_id"])
        for attachment in records.all("sys_attachment", table_sys_id=sys_id):
            self.delete("sys_attachment", attachment["sys_id"], workflow=False, acl=False)
        rules = ("cascade", "delete", "delete_no_workflow", "clear")
        for owner, column, rule in self.instance.dictionary.references_to(table, rules):
            if self.instance.dictionary.table(owner) is None:
                continue
            for row in records.all(owner, **{column: sys_id}):
                if rule == "clear":
                    self.update(owner, row["sys_id"], {column: ""}, workflow=False, acl=False)
                else:
                    self.delete(owner, row["sys_id"], workflow=rule != "delete_no_workflow", acl=False)
