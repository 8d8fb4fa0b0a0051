"""Taking off exactly what was installed.

What goes: the rows of the journal and any row under a sys_id of ours (an interrupted apply), never a row that was
there before us. A row somebody changed since stops the uninstall, unless forced. Deleting a table or a column deletes
its data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from snow_app import errors
from snow_app.app import App, AppParameters, scoped_app
from snow_app.batch import BatchItem
from snow_app.client import TABLE_API, SnowClient
from snow_app.install.current import CurrentApplication
from snow_app.install.journal import Journal, removal
from snow_app.install.plan import Action, Change, Plan, planned
from snow_app.install.survey import stored_rows

# Tables go last: deleting one takes its columns along, and a column that is gone already is no failure.
_LAST = ("sys_db_object",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What was taken off. `kept` rows were there before us. Of the records that came by package, `packaged` are still
    there, `went_along` went with their table or with the application."""

    removed: tuple[Change, ...]
    kept: tuple[Change, ...]
    packaged: tuple[Change, ...]
    went_along: tuple[Change, ...] = ()
    application: bool


def uninstalled(
    client: SnowClient, parameters: AppParameters, app: App = scoped_app, *, force: bool = False
) -> Removed:
    """Remove the app. Raises InstallStopped, with nothing removed, when rows were changed and `force` is not given."""
    plan = planned(client, parameters, app)
    ours, before_us = _installed(plan)
    _refuse_changed(plan, ours, force=force)
    packaged = tuple(change for change in plan.of(Action.PACKAGE) if change.stored is not None)
    own = plan.survey.application
    if own is None and not ours:
        return Removed(removed=(), kept=before_us, packaged=packaged, application=False)
    made_by_us = own is not None and own.sys_id == plan.application.sys_id
    if own is not None:
        current = CurrentApplication(client, plan.scope, own.sys_id, plan.survey)
        current.enter()
        try:
            _delete(client, [_deletion(change) for change in ours if change.table not in _LAST])
            _delete(client, [_deletion(change) for change in ours if change.table in _LAST])
            _delete(client, [current.probe_removal, *removal(plan.survey.journal.pages)])
        finally:
            current.leave(gone=made_by_us)
    if made_by_us:
        client.table("sys_app").delete(plan.application.sys_id)
    left = _left(client, packaged)
    return Removed(
        removed=ours,
        kept=before_us,
        packaged=left,
        went_along=tuple(change for change in packaged if change not in left),
        application=made_by_us,
    )


def _left(client: SnowClient, packaged: Sequence[Change]) -> tuple[Change, ...]:
    """Those that are still there. The Table API deletes none of them; the platform does, with what they belong to."""
    if not packaged:
        return ()
    stored = stored_rows(client, [change.row for change in packaged if change.row], Journal())
    present = {(table, record.sys_id) for table, records in stored.items() for record in records}
    return tuple(change for change in packaged if (change.table, change.sys_id) in present)


def _installed(plan: Plan) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """The stored rows that are ours, last layer first, and those that were there before us."""
    present = [
        change
        for change in plan.changes
        if change.stored is not None and change.action not in (Action.PACKAGE, Action.CONFLICT)
    ]
    present.sort(key=lambda change: -(change.row.layer if change.row else 0))
    ours = tuple(change for change in present if change.row is None or change.sys_id in plan.ours)
    return ours, tuple(change for change in present if change not in ours)


def _refuse_changed(plan: Plan, ours: Sequence[Change], *, force: bool) -> None:
    changed = [change for change in ours if _changed(plan, change)]
    if changed and not force:
        names = ", ".join(f"{change.table} {change.name}" for change in changed[:5])
        more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
        raise errors.InstallStopped(
            f"{len(changed)} record(s) were changed since they were installed: {names}{more}. Nothing was removed. Use "
            "--force to remove them too."
        )


def _changed(plan: Plan, change: Change) -> bool:
    """By the journal where it knows the row, else by the declaration."""
    entry = plan.survey.journal.entry(change.table, change.sys_id)
    if entry is not None and change.stored is not None:
        return not entry.unchanged(change.stored)
    return change.action in (Action.UPDATE, Action.DRIFTED)


def _deletion(change: Change) -> BatchItem:
    return BatchItem(method="DELETE", path=f"{TABLE_API}/{change.table}/{change.sys_id}")


def _delete(client: SnowClient, items: Sequence[BatchItem]) -> None:
    for result in client.batch(items) if items else ():
        if result.error is not None and not isinstance(result.error, errors.NotFound):
            raise errors.InstallStopped(f"A record could not be removed: {result.error.message}") from result.error
