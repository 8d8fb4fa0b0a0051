"""``${…}`` and ``$[…]``: finding them in text and turning their JEXL into JavaScript."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .errors import JellyError

_CLOSING = {"{": "}", "[": "]"}
_PREFIXES = re.compile(r"^((?:JS|HTML|NOESC|NS|SAFE)(?:,(?:JS|HTML|NOESC|NS|SAFE))*):")
_STRINGS = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
# Words of JEXL and what JavaScript writes for them.
_WORDS = (
    ("and", "&&"), ("or", "||"), ("not", "!"), ("eq", "=="), ("ne", "!="), ("lt", "<"), ("gt", ">"), ("le", "<="),
    ("ge", ">="), ("mod", "%"), ("div", "/"),
)  # fmt: skip
_LITERALS = {"AMP": "&", "AND": "&&", "SP": "\u00a0", "LT": "<", "GT": ">"}
_JS_ESCAPES = {
    "\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "<": "\\x3c", ">": "\\x3e", "&": "\\x26",
    "\u2028": "\\u2028", "\u2029": "\\u2029",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One expression; `source` is JavaScript, `escapes` the escaping asked for (JS, HTML)."""

    source: str
    escapes: tuple[str, ...] = ()


def parts(text: str, opening: str, line: int = 0) -> Iterator[str | Expression]:
    """Literal text and expressions in order; `opening` is "${" or "$[". Raises JellyError for an open end."""
    plain = text
    for name, literal in _LITERALS.items():
        text = text.replace(f"{opening}{name}{_CLOSING[opening[1]]}", literal)
    # "$[AMP]nbsp;" is how a document writes an entity past the XML parser.
    decoded: Callable[[str], str] = str if text == plain else html.unescape
    position = 0
    while (start := text.find(opening, position)) >= 0:
        if start > position:
            yield decoded(text[position:start])
        end = _end(text, start + 1, line)
        yield _expression(text[start + 2 : end], line)
        position = end + 1
    if position < len(text):
        yield decoded(text[position:])


def _end(text: str, start: int, line: int) -> int:
    """The index of the bracket that closes the one at `start`, quotes respected."""
    opening, closing, depth, quote = text[start], _CLOSING[text[start]], 0, ""
    for index in range(start, len(text)):
        letter = text[index]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == opening:
            depth += 1
        elif letter == closing:
            depth -= 1
            if not depth:
                return index
    raise JellyError(f"expression is not closed: {text[start - 1 : start + 40]}", line=line)


def _expression(inner: str, line: int) -> Expression:
    inner = inner.strip()
    escapes: tuple[str, ...] = ()
    if found := _PREFIXES.match(inner):
        escapes = tuple(found[1].split(","))
        inner = inner[found.end() :].strip()
    if "NOESC" in escapes:
        raise JellyError("NOESC: prints text without escaping and is refused", line=line)
    if not inner:
        raise JellyError("empty expression", line=line)
    return Expression(source=_javascript(inner), escapes=escapes)


def _javascript(jexl: str) -> str:
    pieces = _STRINGS.split(jexl)
    for index in range(0, len(pieces), 2):
        for word, sign in _WORDS:
            pieces[index] = re.sub(rf"(?<![\w.$]){word}(?![\w$])", sign, pieces[index])
    return "".join(pieces)


def js_escaped(text: str) -> str:
    """Text that may stand inside a JavaScript string literal in a page."""
    return "".join(_JS_ESCAPES.get(letter, letter) for letter in text)
