"""Custom attributes: XML holds texts only, the archive's metadata says what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sfcc_client.emulator.archive.fields import LANGUAGE, Place, Reader, Types, moment_in
from sfcc_client.emulator.archive.markup import Element
from sfcc_client.emulator.seed.validation import schema

_FLAGS = {"true": True, "false": False}


def custom(type_id: str) -> Reader:
    """The ``c_`` members in <custom-attributes> of an object of the type, such as ``Order``."""

    def read(element: Element, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for child in element:
            if place.name(child) != "custom-attribute":
                place.bad(child, "is not expected in <custom-attributes>")
            name, value = attribute(child, place, type_id)
            # Of a localized attribute the default is kept; a value of another locale only until the default comes.
            if value is not None and (f"c_{name}" not in found or child.get(LANGUAGE) == "x-default"):
                found[f"c_{name}"] = value
        return found

    return read


def attribute(element: Element, place: Place, type_id: str) -> tuple[str, Any]:
    """Name and value of one attribute; several <value> are a list, nothing at all is None."""
    name = place.attribute(element, "attribute-id")
    kind = place.types.get((type_id, name))
    several = [_read(part.text or "", kind, element, place) for part in element if place.name(part) == "value"]
    if kind is not None and kind.startswith("set-of-"):
        return name, several or None
    if several:
        return name, several[0] if len(several) == 1 else several
    return name, _read(element.text, kind, element, place) if element.text else None


def _read(value: str, kind: str | None, element: Element, place: Place) -> Any:
    """Without a declaration only true and false are more than a text."""
    if kind is None:
        return _FLAGS.get(value, value)
    reader = _READERS.get(kind.removeprefix("set-of-").removeprefix("enum-of-"))
    try:
        return reader(value) if reader else value
    except (ValueError, KeyError):
        place.bad(element, f"is not the {kind} that the metadata declares")


def _day(value: str) -> str:
    return value[:10]


def _moment(value: str) -> str:
    return moment_in(value) or value


_READERS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda value: _FLAGS[value.strip()],
    "int": int,
    "double": float,
    "date": _day,
    "datetime": _moment,
}


def declared(element: Element, place: Place) -> Iterator[tuple[tuple[str, str], str]]:
    """The types in a <type-extension> or <custom-type>: ((type, attribute), kind)."""
    type_id = place.attribute(element, "type-id")
    for definition in element.iter(f"{{{place.namespace}}}attribute-definition"):
        kind = place.child(definition, "type")
        if kind is not None and kind.text:
            yield (type_id, place.attribute(definition, "attribute-id")), kind.text.strip()


def definitions(types: Types) -> list[dict[str, Any]]:
    """The declarations as a dataset has them; those of objects and kinds the emulator does not know are left out."""
    known = schema()["$defs"]["attributeDefinition"]["properties"]
    rows = [
        {"objectType": object_type, "id": attribute_id, "valueType": kind.replace("-", "_")}
        for (object_type, attribute_id), kind in types.items()
    ]
    return [row for row in rows if all(row[name] in known[name]["enum"] for name in ("objectType", "valueType"))]
