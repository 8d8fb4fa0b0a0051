"""What a text speaks of: things and troubles by the tables in `lexicon/`, the same in four languages.

A phrase of `reasons.toml` gives a reason by itself. A concept gives one only together with others nearby, and so may be
called by words that say little alone: "sole" and "came off", wherever they stand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import product
from typing import Any, Final

from sidecar.flows.feedback.phrases import Phrases, phrases_of
from sidecar.flows.feedback.text import LANGUAGES

_TABLES: Final = ("faults", "orders", "money", "website")
_NEAR: Final = 90
"""Characters within which concepts belong together; a third of it where the text is Japanese."""
_BROAD: Final = 0.5
_COMPARED: Final = 12
"""Occurrences of one concept that are looked at."""


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    """Name to weight: a concept whose words say little alone weighs half."""
    return {name: _BROAD if row.get("broad") else 1.0 for name, row in _tables().items()}


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, Any]]:
    held: dict[str, Mapping[str, Any]] = {}
    for table in _TABLES:
        held |= tomllib.loads(files(__package__).joinpath("lexicon", f"{table}.toml").read_text(encoding="utf-8"))
    return held


@lru_cache(maxsize=len(LANGUAGES) + 1)
def _patterns(language: str) -> Mapping[str, Phrases]:
    return {name: phrases_of(row[language]) for name, row in _tables().items()} if language in LANGUAGES else {}


def names() -> frozenset[str]:
    """The names of all concepts."""
    return frozenset(_tables())


@lru_cache(maxsize=4096)
def concepts_of(words: str, language: str) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """The concepts of a folded text in a language: where each is named, and how. None in a language without a list.

    "die" is a death in English and an article in German: words count in their own language only.
    """
    found = {
        name: tuple((match.start(), match[0]) for match in phrases.found(words))
        for name, phrases in _patterns(language).items()
    }
    return {name: places[:_COMPARED] for name, places in found.items() if places}


def weight_of(together: Sequence[str]) -> float:
    """What it counts that these concepts stand together."""
    return sum(_weights()[name] for name in together)


def named_together(words: str, language: str, together: Sequence[str]) -> str:
    """The words by which a text names all these concepts close to each other, empty when it does not."""
    found = concepts_of(words, language)
    if not all(name in found for name in together):
        return ""
    near = _NEAR // 3 if language == "ja" else _NEAR
    best = min(
        (
            (max(starts) - min(starts), places)
            for places in product(*(found[name] for name in together))
            # One word is not two things.
            if len(set(starts := [start for start, _ in places])) == len(places)
        ),
        default=None,
    )
    return " ".join(said for _, said in sorted(best[1])) if best and best[0] <= near else ""
