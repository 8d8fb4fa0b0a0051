"""What becomes of one feedback: a place in a cluster, a case where a rule says so, a problem where it is a pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sidecar.engine import Database, Json, Outcome, RecordRef, Steps, Transaction
from sidecar.errors import Transient
from sidecar.events.event import Event
from sidecar.flows.feedback import clusters
from sidecar.flows.feedback.causes import Cause, causes, evidence_of
from sidecar.flows.feedback.clusters import Cluster, Suggestion
from sidecar.flows.feedback.events import Submitted, correlation
from sidecar.flows.feedback.ladder import Place, place_of
from sidecar.flows.feedback.patterns import pattern
from sidecar.flows.feedback.policy import CaseRule, FeedbackPolicy
from sidecar.flows.feedback.reasons import reasons
from sidecar.flows.feedback.records import Figures, Records
from sidecar.flows.feedback.recurrence import came_back
from sidecar.flows.feedback.similarity import suggestion
from sidecar.flows.feedback.tables import ITEMS, PROBLEMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a cluster at one moment."""

    cluster: Cluster
    figures: Figures
    causes: tuple[Cause, ...]

    @property
    def why(self) -> str:
        """For the problem: the pattern in numbers, then what stands out."""
        lines = [cause.text for cause in self.causes[:5]] or ["Nothing stands out against the site's other feedback."]
        return "\n".join([self.figures.pattern.text, *lines])

    @property
    def cause(self) -> str:
        return self.causes[0].name if self.causes else ""


