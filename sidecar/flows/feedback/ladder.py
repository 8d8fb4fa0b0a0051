"""The deterministic part of the ladder: feedback with the same exact key is about the same thing.

Rungs, first to last; every assignment says its rung and score:

1. ``error``: an error or template id in the text
2. ``product``, ``page``: product id or page id, with a reason
3. ``reason``: the reason alone, with the kind of goods where the text names one
4. ``text``: similar words (`similarity.py`); only a suggestion
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Protocol

from sidecar.flows.feedback.reasons import kind_of, reason_of
from sidecar.flows.feedback.text import Words, words_of

RUNGS: Final = ("error", "product", "page", "reason", "text")
EXACT: Final = frozenset({"error", "product", "page", "reason"})
_ERROR = re.compile(r"\b(?:[A-Z]{2,12}(?:[-_][A-Z]{2,12})*[-_]\d{2,6}|[A-Z]\d{4,6}|0x[0-9A-Fa-f]{4,8})\b")
_HAPPY: Final = 4
_UNHAPPY: Final = 2
"""Ratings from which, and up to which, praise is believed first or last."""
_FAMILY = re.compile(r"[A-Za-z0-9]{4,}(?=[-_])")
_NO_ERROR = re.compile(r"(?:ISO|EN|DIN|UTF|COVID|USB|SKU|ART|SIZE|EU|UK|US)[-_]?\d", re.IGNORECASE)


class Said(Protocol):
    """What of a feedback the ladder looks at."""

    @property
    def text(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def product_id(self) -> str: ...
    @property
    def page_id(self) -> str: ...
    @property
    def rating(self) -> int | None: ...
    @property
    def order_no(self) -> str: ...
    @property
    def customer_no(self) -> str: ...
    @property
    def email(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where on the ladder a feedback stands. `subject` is the product, the page, the error, or a digest of the words.

    `kind` is the kind of goods the text names. `score` is 1 on the exact rungs. `phrase` is what gave the reason.
    """

    rung: str
    subject: str
    reason: str
    words: Words
    kind: str = ""
    phrase: str = ""
    score: float = 1.0

    @property
    def key(self) -> str:
        """The exact key; the same for all that belong together."""
        return f"{self.rung}:{self.subject}|{self.reason}"

    @property
    def exact(self) -> bool:
        return self.rung in EXACT


def place_of(said: Said) -> Place:
    """The highest exact rung that holds, else ``text`` with a key of its own words."""
    text = _anonymous(said)
    words = words_of(text, said.locale)
    error = _error(text)
    if error:
        return Place(rung="error", subject=error, reason="page_error", words=words, phrase=error)
    named = kind_of(words.text)
    found = reason_of(
        words.text,
        said.category,
        language=words.language,
        happy=_happy(said.rating),
        goods=bool(said.product_id or named) or said.category == "product",
    )
    if found is None:
        digest = hashlib.sha256(words.text.encode()).hexdigest()[:16]
        return Place(rung="text", subject=digest, reason="", words=words, score=0.0)
    kind = named if found.reason.subject == "product" else ""
    subjects = {"product": family(said.product_id), "page": said.page_id, "site": ""}
    subject = subjects[found.reason.subject]
    rung = found.reason.subject if subject else "reason"
    return Place(
        rung=rung, subject=subject or kind, reason=found.reason.name, words=words, kind=kind, phrase=found.phrase
    )


def _happy(rating: int | None) -> bool | None:
    return None if rating is None or _UNHAPPY < rating < _HAPPY else rating >= _HAPPY


def _anonymous(said: Said) -> str:
    """The text without the numbers by which the shopper's own order and account are known."""
    known = sorted(
        (one for one in (said.email, said.order_no, said.customer_no) if len(one) > 3), key=len, reverse=True
    )
    return re.sub("|".join(map(re.escape, known)), " ", said.text, flags=re.IGNORECASE) if known else said.text


def family(product_id: str) -> str:
    """The product without what tells its variants apart: ``VV1001-pine-M`` and ``VV1001-rust-L`` are one product.

    What stands before the first hyphen or underscore, when it is long enough to be an id of its own.
    """
    return found[0] if (found := _FAMILY.match(product_id)) else product_id


def _error(text: str) -> str:
    found = next((match[0] for match in _ERROR.finditer(text) if not _NO_ERROR.match(match[0])), "")
    return found.upper() if not found.startswith("0x") else found.lower()
