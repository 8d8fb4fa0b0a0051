"""How good the clustering is on labelled feedback in four languages, and that it does not get worse.

Tuned on the half ``dev``; ``held-out`` was measured and not read. Floors stand a little below what was measured.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sidecar.flows.feedback import FeedbackPolicy
from sidecar.flows.feedback.quality import clustered, labelled, scores

FILE = Path(__file__).parents[4] / "labelled" / "feedback.jsonl"
FLOORS = {"dev": 0.93, "held-out": 0.80, "whole": 0.87}


@pytest.fixture(scope="module")
def items():
    return labelled(FILE)


@pytest.mark.parametrize("split", FLOORS)
def test_pairs_are_found_as_they_are_labelled(items, split):
    some = [item for item in items if split in ("whole", item.split)]
    found = clustered(some, FeedbackPolicy())
    measured = scores([item.cluster for item in some], [found[item.id] for item in some])
    print(split, measured)
    assert measured.f1 >= FLOORS[split]
    assert measured.index >= FLOORS[split] - 0.01


def test_exact_rungs_alone_are_right_more_often_than_they_are_complete(items):
    found = clustered(items, FeedbackPolicy(), suggestions=False)
    measured = scores([item.cluster for item in items], [found[item.id] for item in items])
    assert measured.precision > measured.recall


def test_four_languages_and_more_than_four_hundred_texts(items):
    assert len(items) >= 400
    assert {item.data.locale[:2] for item in items} >= {"en", "de", "fr", "ja"}


def test_scores_of_known_answers():
    same = scores(["a", "a", "b", None], ["x", "x", "y", "z"])
    assert (same.precision, same.recall, same.f1, same.index) == (1.0, 1.0, 1.0, 1.0)
    half = scores(["a", "a", "a", "a"], ["x", "x", "y", "y"])
    assert (half.precision, half.recall) == (1.0, 1 / 3)
    assert scores([None, None], ["x", "x"]).f1 == 0.0
