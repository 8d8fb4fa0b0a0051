"""What recurs, where it comes from, and what was done about it: one HTML page without anything from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from sqlalchemy import Connection, select

from sidecar.engine import Database
from sidecar.flows.feedback import clusters
from sidecar.flows.feedback.actions import ACTIONS
from sidecar.flows.feedback.causes import DIMENSIONS, Cause, causes
from sidecar.flows.feedback.clusters import DAY_S, Cluster
from sidecar.flows.feedback.policy import FeedbackPolicy
from sidecar.flows.feedback.reasons import reasons
from sidecar.flows.feedback.records import label_of
from sidecar.flows.feedback.recurrence import VERDICTS
from sidecar.flows.feedback.tables import ITEMS, PROBLEMS

_LANGUAGES: Final = {"en": "English", "de": "German", "fr": "French", "ja": "Japanese", "und": "Other"}
_SHOWN: Final = 8
_BARS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One cluster: feedbacks by day, oldest first, with the day an action took effect (None: no action)."""

    label: str
    site_id: str
    number: int
    customers: int
    days: tuple[int, ...]
    praise: bool
    acted: int | None
    problem: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One problem with what was done: `before` and `after` are feedbacks a week."""

    problem: str
    label: str
    action: str
    since: datetime
    before: float
    after: float
    verdict: str
    verdict_label: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`lines` most frequent first. `confirmed` and `dismissed` are what people said of links."""

    start: datetime
    end: datetime
    total: int
    customers: int
    open_problems: int
    stopped: int
    confirmed: int
    dismissed: int
    lines: tuple[Line, ...]
    languages: tuple[tuple[str, int], ...]
    measures: tuple[Measure, ...]


def report(database: Database, policy: FeedbackPolicy, *, now: datetime, days: int = 28, site_id: str = "") -> Report:
    """What the last `days` days held, of one site or of all."""
    end, start = now.timestamp(), now.timestamp() - days * DAY_S
    with database.reading() as connection:
        own = [ITEMS.c.at >= start, ITEMS.c.at <= end, *([ITEMS.c.site_id == site_id] if site_id else [])]
        rows = connection.execute(select(ITEMS).where(*own)).all()
        problems = connection.execute(select(PROBLEMS).order_by(PROBLEMS.c.opened_at)).all()
        problems = [one for one in problems if not site_id or one.site_id == site_id]
        acted = {one.cluster_id: one for one in problems}
        lines = tuple(_lines(connection, rows, acted, policy, start=start, days=days))
        measures = tuple(_measure(connection, one, policy, end) for one in problems if one.action_at is not None)
    spoken = Counter(row.language for row in rows)
    return Report(
        start=datetime.fromtimestamp(start, UTC),
        end=now,
        total=len(rows),
        customers=len({row.customer for row in rows if row.customer}),
        open_problems=sum(one.state == "open" for one in problems),
        stopped=sum(one.verdict == "stopped" for one in problems),
        confirmed=sum(row.decision == "confirmed" for row in rows),
        dismissed=sum(row.decision == "dismissed" for row in rows),
        lines=lines,
        languages=tuple((_LANGUAGES.get(name, name), number) for name, number in spoken.most_common()),
        measures=tuple(sorted(measures, key=lambda one: (not one.open, one.since))),
    )


def _lines(
    connection: Connection,
    rows: Sequence[Any],
    acted: Mapping[str, Any],
    policy: FeedbackPolicy,
    *,
    start: float,
    days: int,
) -> Iterator[Line]:
    held: dict[str, list[Any]] = {}
    for row in rows:
        if row.decision != "dismissed":
            held.setdefault(row.cluster_id, []).append(row)
    for cluster_id, some in sorted(held.items(), key=lambda one: (-len(one[1]), one[0])):
        cluster = clusters.read(connection, cluster_id)
        if cluster.rung == "text" and len(some) < policy.least:
            continue
        by_day = Counter(min(days - 1, int((row.at - start) // DAY_S)) for row in some)
        problem = acted.get(cluster_id)
        since = problem.action_at if problem is not None and problem.action_at else None
        yield Line(
            label=label_of(cluster),
            site_id=cluster.site_id,
            number=len(some),
            customers=len({row.customer for row in some}),
            days=tuple(by_day[day] for day in range(days)),
            praise=_is_praise(cluster),
            acted=int((since - start) // DAY_S) if since and since >= start else None,
            problem=problem.number if problem is not None else "",
            causes=causes(connection, cluster, policy, start + days * DAY_S),
        )


def _measure(connection: Connection, problem: Any, policy: FeedbackPolicy, end: float) -> Measure:
    window = policy.window_days * DAY_S
    since = max(problem.opened_at - window, problem.action_at - 4 * window)
    before, _ = clusters.counted(connection, problem.cluster_id, since, problem.action_at + 1)
    after, _ = clusters.counted(connection, problem.cluster_id, problem.action_at + 1, end + 1)
    week = 7 * DAY_S
    verdict = problem.verdict or "watching"
    return Measure(
        problem=problem.number,
        label=label_of(clusters.read(connection, problem.cluster_id)),
        action=ACTIONS.get(problem.action, "Mended elsewhere"),
        since=datetime.fromtimestamp(problem.action_at, UTC),
        before=before * week / max(problem.action_at - since, DAY_S),
        after=after * week / max(end - problem.action_at, DAY_S),
        verdict=verdict,
        verdict_label=VERDICTS[verdict],
        open=problem.state == "open",
    )


def _is_praise(cluster: Cluster) -> bool:
    return cluster.reason in reasons() and reasons()[cluster.reason].praise


# Drawing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    title: str


def day_bars(line: Line, start: datetime, *, width: int = 336, height: int = 56) -> tuple[Bar, ...]:
    """One bar for each day; the tallest fills the height."""
    most, step = max(*line.days, 1), width / len(line.days)
    bars = []
    for day, number in enumerate(line.days):
        tall = max(2.0, height * number / most) if number else 1.0
        at = datetime.fromtimestamp(start.timestamp() + (day + 0.5) * DAY_S, UTC)
        title = f"{at:%d %b}: {number}"
        bars.append(Bar(x=day * step + 1, y=height - tall, width=step - 2, height=tall, title=title))
    return tuple(bars)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pareto:
    """Bars of the most frequent complaints, and the points of their share added up."""

    rows: tuple[tuple[str, int, float, float], ...]
    """Label, number, length in percent of the longest, share so far in percent of all."""


def pareto(found: Report) -> Pareto:
    complaints = [line for line in found.lines if not line.praise]
    total, most = sum(line.number for line in complaints), max((line.number for line in complaints), default=1)
    sums = list(accumulate(line.number for line in complaints))
    rows = tuple(
        (line.label, line.number, 100 * line.number / most, 100 * so_far / total)
        for line, so_far in zip(complaints, sums, strict=True)
    )
    return Pareto(rows=rows[:_BARS])


def written(found: Report) -> str:
    """The page. It asks nothing of anybody: no script, no font, no picture from elsewhere."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files(__package__).joinpath("report.html").read_text(encoding="utf-8"))
    top = [line for line in found.lines if not line.praise][:_SHOWN]
    return template.render(
        report=found,
        lines=[(line, day_bars(line, found.start)) for line in top],
        pareto=pareto(found),
        causes=[(line, cause) for line in top for cause in line.causes[:3]],
        dimensions=DIMENSIONS,
        praise=[line for line in found.lines if line.praise],
    )
