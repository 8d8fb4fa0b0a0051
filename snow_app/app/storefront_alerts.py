"""Flow `storefront_alerts`: incidents that carry what the shop knows, find their team, and warn before a breach.

Columns on the incident; planned maintenance and warnings as tables of our own; assignment rules from the team's column
to the group a property names; service level definitions; an event with its notification.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from snow_app.app.access import rule
from snow_app.app.facts import INCIDENT
from snow_app.app.scope import AppParameters
from snow_app.app.sources import script
from snow_app.records.record import Declaration, Link, Value
from snow_app.records.schema import choices, column, table

TEAMS: Final = {
    "storefront": "Storefront",
    "payments": "Payments",
    "integrations": "Integrations",
    "operations": "Operations",
    "network": "Network",
    "platform": "Platform",
    "unrouted": "Unrouted",
}
LAYERS: Final = {"application": "Application", "infrastructure": "Infrastructure", "unrouted": "Unrouted"}
SIGNALS: Final = {
    "checkout_failures": "Checkout failures",
    "payment_failures": "Payment failures",
    "order_rate_drop": "Order rate drop",
    "api_timeout": "API time-outs",
    "api_errors": "API errors",
    "hook_circuit_open": "Hook circuit open",
    "load_shedding": "Load shedding",
    "quota": "Quota",
    "slas_rate": "Shopper login limit",
    "job_failed": "Job failed",
    "replication_failed": "Replication failed",
    "error_rate": "Error rate",
    "page_slow": "Slow pages",
    "cdn": "Content delivery network",
}
_DEFAULT_CATEGORY: Final = "c97d83137f4432005f58108c3ffa917a"
"""The sys_id of the notification category every instance has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """A service level: `duration` is its first value and the operator's from then on. `teams` empty: all others'."""

    name: str
    target: str
    priority: int
    duration: str
    team: str = ""


_LEVELS: Final = (
    _Level(name="P1 response", target="response", priority=1, duration="00:15:00"),
    _Level(name="P2 response", target="response", priority=2, duration="00:30:00"),
    _Level(name="P3 response", target="response", priority=3, duration="04:00:00"),
    _Level(name="P1 resolution", target="resolution", priority=1, duration="04:00:00"),
    _Level(name="P1 resolution payments", target="resolution", priority=1, duration="02:00:00", team="payments"),
    _Level(name="P2 resolution", target="resolution", priority=2, duration="08:00:00"),
    _Level(name="P3 resolution", target="resolution", priority=3, duration="24:00:00"),
)
_STOPS: Final = {"response": "stateNOT IN1", "resolution": "stateIN6,7,8"}
"""A response is that somebody took it up, a resolution that it is over."""


def maintenance(parameters: AppParameters) -> str:
    return parameters.prefixed("maintenance")


def warnings(parameters: AppParameters) -> str:
    return parameters.prefixed("sla_warning")


def records(parameters: AppParameters) -> Iterator[Declaration]:
    yield from _columns(parameters)
    yield from _tables(parameters)
    yield from _assignment(parameters)
    for level in _LEVELS:
        yield _level(parameters, level)
    yield from _warning(parameters)
    yield from _modules(parameters)
    yield from _access(parameters)


