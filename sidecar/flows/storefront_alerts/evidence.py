"""What an alert says about its cause, normalised: the same cause has the same evidence, however it was reported."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from sidecar.flows.storefront_alerts.events import FLOW, Alert
from sidecar.flows.storefront_alerts.template import masked

_API = re.compile(r"^(?:https?://[^/]+)?/?(?:s/[^/]+/)?(?:dw/)?([a-z][\w-]*(?:/[a-z][\w-]*)?)", re.IGNORECASE)
_LINE = re.compile(r"[:#(]\d+\)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """Evidence as short texts, empty where the alert has none. Ids of shop parts only, and a masked message."""

    signal: str
    service: str = ""
    api: str = ""
    status: str = ""
    hook: str = ""
    job: str = ""
    replication: str = ""
    quota: str = ""
    zone: str = ""
    rule: str = ""
    kind: str = ""
    page: str = ""
    metric: str = ""
    device: str = ""
    cartridge: str = ""
    exception: str = ""
    logger: str = ""
    node: str = ""
    monitor: str = ""
    process: str = ""
    message: str = ""

    def with_more(self, other: Clues) -> Clues:
        """What is empty here, filled from `other`."""
        both = {name: getattr(self, name) or getattr(other, name) for name in CLUES}
        return Clues(**both)


CLUES: Final = tuple(field.name for field in fields(Clues))


def clues(alert: Alert) -> Clues:
    return Clues(
        signal=alert.signal,
        service=alert.service.strip(),
        api=_family(alert.api),
        status=str(alert.http_status or ""),
        hook=alert.hook.strip(),
        job=alert.job.strip(),
        replication=alert.replication.strip(),
        quota=alert.quota.id if alert.quota else "",
        zone=alert.cdn.zone.casefold() if alert.cdn else "",
        rule=alert.cdn.rule if alert.cdn else "",
        kind=alert.cdn.kind.casefold() if alert.cdn else "",
        page=alert.page.type.casefold() if alert.page else "",
        metric=alert.page.metric if alert.page else "",
        device=alert.page.device.casefold() if alert.page else "",
        cartridge=_LINE.sub("", alert.cartridge_path.strip()),
        exception=masked(alert.exception.split(":", 1)[0]) if alert.exception else "",
        logger=alert.logger.strip(),
        node=alert.node.strip(),
        monitor=alert.monitor.strip(),
        process=alert.top_process.strip(),
        message=masked(alert.message),
    )


def _family(api: str) -> str:
    """``checkout/shopper-orders`` of any address of that API, so that versions, shops and ids make no difference."""
    found = _API.match(api.strip())
    return found[1].casefold() if found else masked(api)


_Names = tuple[str, ...]
IDENTITY: Final[Mapping[str, _Names]] = {
    "checkout_failures": ("service", "hook", "cartridge", "exception", "api"),
    "payment_failures": ("service", "hook", "cartridge", "exception"),
    "order_rate_drop": ("signal",),
    "api_timeout": ("api", "service"),
    "api_errors": ("api", "status", "service"),
    "hook_circuit_open": ("hook",),
    "load_shedding": ("signal",),
    "quota": ("quota",),
    "slas_rate": ("signal",),
    "job_failed": ("job",),
    "replication_failed": ("replication",),
    "error_rate": ("cartridge", "exception", "service", "logger"),
    "page_slow": ("page", "metric", "device"),
    "cdn": ("zone", "rule", "kind"),
}
"""Which clues tell one cause from another. Where an alert has none of them, its masked message does."""


def group_of(site_id: str, alert: Alert) -> str:
    """The group an alert belongs to, 40 hexadecimal characters: site, signal and what tells its cause."""
    return digest(site_id, alert.signal, *_identity(clues(alert)))


def digest(*parts: str) -> str:
    return hashlib.sha256("\n".join((FLOW, *parts)).encode()).hexdigest()[:40]


def _identity(found: Clues) -> _Names:
    told = tuple(f"{name}={value}" for name in IDENTITY[found.signal] if (value := _telling(found, name)))
    return told or (f"message={found.message}",)


def _telling(found: Clues, name: str) -> str:
    """Servers that fail answer 500, 502, 503 and 504 in turn; what a client did wrong differs by its number."""
    value: str = getattr(found, name)
    return "5xx" if name == "status" and value.startswith("5") else value


def resolves(good: Clues, firing: Clues) -> bool:
    """Whether good news that fits no group by its own clues is about this one: the same monitor's, or silent on what
    would tell them apart. A source that says "resolved" often says little else."""
    if good.signal != firing.signal:
        return False
    if good.monitor and firing.monitor:
        return good.monitor == firing.monitor
    said = [name for name in IDENTITY[good.signal] if _telling(good, name)]
    return bool(said) and all(_telling(good, name) == _telling(firing, name) for name in said)
