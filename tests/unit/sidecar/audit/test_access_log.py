"""The access log: on disk when promised, readable per customer, erasable, and honest about being touched."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sidecar.audit import ERASURES, AccessLog, Entry, Subject, master_key
from sidecar.audit.keys import LogKeys
from sidecar.audit.store import Store
from sidecar.errors import AuditUnavailable

MASTER = b"m" * 32
MARA = Subject(kind="customer_no", value="00004711")
NOBODY = Subject(kind="email", value="nobody@shop.example")


class Clock:
    def __init__(self) -> None:
        self.elapsed = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.elapsed += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "access.sqlite"


@pytest.fixture
def log(path: Path, clock: Clock) -> Iterator[AccessLog]:
    made = AccessLog(path, MASTER, clock=clock)
    yield made
    made.close()


def entry(subject: Subject = MARA, **more: Any) -> Entry:
    return Entry(**{"action": "view", "subject": subject, "user": "agent.one", "result": "shown", **more})


def tamper(path: Path, statement: str) -> None:
    """Change the file the way somebody with access to it would, triggers or not."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(f"DROP TRIGGER entries_keep; DROP TRIGGER entries_stay; {statement}")
    database.close()


class TestWriting:
    def test_what_is_written_is_there_when_write_returns(self, log: AccessLog, path: Path) -> None:
        log.write(entry(field_name="email", reason="Delivery call", case_id="c1", ip="10.0.0.1"))
        other = AccessLog(path, MASTER)
        (logged,) = other.export(MARA)
        other.close()
        assert logged.entry == entry(field_name="email", reason="Delivery call", case_id="c1", ip="10.0.0.1")
        assert (logged.seq, logged.at) == (1, "2026-11-23T12:00:00.000+00:00")

    def test_notes_are_coalesced_for_a_minute(self, log: AccessLog, clock: Clock) -> None:
        for _ in range(5):
            log.note(entry(case_id="c1"))
        log.note(entry(case_id="c2"))
        log.note(entry(case_id="c1", user="agent.two"))
        clock.sleep(61)
        log.note(entry(case_id="c1"))
        log.close()
        found = [(logged.entry.user, logged.entry.case_id) for logged in log.export(MARA)]
        assert found == [("agent.one", "c1"), ("agent.one", "c2"), ("agent.two", "c1"), ("agent.one", "c1")]

    def test_writes_are_never_coalesced(self, log: AccessLog) -> None:
        log.write(entry())
        log.write(entry())
        assert len(log.export(MARA)) == 2

    def test_many_threads_make_one_unbroken_chain(self, log: AccessLog) -> None:
        def write() -> None:
            for number in range(20):
                log.write(entry(case_id=str(number)))

        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert log.verify().entries == 160
        assert log.verify().intact

    def test_closing_writes_what_waits(self, path: Path) -> None:
        log = AccessLog(path, MASTER)
        for number in range(500):
            log.note(entry(case_id=str(number)))
        log.close()
        log.close()
        assert len(log.export(MARA)) == 500

    def test_it_fails_closed(self, log: AccessLog, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: Any) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(Store, "append", full)
            with pytest.raises(AuditUnavailable):
                log.write(entry())
        log.write(entry(case_id="after"))
        assert [logged.entry.case_id for logged in log.export(MARA)] == ["after"]

    def test_a_group_is_written_whole_or_not_at_all(self, path: Path) -> None:
        store = Store(path, LogKeys(MASTER))
        broken = entry(reason=object())
        with pytest.raises(TypeError):
            store.append([entry(), broken], datetime.now(UTC))
        assert store.verified().entries == 0
        store.close()

    def test_after_close_nothing_is_accepted(self, log: AccessLog) -> None:
        log.close()
        with pytest.raises(AuditUnavailable):
            log.write(entry())


class TestPrivacy:
    def test_the_file_names_nobody(self, log: AccessLog, path: Path) -> None:
        log.write(entry(reason="because Mara asked"), entry(NOBODY))
        log.close()
        for file in path.parent.iterdir():
            raw = file.read_bytes()
            for personal in (b"00004711", b"nobody@", b"agent.one", b"Mara"):
                assert personal not in raw, file.name

    def test_the_file_is_for_its_owner_only(self, log: AccessLog, path: Path) -> None:
        assert path.stat().st_mode & 0o077 == 0

    def test_an_email_is_found_in_any_case(self, log: AccessLog) -> None:
        log.write(entry(NOBODY))
        assert len(log.export(Subject(kind="email", value=" Nobody@Shop.Example"))) == 1

    def test_the_wrong_key_finds_nothing(self, log: AccessLog, path: Path) -> None:
        log.write(entry())
        other = AccessLog(path, b"x" * 32)
        assert other.export(MARA) == ()
        other.close()


