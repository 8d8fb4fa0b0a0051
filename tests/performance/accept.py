"""Signed events accepted over sockets, against the same rows in the same tables written with nothing around it."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from standardwebhooks import Webhook

from sidecar.engine import Database, sqlite_url
from tests.performance import processes
from tests.performance.result import Progress, Result
from tests.performance.traffic import Traffic, Unexpected, request

CLIENTS = 16
ROUNDS = 8
SLICE_S = 2.0
LEAST_SHARE = 0.5
MOST_P99_MS = 50.0
_MOST_A_SLICE = 6000
_SECRET = "whsec_" + "YmVuY2gt" * 4
_PREPARED = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "busy_timeout = 30000",
)

_EVENT = (
    "INSERT INTO events (id, type, version, flow, key, site_id, time, accepted_at, digest, payload)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SUBJECT = "INSERT INTO event_subjects (seq, lookup) VALUES (?, ?)"


def measured(progress: Progress) -> Iterator[Result]:
    """Slices of both take turns on one disk. Raw: as many threads, each writing one event and committing it."""
    raw: list[float] = []
    raw_waits: list[float] = []
    accepted: list[float] = []
    waits: list[float] = []
    numbers = count()
    with TemporaryDirectory(prefix="sfcc-snow-bench-") as folder, progress(total=ROUNDS * 2) as step:
        file = Path(folder) / "events.sqlite"
        told = {"file": str(file), "secret": _SECRET, "threads": CLIENTS}
        with processes.accepting(told) as url, Traffic(url, CLIENTS) as traffic:
            for _ in range(ROUNDS):
                committed = _raw_waits(Path(folder) / "raw.sqlite")
                raw.append(len(committed) / SLICE_S)
                raw_waits += committed
                step(1)
                messages = [_message(next(numbers), told["secret"]) for _ in range(_MOST_A_SLICE)]
                taken = traffic.waits(messages, SLICE_S, status=202)
                accepted.append(len(taken) / SLICE_S)
                waits += taken
                step(1)
        stored = _stored(file)
    if stored != len(waits):
        raise Unexpected(f"accepted {len(waits)}, stored {stored}")
    share = median(one / other for one, other in zip(accepted, raw, strict=True))
    p99, raw_p99 = (quantiles(one, n=100)[98] * 1000 for one in (waits, raw_waits))
    detail = (
        f"{CLIENTS} clients on sockets, {len(waits)} accepted and {stored} stored; p50 {median(waits) * 1000:.1f} ms;"
        f" best round {max(accepted):.0f}/s, raw {min(raw):.0f} to {max(raw):.0f}/s"
    )
    yield Result(
        promise=f"Accepting signed events, {CLIENTS} clients, against raw commits of the same rows",
        floor=f"{median(raw):.0f} commits/s",
        measured=f"{median(accepted):.0f} events/s",
        ratio=share,
        bound="at least",
        limit=LEAST_SHARE,
        detail=detail,
    )
    yield Result(
        promise=f"Time until an event is accepted, p99, {CLIENTS} clients",
        floor=f"{raw_p99:.1f} ms for a raw commit",
        measured=f"{p99:.1f} ms",
        ratio=p99,
        bound="at most",
        limit=MOST_P99_MS,
        detail=detail,
    )


def _message(number: int, secret: str) -> bytes:
    now = datetime.now(UTC)
    name = f"bench-{number}"
    data = {
        "orderNo": f"{number % 5000:08}",
        "email": f"shopper{number}@shop.example",
        "topic": "damaged",
        "comment": "The lamp arrived broken, and the box was open. Please send a new one to the same address. " * 3,
    }
    body = json.dumps(
        {
            "id": name,
            "type": "issue.reported",
            "specversion": "1.0",
            "time": now.isoformat(),
            "source": {"realm": "zzrf", "instance": "zzrf_001", "site": "RefArch"},
            "schemaVersion": 1,
            "data": data,
        }
    )
    headers = {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, now, body),
    }
    return request("/v1/events", body.encode(), headers)


def _raw_waits(file: Path) -> list[float]:
    """Seconds of each commit of `CLIENTS` threads, each with a connection of its own."""
    Database(sqlite_url(file)).close()
    end, start = time.perf_counter() + SLICE_S, time.monotonic_ns()
    waits: list[list[float]] = [[] for _ in range(CLIENTS)]
    threads = [
        threading.Thread(target=_commits, args=(file, end, own, f"{start}-{place}")) for place, own in enumerate(waits)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [wait for own in waits for wait in own]


def _commits(file: Path, end: float, waits: list[float], name: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None, timeout=30)
    for pragma in _PREPARED:
        connection.execute(f"PRAGMA {pragma}")
    payload, now = "x" * 400, time.time()
    while (began := time.perf_counter()) < end:
        one = f"{name}-{len(waits)}"
        row = (one, "issue.reported", 1, "issues", f"issues:RefArch:{one}", "RefArch", now, now, one.zfill(64), payload)
        connection.execute("BEGIN IMMEDIATE")
        seq = connection.execute(_EVENT, row).lastrowid
        connection.executemany(_SUBJECT, [(seq, f"email:{one}"), (seq, f"order_no:{one}")])
        connection.execute("COMMIT")
        waits.append(time.perf_counter() - began)
    connection.close()


def _stored(file: Path) -> int:
    connection = sqlite3.connect(file)
    (found,) = connection.execute("SELECT count(*) FROM events").fetchone()
    connection.close()
    return int(found)
