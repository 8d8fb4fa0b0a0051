"""The durable half of a delivery: one workflow for each attempt, kept by dbos, run by exactly one worker.

The id of a workflow is the attempt itself, "E000123.1.2" (event, run, attempt), so two workers that see the same event
due cannot both work on it: dbos keeps an id once. What a killed worker left is run again, by itself when it comes back
or by another. Arguments and results are numbers and a state; whatever speaks of people stays in the events' tables.

A recovered workflow replays what its steps returned, by position. So its body calls steps and nothing else.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dbos import DBOS, Serializer, SetWorkflowID, error

from sidecar.engine.delivery import Deliveries
from sidecar.engine.inbox import Head

_MOST_DEATHS = 20
"""So often an attempt may be started again after a worker died of it, or just then."""
OVER = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
_GAVE_UP = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"


class NotKept(Exception):  # noqa: N818 - reads as what it says
    """An attempt whose end could not be kept. Names the kind of error only, as its text may quote data."""


class Plain(Serializer):
    """JSON instead of pickled objects; of an error its kind."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=lambda other: type(other).__name__)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "plain_json"


class _Running:
    """What the steps of this process work with: dbos knows functions, not objects."""

    def __init__(self) -> None:
        self.deliveries: Deliveries | None = None
        self.active = 0
        self.changed = threading.Condition()


_running = _Running()


@contextmanager
def working_with(deliveries: Deliveries) -> Iterator[None]:
    """Inside the block, workflows of this process are run with `deliveries`; one at a time in a process."""
    if _running.deliveries is not None:
        raise RuntimeError("A worker runs in this process already; stop it first.")
    _running.deliveries = deliveries
    try:
        yield
    finally:
        _running.deliveries = None


def finished(timeout_s: float) -> bool:
    """Wait until no attempt is being made in this process; False when that takes longer."""
    with _running.changed:
        return _running.changed.wait_for(lambda: _running.active == 0, timeout_s)


@DBOS.step(name="attempt")
def attempt(seq: int, run: int, number: int) -> str:
    """Hand the event to its flow and keep what became of it; repeated, it finds that kept and does nothing."""
    deliveries = _running.deliveries
    if deliveries is None:
        raise NotKept("No worker runs in this process.")
    with _running.changed:
        _running.active += 1
    try:
        return deliveries.delivered(Head(seq=seq, run=run, attempt=number))
    except Exception as failure:  # noqa: BLE001 - only its kind may be kept by dbos
        raise NotKept(f"{type(failure).__name__} while the end of an attempt was kept.") from None
    finally:
        with _running.changed:
            _running.active -= 1
            _running.changed.notify_all()


@DBOS.workflow(name="deliver", max_recovery_attempts=_MOST_DEATHS)
def deliver(seq: int, run: int, number: int) -> str:
    """One attempt at one event."""
    return attempt(seq, run, number)


def made(head: Head, *, still: Callable[[Head], bool], gave_up: Callable[[Head], None]) -> bool:
    """Make the attempt, here and now; False when another worker is at it.

    An attempt that ended without being kept is made under a further id, as long as it is `still` the event's next one.
    One that workers died of again and again is `gave_up`.
    """
    again = ""
    for further in range(2, 100):
        name = f"E{head.seq:06d}.{head.run}.{head.attempt}{again}"
        try:
            with SetWorkflowID(name, workflow_id_reuse_policy="reject"):
                deliver(head.seq, head.run, head.attempt)
        except error.DBOSWorkflowIDInUseError:
            status = DBOS.get_workflow_status(name)
            if status is None or status.status not in OVER or not still(head):
                return False
            if status.status == _GAVE_UP:
                gave_up(head)
                return True
            again = f".{further}"
        else:
            return True
    return False
