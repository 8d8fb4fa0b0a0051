"""What the flow writes in ServiceNow: clusters, links, cases and problems. Every write may be repeated.

Two audiences: a case is read by those who talk to the customer and holds the text, masked; clusters, links and
problems are read by everybody who fixes things and hold ids, words of ours and numbers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sidecar.engine import RecordRef
from sidecar.events.event import Event
from sidecar.flows.feedback.clusters import Cluster
from sidecar.flows.feedback.events import correlation
from sidecar.flows.feedback.patterns import Pattern
from sidecar.flows.feedback.policy import CaseRule
from sidecar.flows.feedback.reasons import reasons
from sidecar.flows.feedback.text import masked
from snow_app import Query, SnowClient
from snow_app.errors import Forbidden, NotFound, TableMissing, WriteLost
from snow_app.row import Record, date_time

CASE, INCIDENT, PROBLEM = "sn_customerservice_case", "incident", "problem"
CLOSED_STATES: Final = ("106", "107")
"""Resolved and Closed in the state model since Madrid."""
DONE: Final = "107"
_LONGEST = 160
_LOOKED_UP = 100
"""Records asked for at a time: the query stays within the length of a URL."""
_LINK_COLUMNS: Final = {CASE: ("problem", "parent"), INCIDENT: ("problem_id",)}
"""By which column a task belongs to a problem; the second where an instance does not have the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a cluster's record shows."""

    pattern: Pattern
    total: int
    first_at: float
    last_at: float
    cause: str = ""


