"""Phrases as the tables write them, made into one pattern that finds any of them in a folded text.

- a word stands for its beginnings: "break" finds "breaks"; "break$" only itself; "*schluss" also "Verschluss"
- words follow each other; ".." between two lets up to three words stand there
- a Japanese phrase is found anywhere
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_GAP: Final = r"(?:\s+\S+){0,3}"
_START: Final = r"(?<![a-z0-9])"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Several phrases. Latin words stand between Japanese ones without a space, so both are looked for in any text."""

    patterns: tuple[re.Pattern[str], ...]

    def found(self, words: str) -> Iterator[re.Match[str]]:
        """Where they occur; of phrases that begin alike the longest."""
        for pattern in self.patterns:
            yield from pattern.finditer(words)


def phrases_of(written: Iterable[str]) -> Phrases:
    """The pattern of phrases; casefolds them."""
    # Of phrases that begin alike a regular expression takes the first: the longest has to stand there.
    ordered = sorted({phrase.casefold() for phrase in written}, key=lambda one: (-len(one), one))
    latin = [phrase for phrase in ordered if phrase.isascii()]
    plain = [_pattern(phrase) for phrase in latin if not phrase.startswith("*")]
    tails = [_pattern(phrase.lstrip("*")) for phrase in latin if phrase.startswith("*")]
    other = [re.escape(phrase) for phrase in ordered if not phrase.isascii()]
    leads = ((_START, plain), (_START + r"[a-z0-9-]*", tails), ("", other))
    return Phrases(tuple(re.compile(f"{lead}(?:{'|'.join(some)})") for lead, some in leads if some))


def _pattern(phrase: str) -> str:
    # The first word's beginning is looked for once, before all alternatives: that is what makes it fast.
    first, *rest = phrase.split()
    written = "".join(_GAP if word == ".." else r"\s+" + _START + _word(word) for word in rest)
    return _word(first) + written


def _word(word: str) -> str:
    tail = r"(?![a-z0-9])" if word.endswith("$") else r"[a-z0-9']*"
    return re.escape(word.rstrip("$")) + tail
