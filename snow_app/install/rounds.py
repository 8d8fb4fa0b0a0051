"""Which records can be written together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snow_app.install.plan import Change
from snow_app.records.registry import Identity


def rounds(changes: Sequence[Change], most: int) -> Iterator[tuple[Change, ...]]:
    """The changes in rounds of at most `most`, everything a record needs in an earlier one: a batch has no order.

    Records with the longest chain of others behind them go first, so that few rounds stay half empty. What is not
    among `changes` is there already.
    """
    waiting = {(change.table, change.name): change for change in changes}
    behind = _behind(changes)
    while waiting:
        ready = [identity for identity, change in waiting.items() if not _needs(change) & waiting.keys()]
        chosen = sorted(ready, key=lambda identity: -behind.get(identity, 0))[:most]
        yield tuple(waiting.pop(identity) for identity in chosen)


def _behind(changes: Sequence[Change]) -> dict[Identity, int]:
    """By record, the length of the longest chain of records that need it."""
    found: dict[Identity, int] = {}
    for change in sorted(changes, key=lambda change: -(change.row.layer if change.row else 0)):
        for need in _needs(change):
            found[need] = max(found.get(need, 0), found.get((change.table, change.name), 0) + 1)
    return found


def _needs(change: Change) -> frozenset[Identity]:
    return change.row.needs if change.row else frozenset()
