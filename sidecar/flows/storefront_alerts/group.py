"""One group of alerts as it is kept: what was seen, in which phase it is, and what ServiceNow knows of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from sidecar.flows.storefront_alerts.events import SEVERITIES, Alert
from sidecar.flows.storefront_alerts.evidence import Clues

Phase = Literal["quiet", "pending", "open", "recovering", "resolved"]
"""quiet: nothing to see · pending: evidence, no incident yet · open: an incident · recovering: good news, held back in
case it comes again · resolved: the incident is resolved and may be reopened."""
ALIVE: Final[frozenset[Phase]] = frozenset({"open", "recovering"})
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One verdict of a source at a moment, over so many requests."""

    at: datetime
    bad: bool
    sample: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over the alerts of one incident."""

    alerts: int = 0
    occurrences: int = 0
    failed_checkouts: int = 0
    revenue: Mapping[str, Decimal] = field(default_factory=dict)
    locales: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = ()

    def with_alert(self, alert: Alert) -> Totals:
        lost = alert.revenue_at_risk
        alone = {lost.currency: lost.amount} if lost else {}
        return self.plus(
            Totals(
                alerts=1,
                occurrences=alert.count,
                failed_checkouts=alert.failed_checkouts or 0,
                revenue=alone,
                locales=alert.locales,
                payment_methods=alert.payment_methods,
            )
        )

    def plus(self, other: Totals) -> Totals:
        revenue = dict(self.revenue)
        for currency, amount in other.revenue.items():
            revenue[currency] = revenue.get(currency, Decimal(0)) + amount
        return Totals(
            alerts=self.alerts + other.alerts,
            occurrences=self.occurrences + other.occurrences,
            failed_checkouts=self.failed_checkouts + other.failed_checkouts,
            revenue=revenue,
            locales=_listed(self.locales, other.locales),
            payment_methods=_listed(self.payment_methods, other.payment_methods),
        )


NONE: Final = Totals()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the incident says already."""

    at: datetime
    alerts: int = 0
    impact: int = 3
    urgency: int = 3
    cause: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`key` is its name, `cycle` counts its incidents. `muted_by` is the key of its cause, or ``maintenance``.

    `latest_bad` and `latest_good` are when the sources looked, `pending_since` and `hold_until` are by our own clock.
    """

    key: str
    site_id: str
    signal: str
    clues: Clues
    phase: Phase = "quiet"
    cycle: int = 0
    severity: str = "info"
    looks: tuple[Look, ...] = ()
    first_bad: datetime | None = None
    latest_bad: datetime | None = None
    latest_good: datetime | None = None
    pending_since: datetime | None = None
    opened_at: datetime | None = None
    hold_until: datetime | None = None
    resolved_at: datetime | None = None
    relapses: tuple[datetime, ...] = ()
    totals: Totals = NONE
    told: Told | None = None
    muted_by: str = ""
    team: str = ""
    reason: str = ""
    correlation_id: str = ""
    request_id: str = ""
    release: str = ""
    incident: str = ""
    number: str = ""
    former: str = ""
    check_at: datetime | None = None
    checks: int = 0

    @property
    def failing(self) -> bool:
        """The latest evidence says so; silence since then changes nothing."""
        return self.latest_bad is not None and (self.latest_good is None or self.latest_bad > self.latest_good)


def worse(one: str, other: str) -> str:
    return max(one, other, key=SEVERITIES.index)


def written(group: Group) -> str:
    return json.dumps({name: getattr(group, name) for name in _NAMES}, default=_plain, separators=(",", ":"))


def read(text: str) -> Group:
    kept: dict[str, Any] = json.loads(text)
    for name in _MOMENTS:
        kept[name] = _moment(kept[name])
    kept["clues"] = Clues(**kept["clues"])
    kept["looks"] = tuple(Look(**{**look, "at": _moment(look["at"])}) for look in kept["looks"])
    kept["relapses"] = tuple(datetime.fromisoformat(at) for at in kept["relapses"])
    kept["totals"] = totals_read(kept["totals"])
    told = kept["told"]
    kept["told"] = Told(**{**told, "at": _moment(told["at"])}) if told else None
    return Group(**kept)


def totals_written(totals: Totals) -> dict[str, Any]:
    """As JSON takes it."""
    return {**asdict(totals), "revenue": {currency: str(amount) for currency, amount in totals.revenue.items()}}


def totals_read(kept: Mapping[str, Any]) -> Totals:
    revenue = {currency: Decimal(amount) for currency, amount in kept["revenue"].items()}
    lists = {name: tuple(kept[name]) for name in ("locales", "payment_methods")}
    return Totals(**{**kept, **lists, "revenue": revenue})


_NAMES = tuple(one.name for one in fields(Group))
_MOMENTS = (
    "first_bad",
    "latest_bad",
    "latest_good",
    "pending_since",
    "opened_at",
    "hold_until",
    "resolved_at",
    "check_at",
)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else {one.name: getattr(value, one.name) for one in fields(value)}


def _listed(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))[:_LISTED]
