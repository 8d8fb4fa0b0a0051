"""Looking at a case before anything is written to it: is it still open, and did it only move forward?

The platform counts the changes of a record. A count or a moment that went back means that somebody put the instance, or
the record, back to an earlier state. From then on nothing is written to the record until `reconciled` was called.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from sidecar.engine import Database, Steps
from sidecar.flows.order_issues import casebook
from sidecar.flows.order_issues.casebook import Claim
from sidecar.flows.order_issues.errors import RecordRestored
from sidecar.flows.order_issues.tables import CASES
from snow_app.errors import NotFound
from snow_app.services import CaseState, OrderCases


class Watch:
    """Looks at the cases of one instance. Thread-safe."""

    def __init__(self, *, database: Database, cases: OrderCases) -> None:
        self._database, self._cases = database, cases

    def closed_cases(self, claim: Claim, steps: Steps) -> tuple[int, ...]:
        """The open case of the claim when its record was closed and nobody told us. Raises RecordRestored."""
        with self._database.reading() as connection:
            row = casebook.open_case(connection, claim)
        if row is None or not row.sys_id:
            return ()
        return (row.id,) if self.checked(row, steps).done else ()

    def checked(self, row: Row[Any], steps: Steps) -> CaseState:
        """The state of a case, if it did not go back. Raises RecordRestored, and remembers why."""
        if row.halted:
            raise _restored(row, row.halted)
        try:
            state = self._cases.state(row.record_table, row.sys_id)
            why = _went_back(row, state)
        except NotFound:
            why = "it is gone, or hidden from the integration user"
        if why:
            steps.stored("halted", lambda tx: casebook.remember(tx.connection, row.id, halted=why))
            raise _restored(row, why)
        return state

    def state_of(self, row: Row[Any]) -> CaseState:
        """The state of a case that was checked in this attempt, or in an earlier one that got further."""
        if row.halted:
            raise _restored(row, row.halted)
        return self._cases.state(row.record_table, row.sys_id)


def halted(database: Database) -> tuple[tuple[str, str, str], ...]:
    """(correlation id, number, why) of the cases nothing is written to."""
    found = select(CASES.c.correlation_id, CASES.c.number, CASES.c.halted).where(CASES.c.halted != "")
    with database.reading() as connection:
        return tuple((row.correlation_id, row.number, row.halted) for row in connection.execute(found))


def reconciled(database: Database, cases: OrderCases, correlation_id: str) -> CaseState | None:
    """Take the record as it is now as the truth and write to it again; None when it is gone: a replayed event then
    opens another case. Raises LookupError for an unknown case."""
    with database.reading() as connection:
        row = connection.execute(select(CASES).where(CASES.c.correlation_id == correlation_id)).one_or_none()
    if row is None:
        raise LookupError(f"There is no case {correlation_id}.")
    try:
        state: CaseState | None = cases.state(row.record_table, row.sys_id)
    except NotFound:
        state = None
    with database.transaction() as connection:
        if state is None:
            casebook.remember(connection, row.id, halted="", state="closed", sys_id="")
            casebook.close_lines(connection, row.id)
        else:
            base = {"seen_version": state.version, "seen_at": state.updated_on, "seen_hash": ""}
            casebook.remember(connection, row.id, halted="", **base)
    return state


def _went_back(row: Row[Any], state: CaseState) -> str:
    if state.version < row.seen_version:
        return f"it had {row.seen_version} changes and has {state.version} now"
    if state.updated_on < row.seen_at:
        return f"it was changed at {row.seen_at} UTC and says {state.updated_on} now"
    return ""


def _restored(row: Row[Any], why: str) -> RecordRestored:
    return RecordRestored(
        f"{row.number} went back to an earlier state: {why}. Nothing is written to it. Compare it with the order, "
        f"reconcile {row.correlation_id}, then replay this event."
    )