def _columns(parameters: AppParameters) -> Iterator[Declaration]:
    own = parameters.prefixed
    for element, label, labels in (
        ("team", "Commerce team", TEAMS),
        ("layer", "Commerce layer", LAYERS),
        ("signal", "Commerce signal", SIGNALS),
    ):
        yield column(INCIDENT, own(element), label, length=40, choice=1)
        yield from choices(INCIDENT, own(element), labels)
    yield column(INCIDENT, own("failed_checkouts"), "Failed checkouts", "integer")
    yield column(INCIDENT, own("revenue_at_risk"), "Revenue at risk, whole units", "integer")
    yield column(INCIDENT, own("revenue_currency"), "Currency of the revenue", length=3)
    yield column(INCIDENT, own("alert_count"), "Alerts", "integer")
    yield column(INCIDENT, own("last_seen"), "Last seen failing", "glide_date_time")
    yield column(INCIDENT, own("locales"), "Locales", length=255)
    yield column(INCIDENT, own("payment_methods"), "Payment methods", length=255)
    yield column(INCIDENT, own("release"), "Commerce release", length=256)
    yield column(INCIDENT, own("cycle"), "How often it happened", "integer")
    yield column(INCIDENT, own("log_correlation"), "Log correlation id", length=100)
    yield column(INCIDENT, own("routing_reason"), "Why this team", length=255)
    yield column(
        INCIDENT, own("former_incident"), "Earlier incident of this cause", "reference", 32, reference=INCIDENT
    )


def _tables(parameters: AppParameters) -> Iterator[Declaration]:
    planned, warned = maintenance(parameters), warnings(parameters)
    yield table(planned, "Commerce maintenance")
    yield column(planned, "site_id", "Site (empty: all)", length=32)
    yield column(planned, "starts", "Starts", "glide_date_time", mandatory=True)
    yield column(planned, "ends", "Ends", "glide_date_time", mandatory=True)
    yield column(planned, "reason", "Reason", length=255, display=True)
    yield column(planned, "active", "Active", "boolean", default_value="true")
    yield table(warned, "Commerce SLA warning")
    yield column(warned, "incident", "Incident", "reference", 32, reference=INCIDENT, read_only=True)
    yield column(warned, "sla", "SLA", length=100, read_only=True, display=True)
    yield column(warned, "due", "Breaches at", "glide_date_time", read_only=True)
    yield column(warned, "percentage", "Time used (%)", "integer", read_only=True)
    yield column(warned, "correlation_id", "Correlation ID", length=100, read_only=True)


def _assignment(parameters: AppParameters) -> Iterator[Declaration]:
    """The rules fill only what is empty, after the record is stored: whoever assigned it by hand is left alone."""
    for place, (team, label) in enumerate(TEAMS.items()):
        name = parameters.own(f"alerts.group.{team}")
        yield Declaration(
            table="sys_properties",
            name=name,
            values={
                "name": name,
                "suffix": f"alerts.group.{team}",
                "type": "string",
                "description": f"Name of the group that gets storefront incidents of the team {label}.",
                "is_private": False,
                "ignore_cache": False,
                "read_roles": parameters.own("admin"),
                "write_roles": parameters.own("admin"),
            },
            initial={"value": f"{parameters.menu} {label}"},
        )
        yield Declaration(
            table="sysrule_assignment",
            name=f"alerts {team}",
            values={
                "name": f"{parameters.menu} alerts: {label}"[:40],
                "table": INCIDENT,
                "active": True,
                "order": 50 + place,
                "match_conditions": "ALL",
                "condition": f"{parameters.prefixed('team')}={team}^EQ",
                "script": script("assign_alert.js", parameters.scope),
            },
        )


def _level(parameters: AppParameters, level: _Level) -> Declaration:
    team = parameters.prefixed("team")
    mine = f"{team}={level.team}" if level.team else f"{team}ISNOTEMPTY{_others(team, level)}"
    start = f"active=true^{mine}^priority={level.priority}^stateNOT IN6,7,8"
    left = f"priority!={level.priority}^ORstate=8"
    return Declaration(
        table="contract_sla",
        name=f"alerts {level.name}",
        values={
            "name": f"{parameters.menu} {level.name}",
            "collection": INCIDENT,
            "active": True,
            "type": "SLA",
            "target": level.target,
            "start_condition": start,
            "stop_condition": _STOPS[level.target],
            "pause_condition": "state=3" if level.target == "resolution" else "",
            "when_to_resume": "no_match",
            "when_to_cancel": "on_condition",
            "cancel_condition": left,
            "schedule_source": "no_schedule",
            "timezone_source": "sla.timezone",
            "timezone": "UTC",
            "retroactive": False,
        },
        initial={"duration": _duration(level.duration)},
    )


