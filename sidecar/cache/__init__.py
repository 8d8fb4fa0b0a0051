"""Copies of what upstream said: bounded by bytes, one load per key, honest about their age."""

from sidecar.cache.entry import Entry, Lifetime
from sidecar.cache.memo import Made, Memo
from sidecar.cache.single_flight import SingleFlight
from sidecar.cache.store import Store
from sidecar.cache.swr import Begun, Outcome, Reading, ReadThrough, Source, StillLoading

__all__ = [
    "Begun",
    "Entry",
    "Lifetime",
    "Made",
    "Memo",
    "Outcome",
    "ReadThrough",
    "Reading",
    "SingleFlight",
    "Source",
    "StillLoading",
    "Store",
]
