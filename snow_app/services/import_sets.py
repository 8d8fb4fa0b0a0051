"""Import sets: rows pushed into a staging table, and what the transform maps made of them (servicenow-rest D9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snow_app.answers import Answer
from snow_app.errors import BadAnswer
from snow_app.records.record import texts
from snow_app.table import Values

if TYPE_CHECKING:
    from snow_app.client import SnowClient

IMPORT_API = "/api/now/v1/import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one transform map made of a row: `status` is inserted, updated, ignored, skipped or error; `message` says
    why where it was not stored.
    """

    transform_map: str
    status: str
    table: str
    sys_id: str
    display: str
    message: str = field(repr=False)

    @property
    def stored(self) -> bool:
        return self.status in ("inserted", "updated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A pushed row: its import set's number, the staging table, one outcome for each transform map."""

    import_set: str
    staging: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """Rows that the platform transforms later; sys_ids of the import set and of what gathers several."""

    import_set: str
    multi_import_set: str


class ImportSets:
    """Pushes rows into staging tables of one instance."""

    def __init__(self, client: SnowClient) -> None:
        self._client = client

    def push(self, staging: str, values: Values) -> Imported:
        """One row, transformed at once. A row that no map could use is no error: look at the outcomes.

        Never repeated by itself: whether a repeated row is stored twice is up to the map's coalesce fields.
        """
        answer = self._client.request("POST", self._path(staging), json=texts(values))
        document = _document(answer)
        results = document.get("result")
        if not isinstance(results, list) or not all(isinstance(each, Mapping) for each in results):
            raise BadAnswer(f"ServiceNow answered {answer.operation} without results.", operation=answer.operation)
        return Imported(
            import_set=str(document.get("import_set", "")),
            staging=str(document.get("staging_table", "")),
            outcomes=tuple(map(_outcome, results)),
        )

    def push_many(self, staging: str, rows: Iterable[Values]) -> Queued:
        """Many rows in one request of at most 10 MB, transformed later. Keys are column *labels* unless the instance
        says otherwise.
        """
        answer = self._client.request(
            "POST", f"{self._path(staging)}/insertMultiple", json={"records": [texts(values) for values in rows]}
        )
        document = _document(answer)
        return Queued(
            import_set=str(document.get("import_set_id", "")),
            multi_import_set=str(document.get("multi_import_set_id", "")),
        )

    def _path(self, staging: str) -> str:
        return f"{IMPORT_API}/{self._client.table(staging).name}"


def _document(answer: Answer) -> Mapping[str, Any]:
    document = answer.json()
    if not isinstance(document, Mapping):
        raise BadAnswer(f"ServiceNow answered {answer.operation} in an unknown shape.", operation=answer.operation)
    return document


def _outcome(result: Mapping[str, Any]) -> Outcome:
    return Outcome(
        transform_map=str(result.get("transform_map") or ""),
        status=str(result.get("status") or ""),
        table=str(result.get("table") or ""),
        sys_id=str(result.get("sys_id") or ""),
        display=str(result.get("display_value") or ""),
        message=str(result.get("error_message") or result.get("status_message") or ""),
    )
