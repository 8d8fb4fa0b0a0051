"""Flow `order_issues`: what a case knows of the issue behind it, who gets it, and by when it has to be answered."""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.facts import CASE, Facts
from snow_app.app.scope import AppParameters
from snow_app.app.sources import script
from snow_app.records.record import Declaration, Value
from snow_app.records.schema import choices, column

TOPICS = {
    "payment": "Payment",
    "missing": "Missing shipment or item",
    "damaged": "Damaged item",
    "cancel": "Cancellation",
    "wrong_item": "Wrong item",
    "other": "Other",
}
_RUNGS = "Table that was the best one there when the case was opened"
# State of the task: what is over, what waits for the shopper.
_DONE = {CASE: "6,3,7"}
_WAITING = {CASE: "state=18"}
_SLAS = (
    ("Order issue: taken up", "response", "1970-01-01 04:00:00"),
    ("Order issue: solved", "resolution", "1970-01-03 00:00:00"),
)
_UNCATEGORIZED = "c97d83137f4432005f58108c3ffa917a"
"""The platform's own category for notifications without one; every instance has it."""


def records(parameters: AppParameters, facts: Facts) -> Iterator[Declaration]:
    for owner in facts.tables_with_columns:
        yield from _columns(parameters, owner)
    table = facts.case_table
    yield _assignment(parameters, table)
    for name, target, duration in _SLAS:
        yield _sla(parameters, table, name, target, duration)
    yield _notification(parameters, table)


def is_issue(parameters: AppParameters) -> str:
    """The condition that tells cases of this flow from all others."""
    return f"{parameters.prefixed('issue_type')}ISNOTEMPTY"


def _columns(parameters: AppParameters, owner: str) -> Iterator[Declaration]:
    own = parameters.prefixed
    yield column(owner, own("issue_type"), "Order issue", length=20, choice=1)
    yield from choices(owner, own("issue_type"), TOPICS)
    yield column(owner, own("evidence_hash"), "Evidence (SHA-256)", length=64, read_only=True)
    yield column(owner, own("intake_rung"), "Opened as", length=40, read_only=True, comments=_RUNGS)
    yield column(owner, own("verified"), "Order verified", "boolean", default_value="false")
    yield column(owner, own("needs_review"), "Needs review", "boolean", default_value="false")


def _assignment(parameters: AppParameters, table: str) -> Declaration:
    """The group is the customer's own: a property names it, and without one nobody is assigned by us."""
    name = "Order issues"
    return Declaration(
        table="sysrule_assignment",
        name=name,
        values={
            "name": name,
            "table": table,
            "condition": is_issue(parameters),
            "match_conditions": "ALL",
            "order": 90,
            "script": script("assign_order_issue.js", parameters.scope),
        },
        initial={"active": True},
    )


def _sla(parameters: AppParameters, table: str, name: str, target: str, duration: str) -> Declaration:
    """The clock runs day and night until the operator names a schedule; durations are the operator's."""
    done, waiting = _DONE.get(table, "6,7,8"), _WAITING.get(table, "state=3")
    stop = f"stateIN{done}" if target == "resolution" else f"stateIN{done}^ORassigned_toISNOTEMPTY"
    values: dict[str, Value] = {
        "name": name,
        "collection": table,
        "type": "SLA",
        "target": target,
        "schedule_source": "no_schedule",
        "timezone_source": "sla.timezone",
        "start_condition": f"active=true^{is_issue(parameters)}^stateNOT IN{done}",
        "stop_condition": stop,
        "pause_condition": waiting if target == "resolution" else "",
        "when_to_resume": "no_match",
        "when_to_cancel": "never",
    }
    return Declaration(table="contract_sla", name=name, values=values, initial={"duration": duration, "active": True})


def _notification(parameters: AppParameters, table: str) -> Declaration:
    """To the group of a case that somebody has to look at before it is worked on."""
    name, flag = "Order issue to be reviewed", parameters.prefixed("needs_review")
    return Declaration(
        table="sysevent_email_action",
        name=name,
        values={
            "name": name,
            "collection": table,
            "generation_type": "engine",
            "category": _UNCATEGORIZED,
            "action_insert": True,
            "action_update": True,
            "condition": f"{flag}=true^assignment_groupISNOTEMPTY^assignment_groupCHANGES",
            "recipient_fields": "assignment_group",
            "content_type": "text/html",
            "type": "email",
            "sys_version": "2",
        },
        initial={
            "active": True,
            "subject": "Review order issue ${number}",
            "message_html": "<p>${URI_REF} needs a look: the reporter is not verified, or the issue does not fit the "
            "state of the order. The work notes say why.</p>",
        },
    )
