"""``sfcc-snow doctor`` against both emulated platforms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sfcc_client.emulator import CommerceEmulator
from sidecar.cli import main
from snow_app.emulator import ServiceNowEmulator


@pytest.fixture(scope="module")
def snow() -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator(port=0) as running:
        yield running


@pytest.fixture
def doctor(
    shop: CommerceEmulator, snow: ServiceNowEmulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Result]:
    settings = shop.settings()
    for spec in fields(settings):
        value = getattr(settings, spec.name)
        if isinstance(value, str):
            monkeypatch.setenv(f"SFCC_{spec.name.upper()}", value)
    monkeypatch.setenv("SFCC_SITES", json.dumps([asdict(site) for site in settings.sites]))
    monkeypatch.setenv("SNOW_URL", snow.url)
    monkeypatch.setenv("SNOW_USERNAME", snow.username)
    monkeypatch.setenv("SNOW_PASSWORD", snow.password)
    monkeypatch.setenv("SIDECAR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["doctor", *arguments])


def report(result: Result) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads(result.output):
        found.setdefault(row["check"], []).append(row)
    return found


def test_both_platforms_are_checked_and_the_missing_app_is_named(doctor: Callable[..., Result]) -> None:
    result = doctor("--json")
    found = report(result)
    for check in ("package", "data folder", "commerce account_manager", "servicenow sign-in", "clock"):
        assert found[check][0]["level"] == "ok", found[check]
    assert found["servicenow roles"][0]["level"] == "ok"
    assert found["servicenow plugin CSM"][0]["level"] == "ok"
    assert "not installed" in found["servicenow app"][0]["outcome"]
    assert found["tokens"][0]["remedy"] == "sfcc-snow token create servicenow"
    assert result.exit_code == 1


def test_a_wrong_secret_says_what_will_not_work(doctor: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFCC_CLIENT_SECRET", "wrong-secret-canary")
    result = doctor("--json")
    (sign_in,) = report(result)["commerce account_manager"]
    assert (sign_in["level"], sign_in["consequence"]) == ("failed", "Nothing of Commerce can be read.")
    assert result.exit_code == 1
    assert "wrong-secret-canary" not in result.output


def test_an_unreachable_instance_does_not_stop_the_rest(
    doctor: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNOW_URL", "http://127.0.0.1:9")
    found = report(doctor("--json"))
    assert found["servicenow"][0]["level"] == "failed"
    assert found["commerce account_manager"][0]["level"] == "ok"


def test_missing_settings_are_findings(doctor: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SFCC_SCAPI_URL")
    found = report(doctor("--json"))
    assert found["setting SFCC_SCAPI_URL"][0]["level"] == "failed"
    assert found["servicenow sign-in"][0]["level"] == "ok"


def test_a_narrow_user_is_told_what_was_not_checked(
    doctor: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNOW_USERNAME", "agent")
    monkeypatch.setenv("SNOW_PASSWORD", "agent")
    found = report(doctor("--json"))
    assert found["servicenow sign-in"][0]["level"] == "ok"
    assert found["clock"][0]["level"] == "ok"
    assert {found[f"servicenow {part}"][0]["level"] for part in ("query strictness", "roles", "app")} == {"warning"}
    assert "servicenow" not in found


def test_for_people_it_is_a_table(doctor: Callable[..., Result]) -> None:
    result = doctor()
    assert "1 failed" in result.output  # the app is not installed
    assert "with a warning." in result.output
    for heading in ("check", "result", "what will not work", "what to do"):
        assert heading in result.output
