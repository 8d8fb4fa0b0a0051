"""The life of a group: what each alert and each look at the clock makes of it. Pure: no clock, no database, no network.

`folded` takes in one alert, `decided` looks at the clock, `next_look` says when that is needed. All that a restart, a
repeated event or a late one could spoil is decided here, so all of it can be tried in tables of cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sidecar.flows.storefront_alerts.events import Alert
from sidecar.flows.storefront_alerts.evidence import clues
from sidecar.flows.storefront_alerts.group import NONE, Group, Look, Told, Totals, worse
from sidecar.flows.storefront_alerts.impact import Weight, weight
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy
from sidecar.flows.storefront_alerts.router import UNROUTED, routing
from sidecar.flows.storefront_alerts.vitals import rating

Act = Literal["nothing", "open", "reopen", "update", "resolve"]
MAINTENANCE = "maintenance"
_LOOKS = 12
"""How many looks are kept at least: what the sample is counted over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What else is true at the moment of a decision: the cause that mutes the group, and until when its site is under
    maintenance. `symptoms` is what the groups muted by this one have counted."""

    cause: str = ""
    maintenance_until: datetime | None = None
    symptoms: Totals = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The group afterwards, and what ServiceNow is to be told."""

    group: Group
    act: Act = "nothing"


def folded(group: Group, alert: Alert, *, now: datetime, policy: StorefrontAlertsPolicy) -> Group:
    """The group with one more alert. `now` is when it was accepted: no evidence is newer than that."""
    at = min(alert.window.to, now)
    bad = alert.state == "firing"
    if alert.page is not None and (rating(alert.page) == "good") is bad:
        # A page that is reported slow and is fast, or the other way round: the thresholds are public, the label is not.
        return replace(group, totals=group.totals.with_alert(alert))
    look = Look(at=at, bad=bad, sample=_sample(alert))
    group = replace(group, looks=_recent((*group.looks, look), policy, group.signal))
    return _failed(group, alert, at, now, policy) if bad else _recovered(group, at, now, policy)


def decided(group: Group, now: datetime, around: Around, policy: StorefrontAlertsPolicy) -> Decision:
    """What is to be done now."""
    if group.phase == "pending" and ready(group, now, policy):
        return _opened(group, now, around, policy)
    if group.phase == "recovering" and group.hold_until is not None and now >= group.hold_until:
        return _resolved(group, now)
    if group.phase == "open":
        return _told(group, now, around, policy)
    return Decision(group=group)


def next_look(group: Group, now: datetime, policy: StorefrontAlertsPolicy) -> datetime | None:
    """When `decided` has something to decide again; None: not before the next alert."""
    if group.phase == "pending" and ripe(group, now, policy):
        waited = (group.pending_since or now) + timedelta(seconds=policy.group_wait_s)
        return max(waited, _again(group, now, policy)) if group.muted_by else waited
    if group.phase == "recovering":
        return group.hold_until
    if group.phase != "open" or group.told is None:
        return None
    quiet = (group.latest_bad or now) + timedelta(seconds=policy.quiet_s)
    if group.totals.alerts == group.told.alerts:
        return None if group.told.quiet else max(quiet, now)
    wait = policy.group_wait_s if _more_urgent(weight(group, policy), group.told) else policy.group_interval_s
    return max(group.told.at + timedelta(seconds=wait), now)


def ripe(group: Group, now: datetime, policy: StorefrontAlertsPolicy) -> bool:
    """Whether there is evidence enough for an incident: N of the last M looks, over enough requests. After a resolution
    one failure is enough to reopen."""
    wanted = policy.evidence_for(group.signal)
    if reopens(group, now, policy):
        return True
    looks = group.looks[-wanted.among :]
    seen = sum(look.sample for look in group.looks)
    return sum(look.bad for look in looks) >= wanted.needed and seen >= wanted.sample


def ready(group: Group, now: datetime, policy: StorefrontAlertsPolicy) -> bool:
    waited = group.pending_since is not None and now >= group.pending_since + timedelta(seconds=policy.group_wait_s)
    return waited and ripe(group, now, policy)


def reopens(group: Group, now: datetime, policy: StorefrontAlertsPolicy) -> bool:
    """Whether a failure now belongs to the incident that was resolved."""
    resolved = group.resolved_at
    return resolved is not None and now <= resolved + timedelta(seconds=policy.reopen_s)


def renewed(group: Group, now: datetime, around: Around, policy: StorefrontAlertsPolicy) -> Decision:
    """A new incident for the same group, because the one it had is closed, cancelled or gone."""
    return Decision(group=_noted(_reborn(group, now), now, around, policy), act="open")


def _reborn(group: Group, now: datetime) -> Group:
    return replace(
        group,
        phase="open",
        cycle=group.cycle + 1,
        opened_at=now,
        resolved_at=None,
        former=group.incident or group.former,
        incident="",
        number="",
        told=None,
    )