def _others(team: str, level: _Level) -> str:
    """Teams with a level of their own for this target and priority are left out of the common one."""
    own = [one.team for one in _LEVELS if one.team and (one.target, one.priority) == (level.target, level.priority)]
    return "".join(f"^{team}!={name}" for name in own)


def _duration(clock: str) -> str:
    """A length of time as the platform stores it: from the beginning of 1970 on."""
    hours, rest = clock.split(":", 1)
    return f"1970-01-{1 + int(hours) // 24:02} {int(hours) % 24:02}:{rest}"


def _warning(parameters: AppParameters) -> Iterator[Declaration]:
    event, warned = parameters.own("sla_at_risk"), warnings(parameters)
    yield Declaration(
        table="sysevent_register",
        name=event,
        values={
            "event_name": event,
            "suffix": "sla_at_risk",
            "table": INCIDENT,
            "description": "A storefront incident is about to breach; parm1 the SLA, parm2 when.",
            "fired_by": "Business rule on the warnings of the app",
        },
    )
    yield Declaration(
        table="sys_script",
        name="announce breach",
        values={
            "name": "Announce a breach that is near",
            "collection": warned,
            "when": "after",
            "order": 100,
            "action_insert": True,
            "action_update": False,
            "action_delete": False,
            "action_query": False,
            "advanced": True,
            "script": script("announce_breach.js", parameters.scope),
        },
    )
    yield Declaration(
        table="sysevent_email_action",
        name="sla at risk",
        values={
            "name": f"{parameters.menu}: SLA at risk"[:40],
            "collection": INCIDENT,
            "active": True,
            "generation_type": "event",
            "event_name": event,
            "category": _DEFAULT_CATEGORY,
            "type": "email",
            "content_type": "text/html",
            "recipient_fields": "assigned_to,assignment_group",
            "subject": "${number} breaches ${event.parm1} at ${event.parm2} UTC",
            "message_html": (
                "<p>${URI_REF}: ${short_description}</p>"
                f"<p>Priority: ${{priority}}<br>Failed checkouts: ${{{parameters.prefixed('failed_checkouts')}}}</p>"
            ),
        },
    )


def _modules(parameters: AppParameters) -> Iterator[Declaration]:
    signal, team = parameters.prefixed("signal"), parameters.prefixed("team")
    modules = (
        ("Storefront incidents", INCIDENT, f"{signal}ISNOTEMPTY^active=true^ORDERBYpriority"),
        ("Unrouted incidents", INCIDENT, f"{team}=unrouted^active=true^ORDERBYpriority"),
        ("Maintenance", maintenance(parameters), "ORDERBYDESCstarts"),
        ("SLA warnings", warnings(parameters), "ORDERBYDESCsys_created_on"),
    )
    for order, (title, name, filters) in enumerate(modules):
        values: dict[str, Value] = {
            "application": Link(table="sys_app_application", name=parameters.menu),
            "title": title,
            "link_type": "LIST",
            "name": name,
            "filter": filters,
            "roles": parameters.own("operator"),
            "order": 1000 + order * 10,
            "active": True,
        }
        yield Declaration(table="sys_app_module", name=title, values=values)


def _access(parameters: AppParameters) -> Iterator[Declaration]:
    """Who reads and writes the tables of the app. Access rules travel by update set (see `access`)."""
    planned, warned = maintenance(parameters), warnings(parameters)
    for owner, operation, suffixes in (
        (planned, "read", ("operator", "alerts")),
        (planned, "create", ("operator",)),
        (planned, "write", ("operator",)),
        (planned, "delete", ("operator",)),
        (warned, "read", ("operator", "alerts")),
        (warned, "create", ("alerts",)),
        (warned, "write", ("alerts",)),
    ):
        yield from rule(parameters, owner, "record", operation, suffixes)
