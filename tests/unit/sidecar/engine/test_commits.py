"""Threads that write at the same time share a commit, and nothing else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from sidecar.engine.tables import PAUSES


def _put(connection, name: str) -> None:
    connection.execute(insert(PAUSES).values(upstream=name, since=0.0, reason=""))


def _names(database) -> set[str]:
    with database.reading() as connection:
        return set(connection.execute(select(PAUSES.c.upstream)).scalars())


def test_those_who_wait_in_line_are_committed_together(database):
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with database.transaction() as connection:
            inside.set()
            go_on.wait(10)
            _put(connection, "first")

    def other(name: str) -> None:
        with database.transaction() as connection:
            _put(connection, name)

    with ThreadPoolExecutor(9) as pool:
        jobs = [pool.submit(first)]
        inside.wait(10)
        jobs += [pool.submit(other, f"other-{number}") for number in range(8)]
        while database._commits._waiting < 8:
            pass
        go_on.set()
        for job in jobs:
            job.result(10)
    assert len(_names(database)) == 9
    assert len(commits) == 1


def test_who_fails_takes_back_only_its_own(database):
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with database.transaction() as connection:
            inside.set()
            go_on.wait(10)
            _put(connection, "first")

    def failing() -> None:
        with database.transaction() as connection:
            _put(connection, "failing")
            raise ValueError("no")

    with ThreadPoolExecutor(2) as pool:
        kept = pool.submit(first)
        inside.wait(10)
        lost = pool.submit(failing)
        while database._commits._waiting < 1:
            pass
        go_on.set()
        kept.result(10)
        with pytest.raises(ValueError, match="no"):
            lost.result(10)
    assert _names(database) == {"first"}


def test_one_alone_that_fails_leaves_nothing_and_blocks_nobody(database):
    with pytest.raises(IntegrityError), database.transaction() as connection:
        connection.execute(insert(PAUSES), [{"upstream": "twice", "since": 0.0}] * 2)
    with database.transaction() as connection:
        _put(connection, "next")
    assert _names(database) == {"next"}


def test_a_commit_that_fails_is_told_to_everybody_in_it(database, monkeypatch):
    def full(_: object) -> None:
        raise OSError("disk full")

    event.listen(database.engine, "commit", full)
    with pytest.raises(OSError, match="disk full"), database.transaction() as connection:
        _put(connection, "lost")
    event.remove(database.engine, "commit", full)
    assert _names(database) == set()
    with database.transaction() as connection:
        _put(connection, "next")
    assert _names(database) == {"next"}
