"""The store: its indexes follow every change, readers keep whole documents, threads do not disturb each other."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest

from sfcc_client.emulator.state import Collection, encrypted_id_of, guest_id_of, opaque_id, usid_of


def _people() -> Collection:
    return Collection(lambda row: row["id"], town=lambda row: (row["town"],) if "town" in row else ())


def _ids(rows: list[Any]) -> list[Any]:
    return [row["id"] for row in rows]


def test_an_index_follows_saving_changing_and_dropping() -> None:
    people = _people()
    for number, town in enumerate(("Bern", "Bonn", "Bern")):
        people.save({"id": number, "town": town})
    assert _ids(people.find("town", "Bern")) == [0, 2]
    people.change(0, town="Bonn")
    assert _ids(people.find("town", "Bonn")) == [1, 0]
    people.change(1, town=None)
    assert people.get(1) == {"id": 1}
    people.drop(0)
    people.drop(0)
    assert people.find("town", "Bonn") == []
    assert len(people) == 2


def test_a_change_leaves_the_document_a_reader_holds_alone() -> None:
    people = _people()
    held = people.save({"id": 1, "town": "Bern"})
    people.change(1, town="Bonn")
    assert held == {"id": 1, "town": "Bern"}


def test_changing_nobody_is_an_error() -> None:
    with pytest.raises(KeyError):
        _people().change(1, town="Bern")


def test_threads_leave_every_index_as_if_they_had_taken_turns() -> None:
    people = _people()

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(300):
            people.save({"id": chance.randrange(20), "town": chance.choice(("Bern", "Bonn"))})
            people.drop(chance.randrange(20))
            people.find("town", "Bern")

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for town in ("Bern", "Bonn"):
        assert sorted(_ids(people.find("town", town))) == sorted(row["id"] for row in people if row["town"] == town)


def test_ids_look_like_those_of_commerce_and_never_change() -> None:
    assert opaque_id("ab", "customer", "1") == opaque_id("ab", "customer", "1")
    assert opaque_id("ab", "customer", "1") != opaque_id("ab", "customer", "2")
    assert len(opaque_id("ab", "customer", "1")) == len(guest_id_of("x")) == 26
    assert usid_of("ab1") != usid_of("ab2")
    assert len(encrypted_id_of("ab1")) == 32
