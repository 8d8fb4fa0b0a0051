"""From a matter to the case that says it: its place in our book, its record, and what the order shows of it."""

from __future__ import annotations

from dataclasses import asdict

from sfcc_client import CommerceClient
from sidecar.engine import Database, Json, Outcome, RecordRef, Steps, Transaction
from sidecar.events import Event
from sidecar.flows.order_issues import casebook
from sidecar.flows.order_issues.casebook import Place
from sidecar.flows.order_issues.evidence import frozen
from sidecar.flows.order_issues.matter import Matter
from sidecar.flows.order_issues.mirror import Mirror, Shown
from sidecar.flows.order_issues.watching import Watch
from sidecar.flows.order_issues.writing import CaseWriter, Placed
from snow_app import SnowClient
from snow_app.errors import Forbidden, SnowError, WriteLost
from snow_app.services import CaseDraft, CaseState, OrderCases, Shopper, Shoppers


class _ClosedMeanwhile(Exception):  # noqa: N818
    """The case was closed between our look and our write."""


class Recorder:
    """Records matters on cases of one instance. Thread-safe."""

    def __init__(
        self,
        *,
        snow: SnowClient,
        commerce: CommerceClient,
        database: Database,
        cases: OrderCases,
        watch: Watch,
        mirror: Mirror,
    ) -> None:
        self._database, self._cases, self._watch, self._mirror = database, cases, watch, mirror
        self._shoppers = Shoppers(snow)
        self._writer = CaseWriter(snow=snow, commerce=commerce, database=database)

    def recorded(self, event: Event, matter: Matter, steps: Steps) -> Outcome:
        """A case that is closed while we write to it gets a successor, at most once for an event."""
        try:
            return self._recorded(event, matter, steps, suffix="")
        except _ClosedMeanwhile:
            return self._recorded(event, matter, steps, suffix=" after close")

    def _recorded(self, event: Event, matter: Matter, steps: Steps, *, suffix: str) -> Outcome:
        found = self._placed(matter, steps, suffix)
        try:
            self._writer.written(event, matter, steps, found)
        except (Forbidden, WriteLost) as error:
            if suffix or not self._is_done(found):
                raise
            steps.stored("closed", lambda tx: casebook.close(tx.connection, found.place.case_id, now=steps.now))
            raise _ClosedMeanwhile from error
        shown = self._shown(event, matter, steps, found)
        state = found.state
        said = [f"{'Added to' if found.place.joined else 'Opened'} {state.number} ({state.table})."]
        said += [
            text
            for text in (matter.review and "To be reviewed.", "" if matter.proof else "Not verified.", shown)
            if text
        ]
        record = RecordRef(table=state.table, sys_id=state.sys_id, number=state.number)
        return Outcome(note=" ".join(said), records=(record,))

    # The case ------------------------------------------------------------------------------------------------------

    def _placed(self, matter: Matter, steps: Steps, suffix: str) -> Placed:
        """Its place in our book, then its record."""
        closed = self._watch.closed_cases(matter.claim, steps)

        def place(tx: Transaction) -> Json:
            for case_id in closed:
                casebook.close(tx.connection, case_id, now=steps.now)
            found = casebook.claimed(tx.connection, matter.claim, now=steps.now)
            evidence = frozen(matter.order, taken_at=steps.now) if matter.order else None
            if evidence is not None and not (matter.light and found.joined):
                casebook.keep_evidence(tx.connection, evidence)
                return {**asdict(found), "evidence": evidence.sha256}
            return {**asdict(found), "evidence": ""}

        kept = dict(steps.stored(f"case{suffix}", place))
        evidence = str(kept.pop("evidence"))
        found = Place(**kept)
        with self._database.reading() as connection:
            row = casebook.case(connection, found.case_id)
        if found.joined and row.sys_id:
            return Placed(place=found, state=self._watch.state_of(row), evidence=evidence, suffix=suffix)
        state = self._opened(matter, steps, found, evidence, suffix)
        return Placed(place=found, state=state, evidence=evidence, suffix=suffix)

    def _opened(self, matter: Matter, steps: Steps, place: Place, evidence: str, suffix: str) -> CaseState:
        shopper = self._shopper(matter, steps, suffix)
        draft = CaseDraft(
            title=matter.title,
            summary=matter.summary,
            story=matter.story,
            topic=matter.claim.topic,
            site_id=matter.claim.site_id,
            order_no=matter.order.order_no if matter.order else "",
            customer_no=(matter.order.customer_no or "") if matter.order else "",
            evidence_hash=evidence,
            verified=bool(matter.proof),
            needs_review=bool(matter.review) or not matter.proof,
            urgent=matter.urgent,
            shopper=shopper,
            previous=place.previous,
        )
        sent = steps.sent(
            f"record{suffix}", lambda: asdict(self._cases.opened(draft, correlation_id=place.correlation_id))
        )
        state = CaseState(**sent)
        seen = {"record_table": state.table, "sys_id": state.sys_id, "number": state.number, "evidence": evidence}
        base = {"seen_version": state.version, "seen_at": state.updated_on}
        steps.stored(f"opened{suffix}", lambda tx: casebook.remember(tx.connection, place.case_id, **seen, **base))
        return state

    def _shopper(self, matter: Matter, steps: Steps, suffix: str) -> Shopper | None:
        """Nobody is linked to a case by an address that proved nothing."""
        if not matter.proof or not matter.email:
            return None
        name = (matter.order.customer_name or "") if matter.order else ""

        def matched() -> Json:
            email = matter.email
            found = (
                self._shoppers.of_incident(email) if self._cases.anonymous else self._shoppers.of_case(email, name=name)
            )
            return asdict(found) if found else {}

        found = steps.sent(f"shopper{suffix}", matched)
        return Shopper(**found) if found else None

    def _is_done(self, found: Placed) -> bool:
        try:
            return self._cases.state(found.state.table, found.state.sys_id).done
        except SnowError:
            return False

    # Back to the order ---------------------------------------------------------------------------------------------

    def _shown(self, event: Event, matter: Matter, steps: Steps, found: Placed) -> str:
        """The number and state of the case on the order; what that met, in words."""
        if matter.order is None or found.place.joined:
            return ""
        with self._database.reading() as connection:
            if casebook.shown_case(connection, matter.claim.site_id, matter.claim.order_no) != found.place.case_id:
                return ""
        shown = Shown(
            number=found.state.number, status=found.state.state, updated_on=found.state.updated_on, comment=""
        )
        wrote = steps.sent(
            f"order attributes{found.suffix}",
            lambda: self._mirror.written(matter.order, shown, ref=event.ref),  # type: ignore[arg-type]
        )
        steps.stored(
            f"shown{found.suffix}",
            lambda tx: casebook.remember(tx.connection, found.place.case_id, seen_hash=shown.digest),
        )
        return str(wrote["note"])
