"""The search language of SCAPI (camelCase) and OCAPI (snake_case): a query becomes a predicate over documents.

Queries: bool, filtered, matchAll, nested (a path's query, evaluated on the whole document), term, text. Filters: bool,
query, range, range2, term. Texts compare case-folded; a text query wants every word of the phrase in one of the fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sfcc_client.emulator.state import Document

Predicate = Callable[[Document], bool]
Getter = Callable[[Document], Any]
Fields = Mapping[str, Getter]
_WORD = re.compile(r"\w+")
_SNAKE = re.compile(r"_([a-z0-9])")


class QueryRefused(Exception):  # noqa: N818
    """The query cannot be evaluated: `field` cannot be searched, or the member at `path` is not `expected`."""

    def __init__(self, *, field: str | None = None, path: str = "$", expected: str = "") -> None:
        super().__init__(field or path)
        self.field, self.path, self.expected = field, path, expected


def predicate_of(query: Any, fields: Fields, path: str = "$.query") -> Predicate:
    """The predicate a query document means. Raises QueryRefused."""
    return _one_of(query, _QUERIES, fields, path)


def term_of(query: Any, field: str) -> str | None:
    """The one value an `is` term demands of a field, so that an index can be asked first; None when it demands none."""
    if not isinstance(query, dict):
        return None
    term = query.get("termQuery") or query.get("term_query")
    if isinstance(term, dict) and term.get("operator") == "is" and term.get("fields") == [field]:
        value = next(iter(term.get("values") or ()), None)
        return value if isinstance(value, str) else None
    inside = query.get("boolQuery") or query.get("bool_query")
    must = inside.get("must") if isinstance(inside, dict) else None
    found = (term_of(part, field) for part in must) if isinstance(must, list) else iter(())
    return next((value for value in found if value is not None), None)


def _camel(name: str) -> str:
    return _SNAKE.sub(lambda match: match[1].upper(), name)


def _members(document: Any, path: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise QueryRefused(path=path, expected="object")
    return {_camel(name): value for name, value in document.items()}


def _one_of(
    document: Any, kinds: Mapping[str, Callable[[dict[str, Any], Fields, str], Predicate]], fields: Fields, path: str
) -> Predicate:
    members = _members(document, path)
    if len(members) != 1:
        raise QueryRefused(path=path, expected="exactly one of " + ", ".join(kinds))
    kind, body = next(iter(members.items()))
    if kind not in kinds:
        raise QueryRefused(path=f"{path}.{kind}", expected="one of " + ", ".join(kinds))
    return kinds[kind](_members(body, f"{path}.{kind}"), fields, f"{path}.{kind}")


def _all_of(values: Any, kinds: Any, fields: Fields, path: str) -> list[Predicate]:
    if values is None:
        return []
    if not isinstance(values, list):
        # OCAPI takes a single clause as well.
        values = [values]
    return [_one_of(value, kinds, fields, f"{path}[{number}]") for number, value in enumerate(values)]


def _bool_query(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    must = _all_of(body.get("must"), _QUERIES, fields, f"{path}.must")
    must_not = _all_of(body.get("mustNot"), _QUERIES, fields, f"{path}.mustNot")
    should = _all_of(body.get("should"), _QUERIES, fields, f"{path}.should")
    return lambda document: (
        all(part(document) for part in must)
        and not any(part(document) for part in must_not)
        and (not should or any(part(document) for part in should))
    )


def _filtered_query(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    query = _one_of(body.get("query"), _QUERIES, fields, f"{path}.query")
    kept = _one_of(body.get("filter"), _FILTERS, fields, f"{path}.filter")
    return lambda document: query(document) and kept(document)


def _nested_query(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    return _one_of(body.get("query"), _QUERIES, fields, f"{path}.query")


def _query_filter(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    return _one_of(body.get("query"), _QUERIES, fields, f"{path}.query")


def _match_all(_: dict[str, Any], __: Fields, ___: str) -> Predicate:
    return lambda _: True


def _text_query(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    getters = _getters(body.get("fields"), fields, f"{path}.fields")
    phrase = body.get("searchPhrase")
    if not isinstance(phrase, str):
        raise QueryRefused(path=f"{path}.searchPhrase", expected="string")
    wanted = frozenset(_WORD.findall(phrase.casefold()))

    def matches(document: Document) -> bool:
        words: set[str] = set()
        for getter in getters:
            words.update(_WORD.findall(str(getter(document) or "").casefold()))
        return bool(wanted) and wanted <= words

    return matches


def _term_query(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    return _term(_getters(body.get("fields"), fields, f"{path}.fields"), body, path)


def _term_filter(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    return _term(_getters([body.get("field")], fields, f"{path}.field"), body, path)


def _term(getters: list[Getter], body: dict[str, Any], path: str) -> Predicate:
    operator = _OPERATORS.get(str(body.get("operator")))
    if operator is None:
        raise QueryRefused(path=f"{path}.operator", expected="one of " + ", ".join(_OPERATORS))
    values = body.get("values", [])
    if not isinstance(values, list):
        raise QueryRefused(path=f"{path}.values", expected="array")
    least, most, test = operator
    if not least <= len(values) <= most:
        raise QueryRefused(path=f"{path}.values", expected=f"array of {least} to {most} values")
    comparable = [_comparable(value) for value in values]
    return lambda document: any(test(_comparable(getter(document)), comparable) for getter in getters)


def _range_filter(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    (getter,) = _getters([body.get("field")], fields, f"{path}.field")
    if body.get("from") is None and body.get("to") is None:
        raise QueryRefused(path=path, expected="from, to or both")
    return lambda document: _between(getter(document), body)


def _between(value: Any, bounds: Mapping[str, Any]) -> bool:
    known, low, high = (_comparable(part) for part in (value, bounds.get("from"), bounds.get("to")))
    if known is None:
        return False
    above = low is None or _less(low, known) or (bounds.get("fromInclusive", True) and low == known)
    below = high is None or _less(known, high) or (bounds.get("toInclusive", True) and known == high)
    return above and below


def _range2_filter(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    (start,) = _getters([body.get("fromField")], fields, f"{path}.fromField")
    (end,) = _getters([body.get("toField")], fields, f"{path}.toField")
    low, high = _comparable(body.get("fromValue")), _comparable(body.get("toValue"))
    mode = body.get("filterMode", "overlap")
    if mode not in _MODES:
        raise QueryRefused(path=f"{path}.filterMode", expected="one of " + ", ".join(_MODES))
    return lambda document: _MODES[mode](_comparable(start(document)), _comparable(end(document)), low, high)


def _bool_filter(body: dict[str, Any], fields: Fields, path: str) -> Predicate:
    parts = _all_of(body.get("filters"), _FILTERS, fields, f"{path}.filters")
    joined = _JOINS.get(str(body.get("operator")))
    if joined is None:
        raise QueryRefused(path=f"{path}.operator", expected="one of " + ", ".join(_JOINS))
    return lambda document: joined([part(document) for part in parts])


def _getters(names: Any, fields: Fields, path: str) -> list[Getter]:
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise QueryRefused(path=path, expected="array of field names")
    unknown = next((name for name in names if name not in fields), None)
    if unknown is not None:
        raise QueryRefused(field=unknown)
    return [fields[name] for name in names]


def _comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return value.casefold() if isinstance(value, str) else value


def _same(value: Any, wanted: Any) -> bool:
    # A filter's values are texts even where the field is a number.
    return bool(value is not None and (value == wanted or str(value) == str(wanted)))


def _less(value: Any, other: Any) -> bool:
    if value is None or other is None:
        return False
    try:
        return bool(value < other)
    except TypeError:
        return str(value) < str(other)


_MANY = 1000
_OPERATORS: dict[str, tuple[int, int, Callable[[Any, list[Any]], bool]]] = {
    "is": (1, 1, lambda value, wanted: _same(value, wanted[0])),
    "one_of": (1, _MANY, lambda value, wanted: any(_same(value, one) for one in wanted)),
    "is_null": (0, 0, lambda value, _: value is None),
    "is_not_null": (0, 0, lambda value, _: value is not None),
    "less": (1, 1, lambda value, wanted: _less(value, wanted[0])),
    "greater": (1, 1, lambda value, wanted: _less(wanted[0], value)),
    "not_in": (1, _MANY, lambda value, wanted: not any(_same(value, one) for one in wanted)),
    "neq": (1, 1, lambda value, wanted: not _same(value, wanted[0])),
}
_JOINS: dict[str, Callable[[list[bool]], bool]] = {
    "and": all,
    "or": any,
    "not": lambda results: not any(results),
}


def _at_most(value: Any, other: Any) -> bool:
    return value is None or other is None or value == other or _less(value, other)


_MODES: dict[str, Callable[[Any, Any, Any, Any], bool]] = {
    "overlap": lambda start, end, low, high: _at_most(start, high) and _at_most(low, end),
    "containing": lambda start, end, low, high: _at_most(start, low) and _at_most(high, end),
    "contained": lambda start, end, low, high: _at_most(low, start) and _at_most(end, high),
}
_QUERIES = {
    "boolQuery": _bool_query,
    "filteredQuery": _filtered_query,
    "matchAllQuery": _match_all,
    "nestedQuery": _nested_query,
    "termQuery": _term_query,
    "textQuery": _text_query,
}
_FILTERS = {
    "boolFilter": _bool_filter,
    "queryFilter": _query_filter,
    "range2Filter": _range2_filter,
    "rangeFilter": _range_filter,
    "termFilter": _term_filter,
}
