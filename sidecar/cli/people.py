"""The events of a person, from the command line, where events may never have been stored at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from sidecar.audit import Subject
from sidecar.engine import Database
from sidecar.engine.lookups import lookups_in
from sidecar.engine.people import erased, exported
from sidecar.flows.feedback import tables as _quoting  # noqa: F401 - its rows quote events
from sidecar.settings import SidecarSettings


def events_about(subjects: Sequence[Subject]) -> Iterator[dict[str, Any]]:
    """Every event that speaks of one of `subjects`, as a JSON document."""
    with _events() as (database, settings):
        if database is not None:
            for one in exported(database, _lookups(settings, subjects)):
                document = asdict(one)
                times = {name: document[name].isoformat() for name in ("time", "accepted_at")}
                yield {"event": document.pop("ref"), **document, **times}


def erased_events(subjects: Sequence[Subject]) -> int:
    """How many events were emptied."""
    with _events() as (database, settings):
        return 0 if database is None else erased(database, _lookups(settings, subjects), datetime.now(UTC))


def _lookups(settings: SidecarSettings, subjects: Sequence[Subject]) -> tuple[str, ...]:
    return lookups_in(settings.data_dir).all((subject.kind, subject.value) for subject in subjects)


@contextmanager
def _events() -> Iterator[tuple[Database | None, SidecarSettings]]:
    """The database; None where a SQLite file was never made, so that asking does not make one."""
    settings = SidecarSettings.read()
    url = make_url(settings.events_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        yield None, settings
        return
    database = Database(settings.events_url)
    try:
        yield database, settings
    finally:
        database.close()
