"""What a worker needs, made from the settings: the database, both platforms, the flows, and the pace between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sfcc_client import Clock, CommerceClient, SystemClock
from sidecar.engine import Database, Flow
from sidecar.engine.pacing import Pace
from sidecar.engine.retention import Retention
from sidecar.engine.worker import Worker, WorkerPolicy
from sidecar.observe import Metrics
from sidecar.settings import Settings, SidecarSettings
from snow_app import SnowClient

FlowKind = Callable[..., Flow]
"""Called with snow, commerce, database, scope and clock."""

FLOWS: tuple[FlowKind, ...] = ()
"""Every flow of the product."""
WEIGHTS = {"order_issues": 6, "storefront_alerts": 3, "feedback": 1}
"""Of requests to ServiceNow: orders before alerts before feedback."""


def policy_of(settings: SidecarSettings) -> WorkerPolicy:
    return WorkerPolicy(
        threads=settings.worker_threads,
        stop_s=settings.drain_s,
        retention=Retention(payload_days=settings.payload_days, event_days=settings.event_days),
    )


@contextmanager
def worker_of(
    settings: Settings, *, flows: tuple[FlowKind, ...] | None = None, metrics: Metrics | None = None
) -> Iterator[Worker]:
    """A running worker; what it uses is closed behind it. Raises InvalidSettings, SnowError, OSError."""
    clock: Clock = SystemClock()
    with ExitStack() as parts:
        database = Database(settings.sidecar.events_url)
        parts.callback(database.close)
        pace = Pace(settings.sidecar.snow_rate, WEIGHTS, clock=clock)
        snow = parts.enter_context(SnowClient(settings.snow.instance(), pace=pace))
        commerce = parts.enter_context(CommerceClient(settings.sfcc.commerce(), clock=clock))
        made = [
            kind(snow=snow, commerce=commerce, database=database, scope=settings.snow.scope, clock=clock)
            for kind in (FLOWS if flows is None else flows)
        ]
        worker = Worker(
            database,
            made,
            folder=settings.sidecar.data_dir,
            clock=clock,
            policy=policy_of(settings.sidecar),
            metrics=metrics,
        )
        yield parts.enter_context(worker)
