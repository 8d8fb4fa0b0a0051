"""Events of one transaction, looked up and written together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from sidecar.engine import Database, arrivals, sqlite_url
from sidecar.engine.arrivals import Arrival, Stored, stored
from sidecar.engine.tables import EVENTS, SUBJECTS
from sidecar.events import EventType
from sidecar.events.wire import Strict

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KIND = EventType(name="made.up", summary="Made up.", schema=Strict, key=lambda site, _: site)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(sqlite_url(tmp_path / "events.sqlite"))
    yield opened
    opened.close()


def _arrival(name: str, said: str = "", *people: str) -> Arrival:
    return Arrival(
        id=name, type=KIND, flow="made_up", key=name, site_id="RefArch", time=NOW, payload={"a": said}, lookups=people
    )


def _became(database: Database, *given: Arrival) -> list[Stored]:
    with database.transaction() as connection:
        return list(stored(connection, given, NOW))


def test_each_is_stored_in_order_with_its_people(database: Database) -> None:
    found = _became(database, _arrival("b", "", "mara", "leo", "mara"), _arrival("a"))
    assert found == [Stored(seq=1), Stored(seq=2)]
    with database.reading() as connection:
        assert list(connection.execute(select(EVENTS.c.id).order_by(EVENTS.c.seq)).scalars()) == ["b", "a"]
        assert sorted(tuple(row) for row in connection.execute(select(SUBJECTS))) == [(1, "leo"), (1, "mara")]


def test_the_same_id_within_a_transaction_and_after_it(database: Database) -> None:
    found = _became(database, _arrival("a", "x"), _arrival("a", "x"), _arrival("a", "y"), _arrival("b"))
    assert found == [Stored(seq=1), Stored(seq=1, again=True), Stored(seq=1, other=True), Stored(seq=2)]
    assert _became(database, _arrival("c"), _arrival("b"), _arrival("a", "z")) == [
        Stored(seq=3),
        Stored(seq=2, again=True),
        Stored(seq=1, other=True),
    ]


def test_more_than_one_statement_may_hold(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "_TOGETHER", 2)
    assert [one.seq for one in _became(database, *(_arrival(str(place)) for place in range(5)))] == [1, 2, 3, 4, 5]
    assert _became(database, _arrival("4"), _arrival("x"), _arrival("x"))[-1] == Stored(seq=6, again=True)
