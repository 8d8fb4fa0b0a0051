"""Which reason a text gives, by the table in `reasons.toml`: the same answer every time, explained by one phrase."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from sidecar.flows.feedback.concepts import named_together, weight_of
from sidecar.flows.feedback.phrases import Phrases, phrases_of
from sidecar.flows.feedback.text import LANGUAGES, UNKNOWN

_OWN: Final = 0.75
"""What it counts that the shopper named the reason's category."""
_MORE: Final = 0.35
"""What each further phrase of the same reason counts."""
_LEAST: Final = 1.0
"""Weight below which a text gives no reason: a single word that says little."""
_NO_GOODS: Final = 0.75
"""What it counts against a reason of goods that no goods are spoken of."""
_PRAISE: Final = {True: 2.0, None: 0.0, False: -2.0}
"""What a good or bad rating counts for praise."""
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


def reason_of(
    words: str, category: str = "other", *, language: str = "en", happy: bool | None = None, goods: bool = True
) -> Found | None:
    """The reason of a folded text, None when the tables know none.

    Long phrases weigh more than short ones, several more than one, and a reason of the category the shopper chose more
    than another. `language`: its phrases are looked for first, those of the others only where they give nothing.
    `happy`: whether the shopper gave a good rating, so that praise is believed first, or a bad one, None for neither.
    `goods`: whether goods are spoken of; where they are not, one word makes no reason of goods. Order breaks ties.
    """
    known = _heaviest(words, language, category, happy, goods)
    return known or _heaviest(words, UNKNOWN, category, happy, goods)


def _heaviest(words: str, language: str, category: str, happy: bool | None, goods: bool) -> Found | None:
    best: tuple[float, Found] | None = None
    for reason, pattern in _patterns(language):
        signs = {match[0]: _weight(match[0]) for match in pattern.found(words)}
        for names in reason.together:
            if said := named_together(words, language, names):
                signs[said] = max(signs.get(said, 0.0), weight_of(names))
        if not signs:
            continue
        strongest = max(sorted(signs), key=signs.__getitem__)
        weight = signs[strongest] + min(_MOST, _MORE * (len(signs) - 1))
        weight -= _NO_GOODS * (reason.subject == "product" and not goods)
        if weight < _LEAST:
            continue
        weight += _OWN * (reason.category == category)
        weight += _PRAISE[happy] * reason.praise - 2 * reason.vague
        if best is None or weight > best[0]:
            best = (weight, Found(reason=reason, phrase=strongest))
    return best[1] if best else None


def _weight(phrase: str) -> float:
    """Words count, and a Japanese phrase by its characters."""
    return float(len(phrase.split())) if phrase.isascii() else max(1.0, len(phrase) / 3)


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[str, Phrases], ...]:
    held = tomllib.loads(files(__package__).joinpath("goods.toml").read_text(encoding="utf-8"))
    return tuple((kind, phrases_of(words)) for kind, words in held.items())


@lru_cache(maxsize=len(LANGUAGES) + 1)
def _patterns(language: str) -> tuple[tuple[Reason, Phrases], ...]:
    """Those of a language, of all for one that has none."""
    some = (language,) if language in LANGUAGES else LANGUAGES
    return tuple(
        (reason, phrases_of(phrase for one in some for phrase in reason.phrases[one])) for reason in reasons().values()
    )
