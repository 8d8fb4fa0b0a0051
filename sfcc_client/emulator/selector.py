"""Property selectors, the `select` parameter: ``(name,id,hits.(data.(order_no)),variationAttributes.(**))``.

Names, ``*`` and ``**``, and selectors nested behind a point; array positions and filters are not understood.
"""

from __future__ import annotations

import re
from typing import Any

from sfcc_client.emulator.errors import Problem

_TOKEN = re.compile(r"\*\*|\*|[\w-]+|[().,]")
Selection = dict[str, "Selection | None"]


def selected(document: Any, selector: str) -> Any:
    """The document with only the selected members. Raises the problem malformed-selector."""
    return _kept(document, selection_of(selector))


def selection_of(selector: str) -> Selection:
    """The tree a selector means; None marks a member that is taken whole."""
    tokens = _TOKEN.findall(selector)
    if "".join(tokens) != selector.replace(" ", ""):
        raise Problem("malformed-selector", selector=selector)
    try:
        selection, rest = _group(tokens)
    except (IndexError, ValueError):
        raise Problem("malformed-selector", selector=selector) from None
    if rest:
        raise Problem("malformed-selector", selector=selector)
    return selection


def _group(tokens: list[str]) -> tuple[Selection, list[str]]:
    if tokens[0] != "(":
        raise ValueError("a selector starts with a bracket")
    selection: Selection = {}
    rest = tokens
    while rest[0] != ")":
        name, rest = rest[1], rest[2:]
        if name in "().,":
            raise ValueError("a name is missing")
        selection[name] = None
        if rest[0] == ".":
            selection[name], rest = _group(rest[1:])
        if rest[0] not in ",)":
            raise ValueError("a comma or bracket is missing")
    return selection, rest[1:]


def _kept(document: Any, selection: Selection | None) -> Any:
    if selection is None or "**" in selection:
        return document
    if isinstance(document, list):
        return [_kept(part, selection) for part in document]
    if not isinstance(document, dict):
        return document
    if "*" in selection:
        return {name: part for name, part in document.items() if not isinstance(part, dict | list)}
    return {name: _kept(part, selection[name]) for name, part in document.items() if name in selection}