class Records:
    """Writes and reads the records of this flow on one instance. Raises the errors of `snow_app.errors`."""

    def __init__(self, snow: SnowClient, scope: str) -> None:
        self._snow, self._scope = snow, scope
        self.cluster_table, self.link_table = f"{scope}_feedback_cluster", f"{scope}_feedback"

    def own(self, name: str) -> str:
        """A column of ours on a table of the platform."""
        return f"{self._scope}_feedback_{name}"

    # Clusters and links ----------------------------------------------------------------------------------------------

    def cluster(self, cluster: Cluster, figures: Figures | None = None) -> str:
        """The sys_id of the record of a cluster, brought up to date when `figures` are given."""
        values: dict[str, str | int] = {
            "cluster": cluster.id,
            "label": label_of(cluster),
            "site_id": cluster.site_id,
            "rung": cluster.rung,
            "subject": cluster.subject,
            "reason": cluster.reason,
        }
        if figures is not None:
            values |= {
                "count": figures.pattern.number,
                "customers": figures.pattern.customers,
                "total": figures.total,
                "first_at": _moment(figures.first_at),
                "last_at": _moment(figures.last_at),
                "cause": figures.cause[:255],
            }
        key = cluster_correlation(cluster)
        return self._snow.table(self.cluster_table).upsert(values, correlation_id=key).sys_id

    def cluster_problem(self, sys_id: str, problem: str) -> None:
        self._snow.table(self.cluster_table).update(sys_id, {"problem": problem})

    def link(
        self,
        event: Event,
        *,
        cluster: str,
        rung: str,
        score: float,
        reason: str,
        language: str,
        suggested: str,
        task: str,
    ) -> str:
        """The sys_id of the thin record of a feedback: ids, words of ours and numbers."""
        said = event.data
        values: dict[str, str | int] = {
            "reference": event.ref,
            "cluster": cluster,
            "suggested": suggested,
            "rung": rung,
            "score": round(100 * score),
            "reason": reason,
            "language": language,
            "category": said.category,
            "site_id": event.site_id,
            "rating": said.rating if said.rating is not None else "",
            "nps": said.nps if said.nps is not None else "",
            "submitted_at": date_time(said.submitted_at),
            "task": task,
        }
        return self._snow.table(self.link_table).upsert(values, correlation_id=link_correlation(event)).sys_id

    def suggested(self, links: Iterable[str], cluster: str) -> None:
        """These feedbacks probably belong to a cluster; those whose record is gone are left out."""
        for link in links:
            with suppress(NotFound):
                self._snow.table(self.link_table).update(link, {"suggested": cluster})

    def moved(self, link: str, cluster: str) -> None:
        """The feedback belongs to another cluster now."""
        self._snow.table(self.link_table).update(link, {"cluster": cluster})

    def decision(self, link: str) -> str:
        """What a person said of a link: confirmed, dismissed, or nothing."""
        return self._snow.table(self.link_table).get(link, fields=("decision",))["decision"]

    def merged_into(self, record: str) -> tuple[str, str] | None:
        """(cluster id, id of the one it is merged into or empty) as a cluster's record says; None when it is gone."""
        try:
            row = self._snow.table(self.cluster_table).get(record, fields=("cluster", "merged_into.cluster"))
        except NotFound:
            return None
        return row["cluster"], row["merged_into.cluster"]

    # Cases -----------------------------------------------------------------------------------------------------------

    def case(self, event: Event, rule: CaseRule, reason: str) -> RecordRef:
        """The case of one feedback; an incident where the instance has no cases. One that is there is left alone."""
        said, key = event.data, correlation("case", event.site_id, event.id)
        subject = f"order {said.order_no}" if said.order_no else f"site {event.site_id}"
        values: dict[str, str] = {
            "short_description": f"Feedback, {_reason(reason)}: {subject}"[:_LONGEST],
            "description": _told(event, rule),
            f"{self._scope}_site_id": event.site_id,
            f"{self._scope}_order_no": said.order_no,
            f"{self._scope}_customer_no": said.customer_no,
        }
        for table, more in ((CASE, {"contact_type": "web", "priority": rule.priority}), (INCIDENT, {})):
            try:
                return self._made(table, key, values | more, email=said.email if table == CASE else "")
            except TableMissing:
                continue
        raise TableMissing("The instance has neither cases nor incidents.")

    def linked(self, problem: str, tasks: Iterable[tuple[str, str]]) -> int:
        """Let tasks point at the problem; how many do. Those that do already, closed ones and those that are gone are
        left as they are, so that a try that ends halfway leaves less to the next."""
        wanted = tuple(tasks)
        done = self._pointing(problem, wanted)
        number = len(done)
        for table, sys_id in wanted:
            for column in () if sys_id in done else _LINK_COLUMNS[table]:
                try:
                    self._snow.table(table).update(sys_id, {column: problem})
                except WriteLost:
                    continue
                except (NotFound, Forbidden):
                    break
                number += 1
                break
        return number

    def _pointing(self, problem: str, tasks: Iterable[tuple[str, str]]) -> frozenset[str]:
        """Which of these tasks belong to the problem already."""
        of_table: dict[str, list[str]] = {}
        for table, sys_id in tasks:
            of_table.setdefault(table, []).append(sys_id)
        return frozenset(
            row.sys_id
            for table, ids in of_table.items()
            for start in range(0, len(ids), _LOOKED_UP)
            for row in self._snow.table(table).rows(
                Query().where("sys_id", "IN", ids[start : start + _LOOKED_UP]), fields=_LINK_COLUMNS[table]
            )
            if problem in [row[column] for column in _LINK_COLUMNS[table]]
        )

    def _made(self, table: str, key: str, values: Mapping[str, str], *, email: str) -> RecordRef:
        rows = self._snow.table(table)
        found = rows.first(Query().where("correlation_id", "=", key), fields=("number", "correlation_id"))
        if found is None or found["correlation_id"] != key:
            found = rows.upsert({**values, **self._person(email)}, correlation_id=key)
        return RecordRef(table=table, sys_id=found.sys_id, number=found["number"])

    def _person(self, email: str) -> Mapping[str, str]:
        """The contact or the consumer with this address, when exactly one has it."""
        for table, column in (("customer_contact", "contact"), ("csm_consumer", "consumer")) if email else ():
            try:
                rows = list(
                    self._snow.table(table).rows(Query().where("email", "=", email), fields=("email",), limit=2)
                )
            except (TableMissing, Forbidden):
                continue
            if len(rows) == 1 and rows[0]["email"].casefold() == email.casefold():
                return {column: rows[0].sys_id}
        return {}

    # Problems --------------------------------------------------------------------------------------------------------

    def problem(self, key: str) -> Record | None:
        found = self._snow.table(PROBLEM).first(Query().where("correlation_id", "=", key))
        return found if found is not None and found["correlation_id"] == key else None

    def problem_row(self, sys_id: str) -> Record | None:
        try:
            return self._snow.table(PROBLEM).get(sys_id)
        except NotFound:
            return None

    def opened(
        self,
        key: str,
        cluster: Cluster,
        record: str,
        *,
        why: str,
        cause: str,
        pattern: Pattern,
        group: str,
        parent: str,
    ) -> RecordRef:
        """The problem of a cluster, made when it is not there. What people may change is written once only."""
        found = self.problem(key)
        if found is None:
            told = f"{pattern.text}\n\nSite {cluster.site_id}, cluster {cluster.id}, known by {cluster.rung}."
            values = self._figures(pattern, why, cause) | {
                "short_description": f"Recurring feedback, {label_of(cluster)}"[:_LONGEST],
                "description": told,
                "assignment_group": group,
                "parent": parent,
                self.own("cluster"): record,
            }
            found = self._snow.table(PROBLEM).upsert(values, correlation_id=key)
        return RecordRef(table=PROBLEM, sys_id=found.sys_id, number=found["number"])

    def figures(self, problem: str, *, pattern: Pattern, why: str, cause: str) -> None:
        """Bring the numbers and the why of a problem up to date."""
        self._snow.table(PROBLEM).update(problem, self._figures(pattern, why, cause))

    def told(self, problem: str, **columns: str) -> None:
        """Write columns of ours on a problem, named without their prefix."""
        self._snow.table(PROBLEM).update(problem, {self.own(name): value for name, value in columns.items()})

    def group(self, name: str) -> str:
        """The sys_id of an active group, empty when the instance has none of this name."""
        found = self._snow.table("sys_user_group").first(Query().where("name", "=", name), fields=("name", "active"))
        return found.sys_id if found is not None and found["name"] == name and found.true("active") else ""

    def _figures(self, pattern: Pattern, why: str, cause: str) -> dict[str, str | int]:
        return {
            self.own("count"): pattern.number,
            self.own("customers"): pattern.customers,
            self.own("why"): why[:4000],
            self.own("cause"): cause[:255],
        }


