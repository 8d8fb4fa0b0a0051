"""REST API access policies (``sys_api_access_policy``): which ways of signing in an API accepts.

Without a policy that is about a call, Basic, OAuth and client certificates are accepted and API keys are not. As soon
as one is, only the inbound authentication profiles mapped to it are. Source: platform documentation, "Configure API
key" and "Create REST API access policy"; column names as third parties use them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snow_app.emulator.model import Row
from snow_app.emulator.rest.apis import Called

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """`kinds` are basic, oauth, certificate; `parameters` are the sys_token_auth_parameter rows that carry API keys."""

    kinds: frozenset[str]
    parameters: tuple[Row, ...] = ()


WITHOUT_POLICY = Accepted(kinds=frozenset({"basic", "oauth", "certificate"}))


def accepted(instance: Instance, called: Called) -> Accepted:
    """What may sign in to a call."""
    records = instance.records
    profiles = [
        profile
        for policy in instance.active("sys_api_access_policy")
        if _about(policy, called)
        for mapping in records.all("sys_auth_profile_mapping", api_access_policy=policy["sys_id"])
        if (profile := records.whole("inbound_auth_profile", mapping["inbound_auth_profile"])) is not None
        and profile[1]["active"] == "true"
    ]
    if not profiles:
        return WITHOUT_POLICY
    keys = [row["auth_parameter"] for table, row in profiles if table == "http_key_auth"]
    parameters = [records.get("sys_token_auth_parameter", sys_id) for sys_id in keys]
    return Accepted(
        kinds=frozenset(row["type"] for table, row in profiles if table == "std_http_auth"),
        parameters=tuple(row for row in parameters if row is not None),
    )


def _about(policy: Row, called: Called) -> bool:
    """A policy names an API, and within it one or all methods, versions and tables."""
    if policy["apply_global"] == "true":
        return True
    if policy["api_path"] != called.api:
        return False
    if policy["apply_all"] == "true":
        return True
    tables = [name.strip() for name in policy["api_tablename"].split(",")]
    return (
        (policy["apply_all_methods"] == "true" or policy["http_method"] == called.method)
        and (policy["apply_all_versions"] == "true" or policy["version"] == called.version)
        and (not called.table or policy["apply_all_tables"] == "true" or called.table in tables)
    )
