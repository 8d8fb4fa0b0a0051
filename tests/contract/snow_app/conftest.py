"""A local ServiceNow with the app installed, and a scripted sidecar that it calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from lxml import etree

from sfcc_client.emulator.loopback import LoopbackServer
from snow_app import Query, SnowClient, SnowSettings
from snow_app.app import AppParameters
from snow_app.emulator import ServiceNowEmulator
from snow_app.emulator.store import quoted
from snow_app.install import applied

SCOPE = "x_acme_shop"
ENVELOPE = {
    "v": 1,
    "customer": {"match": "one"},
    "sections": {
        "profile": {"status": "ok", "data": {"customer_no": "00004711", "site": {"id": "RefArchDE"}}},
        "insights": {"status": "ok", "data": [{"id": "late_order"}]},
    },
}


class Sidecar:
    """Answers every call with `answer` and keeps what was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, dict[str, Any]] = (200, ENVELOPE)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.asked.append(
            {"path": environ["PATH_INFO"], "auth": environ.get("HTTP_AUTHORIZATION"), "body": json.loads(body)}
        )
        status, answer = self.answer
        sent = json.dumps(answer).encode()
        start(f"{status} X", [("Content-Type", "application/json"), ("Content-Length", str(len(sent)))])
        return [sent]


@pytest.fixture
def sidecar() -> Sidecar:
    return Sidecar()


@pytest.fixture
def sidecar_url(sidecar: Sidecar) -> Iterator[str]:
    with LoopbackServer(sidecar) as server:
        yield server.url


@pytest.fixture(params=[True, False], ids=["csm", "plain"])
def snow(request: pytest.FixtureRequest) -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator(port=0, csm=request.param) as running:
        yield running


def settings_of(snow: ServiceNowEmulator) -> SnowSettings:
    return SnowSettings(url=snow.url, username=snow.username, password=snow.password, allow_http=True)


@pytest.fixture
def client(snow: ServiceNowEmulator) -> Iterator[SnowClient]:
    with SnowClient(settings_of(snow)) as connected:
        yield connected


@pytest.fixture
def parameters(sidecar_url: str) -> AppParameters:
    return AppParameters(scope=SCOPE, sidecar_url=sidecar_url, token_id="snow_1", token_secret="hush")


@pytest.fixture
def contents(snow: ServiceNowEmulator) -> Callable[[], dict[str, list[str]]]:
    """Everything the instance holds, by table of its store."""

    def dumped() -> dict[str, list[str]]:
        store = snow.instance.store
        names = [str(name) for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, store.rows(f"SELECT * FROM {quoted(name)}"))) for name in names}

    return dumped


@pytest.fixture
def app(client: SnowClient, parameters: AppParameters) -> AppParameters:
    """The app, installed."""
    applied(client, parameters)
    return parameters


@pytest.fixture
def case(client: SnowClient, app: AppParameters) -> tuple[str, str]:
    """(table, sys_id) of a case whose contact has an e-mail address."""
    email = "mara@example.com"
    csm = client.table("sys_db_object").first(Query().where("name", "=", "sn_customerservice_case"), fields=("name",))
    if csm is None:
        person = client.table("sys_user").insert({"user_name": "mara", "email": email})
        made = client.table("incident").insert({"short_description": "Late", "caller_id": person.sys_id})
    else:
        person = client.table("customer_contact").insert({"user_name": "mara", "email": email})
        made = client.table("sn_customerservice_case").insert({"short_description": "Late", "contact": person.sys_id})
    return made.table, made.sys_id


@pytest.fixture
def ajax(snow: ServiceNowEmulator, case: tuple[str, str]) -> Callable[..., Any]:
    """A GlideAjax call on the case, as the named user; the parsed answer."""

    def ask(operation: str, *, user: str = "admin", password: str = "admin", **parameters: str) -> Any:
        form = {"sysparm_processor": f"{SCOPE}.ContextAjax", "sysparm_name": operation}
        named = {"table": case[0], "sys_id": case[1], **parameters}
        form |= {f"sysparm_{name}": value for name, value in named.items()}
        answer = requests.post(f"{snow.url}/xmlhttp.do", data=form, auth=(user, password), timeout=20)
        answer.raise_for_status()
        root = etree.fromstring(answer.content)
        return json.loads(root.get("answer")) if root.get("answer") else None

    return ask
