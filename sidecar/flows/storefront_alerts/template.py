"""Messages without what differs from one occurrence to the next, and without what could be about a person.

`masked` tells which messages are one kind: the masking step of Drain (He et al., ICWS 2017), without its tree, because
structured evidence comes first. `shown` is what an incident may quote: words that are known to be technical, and
nothing else. A name, an address or a sentence somebody typed cannot pass, whatever language it is in.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Final

_LONGEST = 300
_MASKS: Final = (
    (re.compile(r"[^\s@]+@[^\s@]+"), "<address>"),
    (re.compile(r"https?://\S+"), "<url>"),
    (re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"\"[^\"]*\"|'[^']*'|‘[^’]*’|“[^”]*”"), "<text>"),
    (re.compile(r"(?<=[=:])[^\s,;&)\]}]+"), "<value>"),
    (re.compile(r"\b(?=\w*\d)[\w.:+-]+"), "<n>"),
    (re.compile(r"[/\\][^\s]*"), "<path>"),
)
_WORD = re.compile(r"[^\s,;:()\[\]{}<>\"'!?]+|<[a-z]+>")
_EDGES = ".-_/"
_NAMES: Final = frozenset(name for _, name in _MASKS)


def masked(message: str) -> str:
    """The message with numbers, ids, addresses, quoted text and values replaced by what they are."""
    text = " ".join(message.split()).casefold()
    for pattern, name in _MASKS:
        text = pattern.sub(name, text)
    return text[:_LONGEST]


def shown(message: str, known: Collection[str] = ()) -> str:
    """What may be quoted of a message: known technical words and `known` (the alert's own ids); the rest is "…"."""
    text = " ".join(message.split())
    for pattern, name in _MASKS[:-2]:
        text = pattern.sub(name, text)
    kept: list[str] = []
    names = {name for name in known if name}
    for found in _WORD.finditer(text):
        word = found[0].strip(_EDGES)
        kept.append(found[0] if _harmless(word, names) else "…")
    joined = " ".join(word for place, word in enumerate(kept) if word != "…" or kept[place - 1 : place] != ["…"])
    return joined[:_LONGEST]


def _harmless(word: str, names: Collection[str]) -> bool:
    if word in names or word in _NAMES:
        return True
    return word.casefold() in _words() or bool(re.fullmatch(r"[1-5]\d\d|\d{1,6}(?:\.\d+)?(?:ms|s|%)", word))


@cache
def _words() -> frozenset[str]:
    """The technical words, one a line."""
    return frozenset(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())
