"""Whether a complaint stopped: what came after an action against what the time before it let expect.

Three answers, because a quiet week proves nothing where one complaint a month came in: ``watching`` until enough was
to be expected, then ``stopped`` or ``recurred``; ``unclear`` when even the last look could not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from sidecar.flows.feedback.clusters import DAY_S, counted
from sidecar.flows.feedback.policy import FeedbackPolicy

VERDICTS: Final = {
    "watching": "Watching whether it stops",
    "stopped": "Stopped: may be closed",
    "recurred": "Recurred",
    "unclear": "Unclear: a person decides",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`after` feedbacks in `days` since the action, where `expected` would have come at the pace before it."""

    name: str
    after: int
    expected: float
    days: float

    @property
    def text(self) -> str:
        came = f"{self.after} in {self.days:.0f} days since the action"
        return f"{VERDICTS[self.name]}. {came}; {self.expected:.1f} were to be expected at the pace before it."


def judged(after: int, expected: float, days: float, policy: FeedbackPolicy, *, last: bool = False) -> Verdict:
    """The verdict on counts: `last` when nobody will look again."""
    if expected < policy.expected_least:
        # Too little was to be expected; but as many as make a pattern are one, whatever was expected.
        name = "recurred" if after >= policy.least else "unclear" if last else "watching"
    else:
        name = "stopped" if after <= policy.stopped_share * expected else "recurred"
    return Verdict(name=name, after=after, expected=expected, days=days)


def verdict(
    connection: Connection,
    cluster_id: str,
    policy: FeedbackPolicy,
    *,
    opened: float,
    acted: float,
    now: float,
    last: bool,
) -> Verdict:
    """The verdict on a cluster, from what is stored. The time before the action is that of the pattern itself: from
    one window before the problem was opened, at most four windows back."""
    window = policy.window_days * DAY_S
    since = max(min(opened, acted) - window, acted - 4 * window)
    # What came in the second of the action was not written because of it.
    before, _ = counted(connection, cluster_id, since, acted + 1)
    after, _ = counted(connection, cluster_id, acted + 1, now + 1)
    pace = before / max(acted - since, DAY_S)
    return judged(after, pace * (now - acted), (now - acted) / DAY_S, policy, last=last)


def came_back(connection: Connection, cluster_id: str, policy: FeedbackPolicy, *, since: float, now: float) -> bool:
    """Whether enough came in after the end was stated that it has not ended."""
    number, customers = counted(connection, cluster_id, since, now + 1)
    return number >= policy.recurs_at and customers >= policy.recurs_customers
