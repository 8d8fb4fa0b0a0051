"""Translates an encoded query into one SELECT with bound parameters.

Only the classes a query touches are joined. A dot-walked path joins the referenced record with an outer join, so a
record with an empty reference is still found by a negative condition. Conditions on unknown columns are left out.
"""

# ruff: noqa: S608 - names in statements are quoted identifiers, values are bound
from __future__ import annotations

from collections.abc import Callable, Mapping

from snow_app.emulator.dictionary import Dictionary
from snow_app.emulator.model import Column, Row
from snow_app.emulator.query.grammar import TEXT_SEARCH, Condition, Query, Related, parsed
from snow_app.emulator.query.moments import Reader
from snow_app.emulator.query.operand import Operand, Sql
from snow_app.emulator.query.operators import ON_DISPLAY_VALUE, SQL
from snow_app.emulator.store import Params, Value, quoted
from snow_app.emulator.values import bound

_SEARCHED = ("number", "short_description", "description", "name", "title", "text", "label")

_OF_SEVERAL = {"=": "IN", "!=": "NOT IN"}
"""A script may answer several values where one was written."""

Evaluate = Callable[[str], str]
"""Runs a script expression the reader does not know."""


class Compiler:
    """Builds the SQL of one query on one table. `values` instead of stored rows makes it judge a record in hand."""

    def __init__(
        self,
        dictionary: Dictionary,
        table: str,
        reader: Reader,
        *,
        evaluate: Evaluate | None = None,
        values: Row | None = None,
        previous: Row | None = None,
    ) -> None:
        self.dictionary, self.table, self.reader = dictionary, table, reader
        self.previous = previous
        self.dropped = False
        self._evaluate = evaluate
        self._values = values
        self._columns = dictionary.columns(table)
        self._joins: list[str] = []
        self._aliases: dict[tuple[str, str], str] = {("", table): "b"}
        self._used: dict[str, Column] = {}

    # Columns -----------------------------------------------------------------------------------------------------

    def expression(self, path: str) -> str | None:
        found = self._column(path)
        return found[0] if found else None

    def classes(self, table: str) -> tuple[str, ...]:
        return (table, *self.dictionary.descendants(table))

    def parent(self, table: str) -> str | None:
        column = self.dictionary.columns(table).get("parent")
        return column.table if column and column.reference in self.dictionary.lineage(table) else None

    def dynamic(self, sys_id: str) -> str | None:
        script = self.dictionary.dynamic_filter(sys_id)
        return self._run(script) if script else None

    def _run(self, script: str) -> str | None:
        """What an expression means: one of the reader's, else whatever a script answers."""
        value = self.reader.value(script)
        return self._evaluate(script) if value is None and self._evaluate is not None else value

    def _column(self, path: str) -> tuple[str, Column] | None:
        """SQL and definition of a column, None when any step of the path is unknown."""
        prefix, table = "", self.table
        *steps, last = path.split(".")
        for step in steps:
            reached = self._owned(prefix, table, step)
            if reached is None or self.dictionary.table(reached[1].reference) is None:
                return None
            source, column = reached
            prefix, table = f"{prefix}.{step}" if prefix else step, column.reference
            self._reach(prefix, table, source, column.reference_key or "sys_id")
        return self._owned(prefix, table, last)

    def _owned(self, prefix: str, table: str, name: str) -> tuple[str, Column] | None:
        column = self.dictionary.columns(table).get(name)
        if column is None:
            return None
        if prefix == "" and self._values is not None:
            self._used[name] = column
            return f"b.{quoted(name)}", column
        owner = table if name == "sys_id" else column.table
        return f"{self._alias(prefix, table, owner)}.{quoted(name)}", column

    def _alias(self, prefix: str, table: str, owner: str) -> str:
        known = self._aliases.get((prefix, owner))
        if known is None:
            known = self._aliases[prefix, owner] = f"j{len(self._aliases)}"
            kind = "LEFT JOIN" if prefix else "JOIN"
            base = self._aliases[prefix, table]
            self._joins.append(f"{kind} {quoted(owner)} {known} ON {known}.sys_id = {base}.sys_id")
        return known

    def _reach(self, prefix: str, table: str, source: str, key: str) -> None:
        if (prefix, table) in self._aliases:
            return
        alias = self._aliases[prefix, table] = f"j{len(self._aliases)}"
        self._joins.append(f"LEFT JOIN {quoted(table)} {alias} ON {alias}.{quoted(key)} = {source}")

    # Conditions --------------------------------------------------------------------------------------------------

    def where(self, query: Query) -> Sql:
        """The condition of a whole query; `1` when nothing is left of it."""
        self.dropped = self.dropped or query.dropped
        blocks = [sql for sql in map(self._block, query.blocks) if sql is not None]
        parts = [_joined(blocks, "OR")] if blocks and len(blocks) == len(query.blocks) else []
        parts += [sql for sql in map(self._related, query.related) if sql is not None]
        parts += [self.where(other) for other in query.within]
        return _joined(parts, "AND") if parts else Sql("1")

    def _block(self, groups: tuple[tuple[Condition, ...], ...]) -> Sql | None:
        """None when no condition of it is left, which means everything."""
        found = []
        for group in groups:
            conditions = [sql for sql in map(self._condition, group) if sql is not None]
            if conditions:
                found.append(_joined(conditions, "OR"))
        return _joined(found, "AND") if found else None

    def _condition(self, condition: Condition) -> Sql | None:
        if condition.path == TEXT_SEARCH:
            return self._search(condition.value)
        found = self._column(condition.path)
        value = self._value(condition.value)
        if found is None or value is None:
            self.dropped = True
            return None
        sql, column = found
        if column.reference and condition.operator in ON_DISPLAY_VALUE and self.dictionary.table(column.reference):
            path = f"{condition.path}.{self.dictionary.display_column(column.reference)}"
            sql, column = self._column(path) or found
        left = Operand(sql=sql, column=column, path=condition.path, around=self)
        several = column.reference and condition.value.startswith("javascript:") and "," in value
        operator = _OF_SEVERAL.get(condition.operator) if several else None
        translated = SQL[operator or condition.operator](left, value)
        if translated is None:
            self.dropped = True
        return translated

    def _value(self, raw: str) -> str | None:
        """A value with its scripts run; `@` separates several."""
        if "javascript:" not in raw:
            return raw
        parts = []
        for part in raw.split("@") if "@javascript:" in raw else [raw]:
            script = part.removeprefix("javascript:")
            value: str | None = part
            if part.startswith("javascript:"):
                value = self._run(script)
            if value is None:
                return None
            parts.append(value)
        return "@".join(parts)

    def _search(self, value: str) -> Sql | None:
        columns = [sql for sql in map(self.expression, _SEARCHED) if sql is not None]
        words = value.split()
        if not columns or not words:
            return None
        params: list[Value] = []
        found = []
        for word in words:
            found.append(" OR ".join(f"{column} LIKE ?" for column in columns))
            params += [f"%{word}%"] * len(columns)
        return Sql(" AND ".join(f"({part})" for part in found), tuple(params))

    def _related(self, related: Related) -> Sql | None:
        own = self.expression(related.own_field)
        columns = self.dictionary.columns(related.table) if self.dictionary.table(related.table) else {}
        if own is None or related.field not in columns:
            self.dropped = True
            return None
        inner = Compiler(self.dictionary, related.table, self.reader, evaluate=self._evaluate)
        pointer = inner.expression(related.field)
        where = inner.where(parsed(related.query))
        source = f"SELECT {pointer} FROM {inner.source()} WHERE {where.text} AND {pointer} != ''"
        if related.comparison == ">" and related.number == 0:
            return Sql(f"{own} IN ({source})", where.params)
        counted = f"(SELECT COUNT(*) FROM ({source}) found WHERE found.{quoted(related.field)} = {own})"
        return Sql(f"{counted} {related.comparison} {related.number}", where.params)

    # Statements --------------------------------------------------------------------------------------------------

    def source(self) -> str:
        """The FROM clause; call it last."""
        return " ".join((f"{quoted(self.table)} b", *self._joins))

    def ordered(self, order: tuple[tuple[str, bool], ...], page: int = 0) -> str:
        """The ORDER BY clause: unknown columns are left out, references sort by display value.

        Rows that tie come in another order on each page, as a database gives no order it was not asked for.
        """
        terms = []
        for path, descending in order:
            found = self._column(path)
            if found is None:
                continue
            sql, column = found
            if column.reference and self.dictionary.table(column.reference):
                shown = self.expression(f"{path}.{self.dictionary.display_column(column.reference)}")
                sql = shown or sql
            terms.append(f"{sql} DESC" if descending else sql)
        if terms and page and all(path != "sys_id" for path, _ in order):
            terms.append(f"substr(b.sys_id, {2 + page % 29})")
        return f" ORDER BY {', '.join(terms)}" if terms else ""

    def selection(self, query: Query, columns: Mapping[str, Column], page: int = 0) -> tuple[str, Params]:
        """A SELECT of these columns, in their order, without a limit; `page` is any number that tells pages apart."""
        where = self.where(query)
        order = self.ordered(query.order, page)
        picked = ", ".join(str(self.expression(name)) for name in columns)
        return f"SELECT {picked} FROM {self.source()} WHERE {where.text}{order}", where.params

    def count(self, query: Query) -> tuple[str, Params]:
        where = self.where(query)
        return f"SELECT COUNT(*) FROM {self.source()} WHERE {where.text}", where.params

    def judgement(self, query: Query) -> tuple[str, Params]:
        """A SELECT that finds a row exactly when the record in hand fulfils the query."""
        where = self.where(query)
        values = self._values or {}
        used = self._used or {"sys_id": self._columns["sys_id"]}
        params = tuple(bound(column, values.get(name, "")) for name, column in used.items())
        names = ", ".join(map(quoted, used))
        row = f"WITH record({names}) AS (SELECT {', '.join('?' * len(used))})"
        return f"{row} SELECT 1 FROM {' '.join(('record b', *self._joins))} WHERE {where.text}", params + where.params


def _joined(parts: list[Sql], word: str) -> Sql:
    """Balanced, because SQLite limits how deep an expression nests."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = _joined(parts[:middle], word), _joined(parts[middle:], word)
    return Sql(f"({left.text}) {word} ({right.text})", left.params + right.params)
