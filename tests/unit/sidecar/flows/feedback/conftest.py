"""Feedback as it is stored, without ServiceNow."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sidecar.engine import Database, sqlite_url
from sidecar.engine.pseudonyms import prepared
from sidecar.events.event import Event
from sidecar.flows.feedback import FeedbackPolicy, clusters
from sidecar.flows.feedback.causes import evidence_of
from sidecar.flows.feedback.events import SUBMITTED, SubmittedSchema
from sidecar.flows.feedback.ladder import place_of
from sidecar.flows.feedback.similarity import suggestion

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
SITE = "RefArchUK"
Gives = Callable[..., str]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    held = Database(sqlite_url(tmp_path / "events.sqlite"))
    prepared(held)
    yield held
    held.close()


def event_of(seq: int, *, ago: float = 0.0, site: str = SITE, **more: Any) -> Event:
    """Feedback number `seq`, given `ago` days before now, each by another customer."""
    at = NOW - timedelta(days=ago)
    data = {"text": "The zip broke", "locale": "en-GB", "submittedAt": at.isoformat(), "customerNo": f"C{seq:05}"}
    loaded = SubmittedSchema().load({name: value for name, value in (data | more).items() if value is not None})
    return Event(
        seq=seq,
        id=f"fb-{seq}",
        type=SUBMITTED,
        version=1,
        site_id=site,
        time=at,
        accepted_at=at,
        key="",
        data=loaded,
    )


@pytest.fixture
def gives(database: Database) -> Gives:
    """Stores one feedback; the id of its cluster."""
    numbers = itertools.count(1)

    def given(**more: Any) -> str:
        event = event_of(next(numbers), **more)
        place = place_of(event.data)
        with database.transaction() as connection:
            near = suggestion(connection, event.site_id, place, before=event.seq, policy=FeedbackPolicy())
            return clusters.assigned(connection, event, place, evidence_of(event.data), near)

    return given
