"""How long a task would have been paused before its SLA was attached: its history (``sys_audit``), played again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from snow_app.emulator.model import Row

from .definition import Definition, Task
from .progress import moment_of
from .schedule import Interval


def pauses(definition: Definition, task: Task, start: datetime, now: datetime) -> list[Interval]:
    """The times between `start` and `now` in which the pause conditions of a definition held."""
    found: list[Interval] = []
    since: datetime | None = None
    before: Row = {}
    for at, row in _states(task):
        then = Task(table=task.table, row=row, before=before, session=task.session)
        if since is None and definition.pauses(then):
            since = at
        elif since is not None and definition.resumes(then):
            found.append((since, at))
            since = None
        before = row
    if since is not None:
        found.append((since, now))
    return [(max(begin, start), min(end, now)) for begin, end in found if end > start and begin < now]


def _states(task: Task) -> Iterator[tuple[datetime, Row]]:
    """What the task was, from its beginning, each with the time since when; the last is what it is now."""
    entries = task.session.query(
        "sys_audit", f"documentkey={task.row['sys_id']}^ORDERBYDESCrecord_checkpoint", acl=False
    )
    states: list[tuple[str, Row]] = []
    row = dict(task.row)
    for (_, at), changes in groupby(entries, key=lambda entry: (entry["record_checkpoint"], entry["sys_created_on"])):
        states.append((at, dict(row)))
        row.update({entry["fieldname"]: entry["oldvalue"] for entry in changes})
    states.append((row["sys_created_on"], row))
    for at, state in reversed(states):
        moment = moment_of(at)
        if moment is not None:
            yield moment, state
