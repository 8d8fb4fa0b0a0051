"""The transitions of change models."""

from itertools import pairwise

import pytest

from snow_app.emulator.behaviour.change_model import MODELS, STATES, automatic_state, may_move, ways_from

FREE = {"assignment_group": "g", "approval": "approved", "close_code": "successful", "close_notes": "done"}


@pytest.fixture
def session(instance):
    return instance.session("admin")


def change(kind: str, state: str, **values: str) -> dict[str, str]:
    return {"sys_id": "c" * 32, "type": kind, "state": state, **values}


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("normal", ["New", "Assess", "Authorize", "Scheduled", "Implement", "Review", "Closed"]),
        ("standard", ["New", "Scheduled", "Implement", "Review", "Closed"]),
        ("emergency", ["New", "Authorize", "Scheduled", "Implement", "Review", "Closed"]),
    ],
)
def test_each_model_has_its_path(session, kind, path) -> None:
    states = [next(value for value, label in STATES.items() if label == name) for name in path]
    for start, end in pairwise(states):
        assert may_move(session, change(kind, end, **FREE), start), (kind, start, end)
    assert not may_move(session, change(kind, "3", **FREE), "-5")
    assert not may_move(session, change(kind, "4", **FREE), "0"), "no cancelling from Review"
    assert not may_move(session, change(kind, "4", **FREE), "3")


@pytest.mark.parametrize("kind", MODELS)
def test_on_hold_leaves_only_cancelling(session, kind) -> None:
    for start in STATES:
        for way in ways_from(change(kind, start), start):
            held = change(kind, way.end, on_hold="true", **FREE)
            assert may_move(session, held, start) == (way.end == "4"), way.label


@pytest.mark.parametrize(
    ("kind", "start", "end", "missing"),
    [
        ("normal", "-5", "-4", "assignment_group"),
        ("normal", "-4", "-3", "approval"),
        ("emergency", "-3", "-2", "approval"),
        ("standard", "0", "3", "close_code"),
        ("normal", "0", "3", "close_notes"),
    ],
)
def test_a_transition_asks_for_its_fields(session, kind, start, end, missing) -> None:
    assert may_move(session, change(kind, end, **FREE), start)
    assert not may_move(session, change(kind, end, **(FREE | {missing: ""})), start)


def test_an_open_task_keeps_a_change_from_closing(session) -> None:
    made = session.insert("change_request", {"type": "standard", "assignment_group": "g"}, workflow=False)
    task = session.insert("change_task", {"change_request": made["sys_id"]}, workflow=False)
    wanted = change("standard", "3", **FREE) | {"sys_id": made["sys_id"]}
    assert not may_move(session, wanted, "0")
    session.update("change_task", task["sys_id"], {"state": "3"})
    assert may_move(session, wanted, "0")


def test_approvals_move_a_change_by_themselves(session) -> None:
    assert automatic_state(session, change("normal", "-4", approval="requested")) == ""
    assert automatic_state(session, change("normal", "-4", approval="approved")) == "-3"
    assert automatic_state(session, change("emergency", "-3", approval="rejected")) == "-5"
    assert automatic_state(session, change("normal", "-5", approval="approved")) == ""


def test_finished_tasks_move_a_change_to_review(session) -> None:
    made = session.insert("change_request", {"type": "standard"}, workflow=False)
    running = change("standard", "-1") | {"sys_id": made["sys_id"]}
    assert automatic_state(session, running) == "", "a change without tasks stays"
    task = session.insert("change_task", {"change_request": made["sys_id"]}, workflow=False)
    assert automatic_state(session, running) == ""
    session.update("change_task", task["sys_id"], {"state": "3"})
    assert automatic_state(session, running) == "0"


def test_a_change_of_another_type_moves_freely(session) -> None:
    assert may_move(session, change("", "3"), "-5")
