"""The order of keys in JSON objects: that of a Java HashMap of the field names, as live instances show it."""

from __future__ import annotations

from functools import lru_cache


def java_hash(text: str) -> int:
    """`String.hashCode` as an unsigned number."""
    result = 0
    for letter in text:
        result = (31 * result + ord(letter)) & 0xFFFFFFFF
    return result


@lru_cache(maxsize=2048)
def hashmap_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Keys by slot of a map that grows at a load of 3/4; within a slot the order of insertion holds."""
    capacity = 16
    while len(keys) > capacity * 3 // 4:
        capacity *= 2
    slots = {key: (java_hash(key) ^ (java_hash(key) >> 16)) & (capacity - 1) for key in keys}
    return tuple(sorted(slots, key=slots.__getitem__))
