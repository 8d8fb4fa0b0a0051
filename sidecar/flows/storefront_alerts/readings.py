"""Reading the service levels of incidents, every few minutes for as long as one runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sidecar.engine import Database, Outcome, Steps, Transaction
from sidecar.events import Event
from sidecar.flows.storefront_alerts import levels, tables
from sidecar.flows.storefront_alerts.events import SLA_DUE
from sidecar.flows.storefront_alerts.group import ALIVE
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy
from snow_app import SnowClient
from snow_app.services import ServiceLevels


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Answers the timers of service levels. Raises the errors of `snow_app.errors`."""

    snow: SnowClient
    database: Database
    scope: str
    policy: StorefrontAlertsPolicy

    def later(self, tx: Transaction, group: str, site_id: str, now: datetime) -> None:
        """Look in a while: one timer for each group and stretch of time, however often this is asked for."""
        every = self.policy.sla_every_s
        stretch = int(now.timestamp() // every) + 1
        at = datetime.fromtimestamp(stretch * every, UTC)
        tx.later(SLA_DUE, {"group": group}, site_id=site_id, at=at, event_id=f"{SLA_DUE}:{group}:{stretch}")

    def handle(self, event: Event, steps: Steps) -> Outcome:
        key: str = event.data.group
        with self.database.reading() as connection:
            group = tables.group(connection, key)
            told = levels.warned(connection, key)
        if group is None or not group.incident:
            return Outcome(note="There is no incident.")
        incident, now = group.incident, steps.now
        standings = ServiceLevels(self.snow).of(incident)
        near = levels.near(standings, now, self.policy.sla_warning_percent)
        for level in near:
            if level.sys_id not in told:
                steps.sent(
                    f"warning {level.sys_id}",
                    partial(levels.announced, self.snow, self.scope, incident, level, now),
                )
        alive = group.phase in ALIVE or any(one.stage in ("in_progress", "paused") for one in standings)
        warned = {*told, *(one.sys_id for one in near)}

        def kept(tx: Transaction) -> int:
            levels.kept(tx.connection, key, group.team, standings, warned)
            if alive:
                self.later(tx, key, group.site_id, now)
            return len(standings)

        steps.stored("levels", kept)
        return Outcome(note=f"{len(standings)} service levels, {len(near)} near their breach.")