def label_of(cluster: Cluster) -> str:
    """What people call a cluster: the reason and what it is about."""
    if cluster.rung == "text":
        return f"Similar words {cluster.id}"
    about = {"product": f"product {cluster.subject}", "page": f"page {cluster.subject}", "error": cluster.subject}
    return f"{_reason(cluster.reason)}: {about.get(cluster.rung, cluster.subject or f'site {cluster.site_id}')}"


def cluster_correlation(cluster: Cluster) -> str:
    return correlation(cluster.site_id, cluster.key)


def link_correlation(event: Event) -> str:
    return correlation("link", event.site_id, event.id)


def _reason(name: str) -> str:
    return reasons()[name].label if name in reasons() else "No reason of the table"


def _told(event: Event, rule: CaseRule) -> str:
    said = event.data
    facts = (
        ("Rating", f"{said.rating} of 5" if said.rating is not None else ""),
        ("Would recommend", f"{said.nps} of 10" if said.nps is not None else ""),
        ("Product", said.product_id),
        ("Page", said.page_id),
        ("Order", said.order_no),
        ("May be contacted", "yes" if said.consent else "no"),
        ("Why a case", rule.name),
        ("Reference", event.ref),
    )
    told = "\n".join(f"{name}: {value}" for name, value in facts if value)
    return f"{masked(said.text)[:3000]}\n\n{told}"


def _moment(seconds: float) -> str:
    return date_time(datetime.fromtimestamp(seconds, UTC))
