"""How much memory a value holds, well enough to bound a cache by bytes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

OVERHEAD = 900
"""Bytes an entry costs besides its value: key, entry, heap item, two ordered-dict nodes (measured on CPython 3.11)."""

_LEAVES = (str, bytes, int, float, Decimal, date, timedelta)
_FREE = (bool, type(None), type, Enum)
_SLOTS: dict[type, tuple[str, ...]] = {}


def bytes_of(value: Any) -> int:
    """Bytes of `value` and everything it refers to, each object once.

    Objects shared with others, such as interned strings, count in full: the estimate errs towards a smaller cache.
    """
    total = 0
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _FREE) or id(item) in seen:
            continue
        seen.add(id(item))
        total += sys.getsizeof(item)
        if not isinstance(item, _LEAVES):
            waiting.extend(_parts(item))
    return total


def _parts(item: Any) -> list[Any]:
    if isinstance(item, Mapping):
        return [*item.keys(), *item.values()]
    if isinstance(item, (tuple, list, set, frozenset)):
        return list(item)
    return [getattr(item, name, None) for name in _slots(type(item))] + list(getattr(item, "__dict__", {}).values())


def _slots(kind: type) -> tuple[str, ...]:
    names = _SLOTS.get(kind)
    if names is None:
        names = _SLOTS[kind] = tuple(name for one in kind.__mro__ for name in getattr(one, "__slots__", ()))
    return names