def _failed(group: Group, alert: Alert, at: datetime, now: datetime, policy: StorefrontAlertsPolicy) -> Group:
    fresh = group.latest_good is None or at > group.latest_good
    starts = fresh and group.phase in ("quiet", "resolved")
    if starts and not reopens(group, now, policy):
        group = replace(group, totals=Totals(), severity="info", first_bad=None, resolved_at=None, relapses=())
    found = clues(alert)
    group = replace(
        group,
        clues=group.clues.with_more(found),
        severity=worse(group.severity, alert.severity),
        first_bad=min(group.first_bad or at, at),
        latest_bad=max(group.latest_bad or at, at),
        totals=group.totals.with_alert(alert),
        correlation_id=alert.correlation_id or group.correlation_id,
        request_id=alert.request_id or group.request_id,
        release=alert.release or group.release,
    )
    if starts:
        group = replace(group, phase="pending", pending_since=now, muted_by="", team="")
    if group.phase == "pending" and group.team in ("", UNROUTED):
        found_team = routing(alert)
        group = replace(group, team=found_team.team, reason=found_team.reason)
    if fresh and group.phase == "recovering":
        since = now - timedelta(seconds=policy.flap_window_s)
        relapses = (*(one for one in group.relapses if one > since), now)
        return replace(group, phase="open", hold_until=None, relapses=relapses)
    return group


def _recovered(group: Group, at: datetime, now: datetime, policy: StorefrontAlertsPolicy) -> Group:
    if group.latest_bad is not None and at <= group.latest_bad:
        return group
    group = replace(group, latest_good=max(group.latest_good or at, at))
    if group.phase == "pending":
        return replace(group, phase="resolved" if group.resolved_at else "quiet", pending_since=None, muted_by="")
    if group.phase == "open":
        hold = min(policy.hold_s * 2 ** len(group.relapses), policy.longest_hold_s)
        return replace(group, phase="recovering", hold_until=now + timedelta(seconds=hold))
    return group


def _opened(group: Group, now: datetime, around: Around, policy: StorefrontAlertsPolicy) -> Decision:
    if around.maintenance_until is not None and around.maintenance_until > now:
        return Decision(group=replace(group, muted_by=MAINTENANCE, hold_until=around.maintenance_until))
    if around.cause:
        return Decision(group=replace(group, muted_by=around.cause, hold_until=None))
    group = replace(group, muted_by="", pending_since=None, hold_until=None)
    if reopens(group, now, policy):
        group = replace(group, phase="open", resolved_at=None)
        return Decision(group=_noted(group, now, around, policy), act="reopen")
    return renewed(group, now, around, policy)


def _resolved(group: Group, now: datetime) -> Decision:
    group = replace(group, phase="resolved", resolved_at=now, hold_until=None, looks=())
    return Decision(group=group, act="resolve")


def _told(group: Group, now: datetime, around: Around, policy: StorefrontAlertsPolicy) -> Decision:
    due = next_look(group, now, policy)
    caused = around.cause != "" and group.told is not None and around.cause != group.told.cause
    if (due is None or due > now) and not caused:
        return Decision(group=group)
    silent = group.told is not None and group.totals.alerts == group.told.alerts
    noted = _noted(group, now, around, policy)
    if silent and not caused and noted.told is not None:
        noted = replace(noted, told=replace(noted.told, quiet=True))
    return Decision(group=noted, act="update")


def _noted(group: Group, now: datetime, around: Around, policy: StorefrontAlertsPolicy) -> Group:
    """With what the incident is about to say. Impact and urgency only rise: who lowered them had a reason."""
    found = weight(group, policy, around.symptoms)
    before = group.told or Told(at=now)
    told = Told(
        at=now,
        alerts=group.totals.alerts,
        impact=min(found.impact, before.impact),
        urgency=min(found.urgency, before.urgency),
        cause=around.cause or before.cause,
    )
    return replace(group, told=told)


def _again(group: Group, now: datetime, policy: StorefrontAlertsPolicy) -> datetime:
    """When a muted group is looked at again. Maintenance has an end, but may also be called off."""
    if group.muted_by != MAINTENANCE or group.hold_until is None:
        return now + timedelta(seconds=policy.recheck_s)
    return min(group.hold_until, now + timedelta(seconds=policy.group_interval_s))


def _more_urgent(found: Weight, told: Told) -> bool:
    return found.impact < told.impact or found.urgency < told.urgency


def _recent(looks: Iterable[Look], policy: StorefrontAlertsPolicy, signal: str) -> tuple[Look, ...]:
    """The looks that still count, in the order in which they were made; the same moment twice counts once."""
    merged: dict[datetime, Look] = {}
    for look in looks:
        known = merged.get(look.at)
        merged[look.at] = (
            look if known is None else Look(at=look.at, bad=known.bad or look.bad, sample=known.sample + look.sample)
        )
    since = max(merged) - timedelta(seconds=policy.evidence_window_s)
    kept = [merged[moment] for moment in sorted(merged) if moment >= since]
    return tuple(kept[-max(_LOOKS, policy.evidence_for(signal).among) :])


def _sample(alert: Alert) -> int:
    """How many requests the verdict rests on; what failed is the least that was looked at."""
    given = (alert.sample_size, alert.page.sample_size if alert.page else None, alert.count)
    return next(number for number in given if number is not None)
