"""The access log's SQLite file: append-only rows in a keyed hash chain, each sealed with its subject's own key.

::

    subjects  id (random), lookup (keyed hash of the customer, gone after erasing), key (sealed, gone after erasing)
    entries   seq, at, subject, sealed (everything else), link (keyed hash over the row and the link before)

Erasing a customer destroys the subject's key and lookup: the rows stay, the chain still verifies, and nobody can read
them or tell whose they were. Backups of the file made before keep the key; give them the retention time you promise.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sidecar.audit.entry import Entry, LoggedEntry, Subject
from sidecar.audit.keys import LogKeys, Seal

_SCHEMA = """
CREATE TABLE IF NOT EXISTS subjects (id TEXT PRIMARY KEY, lookup BLOB UNIQUE, key BLOB, erased_at TEXT);
CREATE TABLE IF NOT EXISTS entries (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, subject TEXT NOT NULL, sealed BLOB NOT NULL, link BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entries_of_subject ON entries (subject);
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS entries_keep BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
"""
_START = bytes(32)
ERASURES = Subject(kind="log", value="erasures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether the chain holds: how many entries, the head to note down elsewhere, and the first broken entry if any."""

    entries: int
    head: str
    broken_at: int | None = None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


class Store:
    """One connection to the file. Not thread-safe: each thread or command opens its own."""

    def __init__(self, path: Path, keys: LogKeys) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._keys = keys
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def append(self, entries: Iterable[Entry], at: datetime) -> None:
        """Write all of `entries` or none; on disk when this returns. Raises sqlite3.Error."""
        with self._transaction():
            seq, link = self._head()
            for entry in entries:
                seq += 1
                subject_id, seal = self._subject(entry.subject)
                time = at.isoformat(timespec="milliseconds")
                sealed = seal.sealed(_clear(entry), _context(seq, time, subject_id))
                link = self._keys.link(link, _context(seq, time, subject_id) + sealed)
                self._db.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", (seq, time, subject_id, sealed, link))

    def of_subject(self, subject: Subject) -> tuple[LoggedEntry, ...]:
        """Every readable entry about `subject`, oldest first; empty once erased."""
        found = self._known(subject)
        if found is None:
            return ()
        subject_id, seal = found
        rows = self._db.execute("SELECT seq, at, sealed FROM entries WHERE subject = ? ORDER BY seq", (subject_id,))
        return tuple(
            LoggedEntry(seq=seq, at=at, entry=_entry(seal.opened(sealed, _context(seq, at, subject_id)), subject))
            for seq, at, sealed in rows
        )

    def erase(self, subject: Subject, at: datetime) -> int:
        """Make every entry about `subject` unreadable for ever; how many there were."""
        with self._transaction():
            found = self._known(subject)
            if found is None:
                return 0
            (count,) = self._db.execute("SELECT count(*) FROM entries WHERE subject = ?", (found[0],)).fetchone()
            self._db.execute(
                "UPDATE subjects SET lookup = NULL, key = NULL, erased_at = ? WHERE id = ?",
                (at.isoformat(timespec="seconds"), found[0]),
            )
        # The write-ahead log still holds the key until it is folded into the file and cut off.
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(count)

    def verified(self, expected: tuple[int, str] | None = None) -> Verification:
        """Recompute the chain. `expected` is a (count, head) noted earlier: it shows rows cut off at the end."""
        count, link = 0, _START
        for seq, at, subject_id, sealed, kept in self._db.execute("SELECT * FROM entries ORDER BY seq"):
            link = self._keys.link(link, _context(seq, at, subject_id) + sealed)
            if seq != count + 1 or link != kept:
                return Verification(entries=count, head=kept.hex(), broken_at=count + 1)
            count = seq
            if expected and expected[0] == seq and expected[1] != link.hex():
                return Verification(entries=count, head=link.hex(), broken_at=seq)
        if expected and expected[0] > count:
            return Verification(entries=count, head=link.hex(), broken_at=count + 1)
        return Verification(entries=count, head=link.hex())

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _head(self) -> tuple[int, bytes]:
        row = self._db.execute("SELECT seq, link FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
        return row or (0, _START)

    def _known(self, subject: Subject) -> tuple[str, Seal] | None:
        lookup = self._keys.lookup(subject.key)
        row = self._db.execute("SELECT id, key FROM subjects WHERE lookup = ?", (lookup,)).fetchone()
        return (row[0], self._keys.subject_seal(row[0], row[1])) if row else None

    def _subject(self, subject: Subject) -> tuple[str, Seal]:
        found = self._known(subject)
        if found is not None:
            return found
        subject_id = secrets.token_hex(12)
        kept = self._keys.new_subject_key(subject_id)
        self._db.execute(
            "INSERT INTO subjects (id, lookup, key) VALUES (?, ?, ?)",
            (subject_id, self._keys.lookup(subject.key), kept),
        )
        return subject_id, self._keys.subject_seal(subject_id, kept)


def _context(seq: int, at: str, subject_id: str) -> bytes:
    return f"{seq}|{at}|{subject_id}|".encode()


def _clear(entry: Entry) -> bytes:
    values = asdict(entry)
    del values["subject"]
    return json.dumps({name: value for name, value in values.items() if value}).encode()


def _entry(clear: bytes, subject: Subject) -> Entry:
    return Entry(subject=subject, **json.loads(clear))
