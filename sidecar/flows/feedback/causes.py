"""Where a complaint comes from, by what is over-represented among those who make it: the lift of a value.

Lift is the share of a value among a cluster's feedback over its share among all feedback of the site in the same time.
A value counts when enough feedbacks of the cluster have it, when it is frequent enough against the rest, and when such
a share is improbable by chance (one-sided hypergeometric test).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

from sqlalchemy import Connection, select

from sidecar.flows.feedback.clusters import DAY_S, Cluster, counts_towards
from sidecar.flows.feedback.events import Submitted
from sidecar.flows.feedback.policy import FeedbackPolicy
from sidecar.flows.feedback.tables import ITEMS

DIMENSIONS: Final = {
    "cartridge": "Cartridge",
    "release": "Release",
    "carrier": "Carrier",
    "warehouse": "Warehouse",
    "sku": "SKU",
    "supplier": "Supplier",
    "payment_method": "Payment method",
    "device": "Device",
    "locale": "Locale",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`support` of `size` feedbacks of the cluster have `value`, and `others` of the `rest` other ones."""

    dimension: str
    value: str
    support: int
    size: int
    others: int
    rest: int

    @property
    def lift(self) -> float:
        """Share within the cluster over share within all."""
        share = (self.support + self.others) / (self.size + self.rest)
        return (self.support / self.size) / share

    @property
    def chance(self) -> float:
        """How probable it is that so many or more would have the value if it meant nothing."""
        total, having = self.size + self.rest, self.support + self.others
        ways = sum(comb(having, k) * comb(total - having, self.size - k) for k in range(self.support, self._most + 1))
        return ways / comb(total, self.size)

    @property
    def _most(self) -> int:
        return min(self.size, self.support + self.others)

    @property
    def name(self) -> str:
        """For people: the dimension and the value."""
        return f"{DIMENSIONS[self.dimension]} {self.value}"

    @property
    def text(self) -> str:
        """For people: the numbers behind the suggestion."""
        elsewhere = f"{100 * self.others / self.rest:.0f} %" if self.rest else "no other feedback"
        return (
            f"{self.name}: {self.support} of {self.size} here, elsewhere {elsewhere} "
            f"(lift {self.lift:.1f}, chance {_probability(self.chance)})"
        )


def evidence_of(said: Submitted) -> Mapping[str, Sequence[str]]:
    """The values of a feedback by dimension."""
    named = [release.partition("@") for release in said.releases]
    values = {
        "cartridge": [cartridge for cartridge, _, _ in named],
        "release": [release for release in said.releases if "@" in release],
        "carrier": [said.carrier],
        "warehouse": [said.warehouse],
        "sku": [said.product_id],
        "supplier": [said.supplier],
        "payment_method": [said.payment_method],
        "device": [said.device],
        "locale": [said.locale],
    }
    return {name: kept for name, held in values.items() if (kept := list(dict.fromkeys(filter(None, held))))}


def causes(connection: Connection, cluster: Cluster, policy: FeedbackPolicy, now: float) -> tuple[Cause, ...]:
    """What stands out in a cluster, the most improbable first; nothing where nothing does."""
    since = now - policy.cause_days * DAY_S
    own = (ITEMS.c.site_id == cluster.site_id, ITEMS.c.at >= since)
    here = select(ITEMS.c.evidence).where(*own, ITEMS.c.cluster_id == cluster.id, counts_towards())
    rest = select(ITEMS.c.evidence).where(*own, ITEMS.c.cluster_id != cluster.id)
    inside = [json.loads(row) for row in connection.execute(here).scalars()]
    outside = [json.loads(row) for row in connection.execute(rest).scalars()]
    # What makes the cluster is not its cause.
    known = {"sku"} if cluster.rung == "product" else set()
    return standing_out(inside, outside, policy, without=known)


def standing_out(
    inside: Sequence[Mapping[str, Sequence[str]]],
    outside: Sequence[Mapping[str, Sequence[str]]],
    policy: FeedbackPolicy,
    *,
    without: Iterable[str] = (),
) -> tuple[Cause, ...]:
    """The values that are over-represented `inside` against `outside`."""
    found = []
    for dimension in (name for name in DIMENSIONS if name not in set(without)):
        # Those of whom a dimension is not known say nothing about it.
        here = [one[dimension] for one in inside if one.get(dimension)]
        rest = [one[dimension] for one in outside if one.get(dimension)]
        held, others = Counter(v for one in here for v in set(one)), Counter(v for one in rest for v in set(one))
        for value, support in held.items():
            cause = Cause(
                dimension=dimension,
                value=value,
                support=support,
                size=len(here),
                others=others[value],
                rest=len(rest),
            )
            enough = support >= policy.cause_support and cause.lift >= policy.cause_lift
            if enough and cause.chance <= policy.cause_chance:
                found.append(cause)
    return tuple(sorted(found, key=lambda one: (one.chance, -one.lift, one.dimension, one.value)))


def _probability(chance: float) -> str:
    return "below 0.1 %" if chance < 0.001 else f"{100 * chance:.1f} %"
