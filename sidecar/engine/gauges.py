"""What is counted of events: how many wait, how long, and what became of attempts. Nothing in it speaks of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from sidecar.engine.database import Database
from sidecar.engine.delivery import Attempt
from sidecar.engine.pauses import UPSTREAMS
from sidecar.engine.tables import EVENTS, OPEN_STATES, PAUSES
from sidecar.observe import Metrics


def counted(metrics: Metrics, attempt: Attempt) -> None:
    """One more attempt."""
    metrics.attempts.labels(attempt.flow, attempt.result).inc()


def measured(metrics: Metrics, database: Database, flows: Iterable[str], now: datetime) -> None:
    """Set the gauges from what the database holds; events that are to be handled later count from their moment on."""
    moment = now.timestamp()
    open_events = (
        select(EVENTS.c.flow, EVENTS.c.state, func.count(), func.min(EVENTS.c.accepted_at))
        .where(EVENTS.c.state.in_(OPEN_STATES), EVENTS.c.available_at <= moment)
        .group_by(EVENTS.c.flow, EVENTS.c.state)
    )
    with database.reading() as connection:
        found = {(flow, state): (number, oldest) for flow, state, number, oldest in connection.execute(open_events)}
        paused = set(connection.execute(select(PAUSES.c.upstream)).scalars())
    for flow in flows:
        for state in OPEN_STATES:
            metrics.events.labels(flow, state).set(found.get((flow, state), (0, 0.0))[0])
        oldest = found.get((flow, "waiting"), (0, moment))[1]
        metrics.oldest_event_seconds.labels(flow).set(max(0.0, moment - oldest))
    for upstream in UPSTREAMS:
        metrics.upstream_paused.labels(upstream).set(upstream in paused)
