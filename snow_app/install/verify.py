"""Whether the instance holds the app as declared, and what is left for people to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from snow_app.app import App, AppParameters, scoped_app
from snow_app.app.properties import UNSET_URL
from snow_app.client import SnowClient
from snow_app.install.plan import Action, Change, Plan, planned

Level = Literal["problem", "to_do", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to know. A `problem` means the app does not work as declared; a `to_do` is an operator's step."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was compared and what was found."""

    plan: Plan
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return all(finding.level != "problem" for finding in self.findings)


_PROBLEMS = {
    Action.CREATE: "is missing",
    Action.UPDATE: "is not as declared",
    Action.DRIFTED: "was changed on the instance",
    Action.CONFLICT: "belongs to another application",
    Action.REMOVE: "is left from an earlier version",
}


# The records that people know by name; the others are parts of them.
_NAMED = frozenset({"sys_security_acl", "sys_hub_action_type_definition"})
_WITHOUT_RULES = (
    "Without them the app denies by default: its scripts check role and record, and only administrators read the log. "
    "To bring them, write an update set with `sfcc-snow app export` and import it: auditors can then read the log, "
    "instances that want a rule for each client-callable script have it, and flows have the action."
)


def verified(client: SnowClient, parameters: AppParameters, app: App = scoped_app) -> Verification:
    """Compare every record with its declaration, scope included. Two requests, none of which writes.

    Encrypted values (the password of the sign-in profile) cannot be read back; a call of the panel proves them.
    """
    plan = planned(client, parameters, app)
    findings = [*_missing_app(plan), *_records(plan), *_settings(plan), *_packages(plan)]
    return Verification(plan=plan, findings=tuple(findings))


def _missing_app(plan: Plan) -> Iterator[Finding]:
    if plan.survey.application is None:
        yield Finding(level="problem", text=f"The application {plan.scope} is not installed. Run apply.")


def _records(plan: Plan) -> Iterator[Finding]:
    if plan.survey.application is None:
        return
    for change in plan.of(*_PROBLEMS):
        columns = f" ({', '.join(change.columns)})" if change.columns else ""
        yield Finding(level="problem", text=f"{change.table}: {change.name} {_PROBLEMS[change.action]}{columns}.")


def _settings(plan: Plan) -> Iterator[Finding]:
    url = _stored(plan, "sys_properties", f"{plan.scope}.sidecar.url")
    if url is not None and url.stored is not None and url.stored["value"].startswith(UNSET_URL):
        yield Finding(level="to_do", text=f"Set the property {plan.scope}.sidecar.url to the address of the sidecar.")
    profile = _stored(plan, "sys_auth_profile_basic", f"{plan.scope}.sidecar")
    if profile is not None and profile.stored is not None and profile.stored["username"] == "not-set":
        yield Finding(
            level="to_do",
            text=f"Enter the id and secret of a sidecar token in the basic auth profile {plan.scope}.sidecar.",
        )


def _stored(plan: Plan, table: str, name: str) -> Change | None:
    return next((change for change in plan.changes if (change.table, change.name) == (table, name)), None)


def _packages(plan: Plan) -> Iterator[Finding]:
    packaged = plan.of(Action.PACKAGE)
    absent = [change for change in packaged if change.stored is None]
    if absent:
        yield Finding(
            level="to_do",
            text=f"{len(absent)} record(s) of access rules and actions cannot be written over REST and are not on the "
            f"instance: {', '.join(change.name for change in absent if change.table in _NAMED)}. {_WITHOUT_RULES}",
        )
    elif packaged:
        text = f"All {len(packaged)} records of access rules and actions are on the instance."
        yield Finding(level="note", text=text)
