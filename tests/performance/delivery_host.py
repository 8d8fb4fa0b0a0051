"""A process of the kill test: a worker, and an intake that answers 202 once events are on disk.

Told in JSON on the command line, it prints the intake's port, then works until SIGTERM, or until it is killed.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sfcc_client import Clock, CommerceClient
from sidecar.engine import Database
from sidecar.engine.arrivals import Arrival
from sidecar.engine.worker import Worker, WorkerPolicy
from sidecar.logs import configure_logs
from snow_app import SnowClient, SnowSettings
from tests.performance import flow_documents
from tests.performance.delivery_scenarios import SCENARIOS
from tests.performance.scenario import World


class Hurried:
    """Wall time that runs `factor` times as fast since `epoch`, the same in every process: 75 hours of retries pass in
    minutes."""

    def __init__(self, epoch: float, factor: float) -> None:
        self._epoch, self._factor = epoch, factor

    def now(self) -> datetime:
        since = (time.time() - self._epoch) * self._factor
        return datetime.fromtimestamp(self._epoch, UTC) + timedelta(seconds=since)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def _handler(worker: Worker, clock: Clock) -> type[BaseHTTPRequestHandler]:
    kinds = {kind.name: (kind, flow.name) for flow in worker.deliveries.flows.values() for kind in flow.types}

    class Intake(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kind, flow = kinds[document["type"]]
            now = clock.now()
            arrival = Arrival(
                id=document["id"],
                type=kind,
                flow=flow,
                key=kind.key(document["site_id"], kind.schema().load(document["data"])),
                site_id=document["site_id"],
                time=now,
                payload=document["data"],
            )
            worker.deliveries.inbox.store([arrival], now)
            worker.ring(arrival.flow, arrival.key)
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed for a request."""

    return Intake


def main() -> None:
    told = json.loads(sys.argv[1])
    lines = configure_logs("error")
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    clock = Hurried(told["epoch"], told["factor"])
    snow = SnowClient(SnowSettings(allow_http=True, read_timeout_s=2.0, **told["snow"]))
    database = Database(told["database"])
    commerce = CommerceClient(flow_documents.settings_of(told["commerce"])) if "commerce" in told else None
    world = World(snow=snow, database=database, clock=clock, commerce=commerce)
    flows = SCENARIOS[told["scenario"]].flows(world)
    policy = WorkerPolicy(threads=told["threads"], poll_s=0.2, open_s=told["open_s"])
    with Worker(database, flows, folder=Path(told["folder"]), clock=clock, policy=policy) as worker:
        intake = ThreadingHTTPServer(("127.0.0.1", 0), _handler(worker, clock))
        threading.Thread(target=intake.serve_forever, daemon=True).start()
        print(intake.server_port, flush=True)
        stopping.wait()
        intake.shutdown()
        intake.server_close()
    database.close()
    if commerce is not None:
        commerce.close()
    snow.close()
    lines.close()


if __name__ == "__main__":
    main()
