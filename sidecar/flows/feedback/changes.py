"""What people do on the records: confirm and dismiss, merge and split, choose an action, close; and the looks after it.

The event is only the doorbell: the record itself is read, so that a repeated or late one does no harm, and our own
writes, which ring as well, find nothing left to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from sfcc_client.errors import CommerceError
from sidecar.engine import Database, Json, Outcome, RecordRef, Steps, Transaction
from sidecar.events.event import Event
from sidecar.flows.feedback import clusters
from sidecar.flows.feedback.actions import Action, ActionRefused, Actions, is_for_people, plain
from sidecar.flows.feedback.events import DUE
from sidecar.flows.feedback.policy import FeedbackPolicy
from sidecar.flows.feedback.records import CLOSED_STATES, DONE, PROBLEM, Records
from sidecar.flows.feedback.recurrence import verdict
from sidecar.flows.feedback.submissions import Submissions
from sidecar.flows.feedback.tables import CLUSTERS, ITEMS, PROBLEMS
from snow_app.row import Record, date_time

NOT_MENDED = frozenset({"risk_accepted", "duplicate", "canceled"})
"""Resolution codes by which a person says that nothing was mended: such a problem may be closed at any time."""
_NOT_OURS = Outcome(state="refused", note="The record is not one of this flow, or is gone.")


class Changes:
    """Handles `feedback.record_changed` and `feedback.recurrence_due`."""

    def __init__(
        self,
        records: Records,
        database: Database,
        actions: Actions,
        submissions: Submissions,
        policy: FeedbackPolicy,
    ) -> None:
        self._records, self._database, self._actions = records, database, actions
        self._submissions, self._policy = submissions, policy

    def changed(self, event: Event, steps: Steps) -> Outcome:
        handlers = {
            PROBLEM: self._problem,
            self._records.link_table: self._link,
            self._records.cluster_table: self._cluster,
        }
        handler = handlers.get(event.data.table)
        return handler(event, steps) if handler else _NOT_OURS

    def due(self, event: Event, steps: Steps) -> Outcome:
        """Time to look whether it stopped."""
        known = self._known(event.data.problem)
        if known is None or known.action_at is None or known.looks != event.data.round or known.verdict == "recurred":
            return Outcome(state="refused", note="There is nothing to look at any more.")
        row = self._records.problem_row(known.sys_id)
        if row is None:
            return _NOT_OURS
        now = steps.now.timestamp()
        looked = steps.stored("verdict", lambda tx: self._judged(tx, event, known, now))
        told = {"recurrence": looked["verdict"], "recurrence_note": looked["text"]}
        if looked["verdict"] == "recurred" and row["state"] in CLOSED_STATES:
            told["reopen"] = "true"
        steps.sent("verdict told", lambda: self._records.told(known.sys_id, **told))
        if row["state"] == DONE:
            self._closing(row, known, steps, looked["verdict"])
        return Outcome(note=f"{known.number}: {looked['verdict']}", records=(_ref(known),))

    # Problems --------------------------------------------------------------------------------------------------------

    def _problem(self, event: Event, steps: Steps) -> Outcome:
        known = self._known(event.data.correlation_id)
        row = self._records.problem_row(event.data.sys_id) if known is not None else None
        if known is None or row is None or row.sys_id != known.sys_id:
            return _NOT_OURS
        own = self._records.own
        decision = row[own("decision")]
        if decision != known.decision:
            steps.stored("decision", lambda tx: _set(tx, known.id, decision=decision))
        if row["duplicate_of"]:
            self._merge_problem(row, known, steps)
        wanted = Action(kind=row[own("action")], text=_text_of(row, own), target=row[own("action_target")])
        # Decided once: after a crash the problem is known to have what the people are still to be told of.
        course = steps.stored("course", lambda _: _course(row, known, publish=row.true(own("publish")), wanted=wanted))
        if course == "publish":
            self._publish(wanted, known, steps)
        elif course == "withdraw":
            self._withdraw(known, steps)
        elif course == "watch":
            # Mended elsewhere: what comes in from now on shows whether it was.
            steps.stored("watch", lambda tx: self._watched(tx, known, steps.now))
            note = "Resolved without an action of the shop: watched from now on."
            steps.sent(
                "watch told", lambda: self._records.told(known.sys_id, recurrence="watching", recurrence_note=note)
            )
        if row["state"] == DONE:
            self._closing(row, known, steps, known.verdict)
        elif known.state == "closed":
            steps.stored("taken up again", lambda tx: _taken_up(tx, known))
        return Outcome(note=f"{known.number or 'The problem'} looked at", records=(_ref(known),))

    def _publish(self, action: Action, known: Any, steps: Steps) -> None:
        cluster = self._cluster_of(known)
        told = steps.sent("action", lambda: self._tried(lambda: self._actions.published(action, cluster)))
        if told["done"]:
            made = {"action": action.kind, "action_target": told["target"]}
            steps.stored("action known", lambda tx: self._watched(tx, known, steps.now, **made))
        self._tell("action told", known, steps, told, "published", recurrence="watching" if told["done"] else "")

    def _withdraw(self, known: Any, steps: Steps) -> None:
        action = Action(kind=known.action, text="", target=known.action_target)
        cluster = self._cluster_of(known)
        told = steps.sent("withdrawal", lambda: self._tried(lambda: self._actions.withdrawn(action, cluster)))
        if told["done"]:
            steps.stored("withdrawal known", lambda tx: _set(tx, known.id, action="", action_target=""))
        self._tell("withdrawal told", known, steps, told, "withdrawn", recurrence="")

    def _tried(self, act: Any) -> Json:
        """What came of an action; what only a person can change is told to that person, on the problem."""
        try:
            done = act()
        except ActionRefused as error:
            return {"done": False, "target": "", "note": error.message}
        except CommerceError as error:
            if not is_for_people(error):
                raise
            return {"done": False, "target": "", "note": error.message}
        return {"done": True, "target": done.target, "note": done.note}

    def _tell(self, step: str, known: Any, steps: Steps, told: Json, done: str, *, recurrence: str) -> None:
        columns = {
            "action_state": done if told["done"] else "refused",
            "action_note": told["note"][:1000],
            "action_target": told["target"] or known.action_target,
            "action_at": date_time(steps.now) if told["done"] else "",
        }
        if recurrence:
            columns |= {"recurrence": recurrence, "recurrence_note": "Watching what comes in from now on."}
        steps.sent(step, lambda: self._records.told(known.sys_id, **columns))

    def _closing(self, row: Record, known: Any, steps: Steps, verdict_now: str) -> None:
        """Closed by a person: rightly when it stopped, or when nothing was said to be mended; else it is reopened."""
        if verdict_now in ("stopped", "unclear") or row["resolution_code"] in NOT_MENDED:
            steps.stored("closed", lambda tx: _closed(tx, known, steps.now.timestamp()))
            return
        note = "Closed before it was certain that the complaint stopped, and reopened. It may be closed once it did."
        told = {"recurrence": verdict_now or "watching", "recurrence_note": note, "reopen": "true"}
        if known.action_at is None:
            steps.stored("watch", lambda tx: self._watched(tx, known, steps.now))
        steps.sent("reopened", lambda: self._records.told(known.sys_id, **told))

    def _merge_problem(self, row: Record, known: Any, steps: Steps) -> None:
        with self._database.reading() as connection:
            wanted = select(PROBLEMS).where(PROBLEMS.c.sys_id == row["duplicate_of"])
            original = connection.execute(wanted).one_or_none()
        if original is None or original.cluster_id == known.cluster_id:
            return
        steps.stored("merge", lambda tx: _merged(tx, known, original.cluster_id, steps.now.timestamp()))
        self._refresh((known.cluster_id, original.cluster_id), steps)

    # Links and clusters ----------------------------------------------------------------------------------------------

    def _link(self, event: Event, steps: Steps) -> Outcome:
        """Confirmed or dismissed: the feedback moves, or stops to count."""
        with self._database.reading() as connection:
            wanted = select(ITEMS).where(ITEMS.c.record_id == event.data.sys_id)
            item = connection.execute(wanted).one_or_none()
        if item is None:
            return _NOT_OURS
        decision = self._records.decision(event.data.sys_id)
        now = steps.now.timestamp()
        touched = steps.stored("decision", lambda tx: list(clusters.decided(tx.connection, item.seq, decision, at=now)))
        records = self._refresh(tuple(touched), steps)
        if touched:
            steps.sent("moved", lambda: self._records.moved(event.data.sys_id, records[touched[-1]]))
            if decision == "confirmed":
                self._submissions.considered(touched[-1], steps, records[touched[-1]], now)
        return Outcome(note=f"{decision or 'undecided'}: {len(touched)} cluster(s) counted anew")

    def _cluster(self, event: Event, steps: Steps) -> Outcome:
        """Merged into another, or taken out of it again."""
        into = self._records.merged_into(event.data.sys_id)
        if into is None:
            return _NOT_OURS
        one, other = into
        now = steps.now.timestamp()
        with self._database.reading() as connection:
            held = connection.execute(select(CLUSTERS.c.merged_into).where(CLUSTERS.c.id == one)).scalar_one_or_none()
        if (held or "") == other:
            return Outcome(state="refused", note="Nothing was changed.")
        if other:
            steps.stored("merge", lambda tx: clusters.merged(tx.connection, one, other, at=now))
            self._refresh((one, other), steps)
        else:
            steps.stored("split", lambda tx: clusters.split(tx.connection, one, at=now))
            self._refresh((one, held or one), steps)
        return Outcome(note=f"{one} {'merged into ' + other if other else 'on its own again'}")

    def _refresh(self, touched: Iterable[str], steps: Steps) -> Mapping[str, str]:
        """Bring the records of clusters up to date; cluster id to sys_id."""
        return {one: self._fresh(one, steps, place) for place, one in enumerate(dict.fromkeys(touched), start=1)}

    def _fresh(self, cluster_id: str, steps: Steps, place: int) -> str:
        look = self._submissions.look(cluster_id, steps.now.timestamp())
        return str(steps.sent(f"cluster {place}", lambda: self._records.cluster(look.cluster, look.figures)))

    # Steps -----------------------------------------------------------------------------------------------------------

    def _known(self, key: str) -> Any:
        with self._database.reading() as connection:
            return connection.execute(select(PROBLEMS).where(PROBLEMS.c.id == key)).one_or_none()

    def _cluster_of(self, known: Any) -> clusters.Cluster:
        with self._database.reading() as connection:
            return clusters.read(connection, known.cluster_id)

    def _watched(self, tx: Transaction, known: Any, now: datetime, **values: str) -> Json:
        """The action is known, and the first look at what comes after it arranged."""
        _set(
            tx,
            known.id,
            action_at=now.timestamp(),
            verdict="watching",
            verdict_at=now.timestamp(),
            looks=known.looks + 1,
            **values,
        )
        self._look_again(tx, known, known.looks + 1, now)

    def _look_again(self, tx: Transaction, known: Any, number: int, now: datetime) -> None:
        at = now + timedelta(days=self._policy.look_after_days)
        data = {"problem": known.id, "round": number}
        tx.later(DUE, data, site_id=known.site_id, at=at, event_id=f"feedback:look:{known.id[9:]}:{number}")

    def _judged(self, tx: Transaction, event: Event, known: Any, now: float) -> Json:
        first = known.looks - round((now - known.action_at) / (self._policy.look_after_days * clusters.DAY_S)) + 1
        last = event.data.round - first + 1 >= self._policy.looks
        found = verdict(
            tx.connection,
            known.cluster_id,
            self._policy,
            opened=known.opened_at,
            acted=known.action_at,
            now=now,
            last=last,
        )
        looks = known.looks + 1 if found.name == "watching" else known.looks
        _set(tx, known.id, verdict=found.name, verdict_at=now, looks=looks)
        if found.name == "watching":
            self._look_again(tx, known, looks, datetime.fromtimestamp(now, UTC))
        return {"verdict": found.name, "text": found.text}


def _course(row: Record, known: Any, *, publish: bool, wanted: Action) -> str:
    """What the people's change of a problem asks for; "" when nothing."""
    acted = known.action != ""
    if publish and wanted.kind and not acted:
        return "publish"
    if not publish and acted:
        return "withdraw"
    mended = row["state"] == "106" and row["resolution_code"] not in NOT_MENDED
    return "watch" if mended and known.action_at is None else ""


