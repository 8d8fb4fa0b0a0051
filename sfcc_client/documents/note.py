"""Notes of an order (OCAPI Shop, documents note and notes_result, their members renamed)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from sfcc_client.documents.schema import Document, Moment, Text
from sfcc_client.models import Note


class _Note(Document):
    id = Text()
    subject = Text()
    text = Text()
    created_by = Text()
    creation_date = Moment()


class Notes(Document):
    """Answer of GET notes; some versions call the list `data`."""

    notes = fields.List(fields.Nested(_Note))
    data = fields.List(fields.Nested(_Note))


NOTES = Notes()


def notes_from(loaded: dict[str, Any]) -> tuple[Note, ...]:
    return tuple(
        Note(
            note_id=one["id"],
            subject=one["subject"] or "",
            text=one["text"] or "",
            created_by=one["created_by"],
            created_at=one["creation_date"],
        )
        for one in loaded["notes"] or loaded["data"] or []
    )