class TestErasing:
    def test_an_erased_customer_cannot_be_read_again(self, log: AccessLog, path: Path) -> None:
        log.write(entry(), entry(), entry(NOBODY))
        before = sqlite3.connect(path)
        ((key,),) = before.execute("SELECT key FROM subjects ORDER BY rowid LIMIT 1").fetchall()
        before.close()
        assert log.erase(MARA, by="officer") == 2
        assert log.export(MARA) == ()
        assert len(log.export(NOBODY)) == 1
        log.close()
        for file in path.parent.iterdir():
            assert key not in file.read_bytes(), file.name

    def test_the_chain_still_holds(self, log: AccessLog) -> None:
        log.write(entry(), entry(NOBODY))
        log.erase(MARA, by="officer")
        assert log.verify().intact

    def test_erasing_is_recorded_without_saying_whom(self, log: AccessLog) -> None:
        log.write(entry())
        log.erase(MARA, by="officer")
        (logged,) = log.export(ERASURES)
        assert (logged.entry.action, logged.entry.user) == ("erase", "officer")

    def test_the_same_customer_begins_anew(self, log: AccessLog) -> None:
        log.write(entry(case_id="old"))
        log.erase(MARA, by="officer")
        log.write(entry(case_id="new"))
        assert [logged.entry.case_id for logged in log.export(MARA)] == ["new"]

    def test_another_process_can_erase(self, log: AccessLog, path: Path) -> None:
        log.write(entry())
        other = AccessLog(path, MASTER)
        other.erase(MARA, by="officer")
        other.close()
        log.write(entry(case_id="new"))
        assert [logged.entry.case_id for logged in log.export(MARA)] == ["new"]
        assert log.verify().intact

    def test_nobody_is_erased_without_harm(self, log: AccessLog) -> None:
        assert log.erase(MARA, by="officer") == 0


class TestVerifying:
    @pytest.fixture
    def written(self, log: AccessLog) -> tuple[int, str]:
        for number in range(5):
            log.write(entry(case_id=str(number)))
        found = log.verify()
        log.close()
        return found.entries, found.head

    @pytest.mark.parametrize(
        ("statement", "broken_at"),
        [
            ("UPDATE entries SET sealed = zeroblob(40) WHERE seq = 3", 3),
            ("UPDATE entries SET at = '2026-01-01T00:00:00.000+00:00' WHERE seq = 2", 2),
            ("DELETE FROM entries WHERE seq = 1", 1),
            ("DELETE FROM entries WHERE seq = 4", 4),
            ("UPDATE entries SET seq = 9 WHERE seq = 5", 5),
            ("INSERT INTO entries SELECT 6, at, subject, sealed, link FROM entries WHERE seq = 5", 6),
        ],
    )
    def test_touching_shows(self, log: AccessLog, path: Path, written: Any, statement: str, broken_at: int) -> None:
        tamper(path, statement)
        found = log.verify()
        assert (found.intact, found.broken_at) == (False, broken_at)

    def test_cutting_off_the_end_shows_with_a_head_noted_earlier(
        self, log: AccessLog, path: Path, written: tuple[int, str]
    ) -> None:
        tamper(path, "DELETE FROM entries WHERE seq > 3")
        assert log.verify().intact
        assert not log.verify(written).intact

    def test_a_head_noted_earlier_still_holds_later(self, path: Path, written: tuple[int, str]) -> None:
        later = AccessLog(path, MASTER)
        later.write(entry())
        assert later.verify(written).intact
        assert not later.verify((written[0], "0" * 64)).intact
        later.close()

    @pytest.mark.parametrize("statement", ["DELETE FROM entries", "UPDATE entries SET at = ''"])
    def test_the_file_itself_refuses_changes(self, path: Path, written: Any, statement: str) -> None:
        database = sqlite3.connect(path)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)
        database.close()


class TestMasterKey:
    def test_it_is_made_once_and_for_the_owner_only(self, tmp_path: Path) -> None:
        file = tmp_path / "folder" / "access.key"
        first = master_key("", file)
        assert master_key("", file) == first
        assert len(first) == 32
        assert file.stat().st_mode & 0o777 == 0o600

    def test_it_can_be_given(self, tmp_path: Path) -> None:
        assert master_key("A" * 43, tmp_path / "unused") == bytes(32)
        assert not (tmp_path / "unused").exists()

    def test_a_short_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            LogKeys(b"short")
