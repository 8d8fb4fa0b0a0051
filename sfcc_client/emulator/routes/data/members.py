"""Members of Data API documents: their names in both spellings, and what a body may say about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sfcc_client.emulator.routes.data.door import fault
from sfcc_client.emulator.state import Document
from sfcc_client.emulator.world import world

_UPPER = re.compile(r"(?<!^)([A-Z])")
_LOWER = re.compile(r"_([a-z0-9])")
Fits = Callable[[Any], bool]


def snake_members(document: Document) -> dict[str, Any]:
    """Members in snake case. Only their own names change: the keys of a map are locales and sites."""
    return {
        name if name.startswith("c_") else _UPPER.sub(r"_\1", name).lower(): part for name, part in document.items()
    }


def camel(name: str) -> str:
    return name if name.startswith("c_") else _LOWER.sub(lambda match: match[1].upper(), name)


def accepted(
    kind: str,
    sent: Mapping[str, Any],
    known: Mapping[str, Fits],
    ignored: frozenset[str],
    *,
    attributes: str | None = None,
) -> dict[str, Any]:
    """The members to store, in camel case; None takes one away. `ignored` ones may be sent back as they were read.

    `attributes` is the object type whose custom attributes are checked; without it every ``c_…`` member is taken.
    Raises the faults UnknownPropertyException and PropertyConstraintViolationException.
    """
    members: dict[str, Any] = {}
    for name, value in sent.items():
        if name in ignored or name.startswith("_"):
            continue
        fits = known.get(name)
        if fits is None and not name.startswith("c_"):
            message = f"The document '{kind}' has no property '{name}'."
            raise fault(400, "UnknownPropertyException", message, document=kind, property=name)
        if value is not None and fits is not None and not fits(value):
            message = f"The value of the property '{name}' of the document '{kind}' is not valid."
            raise fault(400, "PropertyConstraintViolationException", message, document=kind, property=name)
        if attributes is not None and name.startswith("c_"):
            _check_attribute(kind, attributes, name, value)
        members[camel(name)] = value
    return members


def _check_attribute(kind: str, object_type: str, name: str, value: Any) -> None:
    """Of a map by locale every text has to fit; marked-up text counts as its source."""
    parts = list(value.values()) if isinstance(value, dict) else [value]
    for part in parts:
        plain = part.get("source") if isinstance(part, dict) else part
        problem = world().state.attributes.problem_of(object_type, name, plain)
        if problem is not None:
            unknown = world().state.attributes.definitions.get((object_type, name.removeprefix("c_"))) is None
            exception = "UnknownPropertyException" if unknown else "PropertyConstraintViolationException"
            raise fault(400, exception, problem, document=kind, property=name)


def merged(old: Document, members: Mapping[str, Any]) -> dict[str, Any]:
    """The document with these members; maps by locale or site are merged key by key, None takes a key away."""
    document = dict(old)
    for name, value in members.items():
        before = document.get(name)
        if isinstance(value, dict) and isinstance(before, Mapping) and "_type" not in value:
            value = {key: part for key, part in {**before, **value}.items() if part is not None}  # noqa: PLW2901
        document[name] = value
    return {name: value for name, value in document.items() if value is not None}


def text(most: int = 4000) -> Fits:
    return lambda value: isinstance(value, str) and len(value) <= most


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def mapped(fits: Fits) -> Fits:
    """A map by locale or site whose values fit or are None."""
    return lambda value: isinstance(value, dict) and all(part is None or fits(part) for part in value.values())
