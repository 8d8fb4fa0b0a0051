"""Takes personal data and secrets out of log events, by what a value looks like and not only by what it is called.

A field's name is a poor guide: an address turns up in an error message, a token in a URL. So every string of an event
is searched for the value classes below; a few names are emptied whatever they hold. Exceptions are reduced to their
type, because a message may quote what upstream sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sidecar.observe.cards import without_cards

HIDDEN = "[redacted]"
_SECRET_NAMES = re.compile(
    r"(password|passwd|secret|authorization|cookie|api_?key|private_?key|token|e?mail|phone|first_?name|last_?name)$",
    re.IGNORECASE,
)
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Class:
    """A class of values. A text can hold one only when it holds one of `hints` (case-folded) and is `least` long: to
    ask that first makes the usual log line, which holds none, cost microseconds.
    """

    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]
    hints: tuple[str, ...]
    least: int = 0


_CLASSES = (
    _Class(re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9+/=_.~-]{6,}", re.IGNORECASE), r"\1 [token]", ("bearer", "basic")),
    _Class(re.compile(r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*"), "[token]", ("eyj",)),
    _Class(re.compile(r"\b[A-Za-z0-9_-]{4,64}\.[A-Za-z0-9_-]{32,}\b"), "[token]", (".",), least=37),
    _Class(
        re.compile(r"(?i)\b(client_secret|password|access_token|refresh_token|token|t)=[^&\s\"']+"),
        r"\1=[token]",
        ("=",),
    ),
    _Class(
        re.compile(r"[^\s@<>\"'=:,;()\[\]{}/?&]{1,64}(?:@|%40)[^\s@<>\"'=:,;()\[\]{}/?&]{1,190}\.[A-Za-z]{2,}"),
        "[email]",
        ("@", "%40"),
    ),
    _Class(re.compile(r".+", re.DOTALL), lambda found: without_cards(found[0]), ("",), least=13),
    _Class(re.compile(r"(?<![\w.:])\+\d[\d\s().-]{5,18}\d(?![\d:])"), "[phone]", ("+",)),
)


def redacted(value: Any, depth: int = 0) -> Any:
    """`value` without anything that looks like personal data or a secret; containers are copied, not changed."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        return _container(value, depth) if depth <= _DEEPEST else HIDDEN
    return _text(_written(value))


def redact_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: put it last before the renderer."""
    return {_name(name): _field(name, held, 0) for name, held in event.items()}


def _field(name: str, value: Any, depth: int) -> Any:
    if _is_secret(name) and value not in (None, ""):
        return HIDDEN
    return redacted(value, depth + 1)


def _container(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {_name(str(name)): _field(str(name), held, depth) for name, held in value.items()}
    return [redacted(held, depth + 1) for held in value]


def _written(value: Any) -> str:
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"[{len(value)} bytes]"
    return str(value)


def _text(text: str) -> str:
    if text.isalpha():
        return text  # every class takes more than letters
    folded = text.casefold()
    for one in _CLASSES:
        if len(text) >= one.least and any(hint in folded for hint in one.hints):
            text = one.pattern.sub(one.replacement, text)
    return text


# Names of fields are written in our code, so there are few.
_name = lru_cache(maxsize=256)(_text)


@lru_cache(maxsize=256)
def _is_secret(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None
