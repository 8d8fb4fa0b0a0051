"""A signed-in user's unit of work: reading and writing records as that user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from snow_app.emulator.access import ADMIN, Control, Holds, Verdict
from snow_app.emulator.display import Display
from snow_app.emulator.errors import InvalidTable
from snow_app.emulator.model import Row, User
from snow_app.emulator.query.grammar import Query, parsed
from snow_app.emulator.query.moments import Reader
from snow_app.emulator.writing import Writer

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance


class Session:
    """Reads and writes as one user. `application` is the sys_id of the current application (sys_scope).

    With ``acl=False`` access controls are not asked, as in server scripts. Writing is described in `Writer`.
    """

    def __init__(self, instance: Instance, user: User, application: str) -> None:
        self.instance, self.user, self.application = instance, user, application

    # Reading ---------------------------------------------------------------------------------------------------------

    def query(
        self,
        table: str,
        encoded_query: str = "",
        *,
        limit: int | None = None,
        offset: int = 0,
        acl: bool = True,
        rules: bool | None = None,
    ) -> list[Row]:
        """Records that match, as this table shows them. The limit counts before access controls take rows away.

        Query rules narrow it as `rules` says, else where access controls are asked; those also drop conditions and
        orders on columns the user may not ask by. Raises InvalidTable.
        """
        query = self._parsed(encoded_query, self._known(table) if (acl if rules is None else rules) else "")
        rows = self.instance.records.select(
            self._known(table),
            query.kept(self._asker(table)) if acl else query,
            self.reader(),
            limit=limit,
            offset=offset,
            evaluate=self._evaluate,
            strict=self._strict(),
            stable=self.instance.property("emulator.query.stable_ties") == "true",
        )
        self.instance.quotas.check()
        return self._visible(table, rows) if acl else rows

    def count(self, table: str, encoded_query: str = "") -> int:
        """How many records match, whether or not this user may read them; query rules narrow it."""
        return self.instance.records.count(
            self._known(table),
            self._parsed(encoded_query, table).kept(self._asker(table)),
            self.reader(),
            evaluate=self._evaluate,
            strict=self._strict(),
        )

    def get(self, table: str, sys_id: str, *, acl: bool = True) -> Row | None:
        """One record by sys_id; None when it is missing or hidden from this user."""
        row = self.instance.records.get(self._known(table), sys_id)
        if row is None or not acl:
            return row
        if not all(self.matches(table, row, narrowed) for narrowed in self._narrowed(table)):
            return None
        visible = self._visible(table, [row])
        return visible[0] if visible else None

    def matches(self, table: str, row: Row, encoded_query: str, previous: Row | None = None) -> bool:
        """True when a record in hand fulfils a query; `previous` serves CHANGES, CHANGESFROM and CHANGESTO."""
        return self.instance.records.matches(
            table, row, encoded_query, self.reader(), previous=previous, evaluate=self._evaluate
        )

    def value(self, table: str, row: Row, path: str) -> str:
        """The stored value at a dot-walked path; empty when a step leads nowhere."""
        reached = self._walked(table, row, path)
        return reached[1].get(reached[2], "") if reached else ""

    def display(self, table: str, row: Row, field: str) -> str:
        """The display value of a field, which may be dot-walked."""
        reached = self._walked(table, row, field)
        if reached is None:
            return ""
        owner, found, name = reached
        column = self.instance.dictionary.columns(owner).get(name)
        return self.displays().value(owner, column, found) if column else ""

    def displays(self) -> Display:
        """Display values for this user, with a memory of its own."""
        return Display(self.instance.records, self.user)

    def _walked(self, table: str, row: Row, path: str) -> tuple[str, Row, str] | None:
        *steps, last = path.split(".")
        for step in steps:
            column = self.instance.dictionary.columns(table).get(step)
            if column is None or not column.reference or self.instance.dictionary.table(column.reference) is None:
                return None
            key = column.reference_key or "sys_id"
            found = self.instance.records.first(column.reference, **{key: row.get(step, "")})
            if found is None:
                return None
            table, row = column.reference, found
        return table, row, last

    # Writing ---------------------------------------------------------------------------------------------------------

    def insert(self, table: str, values: Row, *, workflow: bool = True, acl: bool = True, stamps: bool = True) -> Row:
        """Store a new record and return it; see `Writer.insert`."""
        return Writer(self).insert(table, values, workflow=workflow, acl=acl, stamps=stamps)

    def update(self, table: str, sys_id: str, values: Row, *, workflow: bool = True, acl: bool = True) -> Row:
        """Change a record and return it; see `Writer.update`."""
        return Writer(self).update(table, sys_id, values, workflow=workflow, acl=acl)

    def delete(self, table: str, sys_id: str, *, workflow: bool = True, acl: bool = True) -> None:
        """Delete a record; see `Writer.delete`."""
        Writer(self).delete(table, sys_id, workflow=workflow, acl=acl)

    def within(self, application: str) -> Session:
        """The same user working in another application; unchanged when there is no such application."""
        if application == self.application or self.instance.records.get("sys_scope", application) is None:
            return self
        return Session(self.instance, self.user, application)

    def sees_all(self, table: str) -> bool:
        """True when no record of a table is hidden from this user, whatever it holds."""
        return all(
            self._verdict("read", name).everything for name in (table, *self.instance.dictionary.descendants(table))
        )

    # Permissions -----------------------------------------------------------------------------------------------------

    def has_role(self, name: str) -> bool:
        """True when the user has one of these roles (comma list); admin has every role."""
        return ADMIN in self.user.roles or bool(self.user.roles & set(name.split(",")))

    def can(self, operation: str, table: str, row: Row | None = None, field: str = "") -> bool:
        """Whether the user may read, write, create or delete: the table at all, a record of it, or one of its fields.

        Without a row the answer is yes when some record could be allowed.
        """
        if self.instance.dictionary.table(table) is None:
            return False
        checks = [self._verdict(operation, table)]
        if field:
            checks.append(self.instance.access.verdict(self._elevated(), operation, table, field))
        if row is None:
            return not any(verdict.nothing for verdict in checks)
        return all(verdict.admits(row, self._holder(table)) for verdict in checks)

    def _verdict(self, operation: str, table: str) -> Verdict:
        return self.instance.access.verdict(self._elevated(), operation, table)

    def _asker(self, table: str) -> Callable[[str, bool], bool]:
        """Whether this user may ask by a path, and by a range of its values."""
        user, dictionary, access = self._elevated(), self.instance.dictionary, self.instance.access

        def may_ask(path: str, ranging: bool) -> bool:
            reached = dictionary.walked(table, path)
            return reached is None or access.may_query(user, "query_range" if ranging else "query_match", *reached)

        return may_ask

    def _elevated(self) -> User:
        return self.instance.elevated(self.user)

    def _holder(self, table: str) -> Holds:
        def holds(control: Control, row: Row) -> bool:
            if ADMIN in self.user.roles and control.admin_overrides:
                return True
            if control.condition and not self.matches(table, row, control.condition):
                return False
            if not control.script:
                return True
            scripts = self.instance.scripts
            return scripts is not None and scripts.evaluate(control.script, table, row, self) == "true"

        return holds

    def _visible(self, table: str, rows: list[Row]) -> list[Row]:
        """The rows this user may read, unreadable fields emptied. A row of a lower class follows that class's rules."""
        verdict = self._verdict("read", table)
        if verdict.nothing:
            return []
        kept = []
        for row in rows:
            own = row.get("sys_class_name") or table
            if own != table and self.instance.dictionary.table(own):
                whole = self.instance.records.whole(table, row["sys_id"])
                allowed = self._verdict("read", own).admits(whole[1] if whole else row, self._holder(own))
            else:
                allowed = verdict.everything or verdict.admits(row, self._holder(table))
            if allowed:
                kept.append(self._readable(table, row))
        return kept

    def _readable(self, table: str, row: Row) -> Row:
        for field in self.instance.access.guarded_fields("read", table):
            verdict = self.instance.access.verdict(self._elevated(), "read", table, field)
            if field in row and not verdict.admits(row, self._holder(table)):
                row[field] = ""
        return row

    # Surroundings ----------------------------------------------------------------------------------------------------

    def reader(self) -> Reader:
        """What `javascript:gs…` expressions mean for this user now."""
        return Reader(
            now=self.instance.clock(),
            time_zone=self.user.time_zone,
            user_id=self.user.sys_id,
            user_name=self.user.user_name,
            groups=self._groups,
        )

    def _groups(self) -> tuple[str, ...]:
        members = self.instance.records.all("sys_user_grmember", user=self.user.sys_id)
        return tuple(row["group"] for row in members)

    def _known(self, table: str) -> str:
        if self.instance.dictionary.table(table) is None:
            raise InvalidTable(table)
        return table

    def _parsed(self, encoded: str, narrowed_on: str = "") -> Query:
        """The query, narrowed by the query rules of a table when one is named."""
        query, narrowed = parsed(encoded), self._narrowed(narrowed_on) if narrowed_on else ()
        return replace(query, within=tuple(map(parsed, narrowed))) if narrowed else query

    def _narrowed(self, table: str) -> tuple[str, ...]:
        scripts = self.instance.scripts
        return scripts.narrowed(table, self) if scripts else ()

    def _strict(self) -> bool:
        return self.instance.property("glide.invalid_query.returns_no_rows") == "true"

    def _evaluate(self, script: str) -> str:
        scripts = self.instance.scripts
        return scripts.evaluate(script, "", {}, self) if scripts else ""
