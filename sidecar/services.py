"""The composition root: every long-lived object of the process, made once and closed in reverse order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sfcc_client import Clock, CommerceClient, CommerceSettings, SystemClock
from sidecar.api.pages import Pages
from sidecar.api.rates import Rates
from sidecar.api.signing import Signer
from sidecar.api.tokens import TokenFile
from sidecar.audit import AccessLog, RevealAudit, master_key
from sidecar.context import ContextPolicy, ContextService, LinkPolicy, LinkTemplates, Thresholds
from sidecar.deliveries import Deliveries, deliveries_of
from sidecar.desk import CaseDesk, desk_of
from sidecar.events.signatures import Signatures
from sidecar.guest_orders import GuestOrders, guest_orders_of
from sidecar.intake import Intake
from sidecar.observe import Metrics
from sidecar.readiness import Readiness
from sidecar.rounds import Rounds
from sidecar.settings import Settings, SidecarSettings, SnowSettings
from sidecar.sweeps import Sweeps

TOKENS_FILE = "tokens.json"
ACCESS_FILE = "access.sqlite"
ACCESS_KEY_FILE = "access.key"
_READY_DEADLINE_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the HTTP edge works with. `desk` is None when no ServiceNow instance is configured for writing,
    `intake`, `signatures` and `deliveries` when this process takes no events."""

    settings: SidecarSettings
    commerce: CommerceClient
    context: ContextService
    access_log: AccessLog
    tokens: TokenFile
    signer: Signer
    pages: Pages
    request_rates: Rates
    reveal_rates: Rates
    page_rates: Rates
    metrics: Metrics
    readiness: Readiness
    clock: Clock
    frame_ancestors: tuple[str, ...]
    desk: CaseDesk | None
    rounds: Rounds
    guest_orders: GuestOrders | None
    intake: Intake | None = None
    signatures: Signatures | None = None
    deliveries: Deliveries | None = None
    sweeps: Sweeps | None = None

    def start(self) -> None:
        """Begin to hand out events, and what is done again and again. Reads are served without it too."""
        if self.deliveries is not None and self.settings.worker:
            self.deliveries.start()
        self.rounds.start()

    def close(self) -> None:
        """Stop the threads, write what the access log still holds, close every connection."""
        self.rounds.stop()
        if self.intake is not None:
            self.intake.close()
        if self.deliveries is not None:
            self.deliveries.close()
        self.context.close()
        self.access_log.close()
        self.commerce.close()
        if self.sweeps is not None:
            self.sweeps.close()
        if self.guest_orders is not None:
            self.guest_orders.close()
        if self.desk is not None:
            self.desk.close()


def services_for(settings: Settings, *, clock: Clock | None = None) -> Services:
    """The services of the settings as read from the environment."""
    return services_of(
        settings.sfcc.commerce(),
        settings.sidecar,
        settings.snow,
        templates=LinkTemplates(
            customer=settings.sfcc.bm_customer_url, orders=settings.sfcc.bm_orders_url, order=settings.sfcc.bm_order_url
        ),
        clock=clock,
    )


def services_of(
    commerce: CommerceSettings,
    sidecar: SidecarSettings,
    snow: SnowSettings,
    *,
    templates: LinkTemplates | None = None,
    policies: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
) -> Services:
    """The services for one Commerce tenant and one ServiceNow instance; `policies` of flows by name. Close them."""
    clock = clock or SystemClock()
    metrics = Metrics()
    guest_orders = guest_orders_of(sidecar)
    client = CommerceClient(commerce, order_index=guest_orders.index if guest_orders else None, clock=clock)
    access_log = access_log_of(sidecar, clock=clock)
    first_site = next(iter(client.sites))
    desk = desk_of(snow)
    deliveries = deliveries_of(client, snow, sidecar, clock=clock, metrics=metrics, policies=policies)
    sweeps = Sweeps(deliveries, client, sidecar, scope=snow.scope, clock=clock) if deliveries else None
    jobs = (*(guest_orders.jobs(client, clock) if guest_orders else ()), *(sweeps.jobs if sweeps else ()))
    return Services(
        settings=sidecar,
        commerce=client,
        context=ContextService(
            client,
            audit=RevealAudit(access_log),
            policy=_policy(commerce, sidecar, templates or LinkTemplates()),
            cases=desk if snow.case_history else None,
            metrics=metrics,
            clock=clock,
        ),
        access_log=access_log,
        tokens=tokens_of(sidecar, clock=clock),
        signer=Signer({kid: key.value for kid, key in sidecar.link_keys.items()}, clock=clock),
        pages=Pages(idle_s=sidecar.page_lifetime_s, clock=clock),
        request_rates=Rates(sidecar.rate_limit, burst=2 * sidecar.rate_limit, clock=clock),
        reveal_rates=Rates(sidecar.reveals_per_minute / 60, burst=sidecar.reveals_per_minute, clock=clock),
        page_rates=Rates(2.0, burst=30, clock=clock),
        metrics=metrics,
        readiness=Readiness(
            {
                "commerce": lambda: client.customers.probe(site_id=first_site, deadline=_READY_DEADLINE_S),
                "access_log": access_log.write,
                **({"worker": deliveries.working} if deliveries and sidecar.worker else {}),
            },
            clock=clock,
        ),
        clock=clock,
        frame_ancestors=sidecar.frame_ancestors or _origins(snow.url),
        desk=desk,
        rounds=Rounds(jobs, metrics=metrics, clock=clock),
        guest_orders=guest_orders,
        intake=deliveries.intake if deliveries else None,
        signatures=deliveries.signatures if deliveries else None,
        deliveries=deliveries,
        sweeps=sweeps,
    )


def tokens_of(settings: SidecarSettings, *, clock: Clock | None = None) -> TokenFile:
    """The token file in the data folder."""
    return TokenFile(settings.data_dir / TOKENS_FILE, clock=clock)


def access_log_of(settings: SidecarSettings, *, clock: Clock | None = None) -> AccessLog:
    """The access log in the data folder. Close it."""
    key = master_key(settings.audit_key.value, settings.data_dir / ACCESS_KEY_FILE)
    return AccessLog(settings.data_dir / ACCESS_FILE, key, clock=clock)


def _policy(commerce: CommerceSettings, sidecar: SidecarSettings, templates: LinkTemplates) -> ContextPolicy:
    hosts = {urlsplit(url).hostname for url in (templates.customer, templates.orders, templates.order) if url}
    links = LinkPolicy(
        default=templates,
        bm_hosts=tuple(sorted(host for host in hosts if host)),
        tracking_hosts=sidecar.tracking_hosts or LinkPolicy().tracking_hosts,
    )
    return ContextPolicy(
        deadline_s=sidecar.deadline_s,
        cold_readers=sidecar.cold_readers,
        cache_bytes=sidecar.cache_mb * 1024 * 1024,
        links=links,
        thresholds=Thresholds(return_rate_pct=sidecar.return_rates),
        attribute_names=commerce.attribute_names,
    )


def _origins(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    return (f"{parts.scheme}://{parts.netloc}",) if parts.netloc else ()
