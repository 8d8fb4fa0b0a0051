"""The Change Management API: change requests with their transitions, approvals and tasks (servicenow-rest D10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from snow_app.errors import UnsafeQuery
from snow_app.query import Query
from snow_app.records.identity import checked
from snow_app.records.record import texts
from snow_app.row import Record, record
from snow_app.services.reading import many, mapping, one
from snow_app.table import Values

if TYPE_CHECKING:
    from snow_app.client import SnowClient

CHANGE_API = "/api/sn_chg_rest/v1/change"
CHANGE, TASK = "change_request", "change_task"
Kind = Literal["normal", "emergency"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A written record, and the fields that the platform did not take (unknown or read-only)."""

    record: Record
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transitions:
    """The states a change may be in next, its own included, and their labels as far as the platform says them."""

    states: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)


class ChangeApi:
    """Change requests of one instance. A rule that refuses raises RuleRefused, a data policy PolicyRefused."""

    def __init__(self, client: SnowClient) -> None:
        self._client = client

    def create(self, kind: Kind, values: Values) -> Changed:
        """A new normal or emergency change. Never repeated by itself."""
        return self._written("POST", f"{CHANGE_API}/{kind}", CHANGE, values)

    def create_standard(self, template: str, values: Values) -> Changed:
        """A new standard change from the template of this sys_id."""
        return self._written("POST", f"{CHANGE_API}/standard/{checked(template)}", CHANGE, values)

    def get(self, sys_id: str) -> Record:
        return one(CHANGE, self._client.request("GET", f"{CHANGE_API}/{checked(sys_id)}"))

    def rows(self, query: Query, *, limit: int = 500) -> tuple[Record, ...]:
        """The first `limit` changes that match; `client.table("change_request")` pages through more."""
        parameters = {"sysparm_query": str(query), "sysparm_limit": str(limit)}
        return many(CHANGE, self._client.request("GET", CHANGE_API, parameters=parameters))

    def update(self, sys_id: str, values: Values) -> Changed:
        """Never repeated by itself: a repeated note would be a second one."""
        return self._written("PATCH", f"{CHANGE_API}/{checked(sys_id)}", CHANGE, values)

    def delete(self, sys_id: str) -> Record:
        """The record as it was."""
        return one(CHANGE, self._client.request("DELETE", f"{CHANGE_API}/{checked(sys_id)}"))

    def transitions(self, sys_id: str) -> Transitions:
        """Where the change may go from here."""
        document = mapping(self._client.request("GET", f"{CHANGE_API}/{checked(sys_id)}/nextstates"))
        states, labels = document.get("available_states"), document.get("state_label")
        return Transitions(
            states=tuple(map(str, states)) if isinstance(states, list) else (),
            labels={str(state): str(label) for state, label in labels.items()} if isinstance(labels, Mapping) else {},
        )

    def decide(self, sys_id: str, *, approved: bool, comments: str = "") -> None:
        """Approve or reject as the signed-in user; a rejection needs `comments`. Raises Rejected without the right."""
        if not approved and not comments:
            raise UnsafeQuery("A rejection needs comments.")
        values = {"state": "approved" if approved else "rejected"} | ({"comments": comments} if comments else {})
        self._client.request("PATCH", f"{CHANGE_API}/{checked(sys_id)}/approvals", json=values)

    def tasks(self, sys_id: str) -> tuple[Record, ...]:
        return many(TASK, self._client.request("GET", f"{CHANGE_API}/{checked(sys_id)}/task"))

    def add_task(self, sys_id: str, values: Values) -> Changed:
        """A new task of the change. Never repeated by itself."""
        return self._written("POST", f"{CHANGE_API}/{checked(sys_id)}/task", TASK, values)

    def update_task(self, sys_id: str, task: str, values: Values) -> Changed:
        return self._written("PATCH", f"{CHANGE_API}/{checked(sys_id)}/task/{checked(task)}", TASK, values)

    def _written(self, method: str, path: str, table: str, values: Values) -> Changed:
        answer = self._client.request(method, path, json=texts(values))
        document = dict(mapping(answer))
        meta: Any = document.pop("__meta", None)
        ignored = meta.get("ignoredFields") if isinstance(meta, Mapping) else None
        return Changed(
            record=record(table, document), ignored=tuple(map(str, ignored)) if isinstance(ignored, list) else ()
        )
