"""Access rules. The Table API refuses such records, so they travel by update set or app package (channel `package`).

The app denies by default without them: its scripts check role and record themselves, nobody but an administrator reads
the log, and no rule of ours opens anything. They add what scripts cannot: auditors read the log in lists, and instances
that protect client-callable scripts let our roles call ours.
"""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.feedback import cluster_table, link_table
from snow_app.app.roles import role
from snow_app.app.scope import AppParameters
from snow_app.app.tables import access_log
from snow_app.records.record import Declaration, Link


def records(parameters: AppParameters) -> Iterator[Declaration]:
    log = access_log(parameters)
    ajax = parameters.own("ContextAjax")
    yield from rule(parameters, ajax, "client_callable_script_include", "execute", ("agent", "auditor"))
    yield from rule(parameters, log, "record", "read", ("auditor",))
    yield from rule(parameters, f"{log}.*", "record", "read", ("auditor",))
    # People decide in one column of each table; everything else is the sidecar's.
    for owner, decided in ((cluster_table(parameters), "merged_into"), (link_table(parameters), "decision")):
        for operation, names in (("read", ("feedback",)), ("write", ("feedback",)), ("create", ("feedback_sync",))):
            yield from rule(parameters, owner, "record", operation, names)
        yield from rule(parameters, f"{owner}.*", "record", "read", ("feedback",))
        yield from rule(parameters, f"{owner}.*", "record", "write", ("feedback_sync",))
        yield from rule(parameters, f"{owner}.{decided}", "record", "write", ("feedback",))


def rule(
    parameters: AppParameters, name: str, kind: str, operation: str, roles: tuple[str, ...]
) -> Iterator[Declaration]:
    """One access rule and the roles (by suffix) that fulfil it."""
    own = f"{kind} {operation} {name}"
    yield Declaration(
        table="sys_security_acl",
        name=own,
        channel="package",
        values={
            "name": name,
            "type": kind,
            "operation": operation,
            "active": True,
            "admin_overrides": True,
            "advanced": False,
            "decision_type": "allow",
            "local_or_existing": "Local",
        },
    )
    for suffix in roles:
        yield Declaration(
            table="sys_security_acl_role",
            name=f"{own} {suffix}",
            channel="package",
            values={
                "sys_security_acl": Link(table="sys_security_acl", name=own),
                "sys_user_role": role(parameters, suffix),
            },
        )
