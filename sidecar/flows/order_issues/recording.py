"""From a matter to the case that says it: the steps, in the order in which a reader of the case needs them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from sfcc_client import Clock
from sidecar.engine import Database, Json, Outcome, RecordRef, Steps, Transaction
from sidecar.events import Event
from sidecar.flows.order_issues import casebook, notes
from sidecar.flows.order_issues.casebook import Place
from sidecar.flows.order_issues.evidence import Evidence, digest, frozen
from sidecar.flows.order_issues.matter import Matter
from sidecar.flows.order_issues.mirror import Mirror, Shown
from sidecar.flows.order_issues.watching import Watch
from snow_app import SnowClient
from snow_app.errors import Forbidden, SnowError, WriteLost
from snow_app.services import CaseDraft, CaseState, Journals, OrderCases, Shopper, Shoppers
from snow_app.services.journals import JournalName
from snow_app.services.order_cases import INCIDENT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """The case an event is recorded on, and what the steps of this way are called besides."""

    place: Place
    state: CaseState
    evidence: str
    suffix: str

    @property
    def anonymous(self) -> bool:
        """Of the table it is in: cases opened before a plugin came stay where they are."""
        return self.state.table == INCIDENT


class _ClosedMeanwhile(Exception):  # noqa: N818
    """The case was closed between our look and our write."""


class Recorder:
    """Records matters on cases of one instance. Thread-safe."""

    def __init__(
        self, *, snow: SnowClient, database: Database, clock: Clock, cases: OrderCases, watch: Watch, mirror: Mirror
    ) -> None:
        self._snow, self._database, self._clock = snow, database, clock
        self._cases, self._watch, self._mirror = cases, watch, mirror
        self._shoppers, self._journals = Shoppers(snow), Journals(snow)

    def recorded(self, event: Event, matter: Matter, steps: Steps) -> Outcome:
        """A case that is closed while we write to it gets a successor, at most once for an event."""
        try:
            return self._recorded(event, matter, steps, suffix="")
        except _ClosedMeanwhile:
            return self._recorded(event, matter, steps, suffix=" after close")

    def _recorded(self, event: Event, matter: Matter, steps: Steps, *, suffix: str) -> Outcome:
        found = self._placed(matter, steps, suffix)
        for write in (self._attach_evidence, self._attach_photos, self._note, self._comment):
            try:
                write(event, matter, steps, found)
            except (Forbidden, WriteLost) as error:
                if suffix or not self._is_done(found):
                    raise
                steps.stored(
                    f"closed{suffix}", lambda tx: casebook.close(tx.connection, found.place.case_id, now=steps.now)
                )
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

    def _placed(self, matter: Matter, steps: Steps, suffix: str) -> _Case:
        """Its place in our book, then its record."""
        closed = self._watch.closed_cases(matter.claim, steps)

        def place(tx: Transaction) -> Json:
            for case_id in closed:
                casebook.close(tx.connection, case_id, now=steps.now)
            found = casebook.claimed(tx.connection, matter.claim, now=steps.now)
            evidence = self._evidence(matter, steps)
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
            return _Case(place=found, state=self._watch.state_of(row), evidence=evidence, suffix=suffix)
        state = self._opened(matter, steps, found, evidence, suffix)
        return _Case(place=found, state=state, evidence=evidence, suffix=suffix)

    def _opened(self, matter: Matter, steps: Steps, place: Place, evidence: str, suffix: str) -> CaseState:
        shopper = self._shopper(matter, steps, suffix)
        draft = CaseDraft(
            title=matter.title,
            summary=self._summary(matter),
            story=self._story(matter),
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

    def _evidence(self, matter: Matter, steps: Steps) -> Evidence | None:
        return frozen(matter.order, taken_at=steps.now) if matter.order else None

    def _is_done(self, found: _Case) -> bool:
        try:
            return self._cases.state(found.state.table, found.state.sys_id).done
        except SnowError:
            return False

    # What is written on it -----------------------------------------------------------------------------------------

    def _attach_evidence(self, _: Event, __: Matter, steps: Steps, found: _Case) -> None:
        if not found.evidence:
            return

        def attach() -> Json:
            with self._database.reading() as connection:
                evidence = casebook.kept_evidence(connection, found.evidence)
            if digest(evidence.text) != found.evidence:
                raise WriteLost("The kept evidence is not what its hash says.", columns=("evidence",))
            return self._attached(found, evidence.text.encode(), evidence.file_name, "application/json")

        steps.sent(f"evidence{found.suffix}", attach)

    def _attach_photos(self, _: Event, matter: Matter, steps: Steps, found: _Case) -> None:
        """Not to incidents: a photo may show anybody."""
        if found.anonymous:
            return
        for number, photo in enumerate(matter.photos, start=1):
            name = f"photo {number}{found.suffix}"
            steps.sent(name, lambda p=photo: self._attached(found, p.content, p.file_name, p.content_type))  # type: ignore[misc]

    def _attached(self, found: _Case, content: bytes, file_name: str, content_type: str) -> Json:
        stored = self._snow.attachments.upload(
            found.state.table, found.state.sys_id, io.BytesIO(content), file_name=file_name, content_type=content_type
        )
        return stored.sys_id

    def _note(self, event: Event, matter: Matter, steps: Steps, found: _Case) -> None:
        """One structured work note for whatever is more than words added to an open case."""
        if matter.light and found.place.joined and not found.anonymous:
            return
        text = notes.work_note(dict(self._note_lines(event, matter, found)))
        self._written(event, steps, found, "work_notes", text, step="work note")

    def _note_lines(self, event: Event, matter: Matter, found: _Case) -> Iterator[tuple[str, str]]:
        yield "Issue", matter.title
        yield "Received", notes.received(event.accepted_at, event.ref)
        yield "Reporter", notes.PROOFS[matter.proof]
        yield "Order", notes.order_line(matter.order, matter.claim.order_no)
        yield "Items", notes.items_line(matter.items, matter.order)
        yield "Failure", matter.failure
        if found.evidence:
            yield "Evidence", f"SHA-256 {found.evidence}, attached"
        yield "Photos", "; ".join(f"{photo.file_name} SHA-256 {photo.sha256}" for photo in matter.photos)
        yield "Contact", matter.contact
        yield "Review", matter.review
        yield "Earlier case", found.place.previous_number
        if matter.words and found.anonymous:
            yield "Words", f"{len(matter.words)} characters, kept in the sidecar: sfcc-snow events show {event.ref}"
        elif matter.words:
            yield "Words", "in the comments" if found.place.joined else "in the description"

    def _comment(self, event: Event, matter: Matter, steps: Steps, found: _Case) -> None:
        """The words of a new case are its description."""
        if matter.words and found.place.joined and not found.anonymous:
            self._written(event, steps, found, "comments", matter.words, step="comment")

    def _written(self, event: Event, steps: Steps, found: _Case, journal: JournalName, text: str, *, step: str) -> None:
        table, sys_id = found.state.table, found.state.sys_id
        write: Callable[[], Json] = lambda: self._journals.written(table, sys_id, journal, text, ref=event.ref)  # noqa: E731
        steps.sent(
            f"{step}{found.suffix}",
            write,
            found=lambda: True if self._journals.has(sys_id, journal, event.ref) else None,
        )

    def _summary(self, matter: Matter) -> str:
        """Without personal data."""
        lines = [matter.title, notes.order_line(matter.order, matter.claim.order_no)]
        items = notes.items_line(matter.items, matter.order)
        return "\n".join(line for line in (*lines, items and f"Items: {items}", matter.failure) if line)

    def _story(self, matter: Matter) -> str:
        """For customer service: the shopper's words, and where to answer someone who could not be linked."""
        parts = [
            matter.words,
            "" if matter.proof else f"Reported by {matter.email}, not verified.",
            self._summary(matter),
        ]
        return "\n\n".join(part for part in parts if part)

    # Back to the order ---------------------------------------------------------------------------------------------

    def _shown(self, event: Event, matter: Matter, steps: Steps, found: _Case) -> str:
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
