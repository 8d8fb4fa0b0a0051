"""Who may ask: the API clients, SLAS clients and Business Manager users one emulated tenant knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

ADMIN_SCOPES = frozenset(
    {
        "sfcc.orders.rw",
        "sfcc.customerlists.rw",
        "sfcc.customergroups.rw",
        "sfcc.products.rw",
        "sfcc.catalogs",
        "sfcc.preferences.rw",
        "sfcc.jobs.rw",
        "sfcc.scripts.rw",
        "sfcc.sites.rw",
        "sfcc.granular-replications.rw",
        "sfcc.custom-apis",
        "sfcc.metrics",
        "sfcc.cdn-zones.rw",
        "c_loyalty_info",
        "c_shopper_activity",
    }
)
SHOPPER_SCOPES = frozenset(
    {
        "sfcc.ts_ext_on_behalf_of",
        "sfcc.shopper-myaccount",
        "sfcc.shopper-myaccount.orders",
        "sfcc.shopper-myaccount.baskets",
        "sfcc.shopper-baskets-orders.rw",
        "sfcc.shopper-experience.contents",
        "sfcc.shopper-experience.folders",
        "sfcc.shopper-experience.pages",
        "sfcc.shopper-products",
        "sfcc.shopper-product-search",
        "sfcc.orders.rw",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """A client of Account Manager (`kind` ``admin``) or of SLAS (``shopper``).

    `scopes` are what the client may have at most; the tenant scope is given by `tenant` (False: the client has no
    tenant filter for this tenant). A SLAS client without a secret is a public one.

    `data_api` is what Business Manager's Open Commerce API settings allow: methods by resource id, whose ``*`` stands
    for one segment and ``/**`` for any number. `webdav` is what its WebDAV permissions allow: ``read`` or
    ``read_write`` by root folder.
    """

    client_id: str
    secret: str | None = field(default=None, repr=False)
    kind: Literal["admin", "shopper"] = "admin"
    scopes: frozenset[str] = frozenset()
    tenant: bool = True
    data_api: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    webdav: Mapping[str, str] = field(default_factory=dict, repr=False)

    def allows(self, scope: str) -> bool:
        """A ``.rw`` scope contains the read scope of the same name."""
        return scope in self.scopes or f"{scope}.rw" in self.scopes

    def allows_resource(self, method: str, resource: str) -> bool:
        """Whether the Data API lets this client do that with a resource, such as ``get /code_versions/v1``."""
        return any(method in methods and _covers(pattern, resource) for pattern, methods in self.data_api.items())


def _covers(pattern: str, resource: str) -> bool:
    any_depth = pattern.endswith("/**")
    wanted = pattern.removesuffix("/**").split("/") if any_depth else pattern.split("/")
    given = resource.split("/")
    fits = len(given) > len(wanted) if any_depth else len(given) == len(wanted)
    return fits and all(part in ("*", name) for part, name in zip(wanted, given, strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessUser:
    """A Business Manager user with an access key for OCAPI; `webdav` users may also read and write files."""

    login: str
    password: str = field(repr=False)
    webdav: bool = False


ADMIN = ApiClient(
    client_id="5a9f6c1e-4d3b-4f0a-9b57-0e7c2d1a8f34",
    secret="emulated-admin-secret",  # noqa: S106 - opens nothing but the emulator
    scopes=ADMIN_SCOPES,
    data_api={"/**": frozenset({"get", "post", "put", "patch", "delete"})},
    webdav=dict.fromkeys(("Cartridges", "Catalogs", "Impex", "Libraries", "Logs", "Static", "Temp"), "read_write"),
)
SHOPPER = ApiClient(
    client_id="c7e1d2b4-83a6-4f59-b1c0-6d9e5f7a2b18",
    secret="emulated-slas-secret",  # noqa: S106
    kind="shopper",
    scopes=SHOPPER_SCOPES,
)
STOREFRONT = ApiClient(
    client_id="0f4b8a63-1c2d-4e5f-8a7b-9c0d1e2f3a4b",
    kind="shopper",
    scopes=SHOPPER_SCOPES - {"sfcc.ts_ext_on_behalf_of", "sfcc.orders.rw"},
)
BUSINESS_USER = BusinessUser(login="order.reader@example.com", password="emulated-access-key")  # noqa: S106
DEPLOYER = BusinessUser(login="code.deployer@example.com", password="emulated-webdav-key", webdav=True)  # noqa: S106
USERS = (BUSINESS_USER, DEPLOYER)


class Clients:
    """The registered clients by id; one registered later takes the place of one with the same id and kind."""

    def __init__(self, clients: Iterable[ApiClient] = (), users: Iterable[BusinessUser] = USERS) -> None:
        registered = (ADMIN, SHOPPER, STOREFRONT, *clients)
        self._clients = {(client.kind, client.client_id): client for client in registered}
        self._users = {user.login: user for user in users}

    def admin(self, client_id: str) -> ApiClient | None:
        return self._clients.get(("admin", client_id))

    def shopper(self, client_id: str) -> ApiClient | None:
        return self._clients.get(("shopper", client_id))

    def user(self, login: str) -> BusinessUser | None:
        return self._users.get(login)

    def known(self, client_id: str) -> bool:
        return any(known == client_id for _, known in self._clients)
