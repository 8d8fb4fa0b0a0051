"""``sfcc-snow serve`` as a process of its own: its end, and what its log lines do not say."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pytest
import requests

from sfcc_client.emulator import CommerceEmulator
from sidecar.services import tokens_of
from sidecar.settings import SidecarSettings

from .conftest import CASE, VIEWER

CANARY = "Canary7f3a"
UNKNOWN = "Number9e1c"  # a customer number: it may stand in a URL, in no log line and no answer
_FREE_TEXT = re.compile(
    r"^(first|last|full|customer)?[nN]ame$|email|phone|address1|city|postalCode|Text$|text|Name$|login"
)


@dataclass
class Process:
    """A serving process and everything it printed."""

    url: str
    bearer: str
    process: subprocess.Popen[str]
    lines: list[str]
    reader: threading.Thread

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.bearer}", **headers}
        return requests.post(self.url + path, json=body, headers=headers, timeout=30)

    def get(self, path: str, **headers: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.bearer}", **headers}
        return requests.get(self.url + path, headers=headers, timeout=30)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self.reader.join(timeout=10)
        return code

    @property
    def printed(self) -> str:
        return "\n".join(self.lines)


def environment(shop: CommerceEmulator, folder: Path, **more: str) -> dict[str, str]:
    settings = shop.settings()
    names = [spec.name for spec in fields(settings) if isinstance(getattr(settings, spec.name), str)]
    return {
        "PATH": os.environ["PATH"],
        **{f"SFCC_{name.upper()}": str(getattr(settings, name)) for name in names},
        "SFCC_SITES": json.dumps([asdict(site) for site in settings.sites]),
        "SIDECAR_DATA_DIR": str(folder),
        "SIDECAR_PORT": "0",
        "SIDECAR_LOG_LEVEL": "debug",
        **more,
    }


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    running: list[Process] = []

    def started(shop: CommerceEmulator, **more: str) -> Process:
        scopes = ["context:read", "customers:read", "reveal", "panel:link"]
        bearer = tokens_of(SidecarSettings(data_dir=tmp_path)).create("servicenow", scopes).bearer
        child = subprocess.Popen(
            [sys.executable, "-m", "sidecar.cli", "serve"],
            env=environment(shop, tmp_path, **more),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert child.stdout is not None
        first = child.stdout.readline()
        found = re.search(r"Listening on (http://\S+)", first)
        assert found, first + child.stdout.read()
        lines: list[str] = [first]
        reader = threading.Thread(target=lambda: lines.extend(child.stdout or ()))
        reader.start()
        running.append(Process(found[1], bearer, child, lines, reader))
        return running[-1]

    yield started
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        one.reader.join(timeout=10)
        if one.process.stdout is not None:
            one.process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_requests_in_flight_are_answered_before_the_end(
    serve: Callable[..., Process], shop: CommerceEmulator, who: dict[str, Any], number: int
) -> None:
    running = serve(shop)
    shop.faults.add(delay=0.8, times=1)
    answers: list[int] = []

    def read() -> None:
        answers.append(running.post("/v1/context", {"identity": {"customer_no": who["customer_no"]}}).status_code)

    reader = threading.Thread(target=read)
    reader.start()
    while shop.faults.listed():  # until the read has reached the shop, which holds it back
        reader.join(0.02)
    assert reader.is_alive()
    assert running.end(number) == 0
    reader.join(timeout=10)
    assert answers == [200]
    assert "Stopped." in running.printed


def test_missing_settings_are_named_all_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sidecar.cli", "serve"],
        env={"PATH": os.environ["PATH"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    for name in ("SFCC_SCAPI_URL", "SFCC_CLIENT_SECRET", "SFCC_SITES"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


class TestCanaries:
    """A shop whose every text about people is marked: the mark must not come out where it does not belong."""

    @pytest.fixture
    def marked_shop(self) -> Iterator[CommerceEmulator]:
        with CommerceEmulator(port=0, seed=11) as shop:
            for collection in (shop.state.customers, shop.state.orders, shop.state.baskets):
                for document in collection:
                    _mark(document)
            for kept in shop.state.activities.kept():
                entries = json.loads(kept["c_entries"])
                _mark(entries)
                shop.state.custom_objects.objects.save({**kept, "c_entries": json.dumps(entries)})
            yield shop

    def test_no_log_line_metric_url_or_problem_names_a_person_or_a_secret(
        self, serve: Callable[..., Process], marked_shop: CommerceEmulator
    ) -> None:
        running = serve(marked_shop)
        customer = next(iter(marked_shop.state.customers))
        number, email = customer["customerNo"], f"{CANARY}@shop.example"
        site = marked_shop.settings().sites[0].site_id
        reason, user = f"reason {CANARY}", f"user {CANARY}"
        viewer, named = {**VIEWER, "user": user}, {"customer_no": number, "site_id": site}
        problems = []
        for _ in range(2):
            running.post("/v1/context", {"identity": named, "viewer": viewer, "case": CASE})
            running.post("/v1/context", {"identity": {"email": email}, "viewer": viewer, "mode": "cached"})
            running.get(f"/v1/customers/{number}/orders?site_id={site}")
            reveal = {"identity": named, "field": "email", "case": CASE, "viewer": viewer, "reason": reason}
            shown = running.post("/v1/reveal", reveal)
            link = running.post("/v1/panel-links", {"identity": named, "case": CASE, "viewer": viewer}).json()["url"]
            assert CANARY not in link
            assert requests.get(link, timeout=30).status_code == 200
            marked_shop.faults.add(status=500, body=f"{CANARY} {email}")
        assert shown.status_code == 200
        assert CANARY in shown.text
        problems += [
            running.post("/v1/context", {"identity": {"email": f"{CANARY} {CANARY}"}}),
            running.post("/v1/context", {"identity": {CANARY + "@": 1}}),
            running.post("/v1/context", {"identity": named, "sections": [CANARY]}),
            running.post("/v1/context", {"identity": {"email": f"{CANARY}@shop.example", "site_id": "Elsewhere"}}),
            running.post("/v1/reveal", {**reveal, "identity": {"customer_no": UNKNOWN}}),
            running.get(f"/v1/customers/{UNKNOWN}/orders?site_id={site}"),
            running.get(f"/{CANARY}?{CANARY}={CANARY}"),
            running.get("/v1/customers/1/orders", Authorization=f"Bearer {CANARY}.{CANARY}"),
        ]
        for problem in problems:
            assert problem.status_code >= 400
            assert CANARY not in problem.text, problem.text
            assert UNKNOWN not in problem.text, problem.text
        assert CANARY not in running.get("/metrics").text
        assert running.end() == 0
        settings = marked_shop.settings()
        secrets = [settings.client_secret, settings.slas_client_secret, settings.bm_password]
        for kept_back in (CANARY, UNKNOWN, number, running.bearer.partition(".")[2], *filter(None, secrets)):
            assert kept_back not in running.printed, kept_back
        for row in marked_shop.requests:
            assert CANARY not in row.path
            assert "@" not in row.path
        assert running.lines[-1] == "Stopped.\n"  # the log is complete before the process says so
        for line in running.lines[1:-1]:
            assert json.loads(line)["level"] in ("debug", "info", "warning", "error")


def _mark(value: Any) -> None:
    """Put the canary into every text about people, deep inside a document."""
    if isinstance(value, list):
        for inner in value:
            _mark(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and _FREE_TEXT.search(name):
                value[name] = f"{CANARY}@shop.example" if "mail" in name or "login" in name else f"{CANARY} {inner}"
            else:
                _mark(inner)
