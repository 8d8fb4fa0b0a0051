"""Two hundred readers of one shopper at the same moment, whom nobody has read before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import requests

from tests.performance import processes
from tests.performance.result import Progress, Result
from tests.performance.shoppers import context_body, shoppers
from tests.performance.traffic import Traffic, Unexpected, request

READERS = 200
DELAY_S = 0.05
# What an upstream path is for; ids in it are of no interest.
_HOPS = {
    "identity": re.compile(r"/customer-search$"),
    "shopper token": re.compile(r"/oauth2/trusted-system/token$"),
    "orders": re.compile(r"/shopper-customers/.*/orders$"),
    "baskets": re.compile(r"/shopper-customers/.*/baskets$"),
    "products": re.compile(r"/shopper-products/"),
    "loyalty": re.compile(r"/loyalty-info/"),
    "activity": re.compile(r"/shopper-activity/"),
}


def measured(progress: Progress) -> Iterator[Result]:
    """Upstream calls as the shop counted them; every reader has a thread of its own in the sidecar."""
    known, wanted = shoppers()[:2]
    with (
        processes.commerce() as shop,
        processes.sidecar(shop, threads=READERS) as sidecar,
        progress(total=READERS) as step,
    ):
        warm = context_body({"email": known.email, "site_id": known.site_id}, "live")
        requests.post(f"{sidecar.url}/v1/context", warm, headers=sidecar.headers, timeout=30).raise_for_status()
        shop.slow_down(DELAY_S)
        shop.forget_requests()
        message = request(
            "/v1/context",
            context_body({"email": wanted.email, "site_id": wanted.site_id}, "live"),
            sidecar.headers,
        )
        with Traffic(sidecar.url, READERS) as traffic:
            answers = traffic.all_at_once(message)
        step(READERS)
        calls = Counter(_hop(row["path"]) for row in shop.requests())
    if strangers := [answer[:40] for answer in answers if not answer.startswith(b"HTTP/1.1 200 ")]:
        raise Unexpected(f"{len(strangers)} readers were refused: {strangers[0]!r}")
    if missing := _HOPS.keys() - calls.keys():
        raise Unexpected(f"never asked upstream: {', '.join(sorted(missing))}")
    waited = sum(b"\r\nX-Cache: MISS\r\n" in answer for answer in answers)
    most = max(calls.values())
    yield Result(
        promise=f"{READERS} cold readers of one shopper at once: upstream calls per section",
        floor="1",
        measured=str(most),
        ratio=float(most),
        bound="at most",
        limit=1.0,
        detail=f"{waited} of them waited for the load; calls: "
        + ", ".join(f"{hop} {count}" for hop, count in sorted(calls.items())),
    )


def _hop(path: str) -> str:
    return next((hop for hop, pattern in _HOPS.items() if pattern.search(path)), path)
