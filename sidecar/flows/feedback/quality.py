"""How good the clustering is, against labels: pairs that belong together and were put together, and the reverse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import Any

from sidecar.flows.feedback.events import SubmittedSchema
from sidecar.flows.feedback.ladder import place_of
from sidecar.flows.feedback.policy import FeedbackPolicy
from sidecar.flows.feedback.similarity import Known, leads, suggested


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One feedback of a labelled file: `cluster` is None for a one-off, `split` is dev or held-out."""

    id: str
    data: Any
    cluster: str | None
    split: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Over all pairs of `items` feedbacks. `index` is the adjusted Rand index: 0 for chance, 1 for the labels."""

    items: int
    precision: float
    recall: float
    f1: float
    index: float


def labelled(path: Path) -> tuple[Labelled, ...]:
    """The feedbacks of a file of JSON lines: id, data, cluster, split."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    schema = SubmittedSchema()
    return tuple(
        Labelled(id=row["id"], data=schema.load(row["data"]), cluster=row["cluster"], split=row["split"])
        for row in rows
    )


def clustered(items: Iterable[Labelled], policy: FeedbackPolicy, *, suggestions: bool = True) -> Mapping[str, str]:
    """Id to cluster as the ladder puts them, one after the other in their order; a suggestion is taken for right."""
    known: list[Known] = []
    places = {item.id: place_of(item.data) for item in items}
    found = {}
    for name, place in places.items():
        near = suggested(place, known, policy) if suggestions else None
        found[name] = near.cluster_id if near else place.key
        for earlier, other in places.items() if suggestions else ():
            if earlier in found and found[earlier] == other.key and leads(place, other):
                found[earlier] = found[name]
        known.append(Known(words=place.words.text, place=place, cluster_id=found[name]))
    return found


def scores(truth: Sequence[str | None], found: Sequence[str]) -> Scores:
    """Of two ways to put the same things together; None is a thing of its own."""
    named = [label if label is not None else f"\0{place}" for place, label in enumerate(truth)]
    together = Counter(zip(named, found, strict=True))
    both = sum(comb(count, 2) for count in together.values())
    right = sum(comb(count, 2) for count in Counter(named).values())
    made = sum(comb(count, 2) for count in Counter(found).values())
    precision, recall = both / made if made else 1.0, both / right if right else 1.0
    chance = right * made / comb(len(named), 2) if len(named) > 1 else 0.0
    room = (right + made) / 2 - chance
    return Scores(
        items=len(named),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        index=(both - chance) / room if room else 1.0,
    )
