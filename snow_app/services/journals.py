"""Notes on tasks, one by one: written once for each reference, read as the platform keeps them.

A note that was sent may have arrived although no answer came, and a repeated one is a second note. So every note of
ours carries a reference in brackets on its last line, and is looked for before it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from snow_app import errors
from snow_app.query import Query
from snow_app.records.identity import checked

if TYPE_CHECKING:
    from snow_app.client import SnowClient

JournalName = Literal["comments", "work_notes"]
"""`comments` are what the customer sees as well, `work_notes` never."""
LONGEST: Final = 4000
_TABLE = "sys_journal_field"
_OURS = re.compile(r"\[E\d{6,}\]\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One note. `at` is aware UTC, to the second."""

    sys_id: str
    journal: str
    author: str
    at: datetime | None
    text: str = field(repr=False)


class Journals:
    """The notes of one instance. Reading them one by one needs the role that the platform asks for (itil)."""

    def __init__(self, client: SnowClient) -> None:
        self._client = client
        self._readable = False

    def entries(self, sys_id: str, journal: JournalName) -> tuple[Entry, ...]:
        """Newest first; within one second in no order."""
        return tuple(self._rows(sys_id, journal))

    def has(self, sys_id: str, journal: JournalName, ref: str) -> bool:
        """Whether the note with this reference is there."""
        return any(ends_with(entry.text, ref) for entry in self._rows(sys_id, journal, ref))

    def written(self, table: str, sys_id: str, journal: JournalName, text: str, *, ref: str) -> bool:
        """Add the note unless it is there; whether it was added. Raises WriteLost when the platform dropped it, which
        it does on a closed incident."""
        if self.has(sys_id, journal, ref):
            return False
        note = f"{text.strip()[: LONGEST - len(tag(ref)) - 2]}\n\n{tag(ref)}"
        answered = self._client.table(table).update(sys_id, {journal: note})
        shown = tag(ref) in answered.display(journal)
        if shown and self._readable:
            return True
        self._readable = self.has(sys_id, journal, ref)
        if shown and not self._readable:
            raise errors.TableForbidden(
                "The integration user cannot read notes one by one (sys_journal_field), so that a repeated note could "
                "not be told; give it the role itil.",
                operation=_TABLE,
            )
        if not shown and not self._readable:
            raise errors.WriteLost(
                f"ServiceNow accepted a note on a record of {table} but did not keep it: it may be closed.",
                columns=(journal,),
                operation=table,
            )
        return True

    def _rows(self, sys_id: str, journal: JournalName, ref: str = "") -> Iterator[Entry]:
        query = Query().where("element_id", "=", checked(sys_id)).where("element", "=", journal)
        if ref:
            query = query.where("value", "LIKE", tag(ref))
        query = query.ordered_by("sys_created_on", descending=True)
        fields = ("element_id", "element", "value", "sys_created_by", "sys_created_on")
        for row in self._client.table(_TABLE).rows(query, fields=fields):
            if row["element_id"] == sys_id and row["element"] == journal:
                yield Entry(
                    sys_id=row.sys_id,
                    journal=row["element"],
                    author=row["sys_created_by"],
                    at=row.time("sys_created_on"),
                    text=row["value"],
                )


def tag(ref: str) -> str:
    """How a reference stands in a note."""
    return f"[{ref}]"


def is_ours(text: str) -> bool:
    """Whether a note ends with a reference of an event, as those written here do."""
    return _OURS.search(text.rstrip()) is not None


def ends_with(text: str, ref: str) -> bool:
    """Whether this reference is the note's own: in the middle it is only quoted, by whoever wrote the text."""
    return text.rstrip().endswith(tag(ref))
