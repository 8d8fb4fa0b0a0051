"""Whether the instance holds the app as declared, and what is left for people to do."""

from __future__ import annotations

from collections import Counter
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


# Of what comes by update set besides access rules, the records that people know by name; others are parts of them.
_NAMED = ("sys_hub_action_type_definition",)
_RULES = ("sys_security_acl", "sys_security_acl_role")
_AGAIN = "Import the update set of `sfcc-snow app export`."
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
    parts = (_missing_app, _records, _settings, _access_rules, _channels, _place)
    findings = [finding for part in parts for finding in part(plan)]
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
    if plan.survey.probe is not None:
        yield Finding(level="problem", text="An apply was interrupted. Run apply again: it goes on where that ended.")
    elif plan.unrecorded:
        yield Finding(
            level="note",
            text=f"{len(plan.unrecorded)} record(s) are as declared but not in the installer's journal. Run apply.",
        )


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


def _access_rules(plan: Plan) -> Iterator[Finding]:
    rules = [change for change in plan.of(Action.PACKAGE) if change.table in _RULES]
    absent = [change for change in rules if change.stored is None]
    other = [change for change in rules if change.stored is not None and change.columns]
    missing = [change.name for change in absent if change.table == "sys_security_acl"]
    if missing:
        yield Finding(
            level="to_do",
            text=f"{len(absent)} access rule record(s) cannot be written over REST and are not on the instance: "
            f"{', '.join(missing)}. {_WITHOUT_RULES}",
        )
    for change in () if missing else absent:
        yield Finding(level="problem", text=f"Access rule without its role, so it denies: {change.name}. {_AGAIN}")
    for change in other:
        columns = ", ".join(change.columns)
        yield Finding(level="problem", text=f"{change.table}: {change.name} is not as declared ({columns}). {_AGAIN}")
    if rules and not absent and not other:
        yield Finding(level="note", text=f"All {len(rules)} access rule records are on the instance.")


def _channels(plan: Plan) -> Iterator[Finding]:
    """Which records come how, and which of the others than access rules are not there."""
    packaged = plan.of(Action.PACKAGE)
    over_rest = sum(change.row is not None for change in plan.changes) - len(packaged)
    tables = ", ".join(f"{table} ({count})" for table, count in Counter(one.table for one in packaged).items())
    by_set = f"{len(packaged)} come by update set (`sfcc-snow app export`): {tables}" if packaged else "none needs more"
    yield Finding(level="note", text=f"{over_rest} records come over REST (`sfcc-snow app apply`), {by_set}.")
    absent = [change for change in packaged if change.stored is None and change.table not in _RULES]
    if absent:
        names = [change.name for change in absent if change.table in _NAMED] or [change.name for change in absent]
        yield Finding(
            level="to_do",
            text=f"{len(absent)} more record(s) cannot be written over REST and are not on the instance: "
            f"{', '.join(names)}. {_AGAIN}",
        )


def _place(plan: Plan) -> Iterator[Finding]:
    """An apply that died right at its end leaves the user in our application, and so does somebody's choice."""
    app, current = plan.survey.application, plan.survey.current_app
    if app is not None and current is not None and current["value"] == app.sys_id:
        yield Finding(
            level="note",
            text=f"New records of the user who installs land in {plan.scope}, as chosen in the application picker.",
        )
