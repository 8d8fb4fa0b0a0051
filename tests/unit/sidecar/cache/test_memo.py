"""Finished answers live exactly as long as what they were made of."""

from __future__ import annotations

import pytest

from sidecar.cache import Lifetime, Made, Memo, Store

from .conftest import FakeClock

MINUTE = Lifetime(fresh_s=60, keep_s=600)


@pytest.fixture
def facts(clock: FakeClock) -> Store:
    return Store(100_000, clock)


@pytest.fixture
def memo(facts: Store, clock: FakeClock) -> Memo[bytes]:
    return Memo(50_000, facts, clock)


def remember(memo: Memo[bytes], facts: Store, *, valid_s: float = 20) -> None:
    marks = tuple((key, facts.put(key, key, MINUTE).generation) for key in ("profile", "orders"))
    made = Made(answer=b"answer", marks=marks)
    memo.put("question", made, valid_s=valid_s, size=6, subjects=frozenset({"mara"}))


def test_answers_while_nothing_changed(memo: Memo[bytes], facts: Store) -> None:
    remember(memo, facts)
    assert memo.get("question") == b"answer"
    assert memo.get("another") is None


def test_a_newer_ingredient_ends_it(memo: Memo[bytes], facts: Store) -> None:
    remember(memo, facts)
    facts.put("orders", "newer", MINUTE)
    assert memo.get("question") is None
    assert len(memo) == 0


def test_a_lost_ingredient_ends_it(memo: Memo[bytes], facts: Store) -> None:
    remember(memo, facts)
    facts.discard("profile")
    assert memo.get("question") is None


def test_time_ends_it(memo: Memo[bytes], facts: Store, clock: FakeClock) -> None:
    remember(memo, facts, valid_s=20)
    clock.pass_by(20)
    assert memo.get("question") is None


def test_erasing_drops_it(memo: Memo[bytes], facts: Store) -> None:
    remember(memo, facts)
    memo.erase(frozenset({"mara"}))
    assert memo.get("question") is None


def test_bounded_by_its_own_bytes(memo: Memo[bytes]) -> None:
    for number in range(200):
        made = Made(answer=b"x" * 1000, marks=())
        memo.put(f"q{number}", made, valid_s=60, size=1000, subjects=frozenset())
        assert memo.bytes_held <= 50_000
    assert memo.get("q199") is not None
    assert memo.get("q0") is None