class Submissions:
    """Handles `feedback.submitted`."""

    def __init__(self, records: Records, database: Database, policy: FeedbackPolicy) -> None:
        self._records, self._database, self._policy = records, database, policy

    def handled(self, event: Event, steps: Steps) -> Outcome:
        place, now = place_of(event.data), steps.now.timestamp()
        near = self._near(event, place)
        kept = steps.stored("place", lambda tx: _placed(tx, event, place, near, self._policy.only_one_score))
        refs: list[RecordRef] = []
        rule = case_rule(event.data, place.reason, self._policy)
        if rule is not None:
            refs.append(_ref(steps.sent("case", lambda: _sent(self._records.case(event, rule, place.reason)))))
            steps.stored("case known", lambda tx: _case_known(tx, event.seq, refs[0]))
        record = self._linked(event, steps, place, kept, refs)
        problem = self.considered(kept["cluster"], steps, record, now)
        note = f"{kept['cluster']} by {place.rung}" + (", a case" if rule else "")
        return Outcome(note=note, records=(*refs, *problem))

    def considered(self, cluster_id: str, steps: Steps, record: str, now: float) -> tuple[RecordRef, ...]:
        """Open, bring up to date or reopen the problem of a cluster; `record` is the cluster's sys_id."""
        try:
            due = steps.stored("threshold", lambda tx: self._crossed(tx, cluster_id, now))
        except IntegrityError:
            raise Transient("The problem of this cluster was opened by somebody else at this moment.") from None
        if due is None:
            return ()
        look = self.look(cluster_id, now)
        if due["opened"]:
            return (self._opened(due, look, steps, record),)
        if due["sys_id"]:
            steps.sent("problem figures", lambda: self._figures(due["sys_id"], look))
            if due["returned"]:
                text = f"Came back: {look.figures.pattern.text}"
                told = {"recurrence": "recurred", "recurrence_note": text, "reopen": "true"}
                steps.sent("recurred", lambda: self._records.told(due["sys_id"], **told))
        steps.sent("linked cases", lambda: self._records.linked(due["sys_id"], self._cases(cluster_id)))
        return (RecordRef(table="problem", sys_id=due["sys_id"], number=due["number"]),)

    def look(self, cluster_id: str, now: float) -> Look:
        with self._database.reading() as connection:
            cluster = clusters.read(connection, cluster_id)
            wanted = select(func.count(), func.min(ITEMS.c.at), func.max(ITEMS.c.at))
            total, first, last = connection.execute(wanted.where(ITEMS.c.cluster_id == cluster_id)).one()
            found = causes(connection, cluster, self._policy, now)
            held = pattern(connection, cluster, self._policy, now)
        figures = Figures(
            pattern=held,
            total=total,
            first_at=first or now,
            last_at=last or now,
            cause=found[0].name if found else "",
        )
        return Look(cluster=cluster, figures=figures, causes=found)

    # Steps -----------------------------------------------------------------------------------------------------------

    def _near(self, event: Event, place: Place) -> Suggestion | None:
        """What the words are similar to; not looked for again once the feedback is stored."""
        with self._database.reading() as connection:
            if connection.execute(select(ITEMS.c.seq).where(ITEMS.c.seq == event.seq)).first():
                return None
            return suggestion(
                connection,
                event.site_id,
                place,
                before=event.seq,
                policy=self._policy,
            )

    def _linked(self, event: Event, steps: Steps, place: Place, kept: Any, refs: list[RecordRef]) -> str:
        """The cluster's and the feedback's records; the sys_id of the first."""
        look = self.look(kept["cluster"], steps.now.timestamp())
        record = str(steps.sent("cluster", lambda: self._records.cluster(look.cluster, look.figures)))
        suggested = ""
        if kept["suggested"]:
            with self._database.reading() as connection:
                near = clusters.read(connection, kept["suggested"])
            suggested = str(steps.sent("suggested cluster", lambda: self._records.cluster(near)))
        link = steps.sent(
            "link",
            lambda: self._records.link(
                event,
                cluster=record,
                rung=place.rung,
                score=kept["score"],
                reason=place.reason,
                language=place.words.language,
                suggested=suggested,
                task=refs[0].sys_id if refs else "",
            ),
        )
        steps.stored("link known", lambda tx: _changed(tx, event.seq, record_id=link))
        if kept["led"]:
            steps.sent("led links", lambda: self._records.suggested(kept["led"], record))
        return record

    def _crossed(self, tx: Transaction, cluster_id: str, now: float) -> Json:
        """The problem of the cluster, made when a pattern needs one; None when there is none to tell."""
        connection = tx.connection
        cluster = clusters.read(connection, clusters.final(connection, cluster_id))
        latest = select(PROBLEMS).where(PROBLEMS.c.cluster_id == cluster.id).order_by(PROBLEMS.c.opened_at.desc())
        known = connection.execute(latest.limit(1)).one_or_none()
        if known is not None and known.state == "open":
            return self._again(connection, known, now)
        if known is not None and known.decision == "dismissed" and not self._old(known, now):
            return None
        if known is not None and known.verdict != "" and not self._old(known, now):
            back = came_back(
                connection, cluster.id, self._policy, since=known.verdict_at or known.closed_at or now, now=now
            )
            if not back:
                return None
            values = {"state": "open", "closed_at": None, "verdict": "recurred", "verdict_at": now}
            connection.execute(update(PROBLEMS).where(PROBLEMS.c.id == known.id).values(**values))
            return _due(known, returned=True)
        if not pattern(connection, cluster, self._policy, now).holds(self._policy):
            return None
        number = connection.execute(
            select(func.count()).select_from(PROBLEMS).where(PROBLEMS.c.cluster_id == cluster.id)
        ).scalar_one()
        key = correlation("problem", cluster.site_id, cluster.id, str(number))
        row = {"id": key, "cluster_id": cluster.id, "site_id": cluster.site_id, "opened_at": now}
        connection.execute(insert(PROBLEMS).values(**row))
        clusters.remember(connection, "opened", cluster.id, at=now)
        return {"id": key, "opened": True, "parent": known.sys_id if known is not None else ""}

    def _again(self, connection: Connection, known: Any, now: float) -> Json:
        """One that is open: did it come back after its end was stated?"""
        if not known.sys_id:
            # Its record is being made by the event that crossed the threshold.
            return {"id": known.id, "opened": True, "parent": ""}
        returned = known.verdict == "stopped" and came_back(
            connection, known.cluster_id, self._policy, since=known.verdict_at, now=now
        )
        if returned:
            changed = {"verdict": "recurred", "verdict_at": now}
            connection.execute(update(PROBLEMS).where(PROBLEMS.c.id == known.id).values(**changed))
        return _due(known, returned=returned)

    def _old(self, known: Any, now: float) -> bool:
        return bool(now - (known.closed_at or now) > self._policy.same_problem_days * clusters.DAY_S)

    def _opened(self, due: Any, look: Look, steps: Steps, record: str) -> RecordRef:
        group = self._group(look)
        made = _ref(
            steps.sent(
                "problem",
                lambda: _sent(
                    self._records.opened(
                        due["id"],
                        look.cluster,
                        record,
                        why=look.why,
                        cause=look.cause,
                        pattern=look.figures.pattern,
                        group=group,
                        parent=due["parent"],
                    )
                ),
            )
        )
        steps.stored("problem known", lambda tx: _problem_known(tx, due["id"], made))
        steps.sent("problem of cluster", lambda: self._records.cluster_problem(record, made.sys_id))
        steps.sent("linked cases", lambda: self._records.linked(made.sys_id, self._cases(look.cluster.id)))
        return made

    def _figures(self, problem: str, look: Look) -> None:
        self._records.figures(problem, pattern=look.figures.pattern, why=look.why, cause=look.cause)

    def _group(self, look: Look) -> str:
        """The group that owns the likeliest cause, else the reason's category; empty when the instance has neither."""
        reason = reasons().get(look.cluster.reason)
        names = [self._policy.owners.get(cause.dimension, "") for cause in look.causes[:1]]
        names.append(self._policy.category_owners.get(reason.category if reason else "other", ""))
        return next((group for name in names if name and (group := self._records.group(name))), "")

    def _cases(self, cluster_id: str) -> list[tuple[str, str]]:
        held = (
            select(ITEMS.c.case_table, ITEMS.c.case_id)
            .where(ITEMS.c.cluster_id == cluster_id, ITEMS.c.case_id != "", clusters.counts_towards())
            .order_by(ITEMS.c.seq.desc())
            .limit(self._policy.linked_at_most)
        )
        with self._database.reading() as connection:
            return [(table, sys_id) for table, sys_id in connection.execute(held)]


