"""Records as a whole: one dictionary per record, spread over the classes of its table when stored."""

# ruff: noqa: S608 - names in statements are quoted identifiers, values are bound
from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from snow_app.emulator.dictionary import JOURNAL_TYPES, Dictionary
from snow_app.emulator.errors import BadRequest
from snow_app.emulator.model import Column, Row
from snow_app.emulator.query.grammar import Query, parsed
from snow_app.emulator.query.moments import Reader
from snow_app.emulator.query.sql import Compiler, Evaluate
from snow_app.emulator.store import Params, Store, Value, quoted
from snow_app.emulator.values import bound


class Records:
    """Reads and writes stored records, without permissions, defaults or rules."""

    def __init__(self, store: Store, dictionary: Dictionary) -> None:
        self.store, self.dictionary = store, dictionary
        self._reads: dict[str, tuple[dict[str, Column], str, tuple[str, ...]]] = {}

    def get(self, table: str, sys_id: str) -> Row | None:
        """One record as this table shows it; None when there is none in it or in a table below it."""
        sql, names = self._read(table)
        found = self.store.row(f"{sql} WHERE b.sys_id = ?", (sys_id,))
        return dict(zip(names, map(str, found), strict=True)) if found else None

    def whole(self, table: str, sys_id: str) -> tuple[str, Row] | None:
        """A record of this table or one below it, with its own class and all columns of that."""
        row = self.get(table, sys_id)
        if row is None:
            return None
        own = row.get("sys_class_name") or table
        if own == table or self.dictionary.table(own) is None:
            return table, row
        return own, self.get(own, sys_id) or row

    def _read(self, table: str) -> tuple[str, tuple[str, ...]]:
        columns = self.dictionary.columns(table)
        known = self._reads.get(table)
        if known is None or known[0] is not columns:
            lineage = self.dictionary.lineage(table)
            alias = {name: "b" if name == table else f"c{index}" for index, name in enumerate(lineage)}
            joins = "".join(
                f" JOIN {quoted(name)} {alias[name]} ON {alias[name]}.sys_id = b.sys_id" for name in lineage[1:]
            )
            picked = ", ".join(
                "b.sys_id" if column.name == "sys_id" else f"{alias[column.table]}.{quoted(column.name)}"
                for column in columns.values()
            )
            known = (columns, f"SELECT {picked} FROM {quoted(table)} b{joins}", tuple(columns))
            self._reads[table] = known
        return known[1], known[2]

    def select(
        self,
        table: str,
        query: Query,
        reader: Reader,
        *,
        limit: int | None = None,
        offset: int = 0,
        evaluate: Evaluate | None = None,
        strict: bool = False,
        stable: bool = True,
    ) -> list[Row]:
        """Records that match. With `strict` a query that had to drop a condition matches nothing.

        Without `stable`, rows that tie may come on two pages or on none, as on an instance.
        """
        compiler = Compiler(self.dictionary, table, reader, evaluate=evaluate)
        columns = self.dictionary.columns(table)
        sql, params = compiler.selection(query, columns, 0 if stable else offset)
        if strict and compiler.dropped:
            return []
        if limit is not None or offset:
            sql += f" LIMIT {-1 if limit is None else max(0, limit)} OFFSET {max(0, offset)}"
        names = tuple(columns)
        return [dict(zip(names, map(str, found), strict=True)) for found in self._found(sql, params)]

    def _found(self, sql: str, params: Params) -> list[tuple[Value, ...]]:
        """Rows of a compiled query. Raises BadRequest when it is larger than the database can take."""
        try:
            return self.store.rows(sql, params)
        except sqlite3.OperationalError:
            raise BadRequest("Invalid query", "The query is too large") from None

    def count(
        self, table: str, query: Query, reader: Reader, *, evaluate: Evaluate | None = None, strict: bool = False
    ) -> int:
        compiler = Compiler(self.dictionary, table, reader, evaluate=evaluate)
        sql, params = compiler.count(query)
        if strict and compiler.dropped:
            return 0
        return int(self._found(sql, params)[0][0])

    def matches(
        self,
        table: str,
        row: Row,
        encoded: str,
        reader: Reader,
        *,
        previous: Row | None = None,
        evaluate: Evaluate | None = None,
    ) -> bool:
        """True when a record in hand, stored or not, fulfils an encoded query."""
        query = parsed(encoded)
        if not any(query.blocks) and not query.related:
            return True
        compiler = Compiler(self.dictionary, table, reader, values=row, previous=previous, evaluate=evaluate)
        return bool(self._found(*compiler.judgement(query)))

    def insert(self, table: str, row: Row) -> None:
        """Store a new record; columns that are left out are empty. Raises sqlite3.IntegrityError when it exists."""
        owned = self._by_class(table, row)
        with self.store.transaction():
            for name in reversed(self.dictionary.lineage(table)):
                values = {"sys_id": row["sys_id"], **owned.get(name, {})}
                columns = self.dictionary.columns(table)
                self.store.run(
                    f"INSERT INTO {quoted(name)} ({', '.join(map(quoted, values))}) "
                    f"VALUES ({', '.join('?' * len(values))})",
                    tuple(bound(columns[column], value) for column, value in values.items()),
                )

    def update(self, table: str, sys_id: str, changes: Mapping[str, str]) -> None:
        """Change columns of a stored record."""
        columns = self.dictionary.columns(table)
        with self.store.transaction():
            for name, values in self._by_class(table, changes).items():
                settings = ", ".join(f"{quoted(column)} = ?" for column in values)
                params = tuple(bound(columns[column], value) for column, value in values.items())
                self.store.run(f"UPDATE {quoted(name)} SET {settings} WHERE sys_id = ?", (*params, sys_id))

    def delete(self, table: str, sys_id: str) -> None:
        with self.store.transaction():
            for name in self.dictionary.lineage(table):
                self.store.run(f"DELETE FROM {quoted(name)} WHERE sys_id = ?", (sys_id,))

    def first(self, table: str, /, **wanted: str) -> Row | None:
        """The first record whose columns equal these values."""
        found = self.all(table, **wanted)
        return found[0] if found else None

    def all(self, table: str, /, **wanted: str) -> list[Row]:
        """All records whose columns equal these values."""
        sql, names = self._read(table)
        columns = self.dictionary.columns(table)
        lineage = self.dictionary.lineage(table)
        alias = {name: "b" if name == table else f"c{index}" for index, name in enumerate(lineage)}
        tests = [f"{'b' if name == 'sys_id' else alias[columns[name].table]}.{quoted(name)} = ?" for name in wanted]
        params = tuple(bound(columns[name], value) for name, value in wanted.items())
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        return [dict(zip(names, map(str, found), strict=True)) for found in self.store.rows(sql + where, params)]

    def _by_class(self, table: str, row: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """Values by the class that stores them; journals are stored as entries of their own, not here."""
        columns = self.dictionary.columns(table)
        owned: dict[str, dict[str, str]] = {}
        for name, value in row.items():
            column = columns.get(name)
            if column is not None and name != "sys_id" and column.type not in JOURNAL_TYPES:
                owned.setdefault(column.table, {})[name] = value
        return owned
