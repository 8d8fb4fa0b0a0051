"""Everything the demo starts, in the order in which it starts, and what it tells of itself once it is up."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import requests

from sfcc_client.emulator import CommerceEmulator
from sfcc_client.emulator.archive import Progress, imported
from sfcc_client.emulator.seed import Dataset
from sidecar.api.tokens import SCOPES
from sidecar.app import create_app
from sidecar.demo.cases import SeededCase, seeded_cases
from sidecar.demo.operator import commit_update_set, grant_roles, make_groups
from sidecar.demo.tour import Stage
from sidecar.engine.desk import EventDesk
from sidecar.flows.feedback.policy import CATEGORY_OWNERS, OWNERS
from sidecar.flows.storefront_alerts import StorefrontAlertsPolicy
from sidecar.server import Server
from sidecar.services import Services, services_of, tokens_of
from sidecar.settings import Secret, SidecarSettings, SnowSettings
from snow_app import SnowClient
from snow_app.app import AppParameters
from snow_app.emulator import ServiceNowEmulator
from snow_app.install import Action, applied, exported

Doing = Callable[[str], None]
Installing = Callable[[int, int, str], None]

AGENT = "agent"
_ROLES = {AGENT: ("agent", "operator", "feedback"), "lead": ("lead",), "auditor": ("auditor",)}
# A printed link must still open after lunch; a real sidecar's links live two minutes.
_LINK_LIFETIME_S = 24 * 3600
_HASTY = {"storefront_alerts": StorefrontAlertsPolicy(group_wait_s=1, hold_s=1)}
"""A visitor does not wait for what takes half a minute in earnest."""
_RETURN_RATE = Decimal(17)  # of the generated shop, in percent


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """`port_base` 0 picks free ports; otherwise ServiceNow takes it, Commerce the next, the sidecar the one after.

    `data` is your own shop as JSON, `sfcc_export` as a site export (`schemas`: a folder with the official xsd files),
    `seed` which generated one; `csm` False puts the panel on the incident form.
    `state` is a folder that keeps ServiceNow's records and the tokens for the next start. `worker` False lets events
    wait: a process has one worker at most.
    """

    port_base: int = 0
    seed: int = 7
    data: Path | None = None
    sfcc_export: Path | None = None
    schemas: Path | None = None
    csm: bool = True
    scope: str = "x_acme_sfcc"
    state: Path | None = None
    worker: bool = True

    def port(self, offset: int) -> int:
        return self.port_base + offset if self.port_base else 0


@dataclass(slots=True, kw_only=True)
class DemoWorld:
    """The running demo. Use as a context manager; leaving it stops everything."""

    options: DemoOptions
    doing: Doing
    installing: Installing
    reading: Progress | None = None
    cases: tuple[SeededCase, ...] = ()
    samples: dict[str, Any] = field(default_factory=dict)
    _parts: ExitStack = field(default_factory=ExitStack)
    _commerce: CommerceEmulator = field(init=False)
    _servicenow: ServiceNowEmulator = field(init=False)
    _sidecar: Server = field(init=False)
    _services: Services = field(init=False)
    _token: str = field(init=False, repr=False, default="")
    _webhook_secret: str = field(init=False, repr=False, default="")

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._parts.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.close()

    def _start(self) -> None:
        options = self.options
        folder = options.state or Path(self._parts.enter_context(TemporaryDirectory(prefix="sfcc-snow-demo-")))
        folder.mkdir(parents=True, exist_ok=True)
        self.doing("Starting B2C Commerce")
        self._commerce = self._parts.enter_context(
            CommerceEmulator(port=options.port(1), seed=options.seed, dataset=self._dataset())
        )
        self.doing("Starting ServiceNow")
        self._servicenow = self._parts.enter_context(
            ServiceNowEmulator(
                port=options.port(0),
                path=folder / "servicenow.sqlite",
                csm=options.csm,
                demo=False,
                sign_in_as=AGENT,
            )
        )
        self.doing("Starting the sidecar")
        self._services = services = self._sidecar_services(folder)
        self._sidecar = self._parts.enter_context(
            Server(create_app(services).wsgi_app, port=options.port(2), threads=services.settings.threads)
        )
        with SnowClient(self._snow_settings().instance()) as client:
            self.doing("Installing the app")
            self._install(client)
            self.doing("Writing cases")
            self.samples = self._commerce.samples()
            self.cases = seeded_cases(client, scope=options.scope, table=self.case_table, samples=self.samples)
        if options.worker:
            services.start()

    def _dataset(self) -> Dataset | None:
        options = self.options
        if options.sfcc_export is None:
            return options.data
        return imported(options.sfcc_export, schemas=options.schemas, progress=self.reading)

    def _snow_settings(self) -> SnowSettings:
        snow = self._servicenow
        return SnowSettings(
            url=snow.url,
            username=snow.username,
            password=Secret(snow.password),
            scope=self.options.scope,
            case_history=True,
        )

    def _sidecar_services(self, folder: Path) -> Services:
        commerce = self._commerce.settings()
        rates = {site.site_id: _RETURN_RATE for site in commerce.sites}
        self._webhook_secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
        own = SidecarSettings(
            data_dir=folder,
            link_lifetime_s=_LINK_LIFETIME_S,
            return_rates=rates,
            webhook_secrets={"demo": Secret(self._webhook_secret)},
        )
        services = services_of(commerce, own, self._snow_settings(), policies=_HASTY)
        self._parts.callback(services.close)
        tokens = tokens_of(own)
        for earlier in tokens.listed():
            if earlier.active:
                tokens.revoke(earlier.token_id)
        self._token = tokens.create("servicenow", SCOPES).bearer
        return services

    def _install(self, client: SnowClient) -> None:
        token_id, _, secret = self._token.partition(".")
        parameters = AppParameters(
            scope=self.options.scope, sidecar_url=self._sidecar.url, token_id=token_id, token_secret=secret
        )
        done = applied(client, parameters, progress=self.installing)
        if any(change.stored is None for change in done.plan.of(Action.PACKAGE)):
            commit_update_set(self._servicenow, exported(parameters).document)
        scope = self.options.scope
        grant_roles(self._servicenow, ((user, f"{scope}.{role}") for user, roles in _ROLES.items() for role in roles))
        make_groups(self._servicenow, scope=scope, owners={*OWNERS.values(), *CATEGORY_OWNERS.values()})

    @property
    def case_table(self) -> str:
        return "sn_customerservice_case" if self.options.csm else "incident"

    def case_of(self, sample: str) -> SeededCase | None:
        return next((seeded for seeded in self.cases if seeded.case.sample == sample), None)

    def form_url(self, seeded: SeededCase) -> str:
        """The address of a case's form."""
        return f"{self._servicenow.url}/{self.case_table}.do?sys_id={seeded.sys_id}"

    @property
    def list_url(self) -> str:
        return f"{self._servicenow.url}/{self.case_table}_list.do"

    @property
    def docs_url(self) -> str:
        return f"{self._sidecar.url}/docs"

    def panel_url(self, seeded: SeededCase) -> str:
        """A signed link to the panel page of a case, made by the sidecar as for a workspace."""
        body = {
            "identity": {name: seeded.identity[name] for name in ("email", "order_no") if name in seeded.identity},
            "case": {"table": self.case_table, "sys_id": seeded.sys_id},
            "viewer": {"user": AGENT, "roles": ["agent"], "locale": "en-GB", "tz": "Europe/Berlin"},
        }
        answer = requests.post(
            f"{self._sidecar.url}/v1/panel-links",
            json=body,
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=10,
        )
        answer.raise_for_status()
        return str(answer.json()["url"])

    @contextmanager
    def stage(self) -> Iterator[Stage]:
        """The demo as the tour plays on it."""
        if self._services.deliveries is None:
            raise RuntimeError("The demo takes no events.")
        with SnowClient(self._snow_settings().instance()) as snow:
            yield Stage(
                sidecar_url=self._sidecar.url,
                webhook_secret=self._webhook_secret,
                servicenow_url=self._servicenow.url,
                shop_url=self._commerce.url,
                snow=snow,
                commerce=self._services.commerce,
                desk=EventDesk(self._services.deliveries.database),
                scope=self.options.scope,
                case_table=self.case_table,
                shopper=self.samples["registered"],
            )

    def ready(self) -> dict[str, Any]:
        """What a program needs to use the demo; the shape of ``--ready-file``."""
        settings, snow = self._commerce.settings(), self._servicenow
        first = self.cases[0]
        return {
            "servicenow": {"url": snow.url, "username": snow.username, "password": snow.password},
            "sfcc": {
                "url": self._commerce.url,
                "organization_id": settings.organization_id,
                "site_id": self.samples.get("registered", {}).get("site_id") or settings.sites[0].site_id,
                "client_id": settings.client_id,
                "client_secret": settings.client_secret,
                "slas_client_id": settings.slas_client_id,
                "slas_client_secret": settings.slas_client_secret,
            },
            "sidecar": {"url": self._sidecar.url, "token": self._token, "webhook_secret": self._webhook_secret},
            "pages": {"case_form": self.form_url(first), "panel": self.panel_url(first)},
            "samples": {seeded.case.sample: {**seeded.identity, "case_sys_id": seeded.sys_id} for seeded in self.cases},
        }

    def write_ready_file(self, path: Path) -> None:
        """Write `ready` in one step, so that a reader never sees half of it; only its owner may read it."""
        partial = path.with_name(path.name + ".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(self.ready(), indent=2) + "\n", encoding="utf-8")
        partial.replace(path)
