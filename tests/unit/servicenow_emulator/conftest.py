from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from snow_app.emulator.bootstrap import image
from snow_app.emulator.instance import Instance, Row, Session
from snow_app.emulator.store import Store


class SteppingClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))


@pytest.fixture
def instance(clock: SteppingClock) -> Iterator[Instance]:
    """An instance with Customer Service Management and no script engine."""
    made = Instance(Store(image=image(True)), clock=clock)
    yield made
    made.close()


@pytest.fixture
def admin(instance: Instance) -> Session:
    return instance.session("admin")


@pytest.fixture
def incident(admin: Session) -> Callable[..., Row]:
    def make(**values: str) -> Row:
        return admin.insert("incident", {"short_description": "Parcel is late", **values})

    return make


@pytest.fixture
def app(instance: Instance, admin: Session) -> Session:
    """admin working in a scoped application of their own."""
    made = admin.insert("sys_app", {"name": "Commerce", "scope": "x_acme_shop", "version": "1.0.0"})
    return instance.session("admin", made["sys_id"])
