"""The narrow way: shares by weight among those who wait, and nobody who waits is passed over for ever."""

from __future__ import annotations

from collections import Counter
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.engine.pacing import Shares

weights = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 20), min_size=1)


@given(weights, st.integers(1, 300))
def test_who_always_waits_gets_a_share_by_weight(given_weights, turns):
    shares = Shares(given_weights)
    went = Counter(shares.next(tuple(given_weights)) for _ in range(turns))
    total = sum(given_weights.values())
    for name, weight in given_weights.items():
        assert abs(went[name] - turns * weight / total) <= len(given_weights)


@given(weights, st.lists(st.sets(st.sampled_from("abcdef")), max_size=200))
@settings(deadline=None)
def test_nobody_waits_longer_than_weights_allow(given_weights, crowds):
    """Others come and go as they like: between two turns of one that waits, each other goes at most as often as its
    weight is greater, and once more."""
    shares = Shares(given_weights)
    waiter = min(given_weights)
    passed: Counter[str] = Counter()
    for crowd in crowds:
        present = crowd & given_weights.keys() - {waiter}
        chosen = shares.next((waiter, *present))
        if chosen == waiter:
            passed.clear()
        else:
            passed[chosen] += 1
            assert passed[chosen] <= ceil(given_weights[chosen] / given_weights[waiter]) + 1


@given(weights, st.integers(1, 500))
def test_a_rest_saves_nothing_up(given_weights, alone):
    """After others had the way to themselves, whoever comes back does not block them."""
    names = sorted(given_weights)
    if len(names) < 2:
        return
    shares, (rested, *busy) = Shares(given_weights), names
    for _ in range(alone):
        shares.next(tuple(busy))
    went = [shares.next(tuple(names)) for _ in range(40 * len(names))]
    first_other = next((place for place, name in enumerate(went) if name != rested), len(went))
    assert first_other <= ceil(given_weights[rested] / min(given_weights[name] for name in busy)) + 1
