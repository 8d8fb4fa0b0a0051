"""Metrics of an instance, counted from its orders and from what was asked of it: sums over equal stretches of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sfcc_client.emulator.office.traffic import Call, Traffic
from sfcc_client.emulator.state import State

_MOST_POINTS = 96
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From inclusive, to exclusive, in seconds since 1970."""

    start: int
    end: int

    @property
    def step(self) -> int:
        """Whole minutes, so that there are at most 96 points."""
        minutes = -(-(self.end - self.start) // (_MOST_POINTS * _MINUTE))
        return max(1, minutes) * _MINUTE

    def points(self, values: Iterable[tuple[float, float]]) -> list[dict[str, Any]]:
        """The sum of the values of each stretch; a value comes with its moment."""
        sums = dict.fromkeys(range(self.start, self.end, self.step), 0.0)
        for at, value in values:
            if self.start <= at < self.end:
                sums[self.start + int((at - self.start) // self.step) * self.step] += value
        return [{"timestamp": at, "value": round(value, 2)} for at, value in sums.items()]


def sales(state: State, window: Window) -> list[dict[str, Any]]:
    """Orders and revenue of each site, by when they were placed."""
    orders = [
        (order["siteId"], _seconds(order["creationDate"]), float(order.get("orderTotal") or 0))
        for order in state.orders
    ]
    counted = {
        site_id: window.points((at, 1) for owner, at, _ in orders if owner == site_id) for site_id in state.sites
    }
    earned = {
        f"{site_id} ({site.currency})": window.points((at, total) for owner, at, total in orders if owner == site_id)
        for site_id, site in state.sites.items()
    }
    return [
        _metric("orderCount", "Orders", "Orders placed on each site.", "count", counted),
        _metric("revenue", "Revenue", "Order totals of each site, in its currency.", "", earned),
    ]


def requests(traffic: Traffic, window: Window, wanted: Callable[[Call], bool]) -> list[dict[str, Any]]:
    """How many requests, how many of them failed (5xx), and how long they took, for each API."""
    calls = [call for call in traffic.calls() if wanted(call)]
    names = sorted({f"{call.family}/{call.api}" for call in calls})
    rows = {name: [call for call in calls if f"{call.family}/{call.api}" == name] for name in names}
    kinds: tuple[tuple[str, str, str, str, Callable[[Call], float]], ...] = (
        ("requestCount", "Requests", "Requests to each API.", "count", lambda _: 1),
        ("errorCount", "Errors", "Requests answered with 5xx.", "count", lambda call: call.status >= 500),
        ("responseTime", "Response time", "Time spent on answers, in total.", "ms", lambda call: call.milliseconds),
    )
    return [
        _metric(
            *(metric_id, title, description, unit),
            {
                name: window.points((call.at.timestamp(), float(value(call))) for call in found)
                for name, found in rows.items()
            },
        )
        for metric_id, title, description, unit, value in kinds
    ]


def _metric(
    metric_id: str, title: str, description: str, unit: str, series: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    rows = [{"id": _id(name), "name": name, "data": points} for name, points in series.items()]
    return {"metricId": metric_id, "title": title, "description": description, "unit": unit, "dataSeries": rows}


def _id(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
