"""The JSON text of documents, written once and used for as long as the document stays the same one.

An order takes longer to write than everything else an answer needs, and documents are replaced, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from typing import Any

from sfcc_client.emulator.state import Document

_KEPT = 20_000


def written(document: Any) -> str:
    """Compact JSON."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


class Texts:
    """Remembers how documents look in one view. Threads may at worst write a text twice."""

    def __init__(self, key: Callable[[Document], Hashable], view: Callable[[Document], Any]) -> None:
        self._key, self._view = key, view
        self._known: dict[Hashable, tuple[Document, str]] = {}

    def of(self, document: Document) -> str:
        key = self._key(document)
        known = self._known.get(key)
        if known is not None and known[0] is document:
            return known[1]
        text = written(self._view(document))
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[key] = (document, text)
        return text
