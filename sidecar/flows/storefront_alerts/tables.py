"""The flow's own tables: a row for each group of alerts, and what is known of the service levels of its incident."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Boolean, Column, Connection, Float, Index, String, Table, Text, bindparam, insert, select, update

from sidecar.engine.tables import METADATA
from sidecar.flows.storefront_alerts.events import WHOLE
from sidecar.flows.storefront_alerts.group import Group, read, written

GROUPS = Table(
    "storefront_alerts_groups",
    METADATA,
    Column("key", String(40), primary_key=True),
    Column("site_id", String(32), nullable=False),
    Column("signal", String(40), nullable=False),
    Column("phase", String(12), nullable=False),
    Column("muted_by", String(40), nullable=False, server_default=""),
    Column("team", String(20), nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Index("storefront_alerts_groups_by_site", "site_id", "phase"),
)
"""`state` is the whole group as JSON; the other columns repeat what is asked for."""

LEVELS = Table(
    "storefront_alerts_levels",
    METADATA,
    Column("group", String(40), primary_key=True),
    Column("sys_id", String(32), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("target", String(20), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("team", String(20), nullable=False),
    Column("breached", Boolean, nullable=False),
    Column("warned", Boolean, nullable=False),
    Column("due_at", Float),
)
"""The service levels (task_sla) of an incident as they were read last; moments are epoch seconds."""

ACTIVE = ("pending", "open", "recovering")


_ONE = select(GROUPS.c.state).where(GROUPS.c.key == bindparam("known")).with_for_update()
_KEPT = (
    update(GROUPS)
    .where(GROUPS.c.key == bindparam("known"))
    .values({name: bindparam(f"new_{name}") for name in ("phase", "muted_by", "team", "state")})
)


def group(connection: Connection, key: str) -> Group | None:
    """The group, locked until the transaction ends: alerts and looks at the clock may come at the same moment."""
    state = connection.execute(_ONE, {"known": key}).scalar_one_or_none()
    return read(state) if state is not None else None


def added(connection: Connection, group: Group) -> None:
    values = {"phase": group.phase, "muted_by": group.muted_by, "team": group.team, "state": written(group)}
    connection.execute(insert(GROUPS).values(key=group.key, site_id=group.site_id, signal=group.signal, **values))


def kept(connection: Connection, group: Group) -> None:
    values = {"phase": group.phase, "muted_by": group.muted_by, "team": group.team, "state": written(group)}
    connection.execute(_KEPT, {"known": group.key, **{f"new_{name}": value for name, value in values.items()}})


def active(connection: Connection, site_id: str, *, signal: str | None = None) -> Sequence[Group]:
    """The groups of a site and of the whole instance that have an incident or may get one."""
    found = select(GROUPS.c.state).where(GROUPS.c.site_id.in_((site_id, WHOLE)), GROUPS.c.phase.in_(ACTIVE))
    if signal is not None:
        found = found.where(GROUPS.c.signal == signal)
    return [read(state) for state in connection.execute(found.order_by(GROUPS.c.key)).scalars()]


def muted(connection: Connection, cause: str) -> Sequence[Group]:
    """The groups a cause mutes."""
    found = select(GROUPS.c.state).where(GROUPS.c.muted_by == cause, GROUPS.c.phase == "pending")
    return [read(state) for state in connection.execute(found).scalars()]


def failing(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Which of these groups have an incident or may get one."""
    found = select(GROUPS.c.key).where(GROUPS.c.key.in_(keys), GROUPS.c.phase.in_(ACTIVE))
    return frozenset(connection.execute(found).scalars())
