"""Which failures explain which others: a cause mutes its symptoms on the same site, so that one incident tells it.

Every row is one step from cause to symptom. The rows have no circle (a test proves it), so among failures that explain
each other there is always one that is muted by none, and it has the incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sidecar.flows.storefront_alerts.events import WHOLE
from sidecar.flows.storefront_alerts.group import ALIVE, Group
from sidecar.flows.storefront_alerts.machine import MAINTENANCE, ripe
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`where` and `only` are patterns on the clues of cause and symptom, as name → pattern; all must fit."""

    cause: str
    symptoms: tuple[str, ...]
    where: tuple[tuple[str, str], ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    why: str


_CHECKOUT_API = (("api", r"checkout|basket|order"),)
_ORIGIN = (("kind", r"origin|outage|unhealthy|down|52\d|tls|cert|dns"),)

TABLE: Final = (
    Row(
        cause="load_shedding",
        symptoms=("slas_rate", "api_timeout", "api_errors", "checkout_failures", "order_rate_drop", "page_slow"),
        why="A platform that sheds load refuses whatever comes next.",
    ),
    Row(
        cause="cdn",
        symptoms=("checkout_failures", "order_rate_drop", "page_slow"),
        where=_ORIGIN,
        why="Who does not reach the shop cannot buy in it.",
    ),
    Row(
        cause="slas_rate",
        symptoms=("api_errors",),
        only=(("status", r"401|403|429"),),
        why="Without a token every call is refused.",
    ),
    Row(
        cause="slas_rate",
        symptoms=("checkout_failures", "order_rate_drop"),
        why="Without a token nobody checks out.",
    ),
    Row(
        cause="hook_circuit_open",
        symptoms=("api_errors",),
        only=(("status", r"5\d\d"),),
        why="An open circuit breaker answers 503.",
    ),
    Row(
        cause="hook_circuit_open",
        symptoms=("checkout_failures", "order_rate_drop"),
        where=(("hook", r"checkout|basket|order|payment|shipping|tax"),),
        why="The hook stands in the way of the order.",
    ),
    Row(
        cause="api_timeout",
        symptoms=("checkout_failures", "order_rate_drop"),
        where=_CHECKOUT_API,
        why="The checkout waits for this API.",
    ),
    Row(
        cause="api_errors",
        symptoms=("checkout_failures", "order_rate_drop"),
        where=_CHECKOUT_API,
        why="The checkout needs this API.",
    ),
    Row(
        cause="payment_failures",
        symptoms=("checkout_failures", "order_rate_drop"),
        why="An order that cannot be paid is a failed checkout.",
    ),
    Row(cause="checkout_failures", symptoms=("order_rate_drop",), why="Who cannot check out does not order."),
)


def cause_of(symptom: Group, others: Iterable[Group], now: datetime, policy: StorefrontAlertsPolicy) -> Group | None:
    """The failure on the same site or of the whole instance that explains this one: the one that was there first."""
    lead = timedelta(seconds=policy.cause_lead_s)
    found = [
        other
        for other in others
        if other.site_id in (symptom.site_id, WHOLE)
        and other.key != symptom.key
        and _counts(other, now, policy)
        and explains(other, symptom)
        and _overlaps(other, symptom, lead)
    ]
    return min(found, key=lambda other: (other.first_bad, other.key), default=None)


def explains(cause: Group, symptom: Group) -> bool:
    return any(
        row.cause == cause.signal
        and symptom.signal in row.symptoms
        and _fits(cause, row.where)
        and _fits(symptom, row.only)
        for row in TABLE
    )


def _counts(cause: Group, now: datetime, policy: StorefrontAlertsPolicy) -> bool:
    """Only what has an incident, or is about to have one, may mute another: else both would stay silent."""
    about_to = cause.phase == "pending" and cause.muted_by != MAINTENANCE and ripe(cause, now, policy)
    return cause.phase in ALIVE or about_to


def _overlaps(cause: Group, symptom: Group, lead: timedelta) -> bool:
    """A cause that has not been seen for long explains nothing new, although it is not known to be over."""
    if cause.first_bad is None or cause.latest_bad is None or symptom.latest_bad is None:
        return False
    return cause.first_bad - lead <= symptom.latest_bad <= cause.latest_bad + lead


def _fits(group: Group, patterns: tuple[tuple[str, str], ...]) -> bool:
    return all(re.search(pattern, getattr(group.clues, name), re.IGNORECASE) for name, pattern in patterns)
