"""Loop guards: the source of a script with a call to ``$step()`` in every loop and function.

The engine's own time limit cannot be used, because it forbids calls back into Python. So a script that runs for ever is
stopped from the inside: `guarded` puts ``$step()`` into loop conditions and at the start of function bodies, without
moving any line. What remains outside is covered elsewhere: recursion by the stack limit, memory by the memory limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

STEP = "$step()"

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<template>`(?:\\.|[^`\\])*`)
      | (?P<word>[A-Za-z_$][\w$]*)
      | (?P<number>\d[\w.]*)
      | (?P<sign>=>|\+\+|--|.)""",
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
# After these a slash starts a regular expression; after a name, a number, `)`, `]` or `}` it divides.
_OPERAND_WORDS = frozenset({"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do"})


_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@lru_cache(maxsize=512)
def guarded(source: str) -> str:
    """`source` with guards; text the tokenizer cannot read comes back as it is, for the engine to refuse."""
    tokens = [token for token in _tokens(source) if token.kind != "space"]
    insertions: dict[int, str] = {}
    for index, token in enumerate(tokens):
        if token.kind != "word" or _is_member(tokens, index):
            continue
        place = _PLACES.get(token.text)
        if place is not None:
            insertions.update(place(tokens, index))
    pieces, last = [], 0
    for position in sorted(insertions):
        pieces += [source[last:position], insertions[position]]
        last = position
    return "".join([*pieces, source[last:]])


def _tokens(source: str) -> Iterator[_Token]:
    position, previous = 0, None
    while position < len(source):
        match = None
        if (
            source[position] == "/"
            and source[position : position + 2] not in ("//", "/*")
            and _starts_operand(previous)
        ):
            match = _REGEX.match(source, position)
        kind = "regex"
        if match is None:
            match = _TOKEN.match(source, position)
            if match is None:
                return
            kind = str(match.lastgroup)
        token = _Token(kind=kind, text=match.group(), start=position)
        if kind == "sign" and token.text in "'\"`":
            return
        yield token
        position = token.end
        if kind != "space":
            previous = token


def _starts_operand(previous: _Token | None) -> bool:
    if previous is None:
        return True
    if previous.kind == "word":
        return previous.text in _OPERAND_WORDS
    return previous.kind == "sign" and previous.text not in (")", "]", "}", "++", "--")


def _is_member(tokens: list[_Token], index: int) -> bool:
    """`x.for` and `{for: 1}` are names, not statements."""
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return before == "." or after == ":"


def _closing(tokens: list[_Token], opening: int) -> int | None:
    depth = 0
    for index in range(opening, len(tokens)):
        change = _DEPTH.get(tokens[index].text, 0) if tokens[index].kind == "sign" else 0
        depth += change
        if change < 0 and depth == 0:
            return index
    return None


def _while(tokens: list[_Token], index: int) -> dict[int, str]:
    if index + 1 < len(tokens) and tokens[index + 1].text == "(":
        return {tokens[index + 1].end: f"{STEP},"}
    return {}


def _for(tokens: list[_Token], index: int) -> dict[int, str]:
    """The middle part of a classic header; `for…in` and `for…of` end with what they walk."""
    opening = index + 1
    if opening >= len(tokens) or tokens[opening].text != "(":
        return {}
    depth = 0
    for place in range(opening, _closing(tokens, opening) or opening):
        sign = tokens[place].text if tokens[place].kind == "sign" else ""
        depth += _DEPTH.get(sign, 0)
        if sign == ";" and depth == 1:
            empty = tokens[place + 1].text == ";"
            return {tokens[place].end: STEP if empty else f"{STEP},"}
    return {}


def _function(tokens: list[_Token], index: int) -> dict[int, str]:
    opening = next((i for i in range(index + 1, min(index + 4, len(tokens))) if tokens[i].text == "("), None)
    closing = _closing(tokens, opening) if opening is not None else None
    if closing is None or closing + 2 >= len(tokens) or tokens[closing + 1].text != "{":
        return {}
    # A directive ("use strict") must stay the first statement.
    if tokens[closing + 2].kind == "string":
        return {}
    return {tokens[closing + 1].end: f"{STEP};"}


_PLACES = {"while": _while, "for": _for, "function": _function}