def _text_of(row: Record, own: Any) -> str:
    """The text for shoppers; the workaround where the problem is a known error and no other text was entered."""
    return row[own("action_text")] or (plain(row["workaround"]) if row.true("known_error") else "")


def _set(tx: Transaction, key: str, **values: Any) -> Json:
    tx.connection.execute(update(PROBLEMS).where(PROBLEMS.c.id == key).values(**values))


def _closed(tx: Transaction, known: Any, now: float) -> Json:
    if known.state == "open":
        _set(tx, known.id, state="closed", closed_at=now)
        clusters.remember(tx.connection, "closed", known.cluster_id, at=now)


def _taken_up(tx: Transaction, known: Any) -> Json:
    other = select(PROBLEMS.c.id).where(PROBLEMS.c.cluster_id == known.cluster_id, PROBLEMS.c.state == "open")
    if tx.connection.execute(other).first() is None:
        _set(tx, known.id, state="open", closed_at=None)


def _merged(tx: Transaction, known: Any, into: str, now: float) -> Json:
    _set(tx, known.id, state="closed", closed_at=now)
    return clusters.merged(tx.connection, known.cluster_id, into, at=now)


def _ref(known: Any) -> RecordRef:
    return RecordRef(table=PROBLEM, sys_id=known.sys_id, number=known.number)
