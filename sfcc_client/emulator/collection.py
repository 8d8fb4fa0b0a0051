"""Documents by key and by index: what every room of the emulated instance's memory is made of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
Values = Callable[[Document], Iterable[Hashable]]


class Collection:
    """Documents by key, and by every value of every index. Iteration and `find` keep the order of insertion."""

    def __init__(self, key: Callable[[Document], Hashable], **indexes: Values) -> None:
        self._key = key
        self._values = indexes
        self._documents: dict[Hashable, Document] = {}
        self._indexes: dict[str, dict[Hashable, dict[Hashable, Document]]] = {name: {} for name in indexes}
        self._lock = threading.RLock()

    def save(self, document: Document) -> Document:
        """Add the document, or put it in the place of the one with the same key."""
        key = self._key(document)
        with self._lock:
            self._unindex(key)
            self._documents[key] = document
            for name, values in self._values.items():
                for value in values(document):
                    self._indexes[name].setdefault(value, {})[key] = document
        return document

    def change(self, key: Hashable, **members: Any) -> Document:
        """Replace some members of one document; a value of None removes the member. KeyError when there is none."""
        with self._lock:
            changed = {**self._documents[key], **members}
            return self.save({name: value for name, value in changed.items() if value is not None})

    def drop(self, key: Hashable) -> None:
        """Forget a document; it is no error when there is none."""
        with self._lock:
            self._unindex(key)
            self._documents.pop(key, None)

    def get(self, key: Hashable) -> Document | None:
        return self._documents.get(key)

    def find(self, index: str, value: Hashable) -> list[Document]:
        with self._lock:
            return list(self._indexes[index].get(value, {}).values())

    def _unindex(self, key: Hashable) -> None:
        old = self._documents.get(key)
        if old is None:
            return
        for name, values in self._values.items():
            for value in values(old):
                found = self._indexes[name].get(value, {})
                found.pop(key, None)
                if not found:
                    self._indexes[name].pop(value, None)

    def __iter__(self) -> Iterator[Document]:
        with self._lock:
            return iter(list(self._documents.values()))

    def __len__(self) -> int:
        return len(self._documents)
