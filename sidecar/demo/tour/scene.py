"""What a scene may do: send signed events as the shop does, act as people in ServiceNow do, wait, and look."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import requests
from standardwebhooks import Webhook

from sfcc_client import CommerceClient
from sidecar.engine.desk import Choice, EventDesk, Line
from snow_app import SnowClient

T = TypeVar("T")
_PATIENCE_S = 60.0
_LOOK_S = 0.1


class TourFailed(Exception):  # noqa: N818 - reads as what it says
    """A scene did not happen; says which part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the tour: what happened, the record people see, and its address."""

    flow: str
    happened: str
    number: str
    url: str


@dataclass(slots=True, kw_only=True)
class Stage:
    """The running demo as scenes see it."""

    sidecar_url: str
    webhook_secret: str
    servicenow_url: str
    shop_url: str
    snow: SnowClient
    commerce: CommerceClient
    desk: EventDesk
    scope: str
    case_table: str
    shopper: Mapping[str, str]
    """A registered shopper: site_id, customer_no, email, order_no."""
    patience_s: float = _PATIENCE_S
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, kind: str, data: Mapping[str, Any]) -> str:
        """Post one event, signed as Standard Webhooks 1.0.0 says; its id."""
        now = datetime.now(UTC)
        name = f"tour-{now:%Y%m%d%H%M%S}-{next(self._numbers)}"
        document = {
            "id": name,
            "type": kind,
            "specversion": "1.0",
            "time": now.isoformat(),
            "source": {"realm": "zzrf", "instance": "prd", "site": self.shopper["site_id"]},
            "schemaVersion": 1,
            "data": data,
        }
        body = json.dumps(document)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.webhook_secret).sign(name, now, body),
        }
        answer = requests.post(f"{self.sidecar_url}/v1/events", data=body.encode(), headers=headers, timeout=10)
        if answer.status_code != 202:
            raise TourFailed(f"The sidecar did not accept {kind}: {answer.status_code} {answer.text[:200]}")
        return name

    def settled(self, *names: str) -> tuple[Line, ...]:
        """The events once each is delivered. Raises TourFailed for one that ends otherwise or takes too long."""

        def done() -> tuple[Line, ...] | None:
            lines = [self._line(name) for name in names]
            for line in lines:
                if line.state in ("parked", "refused", "dropped"):
                    raise TourFailed(f"{line.type} is {line.state}: {line.note or line.code}")
            return tuple(lines) if all(line.state == "delivered" for line in lines) else None

        return self.awaited("the delivery of what was sent", done)

    def lines(self, flow: str, since: datetime) -> tuple[Line, ...]:
        """Events of a flow accepted since a moment."""
        return self.desk.list(Choice(flow=flow, since=since), limit=500)

    def awaited(self, what: str, look: Callable[[], T | None]) -> T:
        """What `look` finds, as soon as it finds something."""
        end = time.monotonic() + self.patience_s
        while True:
            found = look()
            if found is not None:
                return found
            if time.monotonic() > end:
                raise TourFailed(f"Waited {self.patience_s:.0f} s in vain for {what}.")
            time.sleep(_LOOK_S)

    def form(self, table: str, sys_id: str) -> str:
        return f"{self.servicenow_url}/{table}.do?sys_id={sys_id}"

    def _line(self, name: str) -> Line:
        seq = self.desk.seq_of(name)
        shown = self.desk.show(seq) if seq is not None else None
        if shown is None:
            raise TourFailed(f"The sidecar does not know the event {name}, which it accepted.")
        return shown.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One flow playing."""

    flow: str
    play: Callable[[Stage], Iterator[Act]]
