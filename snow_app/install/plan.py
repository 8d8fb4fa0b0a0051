"""What an apply would do, found without writing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from snow_app.app import App, AppParameters, application, scoped_app
from snow_app.client import SnowClient
from snow_app.install.journal import Entry
from snow_app.install.reading import differing
from snow_app.install.survey import Survey, matched, stored_rows, surveyed
from snow_app.records.identity import sys_id
from snow_app.records.record import Row
from snow_app.records.registry import Identity, Registry
from snow_app.row import Record


class Action(StrEnum):
    """What happens to one record. `DRIFTED` rows were changed on the instance: apply keeps them unless told otherwise.
    `CONFLICT` rows belong to another application: apply stops. `PACKAGE` records cannot travel over REST."""

    CREATE = "create"
    UPDATE = "update"
    REMOVE = "remove"
    DRIFTED = "drifted"
    CONFLICT = "conflict"
    UNCHANGED = "unchanged"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record and what would happen to it; `columns` are those that differ, `stored` what the instance holds."""

    action: Action
    table: str
    name: str
    sys_id: str
    row: Row | None = None
    stored: Record | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every record of the app. `application` is the app's own row; `ours` are the sys_ids we would choose ourselves."""

    scope: str
    application: Row
    survey: Survey
    changes: tuple[Change, ...]
    ours: frozenset[str]

    def of(self, *actions: Action) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action in actions)

    @property
    def writes(self) -> bool:
        """Whether an apply would write anything."""
        due = self.of(Action.CREATE, Action.UPDATE, Action.REMOVE)
        return self.survey.application is None or bool(due) or bool(self.unrecorded)

    @property
    def unrecorded(self) -> tuple[Change, ...]:
        """Rows as declared that the journal does not know like this: an apply died, or they came by update set."""
        return tuple(change for change in self.of(Action.UNCHANGED) if self.recorded(change) is None)

    def recorded(self, change: Change) -> Entry | None:
        """The journal's entry of a row, None where it speaks of an older state of a row that is as declared."""
        entry = self.survey.journal.entry(change.table, change.sys_id)
        if entry is None or change.stored is None or change.action is not Action.UNCHANGED:
            return entry
        return entry if entry.unchanged(change.stored) else None

    def counts(self) -> Mapping[Action, int]:
        return {action: len(self.of(action)) for action in Action}


def planned(client: SnowClient, parameters: AppParameters, app: App = scoped_app) -> Plan:
    """The plan for this instance. Two requests, more for very many records; none of them writes."""
    survey = surveyed(client, parameters.scope)
    registry = app(parameters, survey.facts)
    stored = stored_rows(client, registry.rows(), survey.journal)
    found = matched(registry.rows(), stored)
    rows = registry.rows({identity: record.sys_id for identity, record in found.items()})
    (own,) = Registry(parameters.scope, [application(parameters)]).rows()
    app_id = survey.application.sys_id if survey.application else own.sys_id
    return Plan(
        scope=parameters.scope,
        application=own,
        survey=survey,
        changes=(*(_change(row, found, survey, app_id) for row in rows), *_obsolete(rows, stored, survey)),
        ours=frozenset(sys_id(parameters.scope, row.table, row.name) for row in rows),
    )


def _change(row: Row, found: Mapping[Identity, Record], survey: Survey, app_id: str) -> Change:
    stored = found.get((row.table, row.name))
    columns = differing(stored, row.values) if stored else ()
    entry = survey.journal.entry(row.table, row.sys_id)
    return Change(
        action=_action(row, stored, entry, app_id, differs=bool(columns)),
        table=row.table,
        name=row.name,
        sys_id=row.sys_id,
        row=row,
        stored=stored,
        columns=columns,
    )


def _action(row: Row, stored: Record | None, entry: Entry | None, app_id: str, *, differs: bool) -> Action:
    if row.channel == "package":
        return Action.PACKAGE
    if stored is None:
        return Action.CREATE
    if stored["sys_scope"] not in ("", app_id):
        return Action.CONFLICT
    if not differs:
        return Action.UNCHANGED
    return Action.DRIFTED if entry and not entry.unchanged(stored) else Action.UPDATE


def _obsolete(rows: tuple[Row, ...], stored: Mapping[str, tuple[Record, ...]], survey: Survey) -> tuple[Change, ...]:
    """Rows an earlier version installed and this one no longer declares; changed ones are only reported."""
    declared = {(row.table, row.sys_id) for row in rows}
    present = {(table, record.sys_id): record for table, records in stored.items() for record in records}
    return tuple(
        Change(
            action=Action.REMOVE if entry.unchanged(present[identity]) else Action.DRIFTED,
            table=entry.table,
            name=present[identity]["name"] or entry.sys_id,
            sys_id=entry.sys_id,
            stored=present[identity],
        )
        for identity, entry in survey.journal.entries.items()
        if identity not in declared and identity in present and not entry.adopted and entry.table != "sys_app"
    )
