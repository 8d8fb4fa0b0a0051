"""A tiny table store behind HTTP that can be told to misbehave the way instances do."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sfcc_client.emulator.loopback import LoopbackServer
from snow_app import SnowClient, SnowSettings
from snow_app.app import AppParameters

GLOBAL = "global"
UNSCOPED = ("sys_choice", "sys_ui_element", "sys_ui_form_section", "sys_user_preference", "sys_user")
# Encrypted when written: what is read back is something else.
PASSWORDS = ("password",)


class Store:
    """Rows by table. `misbehave(table, values)` may change or refuse a write: it returns values, None (lost) or a
    status code."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, str]]] = {
            "sys_user": {"u" * 32: {"sys_id": "u" * 32, "user_name": "admin"}},
            "sys_db_object": {"d" * 32: {"sys_id": "d" * 32, "name": "incident", "sys_scope": GLOBAL}},
            "sys_user_preference": {},
        }
        self.current = GLOBAL
        self.picker_works = True
        self.picker_moves = True
        self.misbehave: Callable[[str, dict[str, str]], Any] = lambda table, values: values
        self.requests = 0
        self.writes: list[tuple[str, str]] = []
        self.dies_after: int | None = None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        self.requests += 1
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        target = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        if environ["PATH_INFO"] == "/api/now/v1/batch":
            status, answer = 200, self.batch(json.loads(body))
        else:
            status, answer = self.one(environ["REQUEST_METHOD"], target, body)
        sent = b"" if answer is None else json.dumps(answer).encode()
        start(f"{status} X", [("Content-Type", "application/json"), ("X-Total-Count", "99")])
        return [sent]

    def batch(self, asked: dict[str, Any]) -> dict[str, Any]:
        served = []
        # Backwards on purpose: no order is documented.
        for item in reversed(asked["rest_requests"]):
            if self.dies_after is not None and len(self.writes) >= self.dies_after:
                break
            status, answer = self.one(item["method"], item["url"], base64.b64decode(item.get("body", "")))
            body = b"" if answer is None else json.dumps(answer).encode()
            served.append({"id": item["id"], "status_code": status, "body": base64.b64encode(body).decode()})
        left = [item["id"] for item in asked["rest_requests"][: len(asked["rest_requests"]) - len(served)]]
        return {"batch_request_id": "1", "serviced_requests": served, "unserviced_requests": left}

    def one(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.endswith("/concoursepicker/application"):
            return self.pick(json.loads(body)["app_id"])
        table, _, row_id = parts.path.removeprefix("/api/now/table/").partition("/")
        rows = self.rows.setdefault(table, {})
        if method == "GET" and not row_id:
            return 200, {"result": [self.shown(row, query) for row in rows.values() if self.matches(row, query)]}
        if method == "POST":
            return self.insert(table, json.loads(body))
        if row_id not in rows:
            return 404, {"error": {"message": "No Record found", "detail": ""}}
        if method == "DELETE":
            self.writes.append(("DELETE", table))
            rows.pop(row_id)
            return 204, None
        if method == "PATCH":
            return self.patch(table, rows[row_id], json.loads(body))
        return 200, {"result": self.shown(rows[row_id], query)}

    def pick(self, app_id: str) -> tuple[int, Any]:
        if not self.picker_works:
            return 404, {"error": {"message": "Requested URI does not represent any resource"}}
        if self.picker_moves:
            self.current = app_id
            self.rows["sys_user_preference"]["p" * 32] = {
                "sys_id": "p" * 32,
                "name": "apps.current_app",
                "user": "u" * 32,
                "value": app_id,
            }
        return 200, {"result": {}}

    def insert(self, table: str, values: dict[str, str]) -> tuple[int, Any]:
        scope = {} if table in UNSCOPED else {"sys_scope": values["sys_id"] if table == "sys_app" else self.current}
        return self.stored(table, {"sys_id": f"{len(self.writes):032x}", **scope, **values}, values, 201)

    def patch(self, table: str, row: dict[str, str], values: dict[str, str]) -> tuple[int, Any]:
        return self.stored(table, {**row, **values}, values, 200)

    def stored(self, table: str, row: dict[str, str], written: dict[str, str], status: int) -> tuple[int, Any]:
        kept = self.misbehave(table, dict(written))
        if isinstance(kept, int):
            return kept, {"error": {"message": "Operation Failed", "detail": "ACL Exception Insert Failed"}}
        self.writes.append(("write", table))
        if kept is None:
            return status, {"result": row}
        dropped = set(written) - set(kept)
        row = {**{name: value for name, value in row.items() if name not in dropped}, **kept}
        self.rows.setdefault(table, {})[row["sys_id"]] = row
        if table == "sys_user_preference":
            self.current = row["value"]
        return status, {"result": row}

    @staticmethod
    def shown(row: dict[str, str], query: dict[str, str]) -> dict[str, str]:
        fields = query["sysparm_fields"].split(",") if "sysparm_fields" in query else list(row)
        return {name: "********" if name in PASSWORDS else row.get(name, "") for name in fields}

    @staticmethod
    def matches(row: dict[str, str], query: dict[str, str]) -> bool:
        def holds(condition: str) -> bool:
            for sign in ("IN", "STARTSWITH", "="):
                column, found, value = condition.partition(sign)
                if found and column.replace("_", "").replace(".", "").isalpha():
                    stored = (
                        "admin" if column == "user.user_name" and row.get("user") == "u" * 32 else row.get(column, "")
                    )
                    if sign == "IN":
                        return stored in value.split(",")
                    return stored.startswith(value) if sign == "STARTSWITH" else stored == value
            raise AssertionError(condition)

        asked = query.get("sysparm_query", "")
        ways = [[one for one in way.split("^") if not one.startswith("ORDERBY")] for way in asked.split("^NQ")]
        return any(all(holds(condition) for condition in way) for way in ways)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def client(store: Store) -> Iterator[SnowClient]:
    with LoopbackServer(store) as server:
        settings = SnowSettings(url=server.url, username="admin", password="pw", allow_http=True)
        with SnowClient(settings) as connected:
            yield connected


@pytest.fixture
def parameters() -> AppParameters:
    return AppParameters(scope="x_test_shop", sidecar_url="https://sidecar.test", token_id="t1", token_secret="hush")
