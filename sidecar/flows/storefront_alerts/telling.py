"""What ServiceNow is about to be told, and how a work note says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sidecar.flows.storefront_alerts.group import NONE, Group, Totals
from sidecar.flows.storefront_alerts.machine import Act
from sidecar.flows.storefront_alerts.wording import facts, moment

_TITLES: Final = {"update": "Still failing", "reopen": "Failing again", "resolve": "Recovered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """`symptoms` is what the groups it mutes have counted, `cause` the number of the incident that explains it."""

    act: Act
    group: Group
    symptoms: Totals = NONE
    cause: str = ""

    @property
    def title(self) -> str:
        silent = self.group.told is not None and self.group.told.quiet
        return "Nothing heard since" if self.act == "update" and silent else _TITLES.get(self.act, "")

    def lines(self) -> Iterator[str]:
        group = self.group
        yield from facts(group, group.totals.plus(self.symptoms))
        if self.act == "resolve" and group.latest_good:
            yield f"Good since: {moment(group.latest_good)} UTC"
        if self.title == "Nothing heard since":
            yield "It stays open: that nothing is reported does not say that nothing fails."
        if group.relapses and self.act == "update":
            yield f"Relapses within the last hour: {len(group.relapses)}"
        if self.cause:
            yield f"Probably caused by {self.cause}."
