"""What is written on a case: the evidence and photos as files, one structured work note, and the shopper's words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from sfcc_client import CommerceClient
from sfcc_client.errors import Forbidden as NoPermission
from sfcc_client.errors import NotConfigured, SignInRefused
from sfcc_client.models import Order
from sidecar.engine import Database, Json, Steps
from sidecar.events import Event
from sidecar.flows.order_issues import casebook, notes
from sidecar.flows.order_issues.casebook import Place
from sidecar.flows.order_issues.evidence import digest
from sidecar.flows.order_issues.matter import Matter
from snow_app import SnowClient
from snow_app.errors import WriteLost
from snow_app.services import CaseState, Journals
from snow_app.services.journals import JournalName
from snow_app.services.order_cases import INCIDENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The case an event is recorded on. `suffix` tells the steps of a second way from those of the first."""

    place: Place
    state: CaseState
    evidence: str
    suffix: str

    @property
    def anonymous(self) -> bool:
        """Of the table it is in: cases opened before a plugin came stay where they are."""
        return self.state.table == INCIDENT


class CaseWriter:
    """Writes to cases of one instance, everything once for each event. Thread-safe."""

    def __init__(self, *, snow: SnowClient, commerce: CommerceClient, database: Database) -> None:
        self._snow, self._commerce, self._database = snow, commerce, database
        self._journals = Journals(snow)

    def written(self, event: Event, matter: Matter, steps: Steps, found: Placed) -> None:
        """All there is to write. Raises what the platform says, which on a closed case is Forbidden or WriteLost."""
        self._attach_evidence(steps, found)
        self._attach_photos(matter, steps, found)
        words = self._words(event, matter, steps, found)
        if found.anonymous or not (matter.light and found.place.joined):
            text = notes.work_note(dict(_lines(event, matter, found, words)))
            self._add(event, steps, found, "work_notes", text, step="work note")
        if matter.words and found.place.joined and not found.anonymous:
            self._add(event, steps, found, "comments", matter.words, step="comment")

    def _attach_evidence(self, steps: Steps, found: Placed) -> None:
        if not found.evidence:
            return

        def attach() -> Json:
            with self._database.reading() as connection:
                evidence = casebook.kept_evidence(connection, found.evidence)
            if digest(evidence.text) != found.evidence:
                raise WriteLost("The kept evidence is not what its hash says.", columns=("evidence",))
            return self._attached(found, evidence.text.encode(), evidence.file_name, "application/json")

        steps.sent(f"evidence{found.suffix}", attach)

    def _attach_photos(self, matter: Matter, steps: Steps, found: Placed) -> None:
        """Not to incidents: a photo may show anybody."""
        for number, photo in enumerate(() if found.anonymous else matter.photos, start=1):
            name = f"photo {number}{found.suffix}"
            steps.sent(name, lambda p=photo: self._attached(found, p.content, p.file_name, p.content_type))  # type: ignore[misc]

    def _attached(self, found: Placed, content: bytes, file_name: str, content_type: str) -> Json:
        stored = self._snow.attachments.upload(
            found.state.table, found.state.sys_id, io.BytesIO(content), file_name=file_name, content_type=content_type
        )
        return stored.sys_id

    def _words(self, event: Event, matter: Matter, steps: Steps, found: Placed) -> str:
        """Where the shopper's words are. An incident must not hold them: they stay with the shop, as a note on the
        order that only people behind it see, or with the sidecar where the order is not the reporter's."""
        if not matter.words:
            return ""
        if not found.anonymous:
            return "in the comments" if found.place.joined else "in the description"
        count = f"{len(matter.words)} characters"
        if matter.order is not None:
            order, subject = matter.order, f"{matter.title} ({found.state.number}, {event.ref})"
            if steps.sent(f"order note{found.suffix}", lambda: self._noted(order, subject, matter.words)):
                return f"{count}, a note on the order in Business Manager"
        return f"{count}, kept by the sidecar under {event.ref}"

    def _noted(self, order: Order, subject: str, words: str) -> bool:
        """False on a shop whose order notes are out of our reach."""
        try:
            self._commerce.order_notes.add(order.order_no, subject=subject, text=words, site_id=order.site_id or "")
        except (NotConfigured, NoPermission, SignInRefused):
            return False
        return True

    def _add(self, event: Event, steps: Steps, found: Placed, journal: JournalName, text: str, *, step: str) -> None:
        table, sys_id = found.state.table, found.state.sys_id
        steps.sent(
            f"{step}{found.suffix}",
            lambda: self._journals.written(table, sys_id, journal, text, ref=event.ref),
            found=lambda: True if self._journals.has(sys_id, journal, event.ref) else None,
        )


def _lines(event: Event, matter: Matter, found: Placed, words: str) -> Iterator[tuple[str, str]]:
    """The work note by heading."""
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
    yield "Words", words
