"""A sidecar that only takes events, as a process: its whole application on its own server, with a flow of one type."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sfcc_client import CommerceSettings, Site, SystemClock
from sidecar.app import create_app
from sidecar.engine import Database, Outcome, sqlite_url
from sidecar.engine.inbox import Inbox
from sidecar.events import EventType
from sidecar.events.signatures import Signatures
from sidecar.events.wire import ORDER_NO, Strict, email, line, text
from sidecar.intake import Intake, Writer
from sidecar.server import Server
from sidecar.services import services_of
from sidecar.settings import SidecarSettings, SnowSettings

NOWHERE = "http://127.0.0.1:9"
COMMERCE = CommerceSettings(
    scapi_url=NOWHERE,
    account_manager_url=NOWHERE,
    instance_url=NOWHERE,
    organization_id="f_ecom_zzrf_001",
    client_id="bench",
    client_secret="bench",
    slas_client_id="bench",
    slas_client_secret="bench",
    sites=(Site(site_id="RefArch", customer_list_id="RefArch"),),
)
"""Nothing here asks Commerce."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    order_no: str
    email: str = ""
    topic: str = ""
    comment: str = ""


class IssueSchema(Strict):
    MADE = Issue

    order_no = line(50, ORDER_NO, required=True, data_key="orderNo")
    email = email()
    topic = line(40)
    comment = text(4000)


class Issues:
    """One type, as a flow declares it."""

    name = "issues"
    upstreams = frozenset({"servicenow"})
    weight = 1
    types = (
        EventType(
            name="issue.reported",
            summary="An issue.",
            schema=IssueSchema,
            key=lambda site, data: f"issues:{site}:{data.order_no}",
            subjects=lambda data: (("email", data.email), ("order_no", data.order_no)),
        ),
    )

    def handle(self, event: Any, steps: Any) -> Outcome:
        return Outcome()


def main() -> None:
    """Serve what standard input says (one line of JSON: file, secret, threads) until terminated."""
    told = json.loads(sys.stdin.readline())
    clock, file = SystemClock(), Path(told["file"])
    settings = replace(SidecarSettings.read(None), data_dir=file.parent, access_log=False)
    database = Database(sqlite_url(file))
    writer = Writer(Inbox(database, {}).store, clock=clock)
    services = replace(
        services_of(COMMERCE, settings, SnowSettings.read(None)),
        intake=Intake((Issues(),), writer=writer, lookup=lambda kind, value: f"{kind}:{value}"[:64], clock=clock),
        signatures=Signatures({"bench": told["secret"]}, clock=clock),
    )
    server = Server(create_app(services).wsgi_app, threads=told["threads"])
    print(server.url, flush=True)
    server.run()


if __name__ == "__main__":
    main()
