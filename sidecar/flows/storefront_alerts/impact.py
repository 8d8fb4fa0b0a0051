"""How bad it is for the business: failed checkouts and revenue at risk decide impact and urgency, by a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sidecar.flows.storefront_alerts.group import NONE, Group, Totals
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy

BY_SEVERITY: Final = {"critical": 1, "error": 2, "warning": 3, "info": 3}
"""Urgency when nobody counted checkouts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Impact and urgency as ServiceNow counts them: 1 high, 2 medium, 3 low."""

    impact: int
    urgency: int


def weight(group: Group, policy: StorefrontAlertsPolicy, symptoms: Totals = NONE) -> Weight:
    """What a group weighs, the symptoms it causes included."""
    totals = group.totals.plus(symptoms)
    lost = [policy.revenue[code].rank(amount) for code, amount in totals.revenue.items() if code in policy.revenue]
    return Weight(
        impact=min(policy.checkouts.rank(totals.failed_checkouts), *lost, 3),
        urgency=min(policy.checkouts_per_minute.rank(int(_rate(group, totals))), BY_SEVERITY[group.severity]),
    )


def _rate(group: Group, totals: Totals) -> float:
    """Failed checkouts a minute since it began, a minute at least."""
    if group.first_bad is None or group.latest_bad is None:
        return 0.0
    return totals.failed_checkouts / max(1.0, (group.latest_bad - group.first_bad).total_seconds() / 60)
