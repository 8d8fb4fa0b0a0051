"""`CommerceEmulator`: a local B2C Commerce tenant on loopback."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Self

from sfcc_client.config import CommerceSettings, Site
from sfcc_client.emulator import clients as registered
from sfcc_client.emulator.app import application
from sfcc_client.emulator.clients import ApiClient, Clients
from sfcc_client.emulator.loopback import Certificate, Faults, LoggedRequest, LoopbackServer
from sfcc_client.emulator.office.instance import Office
from sfcc_client.emulator.samples import samples
from sfcc_client.emulator.seed import Dataset, loaded, seeded
from sfcc_client.emulator.sessions import Sessions
from sfcc_client.emulator.state import State
from sfcc_client.emulator.tokens import Clock, Tokens
from sfcc_client.emulator.world import Ids, World

EINSTEIN_CLIENT_ID = "9b1f7c52-6e0d-4a8b-93c4-2d5e8f1a7b60"


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class CommerceEmulator:
    """SCAPI, SLAS, Account Manager, OCAPI Shop and Einstein on one loopback port::

        with CommerceEmulator() as shop:
            client = CommerceClient(shop.settings())

    `port` 0 picks a free one. `seed` chooses the generated shop; `dataset` (a path to JSON, the document, or what
    `archive.imported` read of a site export) takes its place. All dates are relative to `clock.now()` at construction,
    all lifetimes follow the clock from then on. `clients` registers further API clients. `slas_calls_per_minute` is the
    rate limit of SLAS, 500 on instances that are not production. On a `staging` instance what the back office writes
    reaches shoppers once it is replicated. With a `certificate` everything is also served over TLS on `tls_port`, at
    `secure_url`, for tools that know no plain HTTP. Raises `sfcc_client.emulator.seed.BadDataset`, OSError when a port
    is taken.
    """

    def __init__(
        self,
        port: int = 0,
        seed: int = 7,
        clock: Clock | None = None,
        dataset: Dataset | None = None,
        *,
        clients: Iterable[ApiClient] = (),
        slas_calls_per_minute: int = 500,
        staging: bool = False,
        certificate: Certificate | None = None,
        tls_port: int = 0,
    ) -> None:
        clock = clock or _SystemClock()
        now = clock.now()
        state = seeded(seed, now) if dataset is None else loaded(dataset, now)
        if staging:
            state.stage()
        new_id = Ids(seed)
        self.world = World(
            state=state,
            clock=clock,
            clients=Clients(clients),
            tokens=Tokens(clock, state.tenant_id, new_id),
            sessions=Sessions(clock, calls_per_minute=slas_calls_per_minute),
            new_id=new_id,
            einstein_client_id=EINSTEIN_CLIENT_ID,
            office=Office(state, clock),
        )
        self._server = LoopbackServer(application(self.world), port=port, certificate=certificate, tls_port=tls_port)

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def secure_url(self) -> str:
        """The address of the TLS port, empty without one."""
        return self._server.secure_url

    @property
    def state(self) -> State:
        """The store behind the APIs; change it through its collections."""
        return self.world.state

    @property
    def faults(self) -> Faults:
        return self._server.faults

    @property
    def requests(self) -> deque[LoggedRequest]:
        return self._server.requests

    def samples(self) -> dict[str, dict[str, Any]]:
        """Good examples, found in the data: registered, guest, ambiguous, unknown, opted_out."""
        return samples(self.state)

    def settings(self, **changes: Any) -> CommerceSettings:
        """Settings with every address pointing here; the keywords replace fields of them."""
        sites = tuple(
            Site(
                site_id=site.site_id,
                customer_list_id=site.customer_list_id,
                label=site.label,
                locale=site.locale,
                currency=site.currency,
            )
            for site in self.state.sites.values()
        )
        values: dict[str, Any] = {
            "scapi_url": self.url,
            "account_manager_url": self.url,
            "instance_url": self.url,
            "einstein_url": self.url,
            "organization_id": self.state.organization_id,
            "client_id": registered.ADMIN.client_id,
            "client_secret": registered.ADMIN.secret,
            "slas_client_id": registered.SHOPPER.client_id,
            "slas_client_secret": registered.SHOPPER.secret,
            "einstein_client_id": EINSTEIN_CLIENT_ID,
            "einstein_realm": self.state.realm,
            "einstein_recommender": "recently-viewed",
            "ocapi_client_id": registered.ADMIN.client_id,
            "ocapi_client_secret": registered.ADMIN.secret,
            "bm_user": registered.BUSINESS_USER.login,
            "bm_password": registered.BUSINESS_USER.password,
            "sites": sites,
            "loyalty": "attributes",
            "activity": "custom_api",
        }
        return CommerceSettings(**{**values, **changes})

    def start(self) -> Self:
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving and release the port; safe to call twice."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
