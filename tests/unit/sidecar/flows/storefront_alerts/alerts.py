"""Alerts and groups for the tests of the flow's pure parts. Moments are minutes after a Monday morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sidecar.flows.storefront_alerts.events import Alert, AlertSchema
from sidecar.flows.storefront_alerts.evidence import clues, group_of
from sidecar.flows.storefront_alerts.group import Group
from sidecar.flows.storefront_alerts.machine import Around, Decision, decided, folded
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy

POLICY = StorefrontAlertsPolicy()
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = "RefArchDE"


def at(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def alert(minutes: float = 0, *, good: bool = False, **changes: Any) -> Alert:
    """One alert whose window ended then."""
    data = {
        "signal": "job_failed",
        "state": "resolved" if good else "firing",
        "severity": "error",
        "message": "Job ImportPrices failed",
        "count": 1,
        "window": {"from": at(minutes - 1).isoformat(), "to": at(minutes).isoformat()},
        **changes,
    }
    if data["signal"] == "job_failed":
        data.setdefault("job", "ImportPrices")
    loaded: Alert = AlertSchema().load(data)
    return loaded


def group(first: Alert | None = None) -> Group:
    first = first or alert()
    return Group(key=group_of(SITE, first), site_id=SITE, signal=first.signal, clues=clues(first))


def after(state: Group, *told: Alert, now: float | None = None) -> Group:
    """The group after these alerts, each accepted when its window ended, or at `now`."""
    for one in told:
        moment = one.window.to if now is None else at(now)
        state = folded(state, one, now=moment, policy=POLICY)
    return state


def looked(state: Group, minutes: float, around: Around | None = None) -> Decision:
    return decided(state, at(minutes), around or Around(), POLICY)


def opened(minutes: float = 1, first: Alert | None = None) -> Group:
    """A group with an incident since then."""
    decision = looked(after(group(first), first or alert()), minutes)
    assert decision.act == "open"
    return decision.group
