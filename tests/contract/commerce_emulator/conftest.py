"""A shop over real HTTP, a clock that moves only when told, and a caller that knows how to sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sfcc_client.emulator import CommerceEmulator

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
SCOPES = "sfcc.orders sfcc.customerlists c_loyalty_info c_shopper_activity"

WRITES = "sfcc.orders.rw sfcc.customerlists.rw sfcc.customergroups.rw sfcc.products.rw"


@dataclass
class MovedClock:
    """Stands still until moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Caller:
    """Calls one shop; keeps the tokens it was given, so that no login is repeated within three seconds."""

    shop: CommerceEmulator
    session: requests.Session
    kept: dict[Any, dict[str, Any]] = field(default_factory=dict)

    @property
    def organization(self) -> str:
        return f"/organizations/{self.shop.state.organization_id}"

    def call(self, method: str, path: str, *, token: str | None = None, **options: Any) -> requests.Response:
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **options.pop("headers", {})}
        return self.session.request(method, self.shop.url + path, headers=headers, timeout=10, **options)

    def scapi(self, api: str, path: str, *, method: str = "GET", token: str | None = None, **options: Any) -> Any:
        return self.call(method, f"{api}{self.organization}{path}", token=token, **options)

    def admin_answer(self, scope: str = SCOPES, *, tenant: bool = True, **changes: Any) -> requests.Response:
        settings = self.shop.settings()
        scopes = f"SALESFORCE_COMMERCE_API:{settings.tenant_id} {scope}" if tenant else scope
        form = {"grant_type": "client_credentials", "scope": scopes}
        auth = changes.pop("auth", (settings.client_id, settings.client_secret))
        return self.call("POST", "/dwsso/oauth2/access_token", auth=auth, data={**form, **changes})

    def admin(self, scope: str = SCOPES, *, tenant: bool = True) -> str:
        key = ("admin", scope, tenant)
        if key not in self.kept:
            self.kept[key] = self.admin_answer(scope, tenant=tenant).json()
        return str(self.kept[key]["access_token"])

    def writer(self) -> str:
        """A token of the back office that may write."""
        return self.admin(WRITES)

    def on_behalf_answer(self, login: str, site_id: str = "RefArchDE", **changes: Any) -> requests.Response:
        settings = self.shop.settings()
        auth = changes.pop("auth", (settings.slas_client_id, settings.slas_client_secret))
        form = {
            "grant_type": "client_credentials",
            "hint": "ts_ext_on_behalf_of",
            "login_id": login,
            "idp_origin": "ecom",
            "channel_id": site_id,
            "client_id": auth[0],
            **changes,
        }
        data = {name: value for name, value in form.items() if value is not None}
        return self.slas("/oauth2/trusted-system/token", auth=auth, data=data)

    def on_behalf(self, login: str, site_id: str = "RefArchDE") -> dict[str, Any]:
        if (login, site_id) not in self.kept:
            answer = self.on_behalf_answer(login, site_id)
            assert answer.status_code == 200, answer.text
            self.kept[login, site_id] = answer.json()
        return self.kept[login, site_id]

    def shopper(self, login: str, site_id: str = "RefArchDE") -> str:
        return str(self.on_behalf(login, site_id)["access_token"])

    def guest(self, site_id: str = "RefArchDE") -> str:
        return self.shopper("guest", site_id)

    def slas(self, path: str, *, method: str = "POST", **options: Any) -> requests.Response:
        return self.call(method, f"/shopper/auth/v1{self.organization}{path}", **options)

    def user(self) -> str:
        settings = self.shop.settings()
        if "user" not in self.kept:
            password = f"{settings.bm_password}:{settings.ocapi_client_secret}"
            answer = self.call(
                "POST",
                f"/dw/oauth2/access_token?client_id={settings.ocapi_client_id}",
                auth=(settings.bm_user, password),
                data={"grant_type": "urn:demandware:params:oauth:grant-type:client-id:dwsid:dwsecuretoken"},
            )
            self.kept["user"] = answer.json()
        return str(self.kept["user"]["access_token"])


