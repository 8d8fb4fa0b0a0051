from __future__ import annotations

from itertools import pairwise

from snow_app.install import Action, Change
from snow_app.install.rounds import rounds
from snow_app.records import Declaration, Link, Registry


def changes(*chains: tuple[str, ...]) -> list[Change]:
    """A change for each name; in a chain each record links to the one before it."""
    needs = {chain[0]: {} for chain in chains}
    needs |= {after: {"parent": Link(table="t", name=before)} for chain in chains for before, after in pairwise(chain)}
    rows = Registry(
        "x_a_b", [Declaration(table="t", name=name, values=values) for name, values in needs.items()]
    ).rows()
    return [Change(action=Action.CREATE, table="t", name=row.name, sys_id=row.sys_id, row=row) for row in rows]


def named(found):
    return [tuple(change.name for change in one) for one in found]


def test_a_record_comes_in_a_later_round_than_what_it_needs():
    assert named(rounds(changes(("a", "b", "c"), ("d", "e")), 50)) == [("a", "d"), ("b", "e"), ("c",)]


def test_long_chains_start_first_so_that_no_round_stays_half_empty():
    free = [(f"free{number}",) for number in range(150)]
    found = named(rounds(changes(*free, ("a", "b", "c", "d")), 50))
    assert [len(one) for one in found] == [50, 50, 50, 4]
    assert [next(letter for letter in "abcd" if letter in one) for one in found] == ["a", "b", "c", "d"]


def test_what_is_there_already_holds_nothing_up():
    _, second = changes(("a", "b"))
    assert named(rounds([second], 50)) == [("b",)]
    assert named(rounds([], 50)) == []
