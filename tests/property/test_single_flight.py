"""Any order of joining, landing, failing and leaving: one load at a time for each key, and its outcome for its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sidecar.cache import SingleFlight

KEYS = st.sampled_from(["a", "b", "c"])


class Flights(RuleBasedStateMachine):
    """Loads land only when told to; the model remembers which flight each caller should be on."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[int, Callable[[], None]] = {}
        self.loads: dict[int, tuple[str, bool]] = {}
        self.running: dict[str, int] = {}
        self.callers: list[tuple[int, Future[int]]] = []
        self.landed: dict[int, bool] = {}
        self.flights: SingleFlight[int] = SingleFlight(self._run)

    def _run(self, task: Callable[[], None]) -> None:
        self.tasks[len(self.tasks)] = task

    @rule(key=KEYS, fails=st.booleans())
    def join(self, key: str, fails: bool) -> None:
        number = len(self.tasks)

        def load() -> int:
            if fails:
                raise LookupError(number)
            return number

        flight = self.flights.join(key, load)
        if len(self.tasks) > number:
            assert key not in self.running
            self.running[key] = number
            self.loads[number] = (key, fails)
        self.callers.append((self.running[key], flight))

    @rule(key=KEYS)
    def land(self, key: str) -> None:
        number = self.running.pop(key, None)
        if number is not None:
            self.tasks[number]()
            self.landed[number] = True

    @invariant()
    def every_caller_has_the_outcome_of_its_own_flight(self) -> None:
        for number, flight in self.callers:
            assert flight.done() is self.landed.get(number, False)
            if flight.done():
                fails = self.loads[number][1]
                assert (flight.exception(0) is not None) is fails
                assert fails or flight.result(0) == number

    @invariant()
    def only_running_loads_hold_a_key(self) -> None:
        assert len(self.flights) == len(self.running)


TestFlights = Flights.TestCase
TestFlights.settings = settings(deadline=None)
