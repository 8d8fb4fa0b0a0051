"""Who may do what: the roles of the app and which contains which."""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.scope import AppParameters
from snow_app.records.record import Declaration, Link

ROLES = {
    "agent": "Sees the commerce panel on cases, personal data masked.",
    "lead": "Agent who may also see what the masking policy gives to team leads.",
    "fraud": "Agent who works on fraud cases.",
    "auditor": "Reads the log of who looked at which shopper.",
    "feedback": "Reads clusters of feedback and decides about links; sees the page of recurring feedback.",
    "feedback_sync": "Writes clusters and links: for the sidecar's own user.",
    "admin": "Changes the settings of the app.",
    "operator": "Plans maintenance of the storefront and sees its incidents and SLA warnings.",
    "alerts": "The sidecar's user for storefront alerts: reads maintenance, writes SLA warnings.",
}
CONTAINS = (("lead", "agent"), ("fraud", "agent"), ("feedback_sync", "feedback"))


def role(parameters: AppParameters, suffix: str) -> Link:
    return Link(table="sys_user_role", name=parameters.own(suffix))


def records(parameters: AppParameters) -> Iterator[Declaration]:
    for suffix, description in ROLES.items():
        yield Declaration(
            table="sys_user_role",
            name=parameters.own(suffix),
            values={
                "name": parameters.own(suffix),
                "suffix": suffix,
                "description": description,
                "grantable": True,
                "can_delegate": False,
                "elevated_privilege": False,
            },
        )
    for outer, inner in CONTAINS:
        yield Declaration(
            table="sys_user_role_contains",
            name=f"{parameters.own(outer)} > {parameters.own(inner)}",
            values={"role": role(parameters, outer), "contains": role(parameters, inner)},
        )
