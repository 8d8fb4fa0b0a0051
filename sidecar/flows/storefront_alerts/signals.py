"""What Commerce says about itself when it is asked: APIs that fail or are slow, orders that drop, load, jobs.

Windows lie on a fixed grid and ids derive from them, so that asking twice is the same event, and a poll that failed is
made up for by the next ones. Good news is told only of groups that fail; silence (no data, no answer) tells nothing.

Not to be had this way: quota warnings, hook circuits, logins and pages; those come as alerts of Log Center and of the
shop's own measurements. The Metrics API is a closed beta and its description names no metric ids: they are settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from statistics import median
from typing import Any, Final

import structlog

from sfcc_client import Clock, CommerceClient
from sfcc_client.errors import CommerceError
from sfcc_client.models import Load
from sfcc_client.models_operations import JobExecution, Metric
from sfcc_client.resources.signals import MetricGroup
from sidecar.engine import Database
from sidecar.engine.arrivals import Arrival
from sidecar.flows.storefront_alerts import tables
from sidecar.flows.storefront_alerts.events import FLOW, WHOLE, AlertSchema
from sidecar.flows.storefront_alerts.evidence import group_of
from sidecar.flows.storefront_alerts.flow import TYPES
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy

_log = structlog.get_logger(__name__)
_LIMITS_MS: Final = {"ocapi": Decimal(60_000)}
_LIMIT_MS: Final = Decimal(10_000)
"""After which Commerce itself ends a shopper's call; 60 s for the others."""
_THROTTLE: Final = {"THROTTLE": "critical", "WARN": "warning"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricIds:
    """How the tenant's Metrics API calls them."""

    requests: str = "requestCount"
    errors: str = "errorCount"
    milliseconds: str = "responseTime"
    orders: str = "orderCount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A ``storefront.alert`` to be: its id, its site, and its `data` as on the wire."""

    id: str
    site_id: str
    at: datetime
    data: Mapping[str, Any]

    @property
    def good(self) -> bool:
        return bool(self.data["state"] == "resolved")

    @property
    def group(self) -> str:
        return group_of(self.site_id, AlertSchema().load(dict(self.data)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One window of the grid."""

    start: datetime
    end: datetime

    def signal(self, kind: str, site_id: str, *, bad: bool, **data: Any) -> Signal:
        name = f"signals:{kind}:{site_id}:{int(self.end.timestamp())}"
        window = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        state = "firing" if bad else "resolved"
        return Signal(id=name, site_id=site_id, at=self.end, data={"state": state, "window": window, **data})


def spans(now: datetime, policy: StorefrontAlertsPolicy) -> tuple[Span, ...]:
    """The windows that are over, oldest first."""
    length = timedelta(seconds=policy.poll_window_s)
    last = datetime.fromtimestamp(now.timestamp() // policy.poll_window_s * policy.poll_window_s, UTC)
    ends = [last - length * back for back in reversed(range(policy.poll_windows))]
    return tuple(Span(start=end - length, end=end) for end in ends)


def of_apis(
    metrics: Iterable[Metric], span: Span, policy: StorefrontAlertsPolicy, ids: MetricIds | None = None
) -> Iterator[Signal]:
    """Errors and time of each API of the Metrics API's categories scapi and ocapi."""
    ids = ids or MetricIds()
    sums = {metric.metric_id: _sums(metric, span) for metric in metrics}
    for api, requests in sums.get(ids.requests, {}).items():
        if requests < policy.least_requests:
            continue
        errors = sums.get(ids.errors, {}).get(api, Decimal(0))
        mean = sums.get(ids.milliseconds, {}).get(api, Decimal(0)) / requests
        limit = _LIMITS_MS.get(api.split("/", 1)[0], _LIMIT_MS)
        told: dict[str, Any] = {"api": api, "sampleSize": int(requests), "severity": "error"}
        yield span.signal(
            f"api_errors:{api}",
            WHOLE,
            bad=errors / requests > policy.error_share,
            signal="api_errors",
            message=f"{int(errors)} of {int(requests)} requests failed with 5xx",
            count=int(errors),
            httpStatus=500,
            value=str(round(errors / requests, 4)),
            threshold=str(policy.error_share),
            **told,
        )
        yield span.signal(
            f"api_timeout:{api}",
            WHOLE,
            bad=mean > limit * policy.slow_share,
            signal="api_timeout",
            message=f"Requests took {int(mean)} ms on average, the limit is {int(limit)} ms",
            count=int(requests),
            value=str(round(mean)),
            threshold=str(round(limit * policy.slow_share)),
            **told,
        )


def of_orders(
    metrics: Iterable[Metric], span: Span, policy: StorefrontAlertsPolicy, ids: MetricIds | None = None
) -> Iterator[Signal]:
    """Orders of each site against the median of the windows of the hour before."""
    ids = ids or MetricIds()
    length = span.end - span.start
    before = [Span(start=span.start - length * back, end=span.end - length * back) for back in range(1, 13)]
    for metric in metrics:
        if metric.metric_id != ids.orders:
            continue
        for site_id, found in _sums(metric, span).items():
            usual = median(_sums(metric, one).get(site_id, Decimal(0)) for one in before)
            if usual < policy.least_requests:
                continue
            yield span.signal(
                "order_rate_drop",
                site_id,
                bad=found < usual * policy.order_drop,
                signal="order_rate_drop",
                severity="error",
                message=f"{int(found)} orders, usual are {int(usual)}",
                count=max(0, int(usual - found)),
                sampleSize=int(usual),
                value=str(int(found)),
                threshold=str(round(usual * policy.order_drop)),
            )


def of_load(load: Load, now: datetime, policy: StorefrontAlertsPolicy) -> Iterator[Signal]:
    """The load signal of Commerce's last answer, unless that is too long ago. Each status once in a window."""
    length = timedelta(seconds=policy.poll_window_s)
    if load.percent is None or load.seen_at is None or load.seen_at <= now - length:
        return
    status = load.status if load.status in _THROTTLE else ""
    seen = Span(start=load.seen_at - length, end=load.seen_at)
    found = seen.signal(
        "load_shedding",
        WHOLE,
        bad=bool(status),
        signal="load_shedding",
        severity=_THROTTLE.get(status, "info"),
        message=f"Load is {load.percent} %{', status ' + status if status else ''}",
        count=1,
        value=str(load.percent),
        threshold="80",
    )
    window = int(load.seen_at.timestamp() // policy.poll_window_s)
    yield Signal(id=f"signals:load:{status or 'fine'}:{window}", site_id=WHOLE, at=load.seen_at, data=found.data)


def of_jobs(executions: Iterable[JobExecution]) -> Iterator[Signal]:
    """How runs of jobs ended, each run once."""
    for run in executions:
        if not run.done or run.ended_at is None:
            continue
        span = Span(start=run.started_at or run.ended_at, end=run.ended_at)
        found = span.signal(
            "job",
            WHOLE,
            bad=run.failed,
            signal="job_failed",
            severity="error",
            message="Job failed" if run.failed else "Job finished",
            count=1,
            job=run.job_id,
        )
        yield Signal(id=f"signals:job:{run.execution_id}", site_id=WHOLE, at=run.ended_at, data=found.data)


def arrivals(signals: Iterable[Signal]) -> tuple[Arrival, ...]:
    """Signals as the inbox stores them."""
    kind = TYPES[0]
    schema = kind.schema()
    return tuple(
        Arrival(
            id=signal.id,
            type=kind,
            flow=FLOW,
            key=kind.key(signal.site_id, schema.load(dict(signal.data))),
            site_id=signal.site_id,
            time=signal.at,
            payload=signal.data,
        )
        for signal in signals
    )


@dataclass(frozen=True, kw_only=True)
class Poll:
    """Asks Commerce and hands over what is worth an event; `run` is one turn.

    `store` takes signals into the inbox, each id once. A source that does not answer is said in the log and asked again
    at the next turn; the others are not held up.
    """

    commerce: CommerceClient
    database: Database
    store: Callable[[Sequence[Signal]], object]
    clock: Clock
    policy: StorefrontAlertsPolicy = field(default_factory=StorefrontAlertsPolicy)
    ids: MetricIds = field(default_factory=MetricIds)

    def run(self) -> tuple[Signal, ...]:
        """What was handed over."""
        windows = spans(self.clock.now(), self.policy)
        found = [signal for source in self._sources(windows) for signal in self._asked(source)]
        good = {signal.id: signal.group for signal in found if signal.good}
        with self.database.reading() as connection:
            failing = tables.failing(connection, sorted(set(good.values())))
        told = tuple(signal for signal in found if not signal.good or good[signal.id] in failing)
        if told:
            self.store(told)
        return told

    def _sources(self, windows: Sequence[Span]) -> Iterator[Callable[[], Iterable[Signal]]]:
        since, until = windows[0].start, windows[-1].end
        signals, policy, ids = self.commerce.signals, self.policy, self.ids
        yield lambda: of_jobs(self.commerce.releases.job_executions(since=since - timedelta(hours=6)))
        groups: tuple[MetricGroup, ...] = ("scapi", "ocapi")
        for group in groups:
            yield partial(self._apis, group, windows)
        yield lambda: [
            signal
            for metrics in (signals.metrics("sales", since=since - timedelta(hours=1), until=until),)
            for span in windows
            for signal in of_orders(metrics, span, policy, ids)
        ]
        yield lambda: of_load(signals.load, self.clock.now(), policy)

    def _apis(self, group: MetricGroup, windows: Sequence[Span]) -> list[Signal]:
        since, until = windows[0].start, windows[-1].end
        metrics = self.commerce.signals.metrics(group, since=since, until=until)
        return [signal for span in windows for signal in of_apis(metrics, span, self.policy, self.ids)]

    def _asked(self, source: Callable[[], Iterable[Signal]]) -> Sequence[Signal]:
        try:
            return list(source())
        except CommerceError as error:
            _log.warning("commerce did not say how it is", code=error.code)
            return ()


def _sums(metric: Metric, span: Span) -> dict[str, Decimal]:
    """The sum of each series within a window."""
    start, end = int(span.start.timestamp()), int(span.end.timestamp())
    return {
        series.name: sum((value for at, value in series.points if start <= at < end), Decimal(0))
        for series in metric.series
    }
