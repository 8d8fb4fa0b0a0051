"""The grammar of encoded queries (product documentation c_EncodedQueryStrings, r_OpAvailableFiltersQueries).

``a=1^b=2`` and; ``a=1^ORb=2`` or, binding to the condition before it; ``^NQ`` starts another query that is or'ed with
the first; ``^EQ`` ends and means nothing; ``ORDERBYf`` and ``ORDERBYDESCf`` anywhere; ``^^`` is a literal caret.
A term whose operator is not known parses to nothing: the platform drops it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

OPERATORS: Final = (
    "DOES NOT CONTAIN", "NOT LIKE", "NOT IN", "NOTIN", "NOTLIKE", "!*", "!=", ">=", "<=", "=", ">", "<", "*", "%",
    "LT_OR_EQUALS_FIELD", "GT_OR_EQUALS_FIELD", "LT_FIELD", "GT_FIELD", "NSAMEAS", "SAMEAS", "ISNOTEMPTY", "ISEMPTY",
    "EMPTYSTRING", "ANYTHING", "BETWEEN", "STARTSWITH", "ENDSWITH", "CONTAINS", "LIKE", "INSTANCEOF", "IN", "NOTON",
    "ON", "RELATIVEGT", "RELATIVELT", "RELATIVEGE", "RELATIVELE", "RELATIVEEE", "DYNAMIC", "VALCHANGES",
    "CHANGESFROM", "CHANGESTO", "CHANGES", "MORETHAN", "LESSTHAN", "IN_HIERARCHY", "DATEPART",
)  # fmt: skip
"""Longest first where one begins with another."""

TEXT_SEARCH: Final = "123TEXTQUERY321"

_TERM = re.compile(
    rf"({TEXT_SEARCH}|[a-z_][a-z0-9_.]*)"
    rf"({'|'.join(re.escape(op) for op in sorted(OPERATORS, key=len, reverse=True))})(.*)",
    re.DOTALL,
)
_ORDER = re.compile(r"ORDERBY(DESC)?([a-z_][a-z0-9_.]*)$")
_RELATED = re.compile(r"RLQUERY(\w+)\.(\w+),(>=|<=|!=|=|>|<)(\d+)(,m2m)?(?:\^(.*?))?\^ENDRLQUERY", re.DOTALL)
_JOIN = re.compile(r"JOIN(\w+)\.(\w+)=(\w+)\.(\w+)!")


_MATCHING: Final = frozenset(
    {
        "=", "!=", "IN", "NOT IN", "NOTIN", "SAMEAS", "NSAMEAS", "ISEMPTY", "ISNOTEMPTY", "EMPTYSTRING", "ANYTHING",
        "DYNAMIC",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One comparison; `path` may be dot-walked, `value` is still as written."""

    path: str
    operator: str
    value: str

    @property
    def ranging(self) -> bool:
        """True when it tells more of a value than whether it is a certain one."""
        return self.operator not in _MATCHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Records that have so many rows of another table pointing at them: a join or a related-list query."""

    table: str
    field: str
    own_field: str = "sys_id"
    comparison: str = ">"
    number: int = 0
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """`blocks` are or'ed; a block is and'ed groups; a group is or'ed conditions."""

    blocks: tuple[tuple[tuple[Condition, ...], ...], ...] = ()
    related: tuple[Related, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    """(path, descending), most significant first."""
    group_by: tuple[str, ...] = ()
    dropped: bool = False
    """True when a term could not be read and was left out."""
    within: tuple[Query, ...] = ()
    """Queries a record must fulfil as well; their order means nothing."""

    def kept(self, allowed: Callable[[str, bool], bool]) -> Query:
        """The query without conditions and orders that are not allowed, by path and whether they range."""
        return replace(
            self,
            blocks=tuple(
                tuple(
                    tuple(one for one in group if one.path == TEXT_SEARCH or allowed(one.path, one.ranging))
                    for group in block
                )
                for block in self.blocks
            ),
            order=tuple((path, descending) for path, descending in self.order if allowed(path, True)),
        )


@dataclass(slots=True)
class _Reading:
    blocks: list[list[list[Condition]]] = field(default_factory=lambda: [[]])
    order: list[tuple[str, bool]] = field(default_factory=list)
    group_by: list[str] = field(default_factory=list)
    dropped: bool = False

    def take(self, term: str, *, alternative: bool) -> None:
        found = _TERM.match(term)
        if found is None:
            self.dropped = True
            return
        path, operator, value = found.groups()
        condition = Condition(path=path, operator=operator, value=value.replace("\0", "^"))
        groups = self.blocks[-1]
        if alternative and groups:
            groups[-1].append(condition)
        else:
            groups.append([condition])

    def sort(self, term: str) -> bool:
        order = _ORDER.match(term)
        if order is None:
            return False
        self.order.append((order[2], order[1] is not None))
        return True


def parsed(encoded: str) -> Query:
    """The query an encoded string means. Never raises: what cannot be read is dropped, as on the platform."""
    related: list[Related] = []

    def take_related(found: re.Match[str]) -> str:
        table, column, comparison, number, _, query = found.groups()
        related.append(Related(table=table, field=column, comparison=comparison, number=int(number), query=query or ""))
        return ""

    text = _RELATED.sub(take_related, encoded)
    join = _JOIN.search(text)
    if join:
        _, own, table, column = join.groups()
        related.append(Related(table=table, field=column, own_field=own, query=text[join.end() :]))
        text = text[: join.start()]
    reading = _Reading()
    for term in text.replace("^^", "\0").split("^"):
        if term in ("", "EQ") or reading.sort(term):
            continue
        if term.startswith("GROUPBY"):
            reading.group_by.append(term.removeprefix("GROUPBY"))
        elif term.startswith("NQ"):
            reading.blocks.append([])
            if len(term) > 2:
                reading.take(term[2:], alternative=False)
        elif term.startswith("OR"):
            reading.take(term[2:], alternative=True)
        else:
            reading.take(term, alternative=False)
    return Query(
        blocks=tuple(tuple(tuple(group) for group in block) for block in reading.blocks),
        related=tuple(related),
        order=tuple(reading.order),
        group_by=tuple(reading.group_by),
        dropped=reading.dropped,
    )
