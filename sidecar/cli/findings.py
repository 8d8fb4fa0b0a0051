"""What ``doctor`` looks at: each check is a function that yields findings, and never raises what people cannot read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from typing import Literal

import sidecar
from sfcc_client import CommerceClient
from sfcc_client.errors import CommerceError
from sidecar.api.tokens import ACTIVE_PER_CLIENT, TokenFile, TokenRefused
from sidecar.services import tokens_of
from sidecar.settings import InvalidSettings, SfccSettings, SidecarSettings, SnowSettings
from snow_app import Query, SnowClient
from snow_app.app import AppParameters
from snow_app.errors import Forbidden, SnowError
from snow_app.install import verified

Level = Literal["ok", "warning", "failed", "off"]
DISTRIBUTION = "sfcc-snow"
_SKEW_S = 30.0
_PANEL_SCOPES = frozenset({"context:read", "reveal"})
_CAPABILITIES = {
    "account_manager": "Nothing of Commerce can be read.",
    "customers": "No shopper is found by e-mail or number.",
    "orders": "Orders are not found by number.",
    "products": "Carts and activity show product numbers instead of names.",
    "baskets": "Carts and shoppers' own orders are not shown.",
    "order_search": "Guests' orders are not found by e-mail.",
    "loyalty": "The loyalty section is not shown.",
    "activity": "Recent activity is not shown.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report: what was checked, the outcome, what will not work, and what to do about it."""

    check: str
    level: Level
    outcome: str
    consequence: str = ""
    remedy: str = ""


def package() -> Iterator[Finding]:
    """That `sidecar` is ours: an unrelated package of that name exists."""
    found = Path(sidecar.__file__ or "").parent
    try:
        files = {str(file) for file in metadata.files(DISTRIBUTION) or ()}
        version = metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        yield Finding(
            check="package",
            level="failed",
            outcome=f"The distribution {DISTRIBUTION} is not installed here.",
            consequence="Another package called sidecar may be imported instead.",
            remedy=f"Install {DISTRIBUTION} in this environment.",
        )
        return
    ours = "sidecar/__init__.py" in files or (found / "services.py").is_file()
    yield Finding(
        check="package",
        level="ok" if ours else "failed",
        outcome=f"{DISTRIBUTION} {version} in {found}",
        consequence="" if ours else "This is another package called sidecar.",
        remedy="" if ours else "Uninstall the package sidecar, then install again.",
    )


def invalid(error: InvalidSettings) -> Iterator[Finding]:
    """One finding for each variable that cannot be used."""
    for name, problems in sorted(error.problems.items()):
        yield Finding(
            check=f"setting {name}",
            level="failed",
            outcome=" ".join(problems),
            consequence="The sidecar does not start." if name.startswith(("SFCC_", "SIDECAR_")) else "",
            remedy="Set it in the environment or in .env.",
        )


def process(settings: SidecarSettings) -> Iterator[Finding]:
    """The data folder, the tokens, and how browsers reach the sidecar."""
    folder = settings.data_dir
    writable = os.access(folder if folder.exists() else folder.absolute().parent, os.W_OK)
    yield Finding(
        check="data folder",
        level="ok" if writable else "failed",
        outcome=f"{folder} can be written" if writable else f"{folder} cannot be written",
        consequence="" if writable else "No access log, so no reveal and no panel page.",
        remedy="" if writable else "Set SIDECAR_DATA_DIR to a folder of this user.",
    )
    yield _tokens(tokens_of(settings))
    if not settings.public_url and settings.host not in ("127.0.0.1", "localhost", "::1"):
        yield Finding(
            check="public address",
            level="warning",
            outcome="SIDECAR_PUBLIC_URL is not set",
            consequence="Panel links use the address ServiceNow called, which browsers may not reach.",
            remedy="Set SIDECAR_PUBLIC_URL to the https address of the sidecar.",
        )


def _tokens(file: TokenFile) -> Finding:
    try:
        active = [token for token in file.listed() if token.active]
    except (TokenRefused, OSError) as error:
        return Finding(check="tokens", level="failed", outcome=str(error), consequence="Nobody can ask the sidecar.")
    able = [token for token in active if set(token.scopes) >= _PANEL_SCOPES]
    if able:
        clients = sorted({token.client for token in able})
        rotating = [name for name in clients if sum(one.client == name for one in active) == ACTIVE_PER_CLIENT]
        note = f"; revoke the old one of {', '.join(rotating)}" if rotating else ""
        return Finding(check="tokens", level="ok", outcome=f"active for {', '.join(clients)}{note}")
    return Finding(
        check="tokens",
        level="warning",
        outcome=f"no active token with {' and '.join(sorted(_PANEL_SCOPES))}",
        consequence="ServiceNow cannot ask the sidecar.",
        remedy="sfcc-snow token create servicenow",
    )


def commerce(settings: SfccSettings, *, deadline_s: float) -> Iterator[Finding]:
    """Every capability of every site, tried once."""
    with CommerceClient(settings.commerce()) as client:
        try:
            checks = client.ping(deadline=deadline_s)
        except CommerceError as error:
            yield Finding(check="commerce", level="failed", outcome=error.message)
            return
    for check in checks:
        failed = check.state == "failed"
        yield Finding(
            check=f"commerce {check.name}",
            level=check.state,
            outcome=check.message,
            consequence=_CAPABILITIES.get(check.name.partition(":")[0], "") if check.state != "ok" else "",
            remedy=f"Correlation id {check.request_id}." if failed and check.request_id else "",
        )


