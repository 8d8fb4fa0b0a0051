"""The Case API of Customer Service Management (servicenow-rest D11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snow_app.query import Query
from snow_app.records.identity import checked
from snow_app.records.record import texts
from snow_app.row import Record, record
from snow_app.services.reading import many, mapping, one
from snow_app.table import Values

if TYPE_CHECKING:
    from snow_app.client import SnowClient

CASE_API = "/api/sn_customerservice/v1/case"
CASE = "sn_customerservice_case"
# Without it each case carries the whole records of its account, contact and consumer.
_FLAT = {"sysparm_reference_fields": "false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A case that was created or changed."""

    sys_id: str
    number: str


class CaseApi:
    """Cases of one instance, as a partner or a customer may reach them.

    The platform validates nothing here: unknown or misspelt columns are dropped without a word.
    """

    def __init__(self, client: SnowClient) -> None:
        self._client = client

    def create(self, values: Values) -> Written:
        """A new case. Never repeated by itself; `client.table(…).upsert` creates one that can be."""
        return _written(self._client.request("POST", CASE_API, json=texts(values)))

    def get(self, sys_id: str) -> Record:
        return one(CASE, self._client.request("GET", f"{CASE_API}/{checked(sys_id)}", parameters=_FLAT))

    def rows(self, query: Query, *, limit: int = 500) -> tuple[Record, ...]:
        """The first `limit` cases that match."""
        parameters = {**_FLAT, "sysparm_query": str(query), "sysparm_limit": str(limit)}
        return many(CASE, self._client.request("GET", CASE_API, parameters=parameters))

    def update(self, sys_id: str, values: Values) -> Written:
        """Never repeated by itself: a repeated comment would be a second one."""
        return _written(self._client.request("PUT", f"{CASE_API}/{checked(sys_id)}", json=texts(values)))

    def activities(self, sys_id: str) -> tuple[Record, ...]:
        """Comments, notes and changes of a case, as the platform lists them."""
        document = mapping(self._client.request("GET", f"{CASE_API}/{checked(sys_id)}/activities"))
        entries = document.get("entries")
        return tuple(record("sys_journal_field", each) for each in entries) if isinstance(entries, list) else ()


def _written(answer: Any) -> Written:
    row = record(CASE, mapping(answer))
    return Written(sys_id=row.sys_id, number=row["number"])
