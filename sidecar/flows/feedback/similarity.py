"""What a feedback without an exact key is probably about. It suggests, and decides nothing.

Two ways, in this order:

- a reason of products, without a product: the cluster of a product that has this reason, the one with the most similar
  words where several have
- no reason: the cluster with the most similar words, TF-IDF over letters, so that Japanese needs no word boundaries

Needs the extra ``analysis`` (scikit-learn). Without it nothing is suggested and the exact rungs work as before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from sqlalchemy import Connection, select

from sidecar.flows.feedback.clusters import Suggestion, final
from sidecar.flows.feedback.ladder import Place
from sidecar.flows.feedback.policy import FeedbackPolicy
from sidecar.flows.feedback.reasons import reasons
from sidecar.flows.feedback.tables import ITEMS
from sidecar.flows.feedback.text import Words

_NGRAMS: Final = (2, 4)
_SHORTEST: Final = 4
"""Characters below which words are similar by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An earlier feedback, and the cluster a similar one would be suggested for."""

    words: str
    place: Place
    cluster_id: str


def suggested(place: Place, known: Sequence[Known], policy: FeedbackPolicy) -> Suggestion | None:
    """The cluster that a feedback probably belongs to, None when it has an exact one or nothing is similar."""
    vectorizer = _vectorizer()
    if vectorizer is None or not known or len(place.words.text) < _SHORTEST:
        return None
    if place.rung == "text":
        return _most_similar(vectorizer, place, known, policy.similar_at)
    if place.rung == "reason" and reasons()[place.reason].subject == "product":
        return _product(vectorizer, place, [one for one in known if one.place.reason == place.reason], policy)
    return None


def leads(place: Place, other: Place) -> bool:
    """Whether a feedback on a product says which product an `other` one without a product was about."""
    same = place.reason == other.reason and place.kind == other.kind != ""
    return place.rung == "product" and other.rung == "reason" and same


def _product(vectorizer: Any, place: Place, same: Sequence[Known], policy: FeedbackPolicy) -> Suggestion | None:
    """The product of a feedback that names none: one of its kind, or the only one, or the one of the closest words."""
    kinds: dict[str, Counter[str]] = {}
    for one in same:
        if one.place.rung == "product":
            kinds.setdefault(one.cluster_id, Counter())[one.place.kind] += 1
    fitting = {cluster for cluster, named in kinds.items() if place.kind in ("", _most(named)) or _most(named) == ""}
    if len(fitting) == 1:
        return Suggestion(cluster_id=fitting.pop(), score=policy.only_one_score)
    return _most_similar(vectorizer, place, [one for one in same if one.cluster_id in fitting], policy.same_reason_at)


def _most(kinds: Counter[str]) -> str:
    """The kind that most of those who name one call a product."""
    named = [(count, kind) for kind, count in kinds.items() if kind]
    return max(named)[1] if named else ""


def _most_similar(vectorizer: Any, place: Place, known: Sequence[Known], at_least: float) -> Suggestion | None:
    """The cluster of the most similar words; of equals the one that came first."""
    if not known:
        return None
    made = vectorizer(analyzer="char_wb", ngram_range=_NGRAMS, sublinear_tf=True)
    rows = made.fit_transform([place.words.text, *(one.words for one in known)])
    cosines = (rows[1:] @ rows[0].T).toarray().ravel()
    best = int(cosines.argmax())
    score = round(float(cosines[best]), 4)
    return Suggestion(cluster_id=known[best].cluster_id, score=score) if score >= at_least else None


@lru_cache(maxsize=1)
def _vectorizer() -> Any:
    """scikit-learn's class, None where it is not installed."""
    try:
        return import_module("sklearn.feature_extraction.text").TfidfVectorizer
    except ImportError:
        return None


def suggestion(
    connection: Connection, site_id: str, place: Place, *, before: int, policy: FeedbackPolicy
) -> Suggestion | None:
    """What a feedback is suggested for among those of its site that came before event `before`."""
    if place.rung not in ("text", "reason") or _vectorizer() is None:
        return None
    held = (
        select(ITEMS)
        .where(ITEMS.c.site_id == site_id, ITEMS.c.seq < before, ITEMS.c.words != "", ITEMS.c.decision != "dismissed")
        .order_by(ITEMS.c.seq.desc())
        .limit(policy.compared_at_most)
    )
    # One that was itself suggested elsewhere leads there: chains end at the cluster they began with.
    known = [
        Known(words=row.words, place=_place(row), cluster_id=row.suggested_id or row.cluster_id)
        for row in reversed(connection.execute(held).all())
    ]
    found = suggested(place, known, policy)
    return Suggestion(cluster_id=final(connection, found.cluster_id), score=found.score) if found else None


def _place(row: Any) -> Place:
    return Place(
        rung=row.rung, subject="", reason=row.reason, kind=row.kind, words=Words(text=row.words, language=row.language)
    )
