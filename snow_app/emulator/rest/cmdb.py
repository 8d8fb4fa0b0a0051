"""The CMDB Instance API (product documentation cmdb-instance-api): one configuration item with its relations.

``/api/now/cmdb/instance/{class}[/{sys_id}[/relation[/{relation}]]]``. An item is written with a `source`, which becomes
its discovery source; identification rules are not run.
"""

from __future__ import annotations

from typing import Any, Final

from snow_app.emulator.errors import AccessDenied, BadRequest, InvalidTable, NoRecord
from snow_app.emulator.instance import Row, Session
from snow_app.emulator.query.moments import stored
from snow_app.emulator.rest.filters import encoded_filter
from snow_app.emulator.rest.input import plain_input
from snow_app.emulator.rest.request import Reply, Request

DEFAULT_LIMIT: Final = 10_000
SIDES: Final = {"outbound_relations": ("parent", "child"), "inbound_relations": ("child", "parent")}
"""Kind of relation → the column of the item itself and that of its target."""


def listed(request: Request, table: str) -> Reply:
    """GET the items of a class: sys_id and name."""
    session = _admitted(request, table)
    limit = max(0, request.number("sysparm_limit", DEFAULT_LIMIT))
    offset = max(0, request.number("sysparm_offset", 0))
    rows = session.query(table, encoded_filter(request, table), limit=limit, offset=offset)
    return Reply.result(200, [{"sys_id": row["sys_id"], "name": row["name"]} for row in rows])


def found(request: Request, table: str, sys_id: str) -> Reply:
    """GET one item."""
    return Reply.result(200, _item(_admitted(request, table), table, sys_id))


def created(request: Request, table: str) -> Reply:
    """POST an item, with relations when it has some."""
    session, document = _admitted(request, table), request.document()
    now = stored(session.instance.clock())
    values = {"first_discovered": now, "last_discovered": now} | _attributes(session, table, document)
    relations = _wanted(session, document)
    row = session.insert(table, values)
    _relate(session, row["sys_id"], relations)
    return Reply.result(200, _item(session, table, row["sys_id"]))


def updated(request: Request, table: str, sys_id: str) -> Reply:
    """PUT or PATCH: both change the given attributes only; relations stay."""
    session = _admitted(request, table)
    values = {"last_discovered": stored(session.instance.clock())} | _attributes(session, table, request.document())
    session.update(table, sys_id, values)
    return Reply.result(200, _item(session, table, sys_id))


def related(request: Request, table: str, sys_id: str) -> Reply:
    """POST relations of an item."""
    session = _admitted(request, table)
    if session.get(table, sys_id) is None:
        raise NoRecord
    _relate(session, sys_id, _wanted(session, request.document()))
    return Reply.result(200, _item(session, table, sys_id))


def unrelated(request: Request, table: str, sys_id: str, relation: str) -> Reply:
    """DELETE a relation of an item."""
    session = _admitted(request, table)
    row = session.get("cmdb_rel_ci", relation)
    if row is None or sys_id not in (row["parent"], row["child"]):
        raise NoRecord
    session.delete("cmdb_rel_ci", relation)
    return Reply.result(200, _item(session, table, sys_id))


def _admitted(request: Request, table: str) -> Session:
    session = request.session
    if not session.instance.dictionary.extends(table, "cmdb") or session.instance.dictionary.table(table) is None:
        raise InvalidTable(table)
    if not session.has_role("itil"):
        raise AccessDenied
    return session


def _attributes(session: Session, table: str, document: dict[str, Any]) -> Row:
    """The attributes of a body as stored values. Raises BadRequest without `source`."""
    source, attributes = document.get("source"), document.get("attributes", {})
    if not source or not isinstance(attributes, dict):
        raise BadRequest("Invalid payload", "attributes must be an object, and source must name where they come from")
    columns = session.instance.dictionary.columns(table)
    values = {
        name: plain_input(session, table, columns[name], value) for name, value in attributes.items() if name in columns
    }
    return values | {"discovery_source": str(source)}


def _wanted(session: Session, document: dict[str, Any]) -> tuple[Row, ...]:
    """The relations of a body, their own side still open. Raises BadRequest for an unknown target or type."""
    wanted: list[Row] = []
    for kind, (_, other) in SIDES.items():
        for relation in document.get(kind) or ():
            target, of_type = str(relation.get("target", "")), str(relation.get("type", ""))
            if session.get("cmdb_ci", target) is None or session.get("cmdb_rel_type", of_type) is None:
                raise BadRequest("Invalid payload", f"{kind} needs the sys_ids of an existing target and type")
            wanted.append({other: target, "type": of_type})
    return tuple(wanted)


def _relate(session: Session, sys_id: str, relations: tuple[Row, ...]) -> None:
    for values in relations:
        own = "parent" if "child" in values else "child"
        session.insert("cmdb_rel_ci", {**values, own: sys_id})


def _item(session: Session, table: str, sys_id: str) -> dict[str, Any]:
    row = session.get(table, sys_id)
    if row is None:
        raise NoRecord
    columns = session.instance.dictionary.columns(table)
    attributes = {name: _value(session, table, row, name) for name in columns if name in row}
    relations = {
        kind: [_relation(session, found, other) for found in session.query("cmdb_rel_ci", f"{own}={sys_id}")]
        for kind, (own, other) in SIDES.items()
    }
    return {"attributes": attributes, **relations}


def _relation(session: Session, row: Row, target: str) -> dict[str, Any]:
    shown = {"type": _value(session, "cmdb_rel_ci", row, "type"), "target": _value(session, "cmdb_rel_ci", row, target)}
    return {"sys_id": row["sys_id"], **shown}


def _value(session: Session, table: str, row: Row, name: str) -> object:
    """A reference as display value, link and sys_id, anything else as it is stored."""
    column, value = session.instance.dictionary.columns(table)[name], row.get(name, "")
    if not value or not column.reference or column.type not in ("reference", "domain_id"):
        return value
    base = f"{session.instance.base_url}/api/now"
    of_item = session.instance.dictionary.extends(column.reference, "cmdb")
    link = f"{base}/cmdb/instance/{column.reference}" if of_item else f"{base}/table/{column.reference}"
    return {"display_value": session.display(table, row, name), "link": f"{link}/{value}", "value": value}
