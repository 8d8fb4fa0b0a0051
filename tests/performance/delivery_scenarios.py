"""What is delivered in the kill test: the flows, the events, and where each event's effect is counted.

A scenario is a row of `SCENARIOS`; the worker processes and the harness both read it by its name.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, fields, post_load
from sqlalchemy import Column, Integer, String, Table, insert, select

from sidecar.engine import Outcome, RecordRef, Steps, Transaction
from sidecar.engine.tables import METADATA
from sidecar.errors import Terminal
from sidecar.events import Event, EventType
from snow_app import Query, SnowClient
from tests.performance import flow_account, flow_documents
from tests.performance.scenario import Document, Ended, Scenario, Stage

POSITIONS = Table(
    "bench_positions",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False),
    Column("event", String(255), nullable=False),
)
"""The order in which events took effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    case: str
    word: str


class CaseSchema(Schema):
    case = fields.String(required=True)
    word = fields.String(required=True)

    class Meta:
        unknown = RAISE

    @post_load
    def made(self, values: dict[str, str], **_: Any) -> Case:
        return Case(**values)


class CannotBe(Terminal):
    """A document that no retry helps."""

    code = "cannot_be"


class Cases:
    """One incident for each event, a note on it, and a line in a table of its own: the three kinds of step."""

    upstreams = frozenset({"servicenow"})

    def __init__(self, name: str, weight: int, snow: SnowClient) -> None:
        self.name, self.weight, self._snow = name, weight, snow
        self.types = (
            EventType(name=f"{name}.sent", summary=name, schema=CaseSchema, key=lambda _, data: f"{name}:{data.case}"),
        )

    def handle(self, event: Event, steps: Steps) -> Outcome:
        if event.data.word == "refused":
            return Outcome(state="refused", note="asked to be refused")
        if event.data.word == "parked":
            raise CannotBe("This document cannot be handled; drop it.")
        incidents = self._snow.table("incident")
        values = {"short_description": event.key, "correlation_display": self.name}

        def written() -> str:
            return incidents.upsert(values, correlation_id=event.id).sys_id

        def noted() -> str:
            incidents.update(sys_id, {"work_notes": f"[{event.ref}] {event.data.word}"})
            return event.ref

        def found() -> str | None:
            own = Query().where("element_id", "=", sys_id).where("element", "=", "work_notes")
            rows = self._snow.table("sys_journal_field").rows(own, fields=("value",))
            return event.ref if any(f"[{event.ref}]" in row["value"] for row in rows) else None

        def placed(tx: Transaction) -> None:
            tx.connection.execute(insert(POSITIONS).values(key=event.key, event=event.id))

        sys_id = steps.sent("incident", written)
        steps.sent("note", noted, found=found)
        steps.stored("position", placed)
        return Outcome(records=(RecordRef(table="incident", sys_id=sys_id),))


_FLOWS = {"orders": 6, "alerts": 3, "feedback": 1}
_TO_A_KEY = 5


def _documents(number: int, chance: random.Random, _: Stage) -> list[Document]:
    """About five events for each key; one in fifty keys ends refused, one in a hundred parked."""
    found: list[Document] = []
    for place in range(number):
        flow = chance.choice(list(_FLOWS))
        case = str(chance.randrange(max(1, number // _TO_A_KEY)))
        found.append(Document(id=f"{flow}-{place}", type=f"{flow}.sent", data={"case": case, "word": "news"}))
    last = {(one.type, one.data["case"]): one for one in found}
    for one in last.values():
        word = chance.choices(("news", "refused", "parked"), (97, 2, 1))[0]
        end = "delivered" if word == "news" else word
        found[found.index(one)] = Document(id=one.id, type=one.type, data={**one.data, "word": word}, end=end)
    return found


def _effects(ended: Ended) -> Mapping[str, int]:
    """Incidents and notes of each event; both must be there as often."""
    snow, known = ended.snow, {one.id for one in ended.documents}
    incidents = {row.sys_id: row["correlation_id"] for row in snow.table("incident").scan(fields=("correlation_id",))}
    written = Counter(event for event in incidents.values() if event in known)
    own = Query().where("element", "=", "work_notes").where("value", "LIKE", "] news")
    notes = snow.table("sys_journal_field").scan(own, fields=("element_id",))
    noted = Counter(incidents.get(row["element_id"], "") for row in notes)
    # A note too many or too few shows as that many effects.
    return {event: number if noted[event] == number else noted[event] + 100 for event, number in written.items()}


def _order(ended: Ended) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    with ended.database.reading() as connection:
        for key, event in connection.execute(select(POSITIONS.c.key, POSITIONS.c.event).order_by(POSITIONS.c.position)):
            found.setdefault(key, []).append(event)
    return found


SCENARIOS: Mapping[str, Scenario] = {
    "cases": Scenario(
        flows=lambda world: [Cases(name, weight, world.snow) for name, weight in _FLOWS.items()],
        documents=_documents,
        effects=_effects,
        order=_order,
    ),
    "flows": Scenario(
        flows=flow_documents.flows,
        documents=flow_documents.documents,
        effects=flow_account.effects,
        order=flow_account.order,
        wrong=flow_account.wrong,
        prepared=flow_documents.prepared,
        left=flow_account.left,
        own=flow_account.own,
    ),
}
"""`cases` is made up and quick; `flows` are the product's own on an instance with the app, with a shop."""
