"""From elements to members: a table for each element says what its children become, so that an unknown child, a wrong
word and a number that is none are refused with the line they stand in, with and without the official schemas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from sfcc_client.emulator.archive.markup import Element
from sfcc_client.emulator.archive.refusal import BadArchive
from sfcc_client.emulator.moments import iso

Types = Mapping[tuple[str, str], str]
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SHORT, _MOST_KNOWN = 40, 50_000
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The document being read: its name in messages, its namespace, and the types of custom attributes.

    Orders repeat themselves: `known` holds what short texts were read as, so that a hundred thousand orders share one
    ``Standard`` and one 12.5.
    """

    document: str
    namespace: str
    types: Types = field(default_factory=dict)
    known: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)

    def once(self, kind: str, value: str, read: Callable[[str], Any]) -> Any:
        """What `read` makes of the value, the same object for the same value; None is asked for again."""
        found = self.known.get((kind, value))
        if found is None:
            found = read(value)
            if found is not None and len(value) <= _SHORT:
                if len(self.known) >= _MOST_KNOWN:
                    self.known.clear()
                self.known[(kind, value)] = found
        return found

    def bad(self, element: Element, what: str) -> NoReturn:
        raise BadArchive(f"{self.document} line {element.sourceline}: <{self.name(element)}> {what}.")

    def name(self, element: Element) -> str:
        """The name within the document's namespace; an element of another is refused."""
        namespace, _, local = str(element.tag)[1:].rpartition("}")
        if namespace != self.namespace:
            raise BadArchive(
                f"{self.document} line {element.sourceline}: <{local}> has the wrong namespace "
                f"'{namespace}'; '{self.namespace}' is expected."
            )
        return local

    def attribute(self, element: Element, name: str) -> str:
        value = element.get(name, "").strip()
        return value or self.bad(element, f"has no {name}")

    def child(self, element: Element, name: str) -> Element | None:
        return element.find(f"{{{self.namespace}}}{name}")


Reader = Callable[[Element, Place], Any]
# A child's name: the member it becomes and how it is read. None: known, and nothing of it is kept. SPREAD as the
# member: what is read is a document whose members join the parent's.
Table = Mapping[str, tuple[str, Reader] | None]
SPREAD = "*"
_UNKNOWN = object()


def members(element: Element, table: Table, place: Place) -> dict[str, Any]:
    """The children as a document; what is empty is left out."""
    document: dict[str, Any] = {}
    prefix = len(place.namespace) + 2
    for child in element:
        tag = str(child.tag)
        rule: Any = table.get(tag[prefix:], _UNKNOWN)
        if rule is _UNKNOWN or not tag.startswith(f"{{{place.namespace}}}"):
            place.bad(child, f"is not expected in <{place.name(element)}>")
        if rule is None:
            continue
        member, reader = rule
        value = reader(child, place)
        if member is SPREAD:
            document |= value
        elif value is not None:
            document[member] = value
    return document


def nested(table: Table) -> Reader:
    return lambda element, place: members(element, table, place)


def listed(name: str, reader: Reader) -> Reader:
    """The children of one name, each read; other children are refused."""

    def rows(element: Element, place: Place) -> list[Any]:
        found = []
        for child in element:
            if place.name(child) != name:
                place.bad(child, f"is not expected in <{place.name(element)}>")
            found.append(reader(child, place))
        return found

    return rows


def text(element: Element, place: Place) -> str | None:
    return place.once("text", element.text, str) if element.text else None


def number(element: Element, place: Place) -> float | None:
    value = (element.text or "").strip()
    if not value:
        return None
    found: float | None = place.once("number", value, number_in)
    return place.bad(element, "is not a number") if found is None else found


def number_in(value: str) -> float | None:
    return float(value) if _NUMBER.fullmatch(value) else None


def count(element: Element, place: Place) -> float | None:
    """Pieces: files write 1.0, the APIs 1."""
    value = number(element, place)
    return int(value) if value is not None and value.is_integer() else value


def whole(element: Element, place: Place) -> int | None:
    value = number(element, place)
    if value is not None and not value.is_integer():
        place.bad(element, "is not a whole number")
    return None if value is None else int(value)


def flag(element: Element, place: Place) -> bool | None:
    value = (element.text or "").strip()
    if value and value not in _FLAGS:
        place.bad(element, "is neither true nor false")
    return _FLAGS.get(value)


def moment(element: Element, place: Place) -> str | None:
    value = (element.text or "").strip()
    if not value:
        return None
    found: str | None = place.once("moment", value, moment_in)
    return found or place.bad(element, "is not a date with its time")


def moment_in(value: str) -> str | None:
    """The text's moment as Commerce writes it in JSON, None when it is none; one without a zone is in UTC."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return iso(at if at.tzinfo else at.replace(tzinfo=UTC))


def locale(element: Element, place: Place) -> str | None:
    """``de_DE`` in files is ``de-DE`` in the APIs."""
    value = text(element, place)
    return value.replace("_", "-") if value else None


def lowered(element: Element, place: Place) -> str | None:
    value = text(element, place)
    return value.lower() if value else None


def word(words: Mapping[str, str]) -> Reader:
    """One of the words, each with what the APIs call it."""

    def read(element: Element, place: Place) -> str | None:
        value = (element.text or "").strip()
        if value and value not in words:
            place.bad(element, f"is none of {', '.join(words)}")
        return words.get(value)

    return read


def localized(elements: list[Element]) -> dict[str, str]:
    """Texts by locale, the default one under ``default``."""
    texts = {element.get(LANGUAGE, "x-default").replace("_", "-"): element.text or "" for element in elements}
    first = next(iter(texts.values()), "")
    return {"default": texts.pop("x-default", first), **texts}
