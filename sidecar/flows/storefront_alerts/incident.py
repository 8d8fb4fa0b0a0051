"""The incident of a group in ServiceNow: made once for each cycle, kept up to date, resolved and reopened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sidecar.flows.storefront_alerts.events import FLOW
from sidecar.flows.storefront_alerts.evidence import digest
from sidecar.flows.storefront_alerts.group import Group, Told, Totals
from sidecar.flows.storefront_alerts.router import LAYERS
from sidecar.flows.storefront_alerts.wording import description, headline, listed, safe
from snow_app import Record, SnowClient
from snow_app.errors import NotFound, WriteLost
from snow_app.row import date_time
from snow_app.services import Journals

TABLE: Final = "incident"
IN_PROGRESS, RESOLVED = "2", "6"
DONE: Final = frozenset({"7", "8"})
"""Closed and cancelled incidents stay as they are."""
_MOST: Final = 2**31 - 1
"""An integer column holds no more."""


def correlation(group: Group) -> str:
    """One for each life from the first failure to the resolution, reopened ones included."""
    return f"{FLOW}:{digest(group.key, str(group.cycle))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an incident is; `state` is empty when it is gone."""

    sys_id: str = ""
    number: str = ""
    state: str = ""
    resolved_at: datetime | None = None

    def kept(self) -> dict[str, str]:
        """What is worth remembering of it: whom it is, not how it stood."""
        return {"sys_id": self.sys_id, "number": self.number}

    @property
    def usable(self) -> bool:
        return bool(self.state) and self.state not in DONE


class Incidents:
    """Writes incidents and their work notes. Raises the errors of `snow_app.errors`."""

    def __init__(self, snow: SnowClient, scope: str, *, log_center: str, close_code: str) -> None:
        self._scope = scope
        self._log_center, self._close_code = log_center, close_code
        self._table = snow.table(TABLE)
        self._journals = Journals(snow)

    def standing(self, sys_id: str) -> Standing:
        try:
            return _standing(self._table.get(sys_id, fields=("sys_id", "number", "state", "resolved_at")))
        except NotFound:
            return Standing()

    def opened(self, group: Group, symptoms: Totals, *, ref: str) -> Standing:
        """The incident of this cycle, made or found."""
        values = {
            **self._figures(group, symptoms),
            "short_description": headline(group),
            "description": description(group, reason=group.reason, log_center=self._log_center, ref=ref),
            self._own("team"): group.team,
            self._own("layer"): LAYERS[group.team],
            self._own("signal"): group.signal,
            self._own("site_id"): group.site_id,
            self._own("cycle"): group.cycle,
            self._own("routing_reason"): group.reason[:255],
            self._own("log_correlation"): safe("id", group.correlation_id) or safe("id", group.request_id),
        }
        if group.former:
            values[self._own("former_incident")] = group.former
        return _standing(self._table.upsert(values, correlation_id=correlation(group)))

    def updated(self, group: Group, symptoms: Totals, *, reopen: bool) -> Standing:
        """The figures of now; `reopen` also puts the incident back to work."""
        values = self._figures(group, symptoms) | ({"state": IN_PROGRESS} if reopen else {})
        return _standing(self._table.upsert(values, correlation_id=correlation(group)))

    def resolved(self, group: Group, notes: str) -> Standing:
        """Resolved, unless somebody did so before or it is gone."""
        now = self.standing(group.incident)
        if not now.usable or now.state == RESOLVED:
            return now
        values = {"state": RESOLVED, "close_code": self._close_code, "close_notes": notes}
        written = self._figures(group, Totals()) | values
        return _standing(self._table.update(group.incident, written))

    def noted(self, sys_id: str, text: str, *, ref: str) -> bool:
        """Whether the work note was added: one for each reference, none to an incident that was closed meanwhile."""
        try:
            return self._journals.written(TABLE, sys_id, "work_notes", text, ref=ref)
        except WriteLost:
            if self.standing(sys_id).usable:
                raise
            return False

    def _figures(self, group: Group, symptoms: Totals) -> dict[str, str | int | bool]:
        totals = group.totals.plus(symptoms)
        told = group.told or Told(at=group.opened_at or group.latest_bad)  # type: ignore[arg-type]
        currency, amount = max(totals.revenue.items(), key=lambda one: one[1], default=("", Decimal(0)))
        return {
            "impact": told.impact,
            "urgency": told.urgency,
            self._own("failed_checkouts"): totals.failed_checkouts,
            self._own("revenue_at_risk"): min(_MOST, int(amount)),
            self._own("revenue_currency"): currency,
            self._own("alert_count"): totals.alerts,
            self._own("locales"): listed(totals.locales),
            self._own("payment_methods"): listed(totals.payment_methods),
            self._own("release"): safe("release", group.release),
            self._own("last_seen"): date_time(group.latest_bad) if group.latest_bad else "",
        }

    def _own(self, suffix: str) -> str:
        return f"{self._scope}_{suffix}"


def _standing(row: Record) -> Standing:
    return Standing(sys_id=row.sys_id, number=row["number"], state=row["state"], resolved_at=row.time("resolved_at"))
