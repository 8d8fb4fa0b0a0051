"""Which reason a text gives, by the table in `reasons.toml`: the same answer every time, explained by one phrase."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from sidecar.flows.feedback.concepts import LANGUAGES, named_together, weight_of
from sidecar.flows.feedback.phrases import Phrases, phrases_of

_OWN: Final = 0.75
"""What it counts that the shopper named the reason's category."""
_MORE: Final = 0.5
"""What each further phrase of the same reason counts."""
_MOST: Final = 2.0
"""What further phrases count together at most: many words are not many reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`subject` is product, page or site. `phrases` by language.

    `together`: concepts that name the reason when they stand close to each other."""

    name: str
    label: str
    subject: str
    category: str
    praise: bool
    vague: bool
    phrases: Mapping[str, tuple[str, ...]]
    together: tuple[tuple[str, ...], ...] = ()


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
            phrases={language: tuple(row[language]) for language in LANGUAGES},
            together=tuple(tuple(names.split()) for names in row.get("together", ())),
        )
        for name, row in held.items()
    }


def kind_of(words: str) -> str:
    """The kind of goods a folded text names most precisely, empty when it names none."""
    found = [
        (-len(match[0]), place, kind)
        for place, (kind, pattern) in enumerate(_kinds())
        for match in pattern.found(words)
    ]
    return min(found)[2] if found else ""


def reason_of(words: str, category: str = "other", *, language: str = "en", happy: bool = False) -> Found | None:
    """The reason of a folded text, None when no phrase of the table occurs.

    Long phrases weigh more than short ones, several more than one, and a reason of the category the shopper chose more
    than another. `happy`: the shopper gave a good rating, so that praise is believed first, else last.
    """
    ranked = ranked_reasons(words, category, language=language, happy=happy)
    return ranked[0][1] if ranked else None


def ranked_reasons(
    words: str, category: str = "other", *, language: str = "en", happy: bool = False
) -> list[tuple[float, Found]]:
    """All reasons a folded text gives with their weight, the heaviest first; the table's order breaks ties."""
    ranked = []
    for reason, pattern in _patterns():
        signs = {match[0]: _weight(match[0]) for match in pattern.found(words)}
        for names in reason.together:
            if said := named_together(words, language, names):
                signs[said] = max(signs.get(said, 0.0), weight_of(names))
        if not signs:
            continue
        strongest = max(sorted(signs), key=signs.__getitem__)
        weight = signs[strongest] + min(_MOST, _MORE * (len(signs) - 1)) + _OWN * (reason.category == category)
        weight += 2 * (reason.praise and happy) - 2 * reason.vague
        ranked.append((weight, Found(reason=reason, phrase=strongest)))
    return sorted(ranked, key=lambda one: -one[0])


def _weight(phrase: str) -> float:
    """Words count, and a Japanese phrase by its characters."""
    return float(len(phrase.split())) if phrase.isascii() else max(1.0, len(phrase) / 3)


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[str, Phrases], ...]:
    held = tomllib.loads(files(__package__).joinpath("goods.toml").read_text(encoding="utf-8"))
    return tuple((kind, phrases_of(words)) for kind, words in held.items())


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Reason, Phrases], ...]:
    return tuple(
        (reason, phrases_of(phrase for held in reason.phrases.values() for phrase in held))
        for reason in reasons().values()
    )
