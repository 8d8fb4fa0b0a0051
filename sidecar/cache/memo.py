"""Finished answers, remembered for as long as everything they were made of is still what the store holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sfcc_client import Clock
from sidecar.cache.entry import Entry, Lifetime
from sidecar.cache.store import Store

A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Generic[A]):
    """An answer and its ingredients as (key, generation) of the store."""

    answer: A
    marks: tuple[tuple[str, int], ...]


class Memo(Generic[A]):
    """Answers by the key of their question, bounded by bytes of its own."""

    def __init__(self, max_bytes: int, ingredients: Store, clock: Clock) -> None:
        self._made = Store(max_bytes, clock)
        self._ingredients = ingredients

    @property
    def bytes_held(self) -> int:
        return self._made.bytes_held

    def __len__(self) -> int:
        return len(self._made)

    def get(self, key: str) -> A | None:
        """The answer, when nothing it was made of has changed, left or aged out."""
        entry: Entry[Made[A]] | None = self._made.get(key)
        if entry is None:
            return None
        if self._ingredients.holds(entry.value.marks):
            return entry.value.answer
        self._made.discard(key)
        return None

    def put(self, key: str, made: Made[A], *, valid_s: float, size: int, subjects: frozenset[str]) -> None:
        """Remember `made` for `valid_s` seconds at most; `size` is the bytes of the answer."""
        marks = sum(len(name) for name, _ in made.marks) + 160 * len(made.marks)
        lifetime = Lifetime(fresh_s=valid_s, keep_s=valid_s)
        self._made.put(key, made, lifetime, subjects=subjects, size=size + marks)

    def erase(self, subjects: frozenset[str]) -> None:
        self._made.erase(subjects)

    def clear(self) -> None:
        self._made.clear()
