"""Memory while a hundred thousand shoppers pass through a cache that holds a few thousand.

Run as a module it is the process that is measured, and prints one line of JSON for each sample.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sidecar.context import (
    AccessRecord,
    ContextPolicy,
    ContextRequest,
    ContextService,
    Identity,
    Viewer,
)
from sidecar.observe import Metrics
from tests.performance import processes
from tests.performance.endless_shop import SITE, EndlessShop
from tests.performance.result import Progress, Result

SHOPPERS = 100_000
CACHE_MB = 64  # SIDECAR_CACHE_MB unless told otherwise
FULL_AFTER = 20_000
SAMPLE_EVERY = 10_000
TELL_EVERY = 2_000
# Every shopper's five facts are loaded. The whole envelope, and the finished answer that is remembered of it, are made
# for one in so many: they cost most of the time and are forgotten soonest.
IN_FULL_EVERY = 20
DRIFT = 0.10


class _NoAudit:
    """Nothing is revealed here."""

    def record(self, record: AccessRecord) -> None:
        raise AssertionError("nothing is revealed here")


def measured(progress: Progress) -> Iterator[Result]:
    """How far the process strays from its middle size once the cache is full."""
    samples: list[dict[str, float]] = []
    with processes.lines_of("memory") as lines, progress(total=SHOPPERS) as step:
        for line in lines:
            samples.append(json.loads(line))
            step(TELL_EVERY)
    settled = [one for one in samples if one["shoppers"] >= FULL_AFTER and one["shoppers"] % SAMPLE_EVERY == 0]
    if samples[-1]["shoppers"] != SHOPPERS or settled[0]["entries"] < 0.9 * settled[-1]["entries"]:
        raise RuntimeError("the cache was not full when the samples began")
    sizes = [one["rss_mb"] for one in settled]
    middle = median(sizes)
    furthest = max(sizes, key=lambda size: abs(size - middle))
    yield Result(
        promise=f"Memory over {SHOPPERS:,} distinct shoppers: furthest from the middle",
        floor=f"{middle:.0f} MB",
        measured=f"{furthest:.0f} MB",
        ratio=1 + abs(furthest - middle) / middle,
        bound="at most",
        limit=1 + DRIFT,
        detail=f"a cache of {CACHE_MB} MB, full after {_full_at(samples):,} shoppers; resident memory every "
        f"{SAMPLE_EVERY:,} from {FULL_AFTER:,} on: {', '.join(f'{size:.0f}' for size in sizes)} MB",
    )


def _full_at(samples: list[dict[str, float]]) -> int:
    most = max(one["entries"] for one in samples)
    return int(next(one["shoppers"] for one in samples if one["entries"] >= 0.95 * most))


def main() -> None:
    """Read shopper after shopper, and print how large this process is."""
    metrics = Metrics()
    policy = ContextPolicy(cache_bytes=CACHE_MB * 1024 * 1024)
    service = ContextService(EndlessShop(datetime.now(UTC)), audit=_NoAudit(), policy=policy, metrics=metrics)
    viewer = Viewer(user="agent.one", roles=("agent",), locale="en-GB", tz="Europe/Berlin")
    try:
        for number in range(1, SHOPPERS + 1):
            identity = Identity(customer_no=f"{number:08}", site_id=SITE.site_id)
            service.read(ContextRequest(identity=identity, viewer=viewer, sections=("insights",)))
            if number % IN_FULL_EVERY == 0:
                whole = ContextRequest(identity=identity, viewer=viewer, mode="cached")
                service.read(whole, raw_body=f"shopper {number}".encode(), principal_key="bench")
            if number % TELL_EVERY == 0:
                print(json.dumps(_sample(metrics, number)), flush=True)
    finally:
        service.close()


def _sample(metrics: Metrics, shoppers: int) -> dict[str, float]:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "shoppers": shoppers,
        "rss_mb": pages * resource.getpagesize() / 1e6,
        "entries": metrics.registry.get_sample_value("sidecar_cache_entries", {"store": "facts"}) or 0.0,
    }


if __name__ == "__main__":
    main()