def servicenow(settings: SnowSettings) -> Iterator[Finding]:
    """Sign-in, clock, query strictness, roles, plugin, and the installed app with its columns, each as far as this user
    may read it."""
    if not settings.url:
        yield Finding(
            check="servicenow",
            level="off",
            outcome="SNOW_URL is not set",
            consequence="The app cannot be installed or checked; notes from the panel page are off.",
            remedy="Set SNOW_URL, SNOW_USERNAME and SNOW_PASSWORD.",
        )
        return
    try:
        with SnowClient(settings.instance()) as client:
            yield from _sign_in(client)
            yield from _readable("query strictness", _strictness(client))
            yield from _readable("roles", _user(client, settings.username))
            yield from _readable("app", _app(client, settings))
    except SnowError as error:
        yield Finding(
            check="servicenow",
            level="failed",
            outcome=str(error),
            consequence="The rest of the instance was not checked.",
            remedy=f"Transaction {error.request_id}." if error.request_id else "",
        )


def _readable(part: str, found: Iterator[Finding]) -> Iterator[Finding]:
    """The findings; that they could not be had, when the user is too narrow to look."""
    try:
        yield from found
    except SnowError as error:
        if not isinstance(error.__cause__ or error, Forbidden):
            raise
        yield Finding(
            check=f"servicenow {part}",
            level="warning",
            outcome=str(error),
            consequence="Not checked. Installing the app as this user will be refused; running it needs no admin.",
            remedy="Check and install as an admin.",
        )


def _sign_in(client: SnowClient) -> Iterator[Finding]:
    date = None
    # A user who may not even read this has signed in all the same.
    with suppress(Forbidden):
        parameters = {"sysparm_limit": "1", "sysparm_fields": "sys_id"}
        date = client.request("GET", "/api/now/table/sys_user", parameters=parameters).header("Date")
    yield Finding(check="servicenow sign-in", level="ok", outcome=f"signed in at {client.settings.address}")
    yield _skew(date)


def _strictness(client: SnowClient) -> Iterator[Finding]:
    parameters = {"sysparm_query": "name=glide.invalid_query.returns_no_rows", "sysparm_fields": "name,value"}
    answer = client.request("GET", "/api/now/table/sys_properties", parameters=parameters)
    rows = answer.result()
    strict = any(
        row.get("name") == "glide.invalid_query.returns_no_rows" and row.get("value") == "true"
        for row in (rows if isinstance(rows, list) else [])
    )
    yield Finding(
        check="servicenow query strictness",
        level="ok" if strict else "warning",
        outcome="conditions on unknown fields find nothing" if strict else "conditions on unknown fields are dropped",
        consequence="" if strict else "A mistyped query answers unfiltered rows; this product checks rows again.",
        remedy="" if strict else "Consider glide.invalid_query.returns_no_rows = true.",
    )


def _skew(date: str | None) -> Finding:
    try:
        seconds = abs((datetime.now(UTC) - parsedate_to_datetime(date or "")).total_seconds())
    except (TypeError, ValueError):
        return Finding(check="clock", level="warning", outcome="the instance did not say what time it is")
    fine = seconds <= _SKEW_S
    return Finding(
        check="clock",
        level="ok" if fine else "failed",
        outcome=f"{seconds:.0f} s apart",
        consequence="" if fine else "Panel links expire too early or too late; ages are wrong.",
        remedy="" if fine else "Synchronise this machine's clock (NTP).",
    )


def _user(client: SnowClient, username: str) -> Iterator[Finding]:
    if not username:
        return
    query = Query().where("user.user_name", "=", username).where("role.name", "=", "admin")
    rows = client.table("sys_user_has_role").rows(query, fields=("role.name", "user.user_name"), limit=5)
    admin = any(row["role.name"] == "admin" and row["user.user_name"] == username for row in rows)
    yield Finding(
        check="servicenow roles",
        level="ok" if admin else "warning",
        outcome=f"{username} has admin" if admin else f"{username} has no admin role that this user can see",
        consequence="" if admin else "Installing the app will be refused. Running it needs no admin.",
        remedy="" if admin else "Use an admin for sfcc-snow app apply, and a narrow user otherwise.",
    )


def _app(client: SnowClient, settings: SnowSettings) -> Iterator[Finding]:
    verification = verified(client, AppParameters(scope=settings.scope, name=settings.app_name))
    csm = verification.plan.survey.facts.csm
    yield Finding(
        check="servicenow plugin CSM",
        level="ok" if csm else "off",
        outcome="Customer Service Management is there" if csm else "not there",
        consequence="" if csm else "The panel stands on the incident form instead of the case form.",
    )
    if verification.ok:
        yield Finding(check="servicenow app", level="ok", outcome=f"{settings.scope} is installed as declared")
    levels: dict[str, Level] = {"problem": "failed", "to_do": "warning", "note": "ok"}
    for finding in verification.findings:
        yield Finding(
            check="servicenow app",
            level=levels[finding.level],
            outcome=finding.text,
            consequence="The panel does not work as declared." if finding.level == "problem" else "",
            remedy="sfcc-snow app plan" if finding.level == "problem" else "",
        )
