"""Flow `feedback`: what shoppers say becomes cases and problems, and problems close when the complaints stop."""

from __future__ import annotations

from typing import Final

from sfcc_client import Clock, CommerceClient
from sidecar.engine import Database, Outcome, Steps
from sidecar.engine.pseudonyms import prepared
from sidecar.events.event import Event
from sidecar.flows.feedback import events
from sidecar.flows.feedback.actions import Actions
from sidecar.flows.feedback.changes import Changes
from sidecar.flows.feedback.policy import FeedbackPolicy
from sidecar.flows.feedback.records import Records
from sidecar.flows.feedback.submissions import Submissions
from snow_app import SnowClient

_POLICY: Final = FeedbackPolicy()


class Feedback:
    """See `sidecar.engine.Flow`. One instance serves any number of threads."""

    name = "feedback"
    types = events.TYPES
    upstreams = frozenset({"servicenow"})
    weight = 1

    def __init__(
        self,
        *,
        snow: SnowClient,
        commerce: CommerceClient,
        database: Database,
        scope: str,
        clock: Clock,  # noqa: ARG002 - flows are made alike; this one goes by the moment of its attempt
        policy: FeedbackPolicy = _POLICY,
    ) -> None:
        prepared(database)
        records = Records(snow, scope)
        submissions = Submissions(records, database, policy)
        changes = Changes(records, database, Actions(commerce, policy), submissions, policy)
        self._handlers = {
            events.SUBMITTED: submissions.handled,
            events.CHANGED: changes.changed,
            events.DUE: changes.due,
        }

    def handle(self, event: Event, steps: Steps) -> Outcome:
        return self._handlers[event.type](event, steps)
