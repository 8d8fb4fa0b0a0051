"""Which reason a text gives, by the table in `reasons.toml`: the same answer every time, explained by one phrase."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

_GAP: Final = r"(?:\s+\S+){0,3}"
_OWN: Final = 0.75
"""What it counts that the shopper named the reason's category."""
_MORE: Final = 0.5
"""What each further phrase of the same reason counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`subject` is product, page or site. `phrases` by language."""

    name: str
    label: str
    subject: str
    category: str
    praise: bool
    vague: bool
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A reason and the phrase by which it was known."""

    reason: Reason
    phrase: str


@lru_cache(maxsize=1)
def reasons() -> Mapping[str, Reason]:
    """The closed list, by name, in its order."""
    held = tomllib.loads(files(__package__).joinpath("reasons.toml").read_text(encoding="utf-8"))
    return {
        name: Reason(
            name=name,
            label=row["label"],
            subject=row["subject"],
            category=row["category"],
            praise=row.get("praise", False),
            vague=row.get("vague", False),
            phrases={language: tuple(row[language]) for language in ("en", "de", "fr", "ja")},
        )
        for name, row in held.items()
    }


def kind_of(words: str) -> str:
    """The kind of goods a folded text names most precisely, empty when it names none."""
    found = [
        (-len(match[0]), place, kind)
        for place, (kind, pattern) in enumerate(_kinds())
        if (match := pattern.search(words)) is not None
    ]
    return min(found)[2] if found else ""


def reason_of(words: str, category: str = "other", *, happy: bool = False) -> Found | None:
    """The reason of a folded text, None when no phrase of the table occurs.

    Long phrases weigh more than short ones, several more than one, and a reason of the category the shopper chose more
    than another. `happy`: the shopper gave a good rating, so that praise is believed first, else last.
    """
    best: tuple[float, Found] | None = None
    for reason, pattern in _patterns():
        phrases = {match[0] for match in pattern.finditer(words)}
        if not phrases:
            continue
        longest = max(sorted(phrases), key=_weight)
        weight = _weight(longest) + _MORE * (len(phrases) - 1) + _OWN * (reason.category == category)
        weight += 2 * (reason.praise and happy) - 2 * reason.vague
        if best is None or weight > best[0]:
            best = (weight, Found(reason=reason, phrase=longest))
    return best[1] if best else None


def _weight(phrase: str) -> float:
    """Words count, and a Japanese phrase by its characters."""
    return float(len(phrase.split())) if phrase.isascii() else max(1.0, len(phrase) / 3)


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    held = tomllib.loads(files(__package__).joinpath("goods.toml").read_text(encoding="utf-8"))
    return tuple((kind, re.compile(_alternatives(tuple(words)))) for kind, words in held.items())


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Reason, re.Pattern[str]], ...]:
    return tuple(
        (reason, re.compile(_alternatives(tuple(phrase for held in reason.phrases.values() for phrase in held))))
        for reason in reasons().values()
    )


def _alternatives(phrases: tuple[str, ...]) -> str:
    # Of phrases that begin alike the regular expression takes the first: the longest has to stand there.
    return "|".join(_pattern(phrase.casefold()) for phrase in sorted(phrases, key=lambda one: (-len(one), one)))


def _pattern(phrase: str) -> str:
    if not phrase.isascii():
        return re.escape(phrase)
    return r"\s+".join(map(_word, phrase.split())).replace(r"\s+..\s+", _GAP + r"\s+")


def _word(word: str) -> str:
    if word == "..":
        return word
    # Latin words stand between Japanese ones without a space.
    lead = r"(?<![a-z0-9])[a-z0-9-]*" if word.startswith("*") else r"(?<![a-z0-9])"
    tail = r"(?![a-z0-9])" if word.endswith("$") else r"[a-z0-9']*"
    return lead + re.escape(word.strip("*$")) + tail
