"""Retrieving an update set from another instance (sys_update_set_source) over its Table API.

Other instances are asked over loopback only, as every outbound call of this emulator.
"""

from __future__ import annotations

import json
from typing import Any, Final

from snow_app.emulator.errors import BadRequest
from snow_app.emulator.model import Row
from snow_app.emulator.scripts.rest_message import Outbound, answered
from snow_app.emulator.session import Session
from snow_app.emulator.updatesets.document import recorded
from snow_app.emulator.updatesets.incoming import SET, administrator, as_system

_COPIED: Final = ("name", "payload", "type", "target_name", "action", "category", "table", "comments", "update_guid")
_SECONDS: Final = 60.0


def retrieved(session: Session, source: Row, update_set: str, *, replace: bool = False) -> str:
    """The sys_id of the retrieved set, loaded with its updates; with `replace` an earlier retrieval goes first.

    Raises Refused, BadRequest when the other instance does not answer, has no such set or sends what cannot be read.
    """
    administrator(session)
    told = _asked(source, f"sys_update_set/{update_set}")
    updates = _asked(source, "sys_update_xml", sysparm_query=f"update_set={update_set}")
    for update in updates:
        recorded(update.get("payload", ""))
    writer = as_system(session)
    with session.instance.store.transaction():
        if replace:
            for row in session.instance.records.all(SET, remote_sys_id=update_set):
                writer.delete(SET, row["sys_id"], workflow=False, acl=False)
        values = {
            "name": told.get("name", ""),
            "description": told.get("description", ""),
            "remote_sys_id": update_set,
            "origin_sys_id": told.get("origin_sys_id", "") or update_set,
            "update_source": source["sys_id"],
            "state": "loaded",
        }
        made = writer.insert(SET, values, workflow=False, acl=False)["sys_id"]
        for update in updates:
            copy = {name: update.get(name, "") for name in _COPIED} | {"remote_update_set": made}
            writer.insert("sys_update_xml", copy, workflow=False, acl=False)
    return made


def _asked(source: Row, path: str, **params: str) -> Any:
    """The `result` of a Table API call."""
    request = Outbound(
        method="GET",
        url=f"{source['url'].rstrip('/')}/api/now/table/{path}",
        query=(("sysparm_exclude_reference_link", "true"), *params.items()),
        headers={"Accept": "application/json"},
        auth=(source["username"], source["password"]),
        timeout=_SECONDS,
    )
    answer = answered(request)
    if answer["status"] != 200:
        reason = answer["error"] or f"it answered {answer['status']}"
        raise BadRequest("The update set was not retrieved", f"{source['name']} was asked, but {reason}")
    try:
        return json.loads(answer["body"])["result"]
    except (ValueError, KeyError, TypeError):
        raise BadRequest("The update set was not retrieved", f"{source['name']} does not answer in JSON") from None
