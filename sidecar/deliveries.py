"""Everything between an accepted event and its effect, made from the settings: database, flows, intake and worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from sfcc_client import Clock, CommerceClient, SystemClock
from sidecar.engine import Database, Flow
from sidecar.engine.lookups import lookups_in
from sidecar.engine.pacing import Pace
from sidecar.engine.people import erased
from sidecar.engine.retention import Retention
from sidecar.engine.worker import Worker, WorkerPolicy
from sidecar.errors import StoreUnavailable
from sidecar.events.signatures import Signatures
from sidecar.flows.feedback import Feedback
from sidecar.flows.order_issues import OrderIssues
from sidecar.flows.storefront_alerts import StorefrontAlerts
from sidecar.flows.storefront_alerts.levels import LevelMetrics
from sidecar.flows.storefront_alerts.signals import Poll, Signal, arrivals
from sidecar.intake import Intake, Writer
from sidecar.observe import Metrics
from sidecar.rounds import Job
from sidecar.settings import Settings, SidecarSettings, SnowSettings
from snow_app import SnowClient

FlowKind = Callable[..., Flow]
"""Called with snow, commerce, database, scope and clock, and with a policy where one is given."""

FLOWS: Mapping[str, FlowKind] = {
    "order_issues": OrderIssues,
    "storefront_alerts": StorefrontAlerts,
    "feedback": Feedback,
}
"""Every flow of the product."""
_POLL_S = 300.0
WEIGHTS = {"order_issues": 6, "storefront_alerts": 3, "feedback": 1}
"""Of requests to ServiceNow: orders before alerts before feedback."""


class Deliveries:
    """The flows of one instance with what takes events and hands them out. `commerce` stays the caller's; `policies`
    replace the flows' own by name. `start` begins handing out, `close` ends everything."""

    def __init__(
        self,
        commerce: CommerceClient,
        snow: SnowSettings,
        sidecar: SidecarSettings,
        *,
        clock: Clock | None = None,
        metrics: Metrics | None = None,
        flows: Mapping[str, FlowKind] = FLOWS,
        policies: Mapping[str, Any] | None = None,
    ) -> None:
        clock = clock or SystemClock()
        with ExitStack() as parts:
            self.database = Database(sidecar.events_url)
            parts.callback(self.database.close)
            pace = Pace(sidecar.snow_rate, WEIGHTS, clock=clock)
            self.snow = parts.enter_context(SnowClient(snow.instance(), pace=pace))
            shared = {
                "snow": self.snow,
                "commerce": commerce,
                "database": self.database,
                "scope": snow.scope,
                "clock": clock,
            }
            own = {name: {"policy": policy} for name, policy in (policies or {}).items()}
            made = [kind(**shared, **own.get(name, {})) for name, kind in flows.items()]
            self._flows, self._clock = made, clock
            self.types = tuple(kind for flow in made for kind in flow.types)
            self.worker = Worker(
                self.database,
                made,
                folder=sidecar.data_dir,
                clock=clock,
                policy=policy_of(sidecar),
                metrics=metrics,
            )
            self._lookups = lookups_in(sidecar.data_dir)
            self.intake = Intake(
                made,
                writer=Writer(self.worker.deliveries.inbox.store, clock=clock),
                lookup=self._lookups.of,
                clock=clock,
                ring=self.worker.ring,
                sites=tuple(commerce.sites),
                metrics=metrics,
            )
            parts.callback(self.intake.close)
            if metrics is not None:
                metrics.registry.register(LevelMetrics(self.database))
            self._parts = parts.pop_all()
        secrets = {kid: secret.value for kid, secret in sidecar.webhook_secrets.items()}
        self.signatures = Signatures(secrets, clock=clock)

    def start(self) -> None:
        """Begin to hand out. Raises NoPlace when too many workers run."""
        self._parts.enter_context(self.worker)

    def working(self) -> None:
        """Raises StoreUnavailable when the worker lost its place: the process should be started again."""
        if self.worker.failed.is_set():
            raise StoreUnavailable("The worker lost the database. Start the sidecar again.")

    def erased(self, people: Iterable[tuple[str, str]]) -> int:
        """Empty every event that speaks of these (kind, value); how many they were."""
        return erased(self.database, self._lookups.all(people), self._clock.now())

    def polls(self, commerce: CommerceClient) -> tuple[Job, ...]:
        """What the shop's own health is asked for, where the flow for it runs."""
        flow = next((one for one in self._flows if isinstance(one, StorefrontAlerts)), None)
        if flow is None:
            return ()

        def store(signals: Sequence[Signal]) -> None:
            self.worker.deliveries.inbox.store(arrivals(signals), self._clock.now())
            self.worker.ring()

        poll = Poll(commerce=commerce, database=self.database, store=store, clock=self._clock, policy=flow.policy)
        return (Job(name="storefront signals", every_s=_POLL_S, run=poll.run),)

    def close(self) -> None:
        """Let attempts in flight finish, store what still waits; safe to call twice."""
        self._parts.close()


def deliveries_of(
    commerce: CommerceClient, snow: SnowSettings, sidecar: SidecarSettings, **options: Any
) -> Deliveries | None:
    """None when no instance is configured: then no event is taken."""
    return Deliveries(commerce, snow, sidecar, **options) if snow.signs_in else None


def policy_of(settings: SidecarSettings) -> WorkerPolicy:
    return WorkerPolicy(
        threads=settings.worker_threads,
        stop_s=settings.drain_s,
        retention=Retention(payload_days=settings.payload_days, event_days=settings.event_days),
    )


@contextmanager
def worker_of(
    settings: Settings, *, flows: Mapping[str, FlowKind] = FLOWS, metrics: Metrics | None = None
) -> Iterator[Worker]:
    """A running worker; what it uses is closed behind it. Raises InvalidSettings, SnowError, OSError."""
    with ExitStack() as parts:
        commerce = parts.enter_context(CommerceClient(settings.sfcc.commerce()))
        deliveries = Deliveries(commerce, settings.snow, settings.sidecar, flows=flows, metrics=metrics)
        parts.callback(deliveries.close)
        deliveries.start()
        yield deliveries.worker
