"""What the instance holds before we touch it: one batch for the facts, one for our rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from snow_app.app import CASE, INCIDENT, Facts
from snow_app.app.context import DEFAULT_VIEW
from snow_app.client import SnowClient
from snow_app.install.journal import PREFIX, Journal, journal_of
from snow_app.install.reading import Look, rows_of
from snow_app.query import Query
from snow_app.records.identity import NATURAL_KEYS, sys_id
from snow_app.records.record import Row
from snow_app.records.registry import Identity
from snow_app.row import Record

CURRENT_APP = "apps.current_app"
_COMPANY = "glide.appcreator.company.code"
_MOST_IDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`application` is the app's record when there is one, `current_app` the application the user works in (None when
    it cannot be known), `probe` the left-over probe row of an interrupted apply, `company` the instance's company code,
    with which every scope made there starts (empty when unknown)."""

    facts: Facts
    application: Record | None
    journal: Journal
    current_app: Record | None
    probe: Record | None
    company: str = ""


def surveyed(client: SnowClient, scope: str) -> Survey:
    """The facts that decide what to declare, and the journal. One request."""
    case_tables = (INCIDENT, CASE)
    on_default_view = Query().where("name", "IN", case_tables).where("view", "=", DEFAULT_VIEW)
    looks = [
        Look(table="sys_app", query=Query().where("scope", "=", scope), fields=("scope", "name", "source")),
        Look(table="sys_db_object", query=Query().where("name", "IN", case_tables), fields=("name",)),
        Look(table="sys_ui_form", query=on_default_view, fields=("name", "view", "sys_user")),
        Look(table="sys_ui_section", query=on_default_view, fields=("name", "view", "caption", "sys_user")),
        Look(
            table="sys_properties",
            query=Query().where("name", "STARTSWITH", f"{scope}.{PREFIX}").either(Query().where("name", "=", _COMPANY)),
            fields=("name", "value"),
        ),
    ]
    if client.settings.username:
        looks.append(preference_of(client.settings.username))
    apps, tables, forms, sections, properties, *preferences = rows_of(client, looks)
    table = CASE if any(row["name"] == CASE for row in tables) else INCIDENT
    probe = next((row for row in properties if row["name"] == f"{scope}.{PREFIX}probe"), None)
    return Survey(
        facts=Facts(
            csm=table == CASE,
            form_sys_id=_form(forms, table, scope),
            primary_section_sys_id=_primary(sections, table),
        ),
        application=next((row for row in apps if row["scope"] == scope), None),
        journal=journal_of(properties, scope),
        current_app=next((row for row in (preferences or [()])[0] if row["name"] == CURRENT_APP), None),
        probe=probe,
        company=next((row["value"] for row in properties if row["name"] == _COMPANY), ""),
    )


def preference_of(username: str) -> Look:
    """The application in which this user's new records land."""
    query = Query().where("name", "=", CURRENT_APP).where("user.user_name", "=", username)
    return Look(table="sys_user_preference", query=query, fields=("name", "value"))


def stored_rows(client: SnowClient, rows: Sequence[Row], journal: Journal) -> Mapping[str, tuple[Record, ...]]:
    """By table, what the instance holds under the sys_ids and natural keys of `rows` and of the journal. One batch for
    a few thousand."""
    names = dict.fromkeys([*(row.table for row in rows), *(table for table, _ in journal.entries)])
    looks = [look for name in names for look in _looks(name, [row for row in rows if row.table == name], journal)]
    found: dict[str, dict[str, Record]] = {name: {} for name in names}
    for look, records in zip(looks, rows_of(client, looks), strict=True):
        found[look.table] |= {one.sys_id: one for one in records}
    return {name: tuple(records.values()) for name, records in found.items()}


def matched(rows: Iterable[Row], stored: Mapping[str, tuple[Record, ...]]) -> Mapping[Identity, Record]:
    """The stored row of each declared one: by sys_id, else by natural key (every key column is compared again)."""
    found: dict[Identity, Record] = {}
    for row in rows:
        candidates = stored.get(row.table, ())
        match = next((one for one in candidates if one.sys_id == row.sys_id), None)
        match = match or next((one for one in candidates if _same_key(row, one)), None)
        if match is not None:
            found[row.table, row.name] = match
    return found


def _looks(name: str, rows: Sequence[Row], journal: Journal) -> Iterator[Look]:
    """So many records a look, for a query must stay short (trap T13)."""
    kept = [entry for (table, _), entry in journal.entries.items() if table == name]
    columns = [column for row in rows for column in (*row.values, *row.initial)]
    columns += [column for entry in kept for column in entry.columns]
    fields = tuple(dict.fromkeys(("sys_scope", *NATURAL_KEYS.get(name, ()), *columns)))
    declared = {row.sys_id: row for row in rows}
    ids = list(dict.fromkeys((*declared, *(entry.sys_id for entry in kept))))
    for start in range(0, len(ids), _MOST_IDS):
        some = ids[start : start + _MOST_IDS]
        query = Query().where("sys_id", "IN", some)
        key = _key_query(name, [declared[one] for one in some if one in declared])
        yield Look(table=name, query=query.either(key) if key.conditions else query, fields=fields)


def _key_query(name: str, rows: Sequence[Row]) -> Query:
    """Rows that may have one of the natural keys; a superset, because each column is compared on its own."""
    query = Query()
    for column in NATURAL_KEYS.get(name, ()):
        values = dict.fromkeys(row.values.get(column, "") for row in rows)
        if values and all(values):
            query = query.where(column, "IN", values)
    return query


def _same_key(row: Row, stored: Record) -> bool:
    columns = [column for column in NATURAL_KEYS.get(row.table, ()) if column in row.values]
    return bool(columns) and all(stored[column] == row.values[column] for column in columns)


def _form(forms: Iterable[Record], table: str, scope: str) -> str | None:
    """The default form when it is somebody else's; ours is declared, so that it stays known."""
    others = (row.sys_id for row in forms if row["name"] == table and not row["sys_user"])
    return next((form for form in others if form != sys_id(scope, "sys_ui_form", table)), None)


def _primary(sections: Iterable[Record], table: str) -> str | None:
    plain = (row for row in sections if row["name"] == table and not row["caption"] and not row["sys_user"])
    return next((row.sys_id for row in plain), None)
