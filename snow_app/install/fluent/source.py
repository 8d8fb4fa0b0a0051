"""Writing TypeScript: values as literals, calls as statements."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """An expression that stands in the source as it is."""

    text: str


Literal = str | int | bool | Code | Sequence["Literal"] | Mapping[str, "Literal"]
_STEP = "    "
_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


def literal(value: Literal, indent: str = "") -> str:
    """A value as TypeScript writes it. `indent` is that of the line it starts on."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return text(value)
    inner = indent + _STEP
    if isinstance(value, Mapping):
        lines = [f"{inner}{name(key)}: {literal(one, inner)},\n" for key, one in value.items()]
        return "{\n" + "".join(lines) + indent + "}" if lines else "{}"
    return "[" + ", ".join(literal(one, inner) for one in value) + "]"


def text(value: str) -> str:
    """A string in single quotes."""
    escaped = json.dumps(value, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{escaped}'"


def name(key: str) -> str:
    """A property's name, in quotes where it is no identifier."""
    return key if _NAME.fullmatch(key) else text(key)


def call(function: str, argument: Mapping[str, Literal], indent: str = "") -> str:
    """A function called with an object."""
    return f"{function}({literal(argument, indent)})"
