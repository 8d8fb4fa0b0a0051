"""Text as the flow compares it: folded, without people, abuse and emoji, and never as anything but text.

English, German, French and Japanese are told apart; what is in another language keeps its words and has no reasons.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from sidecar.events.scrub import scrubbed
from sidecar.observe.redaction import redacted

LANGUAGES: Final = ("en", "de", "fr", "ja")
UNKNOWN: Final = "und"
_LONGEST: Final = 2000
"""Characters that are compared; what comes after says nothing new about the reason."""

_HIDDEN = re.compile(r"\[(?:address|bank account|card|code|date|email|password|phone|redacted|session|token)\]")
# The log's own classes know international numbers; shoppers also write national ones.
_PHONE = re.compile(r"(?<![\w-])0\d[\d /.()-]{6,18}\d(?![\w-])")
_ADDRESS = re.compile(
    r"\b(?:\w+(?:straße|strasse|str\.|weg|allee|gasse)|(?:rue|avenue|boulevard) [\w' -]{2,30},?)\s*\d{1,4}\s?[a-z]?\b"
    r"|\b\d{1,4},? (?:rue|avenue|boulevard|allée) [\w'-]+(?: [\w'-]+){0,3}"
    r"|\b\d{1,5} (?:[A-Z][\w'-]+ ){1,3}(?:street|st\.|road|rd\.|lane|avenue|ave\.|drive)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_MARKS = re.compile(r"[\u0300-\u036f]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")

_COMMON: Final = {
    "en": "the and is was it my not with for this have that but very after they are of too i'm to when on your does",
    "de": "der die das und ist war ich nicht mit fur ein eine es auf den dem zu sehr nach sind aber hat wurde im kein",
    "fr": "le la les et est c'est un une je ne pas pour dans que des du sur tres mais il elle au j'ai apres trop avec",
}
_COMMON_SETS = {language: frozenset(words.split()) for language, words in _COMMON.items()}

_ABUSE = re.compile(
    r"\b(?:(?:mother)?fuck\w*|shit\w*|bullshit|bastards?|assholes?|bitch\w*|crap|wtf|damn|scheiss\w*|arschl\w*|wichser\w*"
    r"|verdammt\w*|verfickt\w*|merde\w*|putain|connards?|connasse|bordel|salauds?|encule\w*|foutu\w*)\b"
    r"|くそ|クソ|ふざけるな|ふざけんな|バカ|ばか|馬鹿|死ね"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text as it is compared and kept. `language` is one of LANGUAGES or `UNKNOWN`; `abusive`: it swears."""

    text: str
    language: str
    abusive: bool = False


def masked(text: str) -> str:
    """The text without card numbers, addresses, numbers and secrets of people; for people to read."""
    hidden = str(redacted(scrubbed(text)))
    return _ADDRESS.sub("[address]", _PHONE.sub("[phone]", hidden))


def words_of(text: str, locale: str = "") -> Words:
    """What of a text is compared: masked first, then folded. Never longer than 2,000 characters."""
    folded = folded_text(_HIDDEN.sub(" ", masked(text)))
    plain = _ABUSE.sub(" ", folded)
    kept = " ".join(_WORD.findall(plain))[:_LONGEST]
    return Words(text=kept, language=_language(kept, locale), abusive=plain != folded)


def folded_text(text: str) -> str:
    """One spelling for what reads alike: width, case, accents, stretched letters, invisible characters."""
    straight = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _LINK.sub(" ", text))).replace("’", "'")
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", straight.casefold()))
    return _STRETCHED.sub(r"\1", unicodedata.normalize("NFKC", bare))


def _language(words: str, locale: str) -> str:
    """By script and by common words; the locale decides where the text does not."""
    spoken = re.split(r"[-_]", locale.casefold(), maxsplit=1)[0]
    letters = sum(character.isalpha() for character in words)
    if letters and len(_JAPANESE.findall(words)) * 3 >= letters:
        return "ja"
    tokens = words.split()
    counts = {language: sum(token in common for token in tokens) for language, common in _COMMON_SETS.items()}
    best = max(counts, key=lambda language: (counts[language], language == spoken))
    if counts[best] and counts[best] > counts.get(spoken, 0):
        return best
    return spoken if spoken in LANGUAGES else UNKNOWN
