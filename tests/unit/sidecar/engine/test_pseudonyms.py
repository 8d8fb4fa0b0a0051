"""Stand-ins tell people apart and name nobody; another database has others."""

from __future__ import annotations

import pytest

from sidecar.engine import Database, sqlite_url
from sidecar.engine.pseudonyms import prepared, pseudonym


def stand_in(database: Database, person: str) -> str:
    with database.reading() as connection:
        return pseudonym(connection, person)


def test_the_same_person_has_the_same_stand_in_for_ever(tmp_path):
    database = Database(sqlite_url(tmp_path / "a.sqlite"))
    try:
        prepared(database)
        found = stand_in(database, "Ada@example.com")
        prepared(database)
        assert stand_in(database, "ada@EXAMPLE.com") == found
        assert stand_in(database, "ben@example.com") != found
        assert stand_in(database, "") == ""
        assert "ada" not in found
    finally:
        database.close()


def test_another_database_has_other_stand_ins(tmp_path):
    found = []
    for name in ("a", "b"):
        database = Database(sqlite_url(tmp_path / f"{name}.sqlite"))
        prepared(database)
        found.append(stand_in(database, "ada@example.com"))
        database.close()
    assert found[0] != found[1]


def test_without_a_key_nothing_is_hashed(tmp_path):
    database = Database(sqlite_url(tmp_path / "a.sqlite"))
    try:
        with pytest.raises(LookupError):
            stand_in(database, "ada@example.com")
    finally:
        database.close()
