"""Flow `order_issues`: what goes wrong with an order becomes one open case, and its state goes back to the order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sfcc_client import Clock, CommerceClient
from sfcc_client.errors import NotFound as NoOrder
from sfcc_client.models import Order
from sidecar.engine import Database, Outcome, RecordRef, Steps
from sidecar.engine.pseudonyms import prepared, pseudonym
from sidecar.events import Event
from sidecar.flows.order_issues import casebook, events, matter
from sidecar.flows.order_issues.events import Failed, FailureDue, Message, RecordChanged, Reported
from sidecar.flows.order_issues.mirror import Mirror, Shown
from sidecar.flows.order_issues.policy import OrderIssuesPolicy
from sidecar.flows.order_issues.recording import Recorder
from sidecar.flows.order_issues.truth import truth_of
from sidecar.flows.order_issues.watching import Watch
from snow_app import SnowClient
from snow_app.services import CaseState, Journals, OrderCases
from snow_app.services.journals import is_ours

_Handler = Callable[[Event, Steps], Outcome]


class OrderIssues:
    """See the module. Thread-safe. Needs itil in ServiceNow, and sn_customerservice_agent where there are customer
    cases (sn_order_case.agent where there are order cases); sfcc.orders.rw in Commerce."""

    name = events.FLOW
    types = events.TYPES
    upstreams = frozenset({"servicenow", "commerce"})
    weight = 6

    def __init__(
        self,
        *,
        snow: SnowClient,
        commerce: CommerceClient,
        database: Database,
        scope: str,
        clock: Clock,  # noqa: ARG002 - every flow is given one; this one goes by the time of its steps
        policy: OrderIssuesPolicy | None = None,
    ) -> None:
        prepared(database)
        self.policy = policy or OrderIssuesPolicy()
        self.cases = OrderCases(snow, scope=scope)
        self._commerce, self._database = commerce, database
        self._journals = Journals(snow)
        self._watch = Watch(database=database, cases=self.cases)
        self._mirror = Mirror(commerce, self.policy)
        self._recorder = Recorder(
            snow=snow, commerce=commerce, database=database, cases=self.cases, watch=self._watch, mirror=self._mirror
        )
        self._handlers: Mapping[str, _Handler] = {
            events.ISSUE_REPORTED.name: self._reported,
            events.ORDER_FAILED.name: self._failed,
            events.MESSAGE_ADDED.name: self._message,
            events.RECORD_CHANGED.name: self._changed,
            events.FAILURE_DUE.name: self._failure_due,
        }

    def handle(self, event: Event, steps: Steps) -> Outcome:
        return self._handlers[event.type](event, steps)

    # From the shop -------------------------------------------------------------------------------------------------

    def _reported(self, event: Event, steps: Steps) -> Outcome:
        said: Reported = event.data
        order = self._order(event.site_id, said.order_no)
        found = matter.reported(
            event.site_id, said, order, stranger=self._stranger(said.email), urgent=self.policy.urgent
        )
        return self._recorder.recorded(event, found, steps)

    def _message(self, event: Event, steps: Steps) -> Outcome:
        said: Message = event.data
        order = self._order(event.site_id, said.order_no)
        topic = steps.stored("topic", lambda tx: said.topic or self._topic(tx.connection, event, said, order))
        found = matter.message(event.site_id, said, order, topic, stranger=self._stranger(said.email))
        return self._recorder.recorded(event, found, steps)

    def _stranger(self, email: str) -> str:
        with self._database.reading() as connection:
            return pseudonym(connection, email)

    def _topic(self, connection: Any, event: Event, said: Message, order: Order | None) -> str:
        """The topic of the case opened last."""
        stranger = pseudonym(connection, said.email)
        claim = matter.message(event.site_id, said, order, "other", stranger=stranger).claim
        row = casebook.newest_open(connection, claim)
        return row.topic if row else "other"

    def _failed(self, event: Event, steps: Steps) -> Outcome:
        return self._failure(event, event.data, steps, looks=0)

    def _failure_due(self, event: Event, steps: Steps) -> Outcome:
        due: FailureDue = event.data
        failed = Failed(
            order_no=due.order_no,
            stage=due.stage,
            processor=due.processor,
            decline_code=due.decline_code,
            attempt=due.attempt,
        )
        return self._failure(event, failed, steps, looks=due.looks)

    def _failure(self, event: Event, failed: Failed, steps: Steps, *, looks: int) -> Outcome:
        """What Commerce says now counts, not what the message says."""
        order = self._order(event.site_id, failed.order_no)
        if order is None:
            return Outcome(
                state="refused", note=f"Commerce has no order {failed.order_no}; there is nothing to act on."
            )
        # Decided once: after a crash the rest of the steps must not meet another truth.
        truth = steps.stored("truth", lambda _: truth_of(order))
        if truth in ("placed", "cancelled"):
            return Outcome(
                state="refused",
                note=f"Order {failed.order_no} is {order.status} and {order.payment_status} by now; nothing failed.",
            )
        if truth == "pending" and looks < self.policy.looks:
            return self._put_off(event, failed, steps, looks=looks)
        known = steps.stored(
            "failure",
            lambda tx: casebook.failure_known(
                tx.connection, event.site_id, failed.order_no, failed.attempt, seq=event.seq
            ),
        )
        if known is not None:
            return Outcome(state="refused", note=f"This failure is known from event E{known:06d}.")
        found = matter.failure(event.site_id, failed, order, charged=truth == "charged")
        return self._recorder.recorded(event, found, steps)

    def _put_off(self, event: Event, failed: Failed, steps: Steps, *, looks: int) -> Outcome:
        named = {"stage": failed.stage, "processor": failed.processor, "declineCode": failed.decline_code}
        data = {"orderNo": failed.order_no, "looks": looks + 1, "attempt": failed.attempt}
        data |= {name: value for name, value in named.items() if value}
        at = steps.now + self.policy.recheck
        due = f"{events.FAILURE_DUE.name}:{event.seq}"
        steps.stored(
            "look again",
            lambda tx: tx.later(events.FAILURE_DUE.name, data, site_id=event.site_id, at=at, event_id=due),
        )
        return Outcome(note=f"Order {failed.order_no} is still in the making; it is looked at again.")

    # From the instance ---------------------------------------------------------------------------------------------

    def _changed(self, event: Event, steps: Steps) -> Outcome:
        said: RecordChanged = event.data
        with self._database.reading() as connection:
            row = casebook.of_record(connection, said.sys_id)
        if row is None:
            return Outcome(state="refused", note="The record is none of this flow's.")
        state = self._watch.checked(row, steps)
        record = RecordRef(table=state.table, sys_id=state.sys_id, number=state.number)
        shown = Shown(
            number=state.number,
            status=state.state,
            updated_on=state.updated_on,
            comment=self._public_comment(state.sys_id),
        )
        note = f"{state.number} is {state.state}."
        with self._database.reading() as connection:
            is_shown = casebook.shown_case(connection, row.site_id, row.order_no) == row.id
        news = shown.digest != row.seen_hash
        if row.reporter or not is_shown:
            note += " The order shows another case." if not row.reporter else " The order shows no unverified case."
        elif news:
            order = self._commerce.orders.by_number(row.order_no, site_id=row.site_id)
            wrote = steps.sent("order attributes", lambda: self._mirror.written(order, shown, ref=event.ref))
            note = f"{note} {wrote['note']}".strip()
        # Kept with the step: a look after a crash would find that it is no news any more.
        news = steps.stored("seen", lambda tx: _seen(tx.connection, row, state, shown.digest, now=steps.now))
        return Outcome(
            state="delivered" if news else "refused", note=note if news else f"{note} Nothing new.", records=(record,)
        )

    def _public_comment(self, sys_id: str) -> str:
        """The last comment that we did not write ourselves."""
        entries = self._journals.entries(sys_id, "comments")
        return next((entry.text.strip() for entry in entries if not is_ours(entry.text)), "")

    def _order(self, site_id: str, order_no: str) -> Order | None:
        try:
            return self._commerce.orders.by_number(order_no, site_id=site_id)
        except NoOrder:
            return None


def _seen(connection: Any, row: Any, state: CaseState, digest: str, *, now: datetime) -> bool:
    """Keep what was seen; whether it was news."""
    casebook.remember(connection, row.id, seen_version=state.version, seen_at=state.updated_on, seen_hash=digest)
    if state.done and row.state == "open":
        casebook.close(connection, row.id, now=now)
    elif not state.done and row.state == "closed":
        casebook.reopen(connection, row)
    return bool(digest != row.seen_hash)
