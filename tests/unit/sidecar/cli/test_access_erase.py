"""Erasing a customer from the command line reaches what Commerce recorded of their browsing, or says it did not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sfcc_client.emulator import CommerceEmulator
from sidecar.audit import AccessLog, Entry, Subject, master_key
from sidecar.cli import main

ADA = "0001"
ERASE = ("access", "erase", "--customer", ADA, "--yes")
DATASET = {
    "sites": [
        {"id": "North", "customerListId": "People", "label": "North", "locale": "en-GB", "currency": "GBP"},
        {"id": "South", "customerListId": "People", "label": "South", "locale": "de-DE", "currency": "EUR"},
    ],
    "customers": [
        {
            "customerListId": "People",
            "customerNo": ADA,
            "customerId": "abOne",
            "email": "ada@example.com",
            "lastName": "Moss",
        }
    ],
    "activities": [
        {"siteId": site, "customerId": "abOne", "at": "now-5m", "kind": "search", "text": "teapot"}
        for site in ("North", "South")
    ],
}


@pytest.fixture
def shop() -> Iterator[CommerceEmulator]:
    with CommerceEmulator(dataset=DATASET) as opened:
        yield opened


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SFCC_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unset: None) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDECAR_DATA_DIR", str(tmp_path))
    log = AccessLog(tmp_path / "access.sqlite", master_key("", tmp_path / "access.key"))
    log.write(Entry(action="view", subject=Subject(kind="customer_no", value=ADA), user="agent.one", result="shown"))
    log.close()
    return lambda *arguments: CliRunner().invoke(main, [*arguments])


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, shop: CommerceEmulator, unset: None) -> None:
    settings = shop.settings()
    sites = [{"site_id": site.site_id, "customer_list_id": site.customer_list_id} for site in settings.sites]
    given = {
        name: getattr(settings, name)
        for name in ("scapi_url", "account_manager_url", "instance_url", "organization_id", "client_id")
    }
    secrets = {name: getattr(settings, name) for name in ("client_secret", "slas_client_id", "slas_client_secret")}
    for name, value in {**given, **secrets, "sites": json.dumps(sites), "activity": "custom_api"}.items():
        monkeypatch.setenv(f"SFCC_{name.upper()}", value)


def left(shop: CommerceEmulator) -> list[str]:
    return [row["siteId"] for row in shop.state.activities]


def logged(run: Callable[..., Any]) -> str:
    return run("access", "export", "--customer", ADA).output


@pytest.mark.usefixtures("configured")
class TestConfigured:
    def test_every_site_then_the_log(self, run: Any, shop: CommerceEmulator) -> None:
        done = run(*ERASE)
        assert done.output == "Browsing erased on North, South.\n1 entries can no longer be read.\n"
        assert (left(shop), logged(run)) == ([], "")

    def test_a_refusal_leaves_the_log_alone_and_says_what_was_done(self, run: Any, shop: CommerceEmulator) -> None:
        delete = {"method": "DELETE", "path": "/custom/shopper-activity"}
        shop.faults.add(**delete, delay=0.001, times=1)
        shop.faults.add(**delete, status=403)
        done = run(*ERASE)
        assert done.exit_code == 1
        assert done.output.startswith("Error: Browsing was not erased on South (erased on North): Commerce refused")
        assert "c_shopper_activity" in done.output
        assert done.output.endswith("The access log is as it was; run this again.\n")
        assert done.output.count("\n") == 1
        assert left(shop) == ["South"]
        assert "agent.one" in logged(run)

    def test_a_cartridge_that_is_not_there(self, run: Any, shop: CommerceEmulator) -> None:
        shop.faults.add(method="DELETE", status=404)
        done = run(*ERASE)
        assert (done.exit_code, "Browsing was not erased on North: " in done.output) == (1, True)
        assert "agent.one" in logged(run)

    def test_only_a_customer_number_names_a_shopper(self, run: Any, shop: CommerceEmulator) -> None:
        assert run("access", "erase", "--email", "ada@example.com", "--yes").exit_code == 0
        assert left(shop) == ["North", "South"]

    @pytest.mark.parametrize("activity", ["none", "einstein"])
    def test_nothing_is_claimed_where_nothing_is_recorded(
        self, run: Any, shop: CommerceEmulator, monkeypatch: pytest.MonkeyPatch, activity: str
    ) -> None:
        monkeypatch.setenv("SFCC_ACTIVITY", activity)
        monkeypatch.setenv("SFCC_EINSTEIN_CLIENT_ID", "client")
        assert run(*ERASE).output == "1 entries can no longer be read.\n"
        assert left(shop) == ["North", "South"]

    def test_half_a_configuration_is_no_reason_to_skip_it(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SFCC_CLIENT_SECRET")
        done = run(*ERASE)
        assert (done.exit_code, "SFCC_CLIENT_SECRET" in done.output) == (1, True)
        assert "agent.one" in logged(run)


def test_without_commerce_the_log_alone(run: Any) -> None:
    assert run(*ERASE).output == "1 entries can no longer be read.\n"
