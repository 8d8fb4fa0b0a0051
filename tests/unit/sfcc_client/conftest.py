"""A client whose clock stands still until somebody sleeps, and upstream hosts that exist only in requests-mock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests_mock as requests_mock_module

from sfcc_client import CommerceClient, CommerceSettings, Site

SCAPI = "https://kv7kzm78.api.commercecloud.salesforce.com"
ACCOUNT_MANAGER = "https://account.demandware.com"
INSTANCE = "https://shop.example.com"
EINSTEIN = "https://api.cquotient.com"
ORGANIZATION = "f_ecom_zzrf_001"
SECRETS = ("am/secret+1", "slas-secret-2", "bm-password-3", "ocapi-secret-4")


class StillClock:
    """Time that only `sleep` and `pass_by` move. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(seconds=self._at - 1000.0)

    def monotonic(self) -> float:
        return self._at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        with self._lock:
            self._at += seconds


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def settings_with() -> Callable[..., CommerceSettings]:
    def settings(**changes: Any) -> CommerceSettings:
        return CommerceSettings(
            **{
                "scapi_url": SCAPI,
                "account_manager_url": ACCOUNT_MANAGER,
                "instance_url": INSTANCE,
                "einstein_url": EINSTEIN,
                "organization_id": ORGANIZATION,
                "client_id": "am-client",
                "client_secret": SECRETS[0],
                "slas_client_id": "slas-client",
                "slas_client_secret": SECRETS[1],
                "einstein_client_id": "einstein-client",
                "ocapi_client_id": "ocapi-client",
                "ocapi_client_secret": SECRETS[3],
                "bm_user": "reader",
                "bm_password": SECRETS[2],
                "sites": (
                    Site(site_id="RefArchDE", customer_list_id="RefArch", locale="de-DE", currency="EUR"),
                    Site(site_id="RefArchJP", customer_list_id="RefArch", locale="ja-JP", currency="JPY"),
                ),
                **changes,
            }
        )

    return settings


@pytest.fixture
def client_with(clock: StillClock, settings_with: Callable[..., CommerceSettings]) -> Iterator[Callable[..., Any]]:
    opened: list[CommerceClient] = []

    def client(**changes: Any) -> CommerceClient:
        opened.append(CommerceClient(settings_with(**changes), clock=clock, new_id=lambda: "call-1"))
        return opened[-1]

    yield client
    for one in opened:
        one.close()


@pytest.fixture
def client(client_with: Callable[..., CommerceClient]) -> CommerceClient:
    return client_with()


class Upstream:
    """The mocked tenant: its token endpoints answer, everything else is added by the test."""

    def __init__(self, mocker: requests_mock_module.Mocker) -> None:
        self.mocker = mocker
        self.account_manager = mocker.post(
            f"{ACCOUNT_MANAGER}/dwsso/oauth2/access_token",
            json={"access_token": "am-token", "expires_in": 1799, "token_type": "Bearer"},
        )
        self.trusted_system = mocker.post(
            f"{SCAPI}/shopper/auth/v1/organizations/{ORGANIZATION}/oauth2/trusted-system/token",
            json={
                "access_token": "shopper-token",
                "expires_in": 1800,
                "customer_id": "abKq",
                "usid": "usid-1",
                "enc_user_id": "ENC1",
            },
        )
        self.guest = mocker.post(
            f"{SCAPI}/shopper/auth/v1/organizations/{ORGANIZATION}/oauth2/token",
            json={"access_token": "guest-token", "expires_in": 1800, "customer_id": "guest1", "usid": "usid-2"},
        )
        self.business_manager = mocker.post(
            f"{INSTANCE}/dw/oauth2/access_token", json={"access_token": "bm-token", "expires_in": 899}
        )

    def admin_order(self, order_no: str = "00000410", **answer: Any) -> Any:
        return self.mocker.get(f"{SCAPI}/checkout/orders/v1/organizations/{ORGANIZATION}/orders/{order_no}", **answer)

    def customer(self, customer_no: str = "00001234", **answer: Any) -> Any:
        return self.mocker.get(
            f"{SCAPI}/customer/customers/v1/organizations/{ORGANIZATION}/customer-lists/RefArch/customers/{customer_no}",
            **answer,
        )

    def customer_search(self, *answers: Any) -> Any:
        return self.mocker.post(
            f"{SCAPI}/customer/customers/v1/organizations/{ORGANIZATION}/customer-lists/RefArch/customer-search",
            list(answers),
        )

    def shopper(self, what: str, **answer: Any) -> Any:
        """Answers below the shopper's own path: `orders` or `baskets`."""
        return self.mocker.get(
            f"{SCAPI}/customer/shopper-customers/v1/organizations/{ORGANIZATION}/customers/abKq/{what}", **answer
        )

    def order_search(self, **answer: Any) -> Any:
        return self.mocker.post(f"{INSTANCE}/s/RefArchDE/dw/shop/v24_5/order_search", **answer)

    def products(self, **answer: Any) -> Any:
        return self.mocker.get(f"{SCAPI}/product/shopper-products/v1/organizations/{ORGANIZATION}/products", **answer)

    def custom_api(self, api: str, method: str = "GET", **answer: Any) -> Any:
        url = f"{SCAPI}/custom/{api.replace('/', f'/v1/organizations/{ORGANIZATION}/', 1)}"
        return self.mocker.register_uri(method, url, **answer)


@pytest.fixture
def upstream(requests_mock: requests_mock_module.Mocker) -> Upstream:
    return Upstream(requests_mock)


def problem(slug: str, **members: Any) -> dict[str, Any]:
    """A SCAPI problem document."""
    kind = f"https://api.commercecloud.salesforce.com/documentation/error/v1/errors/{slug}"
    return {"type": kind, "title": slug, "detail": "Nobody should read mara@example.com here.", **members}
