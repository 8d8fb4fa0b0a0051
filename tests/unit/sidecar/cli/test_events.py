"""``sfcc-snow events`` and the events of a person in ``sfcc-snow access``: what operators type, and what they get."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from marshmallow import Schema, fields, post_load

from sfcc_client import SystemClock
from sidecar.cli import main
from sidecar.engine import Database, InlineEngine, Outcome, RecordRef
from sidecar.engine.arrivals import Arrival
from sidecar.engine.lookups import lookups_in
from sidecar.errors import NotPermitted, Transient
from sidecar.events import EventType
from sidecar.settings import SidecarSettings

CANARY = "canary-4711@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    order: str
    text: str


class SlipSchema(Schema):
    order = fields.String(required=True)
    text = fields.String(required=True)

    @post_load
    def made(self, values: dict[str, str], **_: object) -> Slip:
        return Slip(**values)


class Slips:
    name = "slips"
    types = (EventType(name="slip.sent", summary="", schema=SlipSchema, key=lambda site, data: f"{site}:{data.order}"),)
    upstreams = frozenset({"servicenow"})
    weight = 1

    def __init__(self) -> None:
        self.failing: dict[str, Exception] = {
            "00002": NotPermitted("ServiceNow refused to write the record; give the user the role."),
            "00003": Transient("ServiceNow did not answer."),
        }

    def handle(self, event: Any, steps: Any) -> Outcome:
        steps.sent("case", lambda: self._case(event))
        return Outcome(records=(RecordRef(table="sn_customerservice_case", sys_id="a" * 32, number="CS0001001"),))

    def _case(self, event: Any) -> str:
        if event.data.order in self.failing:
            raise self.failing[event.data.order]
        return event.ref


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDECAR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments, **more: CliRunner().invoke(main, [*arguments], **more)


@pytest.fixture
def flow() -> Slips:
    return Slips()


@pytest.fixture
def engine(run: object, flow: Slips) -> Iterator[InlineEngine]:
    """Four events: delivered, parked, to be tried again, and one behind the parked one."""
    settings = SidecarSettings.read()
    database = Database(settings.events_url)
    engine = InlineEngine(database, [flow], clock=SystemClock())
    now = datetime.now(UTC)
    mine = lookups_in(settings.data_dir).all([("email", CANARY)])
    for number, order in enumerate(("00001", "00002", "00003", "00002")):
        payload = {"order": order, "text": f"says {CANARY}"}
        arrival = Arrival(
            id=f"slip-{number}",
            type=flow.types[0],
            flow="slips",
            key=f"RefArch:{order}",
            site_id="RefArch",
            time=now,
            payload=payload,
            lookups=mine,
        )
        engine.inbox.store([arrival], now)
    engine.run()
    yield engine
    database.close()


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_list_names_state_and_reason_but_not_what_it_says(run, engine):
    output = run("events", "list").output
    for text in ("E000001", "CS0001001", "not_permitted", "give the user the role", "transient", "again at"):
        assert text in output
    assert CANARY not in output
    assert [row["state"] for row in _json(run("events", "list", "--json"))] == [
        "delivered",
        "parked",
        "waiting",
        "waiting",
    ]
    assert [row["ref"] for row in _json(run("events", "list", "--state", "parked", "--json"))] == ["E000002"]
    assert [row["ref"] for row in _json(run("events", "list", "--from", "E3", "--to", "slip-3", "--json"))] == [
        "E000003",
        "E000004",
    ]
    assert _json(run("events", "list", "--since", "2999-01-01", "--json")) == []
    assert len(_json(run("events", "list", "--since", "2h", "--json"))) == 4


def test_show_tells_attempts_effects_and_what_it_waits_for(run, engine):
    output = run("events", "show", "slip-3").output
    assert "waits behind E000002" in output
    output = run("events", "show", "E000002").output
    assert "not_permitted" in output
    assert CANARY not in output
    shown = _json(run("events", "show", "1", "--json"))
    assert shown["effects"] == [{"run": 1, "name": "case", "done": True}]
    assert CANARY not in json.dumps(shown)


def test_replay_by_flow_resumes_what_is_parked_and_its_key_goes_on(run, engine, flow):
    flow.failing.clear()
    assert "1 go on where they stopped, 0 are done anew." in run("events", "replay", "--flow", "slips").output
    engine.run()
    assert _json(run("events", "count", "--json"))["flows"]["slips"] == {
        "waiting": 1,
        "parked": 0,
        "delivered": 3,
        "refused": 0,
        "dropped": 0,
    }


def test_replay_of_what_was_delivered_needs_again(run, engine):
    assert "1 were left" in run("events", "replay", "E000001").output
    assert _json(run("events", "replay", "E000001", "--again", "--json")) == {"resumed": 0, "anew": 1, "left": 0}


def test_drop_needs_a_reason_and_says_how_many(run, engine):
    assert run("events", "drop", "E000002").exit_code == 2
    assert run("events", "drop", "E000002", "--reason", "test order").output == "1 dropped.\n"
    engine.run()
    assert "test order" in run("events", "list", "--state", "dropped").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("replay",), "Say which"),
        (("drop", "--reason", "all"), "Say which"),
        (("show", "E000099"), "There is no event E000099."),
        (("list", "--since", "soon"), "Say an age"),
        (("pause", "sap"), "Invalid value"),
    ],
)
def test_mistakes_are_said_in_one_line(run, engine, arguments, said):
    result = run("events", *arguments)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_pause_and_resume_are_seen_in_count(run):
    assert run("events", "pause", "servicenow", "--reason", "upgrade").exit_code == 0
    assert "servicenow is paused until it is resumed: upgrade" in run("events", "count").output
    assert "again" in run("events", "resume", "servicenow").output
    assert "was not paused" in run("events", "resume", "servicenow").output


def test_a_database_that_cannot_be_opened_is_one_line_without_its_password(run, monkeypatch):
    monkeypatch.setenv("SIDECAR_DATABASE_URL", "postgresql://bench:hunter2@127.0.0.1:1/events")
    result = run("events", "count")
    assert result.exit_code == 1
    assert "cannot be opened" in result.output
    assert "hunter2" not in result.output
    monkeypatch.setenv("SIDECAR_DATABASE_URL", "mysql://x")
    assert "SIDECAR_DATABASE_URL: Must start with" in run("events", "count").output


def test_access_export_hands_out_a_persons_events_and_erase_empties_them(run, engine, tmp_path):
    lines = [json.loads(line) for line in run("access", "export", "--email", CANARY.upper()).output.splitlines()]
    assert [line["event"] for line in lines] == ["E000001", "E000002", "E000003", "E000004"]
    assert lines[0]["data"]["text"] == f"says {CANARY}"
    assert run("access", "export", "--email", "ben@example.com").output == ""
    erased = run("access", "erase", "--email", CANARY, "--yes")
    assert "4 events are empty now." in erased.output
    assert run("access", "export", "--email", CANARY).output == ""
    for file in (tmp_path / "data").iterdir():
        assert CANARY.encode() not in file.read_bytes(), file.name
    assert {row["state"] for row in _json(run("events", "list", "--json"))} == {"delivered", "dropped"}


def test_asking_for_a_persons_events_makes_no_database(run, tmp_path):
    assert run("access", "export", "--email", CANARY).exit_code == 0
    assert not (tmp_path / "data" / "events.sqlite").exists()
