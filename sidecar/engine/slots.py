"""Numbered places for workers: whoever holds one is alive, and what a worker began stands under its place.

A place is held by a lock that the operating system, or PostgreSQL, lets go when its holder dies. A restarted worker
takes the lowest free place, so that it finds its own unfinished work; the others look after the rest.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

PLACES = 64
_LOCK_CLASS = 0x5FCC
"""The first key of our advisory locks; the second is the place."""


class NoPlace(Exception):  # noqa: N818 - reads as what it says
    """All places are taken."""


class Slots(Protocol):
    """See the module. One object belongs to one worker."""

    def take(self) -> int:
        """Hold the lowest free place until `close`. Raises NoPlace."""
        ...

    def held(self) -> bool:
        """Whether the place is still ours; a lost connection loses it."""
        ...

    def dead(self, place: int) -> AbstractContextManager[bool]:
        """Whether nobody holds `place`; if so, nobody can take it inside the block."""
        ...

    def close(self) -> None: ...


class FileSlots:
    """Locks on files in `folder` (flock): for workers of one machine."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._own: int | None = None

    def take(self) -> int:
        for place in range(PLACES):
            handle = self._locked(place)
            if handle is not None:
                self._own = handle
                return place
        raise NoPlace(f"{PLACES} workers run already; stop one of them.")

    def held(self) -> bool:
        return self._own is not None

    @contextmanager
    def dead(self, place: int) -> Iterator[bool]:
        handle = self._locked(place)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                os.close(handle)

    def close(self) -> None:
        own, self._own = self._own, None
        if own is not None:
            os.close(own)

    def _path(self, place: int) -> Path:
        return self._folder / f"worker-{place}.lock"

    def _locked(self, place: int) -> int | None:
        handle = os.open(self._path(place), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        return handle


class PostgresSlots:
    """Advisory locks of a session: for workers of any machine."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._session: Connection | None = None

    def take(self) -> int:
        session = self._engine.connect()
        for place in range(PLACES):
            if _asked(session, "pg_try_advisory_lock", place):
                self._session = session
                return place
        session.close()
        raise NoPlace(f"{PLACES} workers run already; stop one of them.")

    def held(self) -> bool:
        if self._session is None:
            return False
        try:
            self._session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.close()
            return False
        return True

    @contextmanager
    def dead(self, place: int) -> Iterator[bool]:
        # A session of its own, as within one a lock can be taken twice; it ends with the session.
        with self._engine.connect() as session:
            yield _asked(session, "pg_try_advisory_lock", place)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(SQLAlchemyError):
                session.close()
        self._engine.dispose()


def _asked(session: Connection, function: str, place: int) -> bool:
    return bool(session.execute(text(f"SELECT {function}({_LOCK_CLASS}, {place})")).scalar_one())
