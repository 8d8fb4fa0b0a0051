"""Every environment variable the product reads, each declared once: type, default and meaning.

`Settings.read()` reads the three sections and reports every mistake at once (`InvalidSettings`); a section alone is
read with its own `read`. A ``.env`` file in the working directory counts too; the real environment wins. `reference()`
gives the declarations as rows, from which the documentation page is made.

Prefixes: ``SFCC_`` for B2C Commerce, ``SNOW_`` for ServiceNow, ``SIDECAR_`` for this process.
"""
# ruff: noqa: RUF009 - variable() makes a dataclass field, as dataclasses.field does

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sidecar.variables import (
    ENV_FILE,
    KEY,
    NO_SECRET,
    InvalidSettings,
    Secret,
    Section,
    sections_read,
    shown_default,
    variable,
)

if TYPE_CHECKING:
    from sfcc_client import CommerceSettings
    from snow_app import SnowSettings as Instance

__all__ = [
    "InvalidSettings",
    "Row",
    "Secret",
    "Settings",
    "SfccSettings",
    "SidecarSettings",
    "SnowSettings",
    "reference",
]


SOURCE_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,200}")


class Row(NamedTuple):
    """One line of the settings reference; `default` is None for a variable that must be set."""

    name: str
    type: str
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SfccSettings(Section):
    """B2C Commerce: one tenant."""

    prefix = "SFCC_"

    scapi_url: str = variable(
        "Base URL of the Commerce API: https://{shortCode}.api.commercecloud.salesforce.com.", kind="url"
    )
    account_manager_url: str = variable(
        "Base URL of Account Manager, which signs the Admin API client in.",
        kind="url",
        default="https://account.demandware.com",
    )
    instance_url: str = variable(
        "Base URL of the instance (OCAPI order search and Business Manager): https://{host}.", kind="url"
    )
    organization_id: str = variable("Organization id, such as f_ecom_zzrf_001.")
    client_id: str = variable("API client of the Admin APIs (customers, orders, products), from Account Manager.")
    client_secret: Secret = variable("Its secret.", kind="secret")
    slas_client_id: str = variable("Private SLAS client with trusted-system access, for shoppers' baskets and orders.")
    slas_client_secret: Secret = variable("Its secret.", kind="secret")
    sites: tuple[Mapping[str, str], ...] = variable(
        "Storefronts as a JSON list of objects with site_id, customer_list_id and optionally label, locale, currency.",
        kind="sites",
    )
    ocapi_client_id: str = variable("OCAPI client of the guests' order search.", default="", shown="SFCC_CLIENT_ID")
    ocapi_client_secret: Secret = variable("Its secret.", kind="secret", default=NO_SECRET)
    ocapi_version: str = variable("OCAPI version in the path.", default="v24_5")
    order_management: bool = variable(
        "Whether Salesforce Order Management is active, so that shipments carry its tracking.",
        kind="switch",
        default=False,
    )
    bm_user: str = variable(
        "Business Manager user of the guests' order search; empty: guests' orders are not found.", default=""
    )
    bm_password: Secret = variable("Its access key or password.", kind="secret", default=NO_SECRET)
    loyalty: str = variable(
        "Where loyalty is kept: customer attributes, the custom API loyalty-info, or nowhere.",
        default="attributes",
        choices=("attributes", "custom_api", "none"),
    )
    loyalty_scope: str = variable("Scope of the loyalty custom API.", default="c_loyalty_info")
    activity: str = variable(
        "Where browsing is read: the custom API shopper-activity, Einstein (recently viewed), or nowhere.",
        default="none",
        choices=("custom_api", "einstein", "none"),
    )
    activity_scope: str = variable("Scope of the activity custom API.", default="c_shopper_activity")
    einstein_url: str = variable("Base URL of Einstein.", kind="url", default="https://api.cquotient.com")
    einstein_client_id: str = variable("Einstein client, when activity is einstein.", default="")
    einstein_realm: str = variable("Einstein realm, such as zzrf.", default="")
    einstein_instance_type: str = variable("Einstein data set.", default="prd")
    einstein_recommender: str = variable("Einstein recommender that answers recently viewed products.", default="")
    attribute_names: Mapping[str, str] = variable(
        'Names of custom attributes as a JSON object, such as {"vip": "c_isVip"}; an empty name: not kept.',
        kind="names",
        default={},
    )
    bm_customer_url: str = variable(
        "Business Manager page of a customer, https, with {site_id} and {customer_no}; empty: no link.",
        default="",
    )
    bm_orders_url: str = variable("Business Manager page of a customer's orders; as above.", default="")
    bm_order_url: str = variable("Business Manager page of one order, with {order_no}; as above.", default="")
    connect_timeout_s: float = variable("Seconds to connect.", kind="number", default=3.05, within=(0.05, 60))
    read_timeout_s: float = variable("Seconds to wait for an answer.", kind="number", default=10.0, within=(0.05, 60))
    pool_size: int = variable("Connections kept open to each host.", kind="integer", default=32, within=(1, 512))
    ca_bundle: str = variable("File of certificate authorities to trust; empty: the usual ones.", default="")
    client_certificate: str = variable("PEM file with client certificate and key, for mutual TLS.", default="")

    def problems(self) -> dict[str, list[str]]:
        from sfcc_client import errors  # noqa: PLC0415 - the SDK is heavy, and only this section needs it

        try:
            self.commerce()
        except errors.InvalidSettings as error:
            return {"SFCC_*": [error.message]}
        except TypeError:
            return {"SFCC_ATTRIBUTE_NAMES": ["Names an attribute the product does not know."]}
        return {}

    def commerce(self) -> CommerceSettings:
        """The same as the SDK takes it."""
        from sfcc_client import AttributeNames, CommerceSettings, Site  # noqa: PLC0415

        given: dict[str, Any] = {spec.name: getattr(self, spec.name) for spec in fields(CommerceSettings)}
        given.update({name: value.value for name, value in given.items() if isinstance(value, Secret)})
        given["sites"] = tuple(Site(**site) for site in self.sites)
        given["attribute_names"] = AttributeNames(**self.attribute_names)
        return CommerceSettings(**given)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnowSettings(Section):
    """ServiceNow: one instance, and the app's names in it."""

    prefix = "SNOW_"

    url: str = variable("Base URL of the instance: https://{instance}.service-now.com.", kind="url", default="")
    username: str = variable("User that installs the app and that doctor signs in with.", default="")
    password: Secret = variable("Its password.", kind="secret", default=NO_SECRET)
    client_id: str = variable("OAuth client; empty: Basic authentication.", default="")
    client_secret: Secret = variable("Its secret.", kind="secret", default=NO_SECRET)
    jwt_key_file: str = variable(
        "File with the RSA key (PEM) of an OAuth JWT bearer grant; needs the client and the username.", default=""
    )
    jwt_key_id: str = variable("The kid of its JWT verifier map.", default="")
    api_key: Secret = variable("Inbound API key, instead of a sign-in.", kind="secret", default=NO_SECRET)
    client_certificate: str = variable("PEM file of a client certificate, for mutual TLS.", default="")
    client_key: str = variable("PEM file of its key, unless the certificate's file holds it.", default="")
    ca_bundle: str = variable("File of certificate authorities to trust; empty: the usual ones.", default="")
    proxy: Secret = variable("Proxy towards the instance, as a URL.", kind="secret", default=NO_SECRET)
    scope: str = variable("Scope of the app; its prefix is the company's code.", default="x_acme_sfcc")
    case_history: bool = variable(
        "Whether insights may read the case and others about the same order (repeat contact, failed search).",
        kind="switch",
        default=False,
    )
    app_name: str = variable("Name of the app as people see it.", default="Commerce")

    @property
    def signs_in(self) -> bool:
        """Whether an instance and a way to sign in are set."""
        ways = (self.username, self.client_id, self.api_key.value, self.client_certificate)
        return bool(self.url and any(ways))

    def problems(self) -> dict[str, list[str]]:
        if not self.signs_in:
            return {}
        from snow_app import errors  # noqa: PLC0415 - the SDK is heavy, and only this section needs it

        try:
            self.instance()
        except errors.InvalidSettings as error:
            return {"SNOW_*": [error.message]}
        except OSError:
            return {"SNOW_JWT_KEY_FILE": ["Cannot be read."]}
        return {}

    def instance(self) -> Instance:
        """The same as the ServiceNow SDK takes it; plain http was accepted for loopback hosts only."""
        from snow_app import SnowSettings as Instance  # noqa: PLC0415

        names = ("url", "username", "client_id", "jwt_key_id", "client_certificate", "client_key", "ca_bundle")
        secrets = ("password", "client_secret", "api_key", "proxy")
        return Instance(
            **{name: getattr(self, name) for name in names},
            **{name: getattr(self, name).value for name in secrets},
            jwt_key=Path(self.jwt_key_file).read_text("utf-8") if self.jwt_key_file else "",
            allow_http=self.url.startswith("http://"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarSettings(Section):
    """This process."""

    prefix = "SIDECAR_"

    host: str = variable("Address to listen on.", default="127.0.0.1")
    port: int = variable("Port to listen on; 0 picks a free one.", kind="integer", default=8080, within=(0, 65535))
    threads: int = variable("Requests served at the same time.", kind="integer", default=16, within=(1, 256))
    public_url: str = variable(
        "How browsers reach the sidecar; panel links start with it.", kind="url", default="", shown="http://HOST:PORT"
    )
    trusted_proxy: str = variable("Address of the reverse proxy whose X-Forwarded-For is believed.", default="")
    drain_s: float = variable(
        "Seconds that requests in flight may take to finish at SIGTERM.", kind="number", default=25.0, within=(0, 600)
    )
    data_dir: Path = variable(
        "Folder of tokens.json, access.sqlite, events.sqlite and their keys; created with mode 700.",
        kind="path",
        default=Path("sidecar-data"),
    )
    rate_limit: float = variable(
        "Requests a second one token may make, twice that in a burst; 0: no limit.",
        kind="number",
        default=1000.0,
        within=(0, 1e6),
    )
    deadline_s: float = variable(
        "Seconds a live read may take; what is not there by then says so in its section.",
        kind="number",
        default=2.5,
        within=(0.1, 30),
    )
    cache_mb: int = variable("Megabytes of shoppers' data in memory.", kind="integer", default=64, within=(1, 65536))
    cold_readers: int = variable(
        "Shoppers not in the cache that are read at full speed at the same time; five threads each.",
        kind="integer",
        default=16,
        within=(1, 128),
    )
    order_index: bool = variable(
        "Whether guests' orders are found by an index of our own, which a sweep of all orders feeds, instead of OCAPI.",
        kind="switch",
        default=False,
    )
    order_index_days: int = variable(
        "Days of orders the first sweep goes back.", kind="integer", default=90, within=(1, 3650)
    )
    sweep_s: float = variable(
        "Seconds from one sweep of changed orders to the next.", kind="number", default=60.0, within=(5, 86400)
    )
    tracking_hosts: tuple[str, ...] = variable(
        "Carriers' hosts that tracking links may lead to, subdomains included, comma separated.",
        kind="hosts",
        default=(),
        shown="the common carriers",
    )
    return_rates: Mapping[str, Decimal] = variable(
        'Average share of pieces sent back, in percent by site, as a JSON object such as {"RefArchDE": 17}; without it'
        " nobody's returns are called unusual.",
        kind="percentages",
        default={},
    )
    reveals_per_minute: int = variable(
        "E-mail addresses and phone numbers one agent may reveal in a minute.",
        kind="integer",
        default=20,
        within=(1, 1000),
    )
    reveal_reason_required: bool = variable("Whether a reveal must give a reason.", kind="switch", default=False)
    frame_ancestors: tuple[str, ...] = variable(
        "Origins that may frame the panel page, comma separated.",
        kind="origins",
        default=(),
        shown="origin of SNOW_URL",
    )
    link_keys: Mapping[str, Secret] = variable(
        "Keys of panel links as id=key, comma separated; the first signs, all are accepted. Set them when several"
        " sidecars answer for one address.",
        kind="keys",
        default={},
        shown="one key made at start",
    )
    webhook_secrets: Mapping[str, Secret] = variable(
        "Secrets of POST /v1/events as id=whsec_…, comma separated, 24 to 64 bytes in base64 each; all are accepted,"
        " so that one can be replaced while the other still works. Empty: no event of the shop is taken.",
        kind="webhook secrets",
        default={},
    )
    source_token: Secret = variable(
        "Last part of the addresses given to Log Center and to Commerce's eventing, which sign nothing; 32 characters"
        " or more. Empty: neither is heard.",
        kind="secret",
        default=NO_SECRET,
    )
    log_stream_key: Secret = variable(
        "Access key of the log stream (X-Amz-Firehose-Access-Key). Empty: it is not heard.",
        kind="secret",
        default=NO_SECRET,
    )
    ecdn_secret: Secret = variable(
        "Secret of the eCDN's zone notices. Empty: they are not heard.", kind="secret", default=NO_SECRET
    )
    ecdn_header: str = variable(
        "Header in which those notices carry the HMAC-SHA256 of their body, in hex, or the secret itself.",
        default="cf-webhook-auth",
    )
    link_lifetime_s: int = variable("Seconds a panel link can be opened.", kind="integer", default=120, within=(5, 600))
    page_lifetime_s: int = variable(
        "Seconds an idle panel page stays signed in.", kind="integer", default=900, within=(60, 3600)
    )
    audit_key: Secret = variable(
        "Key of the access log, 32 bytes in URL-safe base64.",
        kind="secret",
        default=NO_SECRET,
        shown="access.key in DATA_DIR",
    )
    database_url: Secret = variable(
        "Database of the events: sqlite:///file or postgresql://user:password@host/name.",
        kind="database",
        default=NO_SECRET,
        shown="events.sqlite in DATA_DIR",
    )
    worker: bool = variable(
        "Whether serve hands events to their flows itself; off when sfcc-snow worker does.", kind="switch", default=True
    )
    worker_threads: int = variable(
        "Events that one worker handles at the same time.", kind="integer", default=8, within=(1, 64)
    )
    snow_rate: float = variable(
        "Requests a second that flows may make to ServiceNow, shared by their weight; 0: only as few as its 429 answers"
        " ask for.",
        kind="number",
        default=0.0,
        within=(0, 10_000),
    )
    payload_days: int = variable(
        "Days after its delivery that what an event says is kept.", kind="integer", default=30, within=(1, 3650)
    )
    event_days: int = variable(
        "Days after its delivery that a repeat of an event is known as one.",
        kind="integer",
        default=90,
        within=(1, 3650),
    )
    log_level: str = variable(
        "Least severe log line written.", default="info", choices=("debug", "info", "warning", "error")
    )
    access_log: bool = variable(
        "Whether each request writes a log line (never a query string or body).", kind="switch", default=True
    )

    def problems(self) -> dict[str, list[str]]:
        if self.audit_key and not KEY.fullmatch(self.audit_key.value):
            return {"SIDECAR_AUDIT_KEY": ["Not 32 bytes in URL-safe base64."]}
        if self.source_token and not SOURCE_TOKEN.fullmatch(self.source_token.value):
            return {"SIDECAR_SOURCE_TOKEN": ["Not 32 to 200 letters, digits, - and _."]}
        return {}

    @property
    def events_url(self) -> str:
        """The database of the events as SQLAlchemy takes it."""
        url = self.database_url.value.replace("postgresql://", "postgresql+psycopg://", 1)
        return url or f"sqlite:///{self.data_dir / 'events.sqlite'}"

    @property
    def origin(self) -> str:
        """How browsers reach the sidecar."""
        return self.public_url or f"http://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the running product is told."""

    sfcc: SfccSettings
    snow: SnowSettings
    sidecar: SidecarSettings

    @classmethod
    def read(cls, env_file: Path | str | None = ENV_FILE) -> Self:
        """All three sections. Raises InvalidSettings naming every mistake in all of them."""
        sfcc, snow, sidecar = sections_read((SfccSettings, SnowSettings, SidecarSettings), env_file)
        return cls(sfcc=sfcc, snow=snow, sidecar=sidecar)  # type: ignore[arg-type]


def reference() -> tuple[Row, ...]:
    """Every variable in the order of declaration, for the documentation page and ``doctor``."""
    return tuple(
        Row(
            name=kind.prefix + spec.name.upper(),
            type=" | ".join(spec.metadata["choices"]) or spec.metadata["kind"],
            default=shown_default(spec),
            meaning=spec.metadata["meaning"],
        )
        for kind in (SfccSettings, SnowSettings, SidecarSettings)
        for spec in fields(kind)
    )
