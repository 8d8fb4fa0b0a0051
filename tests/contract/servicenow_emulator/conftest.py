from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from snow_app.emulator import ServiceNowEmulator


class Api:
    """The REST interface as one user sees it."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.auth = (user, password)
        self.session.trust_env = False

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.url}/api/now/{path}", timeout=10, **options)

    def at(self, method: str, path: str, **options: Any) -> requests.Response:
        """A call outside ``/api/now``."""
        return self.session.request(method, f"{self.url}{path}", timeout=10, **options)

    def get(self, path: str, **params: object) -> requests.Response:
        return self("GET", path, params=params)

    def post(self, path: str, document: object, **params: object) -> requests.Response:
        return self("POST", path, json=document, params=params)

    def patch(self, path: str, document: object, **params: object) -> requests.Response:
        return self("PATCH", path, json=document, params=params)

    def delete(self, path: str) -> requests.Response:
        return self("DELETE", path)

    def made(self, table: str, /, **values: object) -> dict[str, Any]:
        answer = self.post(f"table/{table}", values)
        assert answer.status_code == 201, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result


@pytest.fixture
def snow() -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator(demo=False) as running:
        yield running


@pytest.fixture
def api(snow: ServiceNowEmulator) -> Iterator[Api]:
    """admin."""
    yield from _signed_in(snow, "admin")


@pytest.fixture
def agent(snow: ServiceNowEmulator) -> Iterator[Api]:
    yield from _signed_in(snow, "agent")


@pytest.fixture
def employee(snow: ServiceNowEmulator) -> Iterator[Api]:
    yield from _signed_in(snow, "employee")


@pytest.fixture
def integration(snow: ServiceNowEmulator) -> Iterator[Api]:
    yield from _signed_in(snow, "integration")


@pytest.fixture
def sign_in(snow: ServiceNowEmulator) -> Iterator[Callable[[str], Api]]:
    """Any user whose password is the user name."""
    made: list[Api] = []

    def signed_in(user: str) -> Api:
        made.append(Api(snow.url, user, user))
        return made[-1]

    yield signed_in
    for one in made:
        one.session.close()


def _signed_in(snow: ServiceNowEmulator, user: str) -> Iterator[Api]:
    made = Api(snow.url, user, user)
    yield made
    made.session.close()


class Clock:
    """Stands still until told: Monday, 2026-11-23, 09:00 in Berlin."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(clock: Clock) -> Iterator[ServiceNowEmulator]:
    """An instance whose clock stands still."""
    with ServiceNowEmulator(clock=clock) as running:
        yield running


@pytest.fixture
def desk(timed: ServiceNowEmulator) -> Iterator[Api]:
    """admin on the instance whose clock stands still."""
    yield from _signed_in(timed, "admin")


@pytest.fixture
def advance(timed: ServiceNowEmulator) -> Callable[..., dict[str, Any]]:
    """Put the clock forward over HTTP, by an amount of time."""

    def advanced(**amount: float) -> dict[str, Any]:
        seconds = timedelta(**amount).total_seconds()
        answer = requests.post(f"{timed.url}/_emulator/clock", json={"advance_s": seconds}, timeout=30)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    return advanced


@pytest.fixture
def sign_in_at() -> Iterator[Callable[[ServiceNowEmulator, str], Api]]:
    """The REST interface of any instance as any user."""
    opened: list[Api] = []

    def made(snow: ServiceNowEmulator, user: str) -> Api:
        opened.append(Api(snow.url, user, user))
        return opened[-1]

    yield made
    for api in opened:
        api.session.close()
