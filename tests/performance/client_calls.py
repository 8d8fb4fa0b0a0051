"""The Commerce SDK alone: calls against the same calls by hand with `requests`, and one token for many threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from statistics import median
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter

from sfcc_client import CommerceClient, CommerceSettings
from sfcc_client.emulator import CommerceEmulator
from tests.performance.result import Progress, Result

CALLS = 1000
ROUNDS = 20
THREADS = 16
LIMIT = 1.25
_TIMEOUT_S = 10


def measured(progress: Progress) -> Iterator[Result]:
    """Both take turns in short rounds, so that whatever else the machine does falls on both."""
    with CommerceEmulator() as shop:
        settings, order = shop.settings(), shop.samples()["registered"]
        order_no, site_id = order["order_no"], order["site_id"]
        with CommerceClient(settings) as client, _session(settings) as session, progress(total=2 * CALLS) as step:
            by_hand = _by_hand(session, settings, order_no, site_id)

            def by_client() -> object:
                return client.orders.by_number(order_no, site_id=site_id)

            by_hand(), by_client()
            rounds = []
            for _ in range(ROUNDS):
                rounds.append((_seconds(by_hand, CALLS // ROUNDS), _seconds(by_client, CALLS // ROUNDS)))
                step(2 * CALLS // ROUNDS)
        yield _calls(rounds)
        yield _tokens(shop, order_no, site_id)


def _calls(rounds: list[tuple[float, float]]) -> Result:
    plain, ours = sum(one for one, _ in rounds), sum(one for _, one in rounds)
    return Result(
        promise="Commerce SDK: 1,000 calls one after another, against plain requests",
        floor=f"{plain / CALLS * 1000:.2f} ms",
        measured=f"{ours / CALLS * 1000:.2f} ms",
        ratio=median(ours / plain for plain, ours in rounds),
        bound="at most",
        limit=LIMIT,
        detail=f"one order by number, {CALLS} calls each in {ROUNDS} turns; the same session settings, headers and "
        "tokens; by hand the answer is decoded and nothing else",
    )


def _tokens(shop: CommerceEmulator, order_no: str, site_id: str) -> Result:
    shop.requests.clear()
    with CommerceClient(shop.settings()) as client, ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: client.orders.by_number(order_no, site_id=site_id), range(THREADS)))
    fetched = sum(one.path.endswith("/access_token") for one in shop.requests)
    return Result(
        promise=f"Commerce SDK: tokens fetched by {THREADS} threads that start at once",
        floor="1",
        measured=str(fetched),
        ratio=float(fetched),
        bound="at most",
        limit=1.0,
        detail=f"{THREADS} threads, one order each, no token known before",
    )


def _seconds(call: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        call()
    return time.perf_counter() - started


def _session(settings: CommerceSettings) -> requests.Session:
    """A session with the settings of the SDK's own."""
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": "bench", "Accept": "application/json"})
    session.mount("http://", HTTPAdapter(pool_connections=2, pool_maxsize=settings.pool_size))
    return session


def _by_hand(
    session: requests.Session, settings: CommerceSettings, order_no: str, site_id: str
) -> Callable[[], object]:
    """One order, as somebody without the SDK reads it."""
    answer = session.post(
        f"{settings.account_manager_url}/dwsso/oauth2/access_token",
        data={
            "grant_type": "client_credentials",
            "scope": f"SALESFORCE_COMMERCE_API:{settings.tenant_id} sfcc.orders",
        },
        auth=(settings.client_id, settings.client_secret),
        timeout=_TIMEOUT_S,
    )
    bearer = answer.json()["access_token"]
    url = f"{settings.scapi_url}/checkout/orders/v1/organizations/{settings.organization_id}/orders/{order_no}"
    numbers, run = count(), uuid4()

    def read() -> object:
        response = session.get(
            url,
            params={"siteId": site_id},
            headers={"Authorization": f"Bearer {bearer}", "correlation-id": f"{run}-{next(numbers)}"},
            timeout=_TIMEOUT_S,
            allow_redirects=False,
        )
        response.raise_for_status()
        return response.json()

    return read
