"""Making the instance hold what is declared.

Order: application record, current application (proved by a probe row), then the rows in batches, each after what it
needs, then everything is read back and compared, then the journal. Each step can be repeated: an interrupted apply is
finished by the next one, because every row has its own sys_id from the start and what exists already is compared, not
repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from snow_app import errors
from snow_app.app import App, AppParameters, scoped_app
from snow_app.batch import BatchItem, BatchResult
from snow_app.client import TABLE_API, SnowClient
from snow_app.install.current import CurrentApplication
from snow_app.install.journal import Entry, Journal, fingerprint, writing
from snow_app.install.plan import Action, Change, Plan, planned
from snow_app.install.reading import differing
from snow_app.install.rounds import rounds
from snow_app.install.survey import stored_rows
from snow_app.records.record import Row
from snow_app.row import Record

Progress = Callable[[int, int, str], None]
"""Called with rows done, rows in all, and what is being done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The plan that was carried out and how many records were written and read back."""

    plan: Plan
    written: int
    kept: tuple[Change, ...] = ()


def applied(
    client: SnowClient,
    parameters: AppParameters,
    app: App = scoped_app,
    *,
    overwrite_drift: bool = False,
    progress: Progress | None = None,
) -> Applied:
    """Install or update the app. A second run writes nothing. Rows changed on the instance are kept and reported unless
    `overwrite_drift`. Raises InstallStopped at the first thing that must not be stepped over.
    """
    plan = planned(client, parameters, app)
    _refuse_conflicts(plan)
    actions = [Action.CREATE, Action.UPDATE, *([Action.DRIFTED] if overwrite_drift else [])]
    to_write = [change for change in plan.of(*actions) if change.row is not None]
    to_remove = _removals(plan, overwrite_drift=overwrite_drift)
    kept = () if overwrite_drift else plan.of(Action.DRIFTED)
    if not (to_write or to_remove or plan.survey.application is None or plan.unrecorded):
        return Applied(plan=plan, written=0, kept=kept)
    app_id = _application_id(client, plan)
    current = CurrentApplication(client, plan.scope, app_id, plan.survey)
    current.enter()
    try:
        _written(client, to_write, progress or _silent)
        _removed(client, to_remove)
        entries = _read_back(client, plan, to_write, app_id)
        entries += _remaining(plan, to_write, to_remove)
        last = (*writing(plan.survey.journal, entries, plan.scope), current.probe_removal)
        _expect(client.batch(last), "the journal")
    finally:
        current.leave()
    return Applied(plan=plan, written=len(to_write) + len(to_remove), kept=kept)


def _silent(_done: int, _total: int, _doing: str) -> None:
    return None


def _refuse_conflicts(plan: Plan) -> None:
    conflicts = plan.of(Action.CONFLICT)
    if conflicts:
        names = ", ".join(f"{change.table} {change.name}" for change in conflicts[:5])
        raise errors.InstallStopped(
            f"{len(conflicts)} record(s) of these names belong to another application: {names}. A record cannot "
            "change its application: delete or rename them on the instance, then run apply again."
        )


def _removals(plan: Plan, *, overwrite_drift: bool) -> list[Change]:
    removals = list(plan.of(Action.REMOVE))
    if overwrite_drift:
        removals += [change for change in plan.of(Action.DRIFTED) if change.row is None]
    return removals


def _application_id(client: SnowClient, plan: Plan) -> str:
    """The sys_id of the application, created when there is none of this scope."""
    if plan.survey.application is not None:
        return plan.survey.application.sys_id
    app = plan.application
    company = plan.survey.company
    if company and not plan.scope.startswith(f"x_{company}_"):
        raise errors.InstallStopped(
            f"The scope {plan.scope} cannot be made on this instance: its company code is {company}, so scopes start "
            f"with x_{company}_. Choose one with --scope."
        )
    created = client.table("sys_app").insert({**app.values, **app.initial}, sys_id=app.sys_id)
    if created.sys_id != app.sys_id or created["scope"] != plan.scope:
        raise errors.InstallStopped(
            f"ServiceNow gave the application the scope {created['scope'] or '(none)'} instead of {plan.scope}. Delete "
            "that application and choose another --scope: x_, the instance's company code (its property "
            "glide.appcreator.company.code), _ and a name."
        )
    return created.sys_id


def _written(client: SnowClient, changes: Sequence[Change], progress: Progress) -> None:
    """Create and update, what is needed first; results checked item by item."""
    done = 0
    for batch in rounds(changes, client.settings.batch_items):
        progress(done, len(changes), batch[0].table)
        for change, result in zip(batch, client.batch([_item(change) for change in batch]), strict=True):
            _accepted(change, result)
            done += 1
            progress(done, len(changes), f"{change.table} {change.name}")


def _item(change: Change) -> BatchItem:
    row = _row(change)
    path = f"{TABLE_API}/{row.table}"
    if change.action is Action.CREATE:
        values = {**row.values, **row.initial, **row.secret, "sys_id": row.sys_id}
        return BatchItem(method="POST", path=path, values=values)
    values = {column: row.values[column] for column in change.columns}
    return BatchItem(method="PATCH", path=f"{path}/{row.sys_id}", values={**values, **row.secret})


def _row(change: Change) -> Row:
    if change.row is None:
        raise errors.InvalidDeclaration(f"{change.table}: {change.name} is not declared.")
    return change.row


def _accepted(change: Change, result: BatchResult) -> None:
    if result.error is not None:
        raise errors.InstallStopped(
            f"{change.table}: {change.name} could not be written. {result.error.message} What was written so far "
            "stays; run apply again when the reason is gone."
        ) from result.error


def _expect(results: Iterable[BatchResult], what: str) -> None:
    """Every item succeeded, or was deleted already."""
    for result in results:
        if result.error is not None and not isinstance(result.error, errors.NotFound):
            raise errors.InstallStopped(f"{what} could not be written: {result.error.message}") from result.error


def _removed(client: SnowClient, changes: Sequence[Change]) -> None:
    items = [BatchItem(method="DELETE", path=f"{TABLE_API}/{one.table}/{one.sys_id}") for one in changes]
    if items:
        _expect(client.batch(items), "a record that is no longer declared")


def _read_back(client: SnowClient, plan: Plan, changes: Sequence[Change], app_id: str) -> list[Entry]:
    """A journal entry per written row, once its scope and every written column are what was sent."""
    rows = [_row(change) for change in changes]
    if not rows:
        return []
    stored = {
        (table, record.sys_id): record
        for table, records in stored_rows(client, rows, Journal()).items()
        for record in records
    }
    return [_compared(plan, change, stored.get((change.table, change.sys_id)), app_id) for change in changes]


def _compared(plan: Plan, change: Change, stored: Record | None, app_id: str) -> Entry:
    row = _row(change)
    created = change.action is Action.CREATE
    if stored is None:
        raise errors.InstallStopped(f"{row.label} was accepted but is not there. Look into the instance's log.")
    if stored["sys_scope"] not in ("", app_id):
        raise errors.InstallStopped(
            f"{row.label} landed in another application. Delete it there, choose {plan.scope} in the application "
            "picker, and run apply again."
        )
    wanted = {**row.values, **row.initial} if created else dict(row.values)
    for column in differing(stored, wanted):
        raise errors.InstallStopped(f"{row.label}: {_difference(column, stored[column], wanted[column])}")
    return _entry(plan, row.table, row.sys_id, tuple(row.values), stored)


def _difference(column: str, stored: str, wanted: str) -> str:
    if not stored:
        return f"the instance did not store {column}. The column may not exist or may be read-only there."
    if wanted.startswith(stored.rstrip()):
        return (
            f"the instance cut {column} after {len(stored)} of {len(wanted)} characters. Raise the column's max length."
        )
    return f"the instance stored another {column} than was sent. A business rule may have changed it."


def _entry(plan: Plan, table: str, row_id: str, columns: tuple[str, ...], stored: Record) -> Entry:
    return Entry(
        table=table,
        sys_id=row_id,
        columns=columns,
        fingerprint=fingerprint(stored, columns),
        adopted=row_id not in plan.ours,
    )


def _remaining(plan: Plan, written: Sequence[Change], removed: Sequence[Change]) -> list[Entry]:
    """The entries of rows this apply did not touch: known ones as they were, others as they are."""
    touched = {(change.table, change.sys_id) for change in (*written, *removed)}
    entries: list[Entry] = []
    for change in plan.changes:
        if (change.table, change.sys_id) in touched or change.stored is None or change.action is Action.PACKAGE:
            continue
        columns = tuple(change.row.values) if change.row else ()
        recorded = plan.recorded(change)
        entries.append(recorded or _entry(plan, change.table, change.sys_id, columns, change.stored))
    return entries