def case_rule(said: Submitted, reason: str, policy: FeedbackPolicy) -> CaseRule | None:
    """The first rule that holds for a feedback."""
    return next((rule for rule in policy.case_rules if _holds(rule, said, reason)), None)


def _holds(rule: CaseRule, said: Submitted, reason: str) -> bool:
    def within(value: int | None, most: int | None) -> bool:
        return most is None or (value is not None and value <= most)

    return (
        within(said.rating, rule.rating_at_most)
        and within(said.nps, rule.nps_at_most)
        and (not rule.reasons or reason in rule.reasons)
        and (said.order_no != "" or not rule.needs_order)
        and (said.consent or not rule.needs_consent)
    )


def _placed(tx: Transaction, event: Event, place: Place, near: Suggestion | None, score: float) -> Json:
    found = clusters.assigned(tx.connection, event, place, evidence_of(event.data), near)
    led = clusters.led(tx.connection, event.site_id, place, found, score)
    suggested = {"suggested": near.cluster_id, "score": near.score} if near else {"suggested": "", "score": place.score}
    return {"cluster": found, "led": led, **suggested}


def _sent(ref: RecordRef) -> Json:
    return [ref.table, ref.sys_id, ref.number]


def _ref(kept: Json) -> RecordRef:
    table, sys_id, number = kept
    return RecordRef(table=table, sys_id=sys_id, number=number)


def _due(known: Any, *, returned: bool) -> Json:
    return {"id": known.id, "opened": False, "sys_id": known.sys_id, "number": known.number, "returned": returned}


def _changed(tx: Transaction, seq: int, **values: str) -> Json:
    tx.connection.execute(update(ITEMS).where(ITEMS.c.seq == seq).values(**values))


def _case_known(tx: Transaction, seq: int, ref: RecordRef) -> Json:
    _changed(tx, seq, case_table=ref.table, case_id=ref.sys_id)


def _problem_known(tx: Transaction, key: str, ref: RecordRef) -> Json:
    known = {"sys_id": ref.sys_id, "number": ref.number}
    tx.connection.execute(update(PROBLEMS).where(PROBLEMS.c.id == key).values(**known))
