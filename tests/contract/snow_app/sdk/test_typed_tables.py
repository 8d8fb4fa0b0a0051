"""Typed rows against the instance: what is declared exists there, and values come back as what they are."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest

from snow_app import Query, errors, tables
from snow_app.tables import Article, Choice, Incident, Journal, Problem, Reference, Row, User
from snow_app.tables.columns import Column, day, journal, text
from snow_app.tables.row import columns_of

DECLARED = [
    kind for name in tables.__all__ if isinstance(kind := getattr(tables, name), type) and issubclass(kind, Row)
]
# The kinds a platform type may be declared as; types that are not listed are text.
KINDS = {
    "integer": {"integer", "choice"},
    "boolean": {"boolean"},
    "reference": {"reference"},
    "glide_date_time": {"moment"},
    "due_date": {"moment"},
    "glide_date": {"day"},
    "journal_input": {"journal"},
    "string": {"text", "choice"},
    "choice": {"choice"},
    "workflow": {"choice"},
}


def told(dictionary, table, path):
    """What the dictionary says of a column, also of one behind references, such as sla.target."""
    first, _, rest = path.partition(".")
    found = dictionary.columns(table).get(first)
    return told(dictionary, found.reference, rest) if rest and found is not None else found


@pytest.mark.parametrize("kind", [kind for kind in DECLARED if kind.TABLE], ids=lambda kind: kind.__name__)
def test_every_declared_column_exists_and_is_of_its_kind(snow, kind):
    wrong = []
    for column in columns_of(kind):
        found = told(snow.instance.dictionary, kind.TABLE, column.name)
        fits = found is not None and column.kind in KINDS.get(found.type, {"text"})
        if found is None or not fits or column.table not in ("", found.reference):
            wrong.append((column.name, column.kind))
    assert wrong == []


def test_values_come_with_their_displays(client):
    admin = client.of(User).first(Query().where("user_name", "=", "admin"))
    due = datetime(2026, 12, 24, 18, tzinfo=UTC)
    made = client.of(Incident).insert(
        Incident(short_description="Late", caller=Reference(admin.sys_id), impact=Choice("2"), due_date=due)
    )
    assert (made.state, made.state.display, made.active) == (Choice("1"), "New", True)
    assert (made.caller.display, made.caller.table) == ("System Administrator", "sys_user")
    assert (made.due_date, made.reassignment_count, made.table) == (due, 0, "incident")
    assert made.display("opened_at") != ""
    assert made.created is not None
    assert made.created.tzinfo is UTC
    assert not made.problem
    assert "Late" not in repr(made)
    assert made.number in repr(made)


def test_an_update_sends_what_changed_and_nothing_else(client, asked):
    incidents = client.of(Incident)
    made = incidents.insert(Incident(short_description="Late", description="Since Monday", due_date=datetime.now(UTC)))
    after = incidents.update(
        made, replace(made, description="Since Friday", due_date=None, work_notes=Journal("Rang."))
    )
    assert (after.description, after.short_description, after.due_date) == ("Since Friday", "Late", None)
    (note,) = after.work_notes.entries()
    assert (note.text, note.author, note.journal) == ("Rang.", "System Administrator", "Work notes")
    assert note.at[:2] == "20"
    asked.clear()
    assert incidents.update(after, replace(after)) == after
    assert asked == []
    with pytest.raises(errors.UnsafeQuery):
        incidents.update(after, Incident())


def test_rows_are_read_counted_kept_by_key_and_deleted(client):
    problems = client.of(Problem)
    results = problems.upsert_many(
        {f"p-{number}": Problem(short_description=f"Problem {number}") for number in range(5)}
    )
    assert [result.error for result in results] == [None] * 5
    again = problems.upsert(Problem(short_description="changed"), correlation_id="p-0")
    ours = Query().where("correlation_id", "STARTSWITH", "p-")
    assert problems.count(ours) == 5
    assert [one.short_description for one in problems.rows(ours.ordered_by("correlation_id"), limit=2)] == [
        "changed",
        "Problem 1",
    ]
    problems.delete(again.sys_id)
    assert {one.sys_id for one in problems.scan(ours, page_size=2)} == {one.sys_id for one in problems.rows(ours)}
    with pytest.raises(errors.NotFound):
        problems.get(again.sys_id)


def test_dates_and_html_of_an_article(client):
    base = client.table("kb_knowledge_base").insert({"title": "Help"})
    today = date(2026, 11, 25)
    article = client.of(Article).insert(
        Article(title="Parcels", body="<p>Wait.</p>", knowledge_base=Reference(base.sys_id), valid_to=today)
    )
    assert (article.valid_to, article.body, article.state.value) == (today, "<p>Wait.</p>", "draft")
    assert article.valid_to + timedelta(days=1) == date(2026, 11, 26)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallersIncident(Incident):
    """What a user of the SDK would declare."""

    TABLE: ClassVar[str] = "incident"

    caller_email: str = text("caller_id.email")
    nowhere: str = text("u_not_there")
    never: date | None = day("u_never")  # noqa: RUF009


def test_own_columns_dot_walks_and_columns_that_are_not_there(client):
    admin = client.of(User).first(Query().where("user_name", "=", "admin"))
    incidents = client.of(CallersIncident)
    made = incidents.insert(CallersIncident(short_description="x", caller=Reference(admin.sys_id), caller_email="no"))
    found = incidents.get(made.sys_id)
    assert (found.caller_email, found.nowhere, found.never) == (admin.email, "", None)
    walked: Column = next(column for column in columns_of(CallersIncident) if column.attribute == "caller_email")
    assert not walked.writable


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary(Row):
    TABLE: ClassVar[str] = "incident"

    entries: Journal = journal("u_diary")  # noqa: RUF009


def test_no_journal_of_any_name_is_upserted(client, asked):
    with pytest.raises(errors.UnsafeQuery, match="u_diary"):
        client.of(Diary).upsert(Diary(entries=Journal("Rang.")), correlation_id="a-1")
    assert asked == []


WRONG = """
from dataclasses import replace
from datetime import date
from snow_app import SnowClient
from snow_app.tables import Choice, Incident, Reference

def use(client: SnowClient) -> None:
    found = client.of(Incident).get("0" * 32)
    number: int = found.number
    found.caller.upper()
    found.opened_at + 1
    Incident(state="6")
    replace(found, active="true")
    opened: date = found.reopen_count
    client.of(Incident).insert(Reference("x"))
    fine: str = found.caller.display + found.state.value + found.number
"""


def test_the_type_checker_sees_the_columns(tmp_path):
    pytest.importorskip("mypy")
    page = tmp_path / "use.py"
    page.write_text(WRONG)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path), str(page)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)
    lines = sorted({int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line})
    assert lines == list(range(9, 16)), done.stdout
