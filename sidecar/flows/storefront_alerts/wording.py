"""What an incident says. An allow-list: ids of shop parts, numbers, our own words, and of messages the technical ones.

No name, no address, no e-mail, no card, no order: an incident is read by people who have nothing to do with shoppers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from sidecar.flows.storefront_alerts.events import SIGNALS, WHOLE
from sidecar.flows.storefront_alerts.evidence import CLUES, Clues
from sidecar.flows.storefront_alerts.group import Group, Totals
from sidecar.flows.storefront_alerts.template import shown

_ID = re.compile(r"[A-Za-z0-9._:/<>*#%+-]{1,200}")
_JOB = re.compile(r"[\w .:/-]{1,256}")
_LABELS: Final = {
    "service": "Service",
    "api": "API",
    "status": "HTTP status",
    "hook": "Hook",
    "job": "Job",
    "replication": "Replication",
    "quota": "Quota",
    "zone": "CDN zone",
    "rule": "CDN rule",
    "kind": "CDN event",
    "page": "Page type",
    "metric": "Metric",
    "device": "Device",
    "cartridge": "Cartridge path",
    "exception": "Exception",
    "logger": "Logger",
    "node": "Node",
    "monitor": "Monitor",
    "process": "Top process",
    "message": "Message",
}
LAG: Final = "Logs may lag by up to 5 minutes."


def headline(group: Group) -> str:
    """One line: what, where, and which part of the shop."""
    told = [
        text
        for name in ("service", "api", "hook", "job", "quota", "cartridge", "page", "zone")
        if (text := safe(name, getattr(group.clues, name)))
    ]
    where = "the whole instance" if group.site_id == WHOLE else group.site_id
    return f"{SIGNALS[group.signal]} on {where}{': ' + told[0] if told else ''}"[:160]


def description(group: Group, *, reason: str, log_center: str, ref: str) -> str:
    """Everything that is known when the incident is made."""
    lines = [f"{headline(group)}.", ""]
    lines += [f"{label}: {value}" for label, value in told(group.clues)]
    lines += ["", *facts(group, group.totals), "", f"Team: {group.team}, {reason}."]
    if correlation := safe("correlation", group.correlation_id):
        lines.append(f"Correlation id: {correlation}")
    if request := safe("request", group.request_id):
        lines.append(f"Request id: {request}")
    lines += [link(group, log_center)] if link(group, log_center) else []
    if group.former:
        lines.append("It happened before; the earlier incident is linked.")
    return "\n".join((*lines, f"Event: {ref}"))


def facts(group: Group, totals: Totals) -> Iterator[str]:
    """The figures, one a line."""
    if group.first_bad and group.latest_bad:
        yield f"Seen: {moment(group.first_bad)} to {moment(group.latest_bad)} UTC"
    yield f"Alerts: {totals.alerts}, occurrences: {totals.occurrences}"
    yield f"Failed checkouts: {totals.failed_checkouts}"
    if totals.revenue:
        yield f"Revenue at risk: {', '.join(f'{amount} {code}' for code, amount in sorted(totals.revenue.items()))}"
    if locales := listed(totals.locales):
        yield f"Locales: {locales}"
    if methods := listed(totals.payment_methods):
        yield f"Payment methods: {methods}"
    if release := safe("release", group.release):
        yield f"Release: {release}"


def told(clues: Clues) -> Iterator[tuple[str, str]]:
    """The clues as people may read them."""
    known = [getattr(clues, name) for name in CLUES if name not in ("message", "monitor", "signal")]
    for name, label in _LABELS.items():
        value = getattr(clues, name)
        text = safe(name, value) or (shown(value, known) if value else "")
        if text:
            yield label, text


def safe(name: str, value: str) -> str:
    """An id as it is; empty for anything that could be more than an id."""
    pattern = _JOB if name == "job" else _ID
    return value if pattern.fullmatch(value) and name not in ("message", "monitor") else ""


def listed(values: Iterable[str]) -> str:
    return ", ".join(sorted(value for value in values if _ID.fullmatch(value)))[:255]


def link(group: Group, log_center: str) -> str:
    """The way to the log lines of one failed call."""
    found = safe("correlation", group.correlation_id) or safe("request", group.request_id)
    if not found:
        return ""
    where = log_center.replace("{id}", quote(found, safe="")) if log_center else ""
    return f"Log Center: {where or f'search for sfdc_correlation_id {found}'}. {LAG}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
