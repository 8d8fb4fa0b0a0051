"""Every threshold of the flow, with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How much it takes to open: `needed` of the last `among` looks say it fails, over at least `sample` requests."""

    needed: int = 1
    among: int = 1
    sample: int = 0


_RATE = Evidence(needed=1, among=1, sample=20)

EVIDENCE: Mapping[str, Evidence] = {
    "checkout_failures": _RATE,
    "payment_failures": _RATE,
    "error_rate": Evidence(needed=1, among=1, sample=5),
    "api_timeout": Evidence(needed=1, among=1, sample=5),
    "api_errors": Evidence(needed=1, among=1, sample=5),
    "order_rate_drop": Evidence(needed=2, among=3, sample=20),
    "page_slow": Evidence(needed=2, among=3, sample=100),
}
"""Shares mean nothing at low traffic: one failed checkout of two is not half the shop down. Other signals are facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """From which amount on an incident has impact (or urgency) 1, and from which 2."""

    high: Decimal
    medium: Decimal

    def rank(self, amount: Decimal | int) -> int:
        return 1 if amount >= self.high else 2 if amount >= self.medium else 3


_REVENUE: Mapping[str, Steps] = {
    "EUR": Steps(high=Decimal(10_000), medium=Decimal(1_000)),
    "USD": Steps(high=Decimal(10_000), medium=Decimal(1_000)),
    "GBP": Steps(high=Decimal(10_000), medium=Decimal(1_000)),
    "JPY": Steps(high=Decimal(1_500_000), medium=Decimal(150_000)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StorefrontAlertsPolicy:
    """Times in seconds."""

    group_wait_s: float = 30
    """From the first evidence to the incident: what belongs together arrives together."""
    group_interval_s: float = 300
    """Between two updates of one incident."""
    hold_s: float = 300
    """From the first good news to the resolution; doubled by each relapse, at most `longest_hold_s`."""
    longest_hold_s: float = 3600
    flap_window_s: float = 3600
    """Relapses within it count as flapping."""
    reopen_s: float = 7200
    """A failure so soon after the resolution is the same incident again."""
    evidence_window_s: float = 3600
    """Looks older than this do not count towards opening."""
    recheck_s: float = 60
    """How often a muted group is looked at again."""
    cause_lead_s: float = 900
    """A cause mutes symptoms that were seen from so long before it was noticed."""
    quiet_s: float = 3600
    """Without any evidence for so long, an open incident says so. It stays open: silence is not recovery."""
    evidence: Mapping[str, Evidence] = field(default_factory=lambda: EVIDENCE)
    checkouts: Steps = Steps(high=Decimal(100), medium=Decimal(10))
    """Failed checkouts of the incident → impact."""
    revenue: Mapping[str, Steps] = field(default_factory=lambda: _REVENUE)
    """Revenue at risk by currency → impact. Other currencies leave it to the checkouts."""
    checkouts_per_minute: Steps = Steps(high=Decimal(10), medium=Decimal(1))
    """→ urgency."""
    close_code: str = "Solution provided"
    """A choice of `incident.close_code` on the instance."""
    sla_every_s: float = 300
    """How often the service levels of an open incident are read."""
    sla_warning_percent: int = 75
    """Share of a service level's time after which its breach is near."""
    log_center_url: str = ""
    """Where a correlation id leads, ``https://…{id}…``; empty: the id alone is shown."""
    poll_window_s: int = 300
    """Length of the windows Commerce is asked about, and how often it is."""
    poll_windows: int = 3
    """How many windows are looked at each time: so many polls may fail in a row and nothing is missed."""
    error_share: Decimal = Decimal("0.05")
    """Share of an API's requests that may fail."""
    slow_share: Decimal = Decimal("0.8")
    """Share of its time limit that an API may take on average before it counts as timing out."""
    order_drop: Decimal = Decimal("0.5")
    """Orders below this share of what the hour before had are a drop."""
    least_requests: int = 20
    """Fewer requests or expected orders in a window say nothing."""

    def evidence_for(self, signal: str) -> Evidence:
        return self.evidence.get(signal, Evidence())
