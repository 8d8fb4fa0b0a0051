"""When feedback is a pattern: enough of it, from different people, and more than the season explains."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from sidecar.flows.feedback.clusters import DAY_S, Cluster, counted, received
from sidecar.flows.feedback.policy import FeedbackPolicy

_WEEK_S = 7 * DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`number` feedbacks by `customers` customers within the window; `usual` is what the same weekdays of the weeks
    before let expect, None where nothing is known of them."""

    number: int
    customers: int
    usual: float | None
    days: float

    def holds(self, policy: FeedbackPolicy) -> bool:
        enough = self.number >= policy.least and self.customers >= policy.least_customers
        return enough and (self.usual is None or self.number > policy.season_factor * self.usual)

    @property
    def text(self) -> str:
        usual = "nothing to compare with" if self.usual is None else f"{self.usual:.1f} are usual on these weekdays"
        return f"{self.number} feedbacks of {self.customers} customers in {self.days:g} days; {usual}."


def pattern(connection: Connection, cluster: Cluster, policy: FeedbackPolicy, now: float) -> Pattern:
    """What the last window holds of a cluster.

    The weeks before are scaled to how much other feedback the site gets now: ten times the orders make ten times the
    complaints, and that is a season and no pattern.
    """
    window = policy.window_days * DAY_S
    since, until = now - window, now + 1
    number, customers = counted(connection, cluster.id, since, until)
    total = received(connection, cluster.site_id, since, until)
    usual = []
    for week in range(1, policy.season_weeks + 1):
        shift = week * _WEEK_S * max(1, -(-policy.window_days // 7))
        then = received(connection, cluster.site_id, since - shift, until - shift)
        if then:
            same, _ = counted(connection, cluster.id, since - shift, until - shift)
            # By the rest of the site's feedback: a pattern must not explain itself.
            rest = then - same
            usual.append(same * (max(1.0, (total - number) / rest) if rest else 1.0))
    return Pattern(
        number=number,
        customers=customers,
        usual=sum(usual) / len(usual) if usual else None,
        days=policy.window_days,
    )
