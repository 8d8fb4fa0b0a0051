"""The event queue (``sysevent``) and the script actions and notifications that answer events.

`gs.eventQueue` writes a row in state ready; it is processed with the next pending work, or when its time has come.
A row ends as processed, or as error when a script action failed. Source: platform documentation, "Events".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from snow_app.emulator.model import Row

from .errors import Place
from .host.times import STAMP
from .runs import moment

if TYPE_CHECKING:
    from snow_app.emulator.instance import Session

    from .engine import ScriptEngine


class Events:
    def __init__(self, scripts: ScriptEngine) -> None:
        self._scripts = scripts
        # An event the last process died over is processed again.
        scripts.instance.store.run("UPDATE sysevent SET state = 'ready' WHERE state = 'processing'")

    def queue(
        self,
        session: Session,
        *,
        name: str,
        table: str,
        sys_id: str,
        parameters: Sequence[str],
        queue: str = "",
        due: str = "",
    ) -> None:
        """Add an event; `due` is a UTC stamp, empty for at once. An unregistered name is logged and still queued."""
        instance = self._scripts.instance
        if not session.query("sysevent_register", f"event_name={name}", limit=1, acl=False):
            self._scripts.log(session, level="1", source="EventManager", message=f"Event '{name}' is not registered")
        row = session.insert(
            "sysevent",
            {
                "name": name, "table": table, "instance": sys_id, "parm1": parameters[0], "parm2": parameters[1],
                "queue": queue, "state": "ready", "user_id": session.user.sys_id, "user_name": session.user.user_name,
                "process_on": due or instance.clock().astimezone(UTC).strftime(STAMP),
            },
            workflow=False,
            acl=False,
        )  # fmt: skip
        if not due:
            instance.defer(lambda: self._process(row["sys_id"]))

    def due(self, now: datetime) -> None:
        """Process every ready event whose time has come."""
        encoded = f"state=ready^process_on<={now.astimezone(UTC).strftime(STAMP)}^ORDERBYprocess_on"
        for row in self._scripts.system.query("sysevent", encoded, acl=False):
            self._process(row["sys_id"])

    def following(self, now: datetime) -> datetime | None:
        """When the next waiting event is due, after `now`."""
        found = self._scripts.instance.store.row(
            "SELECT MIN(process_on) FROM sysevent WHERE state = 'ready' AND process_on > ?",
            (now.astimezone(UTC).strftime(STAMP),),
        )
        return moment(str(found[0])) if found else None

    def _process(self, sys_id: str) -> None:
        system = self._scripts.system
        event = system.get("sysevent", sys_id, acl=False)
        if event is None or event.get("state") != "ready":
            return
        system.update("sysevent", sys_id, {"state": "processing"}, workflow=False, acl=False)
        actions = system.query("sysevent_script_action", f"event_name={event['name']}^active=true", acl=False)
        fine = [self._run(action, event) for action in sorted(actions, key=lambda row: float(row.get("order") or 100))]
        self._scripts.instance.notifications.happened(event)
        done = {
            "state": "processed" if all(fine) else "error",
            "processed": self._scripts.instance.clock().astimezone(UTC).strftime(STAMP),
        }
        system.update("sysevent", sys_id, done, workflow=False, acl=False)

    def _run(self, action: Row, event: Row) -> bool:
        system = self._scripts.system
        table, sys_id = event.get("table", ""), event.get("instance", "")
        row = system.get(table, sys_id, acl=False) if table and sys_id else None
        request: dict[str, Any] = {
            "variables": {
                "event": {
                    name: event.get(name, "") for name in ("name", "parm1", "parm2", "table", "instance", "user_id")
                }
            },
            "current": {"table": table, "values": row, "previous": row} if row else None,
            "operation": "update",
        }
        scope = self._scripts.scope_name(action.get("sys_scope", ""))
        place = Place(table="sysevent_script_action", sys_id=action["sys_id"], name=action.get("name", ""))
        return self._scripts.run_script(system, action.get("script", ""), place, scope, **request)
