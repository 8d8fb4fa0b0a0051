"""Flow `storefront_alerts`: alerts become incidents, one for each cause, with the right team, resolved when it is over.

An alert changes the flow's own table and nothing else, so that a storm is taken in at the speed of the database and
an instance that is away holds up no alert. Everything towards ServiceNow happens when a group is looked at: on a timer
(`storefront_alerts.check_due`) that an alert sets when there is something to decide. Alerts of one group are in order,
so are the looks at it; both lock its row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sfcc_client import Clock, CommerceClient
from sidecar.engine import Database, Json, Outcome, RecordRef, Steps, Transaction
from sidecar.events import Event, EventType
from sidecar.flows.storefront_alerts import tables
from sidecar.flows.storefront_alerts.events import (
    CHECK_DUE,
    EXAMPLE,
    FLOW,
    SLA_DUE,
    AlertSchema,
    GroupDueSchema,
)
from sidecar.flows.storefront_alerts.evidence import clues, group_of, resolves
from sidecar.flows.storefront_alerts.group import ALIVE, Group, Totals, read, totals_read, totals_written, written
from sidecar.flows.storefront_alerts.incident import RESOLVED, TABLE, Incidents, Standing
from sidecar.flows.storefront_alerts.inhibition import cause_of
from sidecar.flows.storefront_alerts.machine import Around, decided, folded, next_look, ready, renewed
from sidecar.flows.storefront_alerts.maintenance import until
from sidecar.flows.storefront_alerts.policy import StorefrontAlertsPolicy
from sidecar.flows.storefront_alerts.readings import Readings
from sidecar.flows.storefront_alerts.telling import Telling
from snow_app import SnowClient

TYPES: Final = (
    EventType(
        name="storefront.alert",
        summary="Something the storefront suffers from began, went on, or is over.",
        schema=AlertSchema,
        key=lambda site_id, alert: f"{FLOW}:alerts:{group_of(site_id, alert)}",
        example=EXAMPLE,
    ),
    EventType(
        name=CHECK_DUE,
        summary="It is time to look at a group of alerts.",
        schema=GroupDueSchema,
        key=lambda _, due: f"{FLOW}:looks:{due.group}",
        example={"group": "0" * 40},
        sender="internal",
    ),
    EventType(
        name=SLA_DUE,
        summary="It is time to read the service levels of a group's incident.",
        schema=GroupDueSchema,
        key=lambda _, due: f"{FLOW}:levels:{due.group}",
        example={"group": "0" * 40},
        sender="internal",
    ),
)


class StorefrontAlerts:
    """See the module. Thread-safe."""

    name = FLOW
    types = TYPES
    upstreams = frozenset({"servicenow"})
    weight = 2

    def __init__(
        self,
        *,
        snow: SnowClient,
        commerce: CommerceClient,
        database: Database,
        scope: str,
        clock: Clock,
        policy: StorefrontAlertsPolicy = StorefrontAlertsPolicy(),  # noqa: B008 - frozen
    ) -> None:
        self._snow, self._commerce, self._database, self._scope = snow, commerce, database, scope
        self._clock, self.policy = clock, policy
        self._incidents = Incidents(snow, scope, log_center=policy.log_center_url, close_code=policy.close_code)
        self._readings = Readings(snow=snow, database=database, scope=scope, policy=policy)
        self._handlers: Mapping[str, Callable[[Event, Steps], Outcome]] = {
            "storefront.alert": self._alert,
            CHECK_DUE: self._check,
            SLA_DUE: self._readings.handle,
        }

    def handle(self, event: Event, steps: Steps) -> Outcome:
        return self._handlers[event.type](event, steps)

    # Alerts ----------------------------------------------------------------------------------------------------------

    def _alert(self, event: Event, steps: Steps) -> Outcome:
        key = group_of(event.site_id, event.data)
        known: Json = steps.stored("alert", lambda tx: self._taken(tx, event, key, steps.now))
        return Outcome(note=f"Counted in group {', '.join(known)}.")

    def _taken(self, tx: Transaction, event: Event, key: str, now: datetime) -> list[str]:
        alert, accepted = event.data, event.accepted_at
        found = clues(alert)
        own = tables.group(tx.connection, key)
        touched = [own] if own else []
        if own is None and alert.state == "resolved":
            others = tables.active(tx.connection, event.site_id, signal=alert.signal)
            fitting = [one.key for one in others if one.site_id == event.site_id and resolves(found, one.clues)]
            touched = [group for one in fitting if (group := tables.group(tx.connection, one)) is not None]
        if not touched:
            own = Group(key=key, site_id=event.site_id, signal=alert.signal, clues=found)
            tables.added(tx.connection, own)
            touched = [own]
        for group in touched:
            self._keep(tx, folded(group, alert, now=accepted, policy=self.policy), now)
        return [group.key for group in touched]

    def _keep(self, tx: Transaction, group: Group, now: datetime) -> None:
        """Store a group, with a timer when it needs to be looked at before the one that is set."""
        due = next_look(group, now, self.policy)
        if due is not None and (group.check_at is None or due < group.check_at):
            group = replace(group, check_at=due, checks=group.checks + 1)
            event_id = f"{CHECK_DUE}:{group.key}:{group.checks}"
            tx.later(CHECK_DUE, {"group": group.key}, site_id=group.site_id, at=due, event_id=event_id)
        tables.kept(tx.connection, group)

    # Looks -----------------------------------------------------------------------------------------------------------

    def _check(self, event: Event, steps: Steps) -> Outcome:
        key: str = event.data.group
        asked, planned = self._maintenance(key, steps.now)
        found: Json = steps.stored("decision", lambda tx: self._decided(tx, key, steps.now, asked, planned))
        if found["act"] == "nothing":
            return Outcome(note="Nothing to tell.")
        telling = Telling(
            act=found["act"],
            group=read(found["group"]),
            symptoms=totals_read(found["symptoms"]),
            cause=found["cause"],
        )
        standing = self._told(telling, event.ref, steps)
        record = RecordRef(table=TABLE, sys_id=standing.sys_id, number=standing.number)
        return Outcome(note=f"{telling.act} {standing.number}".strip(), records=(record,) if standing.sys_id else ())

    def _maintenance(self, key: str, now: datetime) -> tuple[bool, datetime | None]:
        """Whether that mattered, which is before an incident is opened; and until when there is maintenance."""
        with self._database.reading() as connection:
            group = tables.group(connection, key)
        if group is None or group.phase != "pending" or not ready(group, now, self.policy):
            return False, None
        return True, until(self._snow, self._scope, group.site_id, now)

    def _decided(self, tx: Transaction, key: str, now: datetime, asked: bool, planned: datetime | None) -> Json:
        group = tables.group(tx.connection, key)
        if group is None:
            return {"act": "nothing"}
        if group.check_at is not None and group.check_at <= now:
            group = replace(group, check_at=None)
        if group.phase == "pending" and ready(group, now, self.policy) and not asked:
            # It became ready between the question and now: asked again at once.
            self._keep(tx, group, now)
            return {"act": "nothing"}
        around, cause = self._around(tx, group, now, planned)
        decision = decided(group, now, around, self.policy)
        group = decision.group
        self._keep(tx, group, now)
        return {
            "act": decision.act,
            "group": written(group),
            "symptoms": totals_written(around.symptoms),
            "cause": cause,
        }

    def _around(self, tx: Transaction, group: Group, now: datetime, planned: datetime | None) -> tuple[Around, str]:
        """What else is true, and the number of the cause's incident."""
        cause = cause_of(group, tables.active(tx.connection, group.site_id), now, self.policy)
        if cause is not None and not cause.number and group.phase in ALIVE:
            cause = None  # An incident that is open can only be told of another one.
        symptoms = Totals()
        for other in tables.muted(tx.connection, group.key):
            symptoms = symptoms.plus(other.totals)
        around = Around(cause=cause.key if cause else "", maintenance_until=planned, symptoms=symptoms)
        return around, cause.number if cause else ""

    # ServiceNow ------------------------------------------------------------------------------------------------------

    def _told(self, telling: Telling, ref: str, steps: Steps) -> Standing:
        if telling.act == "resolve":
            return self._resolved(telling, ref, steps)
        if telling.act != "open":
            telling = self._usable(telling, steps)
        group = telling.group
        if telling.act == "open":
            found: Json = steps.sent("incident", lambda: self._opened(telling, ref))
        else:
            found = steps.sent("figures", lambda: self._updated(telling))
            self._noted(found["sys_id"], telling, ref, steps)
        steps.stored("known", lambda tx: self._known(tx, group.key, found, steps.now))
        return Standing(**found)

    def _usable(self, telling: Telling, steps: Steps) -> Telling:
        """What is to be told once it is known how the incident stands: a closed one is followed by a new one, one that
        a person resolved is reopened when it failed again since."""
        group = telling.group
        if not group.incident:
            return replace(telling, act="open")
        found: Json = steps.sent("standing", lambda: self._standing(group))
        if not found["usable"]:
            return replace(
                telling, act="open", group=read(steps.stored("renewal", lambda tx: self._renewed(tx, group, steps.now)))
            )
        return replace(telling, act="reopen") if found["relapsed"] else telling

    def _standing(self, group: Group) -> Json:
        now = self._incidents.standing(group.incident)
        resolved = now.state == RESOLVED
        relapsed = resolved and (
            now.resolved_at is None or (group.latest_bad is not None and group.latest_bad > now.resolved_at)
        )
        return {"usable": now.usable, "relapsed": relapsed}

    def _renewed(self, tx: Transaction, before: Group, now: datetime) -> str:
        group = tables.group(tx.connection, before.key) or before
        if group.cycle == before.cycle:
            around, _ = self._around(tx, group, now, None)
            group = renewed(group, now, around, self.policy).group
            self._keep(tx, group, now)
        return written(group)

    def _opened(self, telling: Telling, ref: str) -> Json:
        group = telling.group
        return self._incidents.opened(group, telling.symptoms, ref=ref).kept()

    def _updated(self, telling: Telling) -> Json:
        reopen = telling.act == "reopen"
        return self._incidents.updated(telling.group, telling.symptoms, reopen=reopen).kept()

    def _noted(self, sys_id: str, telling: Telling, ref: str, steps: Steps) -> None:
        text = "\n".join((telling.title, *telling.lines()))
        steps.sent("note", lambda: self._incidents.noted(sys_id, text, ref=ref))

    def _known(self, tx: Transaction, key: str, found: Json, now: datetime) -> str:
        group = tables.group(tx.connection, key)
        if group is not None:
            self._keep(tx, replace(group, incident=found["sys_id"], number=found["number"]), now)
            self._readings.later(tx, group.key, group.site_id, now)
        return key

    def _resolved(self, telling: Telling, ref: str, steps: Steps) -> Standing:
        group = telling.group
        if not group.incident:
            return Standing()
        text = "\n".join((telling.title, *telling.lines(), f"Event: {ref}"))
        found: Json = steps.sent("resolution", lambda: self._incidents.resolved(group, text).kept())
        return Standing(**found)
