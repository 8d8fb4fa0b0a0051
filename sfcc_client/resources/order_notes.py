"""Notes on orders, which only OCAPI Shop has: for people behind the shop, not for the shopper."""

from __future__ import annotations

from typing import Any, Final

from sfcc_client.documents.note import NOTES, notes_from
from sfcc_client.documents.schema import camel_cased, loaded
from sfcc_client.errors import OutcomeUnknown, Rejected, Transient
from sfcc_client.gateway import Gateway
from sfcc_client.models import Note
from sfcc_client.request import Call, Request, named, path

LONGEST_SUBJECT: Final = 256
LONGEST_TEXT: Final = 4000


class OrderNotes:
    """Notes of a site's orders, with the token of a Business Manager user: raises NotConfigured without one, Forbidden
    when the OCAPI settings (type Shop) do not allow it, NotFound for no such order, and any other CommerceError."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def of_order(
        self, order_no: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> tuple[Note, ...]:
        """The notes of an order (OCAPI Shop, GET /orders/{order_no}/notes)."""
        call = self._gateway.calls.start("order_notes.of_order", deadline, correlation_id)
        return self._read(order_no, site_id, call)

    def add(
        self,
        order_no: str,
        *,
        subject: str,
        text: str,
        site_id: str,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> Note:
        """Add a note, unless the order has one with this subject and text already; the note (OCAPI Shop,
        POST /orders/{order_no}/notes).

        `subject` has 1 to 256 characters, `text` 1 to 4,000 (Rejected otherwise). A repeated call adds nothing, so that
        two notes that are meant to be two have to differ. Raises OutcomeUnknown when neither the answer nor the notes
        could be read.
        """
        call = self._gateway.calls.start("order_notes.add", deadline, correlation_id)
        if not 1 <= len(subject) <= LONGEST_SUBJECT or not 1 <= len(text) <= LONGEST_TEXT:
            raise Rejected("A note has a subject of 1 to 256 and a text of 1 to 4,000 characters.")

        def found() -> Note | None:
            notes = self._read(order_no, site_id, call)
            return next((note for note in notes if (note.subject, note.text) == (subject, text)), None)

        if (there := found()) is not None:
            return there
        request = self._request("POST", order_no, site_id, {"subject": subject, "text": text})
        failure: Transient | None = None
        try:
            self._gateway.sent(request, call, self._gateway.business_manager)
        except Transient as error:
            failure = error
        try:
            there = found()
        except Transient as error:
            failure = failure or error
        if there is not None:
            return there
        if failure is None:
            return Note(subject=subject, text=text)  # written, and not shown yet
        raise OutcomeUnknown(
            f"No answer says whether the note was added to {request.subject}; look before you repeat it.",
            request_id=failure.request_id,
            operation=call.operation,
        )

    def _read(self, order_no: str, site_id: str, call: Call) -> tuple[Note, ...]:
        request = self._request("GET", order_no, site_id)
        answer = self._gateway.sent(request, call, self._gateway.business_manager)
        return notes_from(loaded(NOTES, camel_cased(answer.document), answer, request))

    def _request(self, method: str, order_no: str, site_id: str, document: dict[str, Any] | None = None) -> Request:
        self._gateway.site(site_id)
        version = self._gateway.settings.ocapi_version
        return Request(
            family="instance",
            method=method,
            path=path("/s", site_id, "dw", "shop", version, "orders", order_no, "notes"),
            operation_id=f"{method} /orders/{{order_no}}/notes",
            subject=named("order", order_no),
            headers={"x-dw-client-id": self._gateway.business_manager.client_id},
            json=document,
        )