@pytest.fixture(scope="session")
def world() -> Iterator[Caller]:
    """The generated shop, only to be read from; its clock stands still."""
    with CommerceEmulator(clock=MovedClock(), slas_calls_per_minute=100_000) as shop, requests.Session() as session:
        yield Caller(shop, session)


@pytest.fixture(scope="session")
def workshop() -> Iterator[Caller]:
    """Another generated shop, for requests that change something; a test may rely on nothing it did not do itself."""
    with CommerceEmulator(clock=MovedClock(), slas_calls_per_minute=100_000) as shop, requests.Session() as session:
        yield Caller(shop, session)


@pytest.fixture
def mara(world: Caller) -> dict[str, Any]:
    return world.shop.samples()["registered"]


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def dataset() -> dict[str, Any]:
    """A small shop of one's own; every test gets a fresh copy to change."""
    return {
        "sites": [
            {"id": "North", "customerListId": "People", "label": "North", "locale": "en-GB", "currency": "GBP"},
            {"id": "South", "customerListId": "People", "label": "South", "locale": "de-DE", "currency": "EUR"},
        ],
        "products": [
            {"id": "mug", "name": {"default": "Mug", "de": "Becher"}, "prices": {"GBP": 12.5}, "stock": 4},
            {"id": "gone", "name": {"default": "Gone"}, "prices": {"GBP": 1}, "online": False},
        ],
        "customers": [
            {
                "customerListId": "People",
                "customerNo": "0001",
                "customerId": "abOne",
                "firstName": "Ada",
                "lastName": "Moss",
                "email": "ada@example.com",
                "password": "open sesame",
                "creationDate": "today-400d 09:00",
            },
            {
                "customerListId": "People",
                "customerNo": "0002",
                "customerId": "abTwo",
                "lastName": "Reed",
                "email": "reed@example.com",
                "c_trackingOptOut": "today-3d",
            },
        ],
        "orders": [
            {
                "orderNo": "N-1",
                "siteId": "North",
                "creationDate": "now-2d",
                "customerInfo": {"customerId": "abOne", "customerNo": "0001", "email": "ada@example.com"},
                "productItems": [{"productId": "mug", "quantity": 1, "shipmentId": "me", "taxRate": 0.2}],
                "orderTotal": 12.5,
                "notes": [{"id": "n1", "subject": "Call", "text": "Called.", "creationDate": "now-1d"}],
            }
        ],
        "baskets": [
            {
                "basketId": "b1",
                "siteId": "North",
                "customerInfo": {"customerId": "abOne", "email": "ada@example.com"},
                "productItems": [{"productId": "mug", "quantity": 2}],
            }
        ],
        "activities": [
            {
                "siteId": "North",
                "customerId": "abOne",
                "at": "now-5m",
                "kind": "view",
                "text": "Mug",
                "productId": "mug",
            },
            {"siteId": "North", "customerId": "abOne", "at": "now-29d", "kind": "search", "text": "cup", "results": 0},
            {"siteId": "South", "customerId": "abOne", "at": "now-5m", "kind": "page", "text": "Returns"},
        ],
    }


@pytest.fixture
def opened(clock: MovedClock, dataset: dict[str, Any]) -> Iterator[Callable[..., Caller]]:
    """Opens shops of the small dataset that a test may change; closes them afterwards."""
    stack: list[Callable[[], None]] = []

    def open_shop(**options: Any) -> Caller:
        shop = CommerceEmulator(clock=clock, **{"dataset": dataset, **options}).start()
        session = requests.Session()
        stack.extend((shop.stop, session.close))
        return Caller(shop, session)

    yield open_shop
    for close in reversed(stack):
        close()


@pytest.fixture
def small(opened: Callable[..., Caller]) -> Caller:
    return opened()
