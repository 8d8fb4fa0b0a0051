"""Service levels of the flow's incidents: read back, kept for the metrics, warned of before they breach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, delete, func, insert, select

from sidecar.engine import Database
from sidecar.flows.storefront_alerts.events import FLOW
from sidecar.flows.storefront_alerts.evidence import digest
from sidecar.flows.storefront_alerts.tables import LEVELS
from snow_app import SnowClient
from snow_app.row import date_time
from snow_app.services import SlaStanding

LABELS: Final = ("team", "target", "stage", "breached")


def kept(
    connection: Connection, group: str, team: str, standings: Sequence[SlaStanding], warned: Iterable[str]
) -> None:
    """Remember how the levels of a group's incident stand, in place of what was known."""
    connection.execute(delete(LEVELS).where(LEVELS.c.group == group))
    told = set(warned)
    rows = [
        {
            "group": group,
            "sys_id": one.sys_id,
            "name": one.name[:80],
            "target": one.target,
            "stage": one.stage,
            "team": team,
            "breached": one.breached,
            "warned": one.sys_id in told,
            "due_at": one.due.timestamp() if one.due else None,
        }
        for one in standings
    ]
    if rows:
        connection.execute(insert(LEVELS), rows)


def warned(connection: Connection, group: str) -> frozenset[str]:
    """The levels whose breach was announced."""
    found = select(LEVELS.c.sys_id).where(LEVELS.c.group == group, LEVELS.c.warned)
    return frozenset(connection.execute(found).scalars())


def near(standings: Sequence[SlaStanding], now: datetime, percent: int) -> tuple[SlaStanding, ...]:
    """Those that run, are not breached, and have used up so much of their time."""
    return tuple(
        one for one in standings if one.stage == "in_progress" and not one.breached and one.used(now) * 100 >= percent
    )


def announced(snow: SnowClient, scope: str, incident: str, level: SlaStanding, now: datetime) -> str:
    """The warning of one level, stored once; a rule of the app tells the people. Its sys_id."""
    values: dict[str, str | int | bool] = {
        "incident": incident,
        "sla": level.name[:100],
        "due": date_time(level.due) if level.due else "",
        "percentage": min(999, int(level.used(now) * 100)),
    }
    table = snow.table(f"{scope}_sla_warning")
    return table.upsert(values, correlation_id=f"{FLOW}:{digest('sla', level.sys_id)}").sys_id


class LevelMetrics(Collector):
    """How many service levels stand how, for a Prometheus registry; read from the database when it is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterator[GaugeMetricFamily]:
        yield self._family()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = self._family()
        columns = (LEVELS.c.team, LEVELS.c.target, LEVELS.c.stage, LEVELS.c.breached)
        with self._database.reading() as connection:
            for *labels, number in connection.execute(select(*columns, func.count()).group_by(*columns)):
                family.add_metric([str(label).lower() for label in labels], number)
        yield family

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(
            "sidecar_storefront_alerts_service_levels",
            "Service levels of storefront incidents, by team, target, stage and whether they breached.",
            labels=LABELS,
        )
