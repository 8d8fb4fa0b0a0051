"""Scenarios for the server scripts: a small world of records, roles and sidecar answers, run under Rhino."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from sfcc_client.emulator.loopback import LoopbackServer
from snow_app import SnowClient, SnowSettings
from snow_app.app.sources import script

STUB = Path(__file__).parent / "rhino"
SCOPE = "x_test_c360"
INCLUDES = ("SidecarClient", "ContextCase", "ContextLog", "ContextMacro", "ContextAjax", "ContextFlow")
CASE_ID = "a" * 32
LOG = f"{SCOPE}_context_access"


@dataclass
class World:
    """What the scripts find; tests change it before they call."""

    roles: list[str] = field(default_factory=lambda: [f"{SCOPE}.agent"])
    properties: dict[str, str] = field(
        default_factory=lambda: {
            f"{SCOPE}.sidecar.url": "https://sidecar.test/",
            f"{SCOPE}.panel.enabled": "true",
            f"{SCOPE}.panel.timeout_ms": "4000",
            f"{SCOPE}.panel.revision": "r1",
        }
    )
    case: dict[str, Any] = field(default_factory=lambda: {"sys_id": CASE_ID, "caller_id": "u1"})
    contact: dict[str, Any] = field(default_factory=lambda: {"sys_id": "u1", "email": "mara@example.com"})
    log: list[dict[str, Any]] = field(default_factory=list)
    log_refuses: bool = False
    answers: list[dict[str, Any]] = field(default_factory=list)

    def scenario(self, call: Mapping[str, Any]) -> dict[str, Any]:
        columns = ["caller_id", *(f"{SCOPE}_{name}" for name in ("customer_no", "site_id", "order_no"))]
        log_columns = ["at", "user", "action", "customer_no", "site_id", "case_table", "case_id"]
        log_columns += ["field", "reason", "insight", "reference", "result"]
        return {
            "user": {"sys_id": "agent1", "roles": self.roles, "language": "pt_BR"},
            "properties": self.properties,
            "answers": self.answers,
            "tables": {
                "incident": {"columns": columns, "rows": [self.case]},
                "sys_user": {"columns": ["email"], "rows": [self.contact]},
                LOG: {"columns": log_columns, "rows": self.log, "refuses": self.log_refuses},
            },
            "call": call,
        }


@dataclass(frozen=True)
class Outcome:
    """What came back and what the scripts did on the way."""

    answer: Any
    happened: dict[str, Any]

    @property
    def json(self) -> Any:
        return json.loads(self.answer)

    @property
    def logged(self) -> list[dict[str, Any]]:
        return [row for table, row in self.happened["inserted"] if table == LOG]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [sent["body"] for sent in self.happened["http"]]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("scripts")
    paths = []
    for name in INCLUDES:
        path = folder / f"{name}.js"
        path.write_text(script(f"{name}.js", SCOPE), encoding="utf-8")
        paths.append(str(path))
    return paths


@pytest.fixture
def rhino(scripts: list[str], world: World, tmp_path: Path) -> Callable[..., Outcome]:
    """Calls one method of one script include in the world, under Debian's rhino."""
    engine = shutil.which("rhino")
    if engine is None:
        pytest.skip("rhino is not installed (apt-get install rhino)")

    def run(include: str, method: str, *arguments: Any, **parameters: Any) -> Outcome:
        call = {"include": include, "method": method, "arguments": list(arguments), "parameters": parameters}
        scenario = tmp_path / "scenario.json"
        scenario.write_text(json.dumps(world.scenario(call)), encoding="utf-8")
        done = subprocess.run(
            [engine, "-opt", "-1", str(STUB / "run.js"), str(STUB / "glide.js"), str(scenario), *scripts],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        result = json.loads(done.stdout.strip().splitlines()[-1])
        return Outcome(answer=result["answer"], happened=result["happened"])

    return run


@pytest.fixture
def ajax(rhino: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """An operation of the panel on the open case; keywords are parameters without their prefix."""

    def ask(operation: str, **parameters: str) -> Outcome:
        named = {"table": "incident", "sys_id": CASE_ID, **parameters}
        return rhino("ContextAjax", operation, **{f"sysparm_{name}": value for name, value in named.items()})

    return ask


class HandClock:
    """A clock that only moves when it is slept on or set."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@dataclass
class Script:
    """Answers a served application gives in turn, and what it was asked. The last answer repeats."""

    answers: list[tuple[int, Mapping[str, str], Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, status: int, body: Any, **headers: str) -> None:
        self.answers.append((status, {name.replace("_", "-"): value for name, value in headers.items()}, body))

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        self.asked.append(
            {
                "method": environ["REQUEST_METHOD"],
                "path": environ["PATH_INFO"],
                "query": {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()},
                "auth": environ.get("HTTP_AUTHORIZATION", ""),
                "body": environ["wsgi.input"].read(size),
            }
        )
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(body):
            status, headers, body = body(self.asked[-1])
        sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        kind = {"Content-Type": "application/json", **headers}
        start(f"{status} Scripted", [*kind.items(), *([] if status == 204 else [("Content-Length", str(len(sent)))])])
        return [sent] if sent else []


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def instance() -> Script:
    return Script()


@pytest.fixture
def server(instance: Script) -> Iterator[LoopbackServer]:
    with LoopbackServer(instance) as running:
        yield running


@pytest.fixture
def connect(server: LoopbackServer, clock: HandClock) -> Iterator[Callable[..., SnowClient]]:
    """Clients of the scripted instance; keywords are settings."""
    with ExitStack() as clients:

        def made(**settings: Any) -> SnowClient:
            basic = {} if "client_id" in settings else {"username": "admin", "password": "pw"}
            chosen = SnowSettings(url=server.url, allow_http=True, **{**basic, **settings})
            return clients.enter_context(SnowClient(chosen, clock))

        yield made
