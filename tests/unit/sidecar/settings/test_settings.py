"""Every variable is declared once, read with its type, and every mistake is reported at once."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sfcc_client import CommerceSettings
from sidecar.settings import InvalidSettings, Secret, Settings, SfccSettings, SidecarSettings, SnowSettings, reference

NEEDED = {
    "SFCC_SCAPI_URL": "https://abcd1234.api.commercecloud.salesforce.com",
    "SFCC_INSTANCE_URL": "https://zzrf-001.dx.commercecloud.salesforce.com",
    "SFCC_ORGANIZATION_ID": "f_ecom_zzrf_001",
    "SFCC_CLIENT_ID": "admin-client",
    "SFCC_CLIENT_SECRET": "admin-hunter2",
    "SFCC_SLAS_CLIENT_ID": "slas-client",
    "SFCC_SLAS_CLIENT_SECRET": "slas-hunter2",
    "SFCC_SITES": json.dumps([{"site_id": "RefArch", "customer_list_id": "RefArch", "currency": "USD"}]),
}
KEY = "A" * 43
WEBHOOK = "whsec_" + "c2VjcmV0" * 4


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("SFCC_", "SNOW_", "SIDECAR_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_variables(**variables: str) -> None:
        for name, value in {**NEEDED, **variables}.items():
            monkeypatch.setenv(name, value)

    return set_variables


def test_the_needed_ones_are_enough(given: Any) -> None:
    given()
    settings = Settings.read()
    commerce = settings.sfcc.commerce()
    assert isinstance(commerce, CommerceSettings)
    assert commerce.client_secret == "admin-hunter2"
    assert commerce.sites[0].currency == "USD"
    assert settings.sidecar.port == 8080
    assert settings.snow.scope == "x_acme_sfcc"


def test_every_setting_of_the_sdk_can_be_set() -> None:
    ours = {spec.name for spec in fields(SfccSettings)}
    assert {spec.name for spec in fields(CommerceSettings)} <= ours


def test_missing_ones_are_all_named() -> None:
    with pytest.raises(InvalidSettings) as caught:
        Settings.read()
    assert set(caught.value.problems) == set(NEEDED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SFCC_SCAPI_URL", "http://abcd1234.api.commercecloud.salesforce.com"),
        ("SFCC_SCAPI_URL", "https://user:pass@host.example"),
        ("SFCC_SITES", "not json"),
        ("SFCC_SITES", "[]"),
        ("SFCC_SITES", '[{"site_id": "A"}]'),
        ("SFCC_SITES", '[{"site_id": "A", "customer_list_id": "A", "colour": "red"}]'),
        ("SFCC_LOYALTY", "stars"),
        ("SFCC_ATTRIBUTE_NAMES", '{"no_such": "c_x"}'),
        ("SFCC_READ_TIMEOUT_S", "0"),
        ("SNOW_URL", "acme.service-now.com"),
        ("SIDECAR_PORT", "eighty"),
        ("SIDECAR_PORT", "70000"),
        ("SIDECAR_LINK_LIFETIME_S", "86400"),
        ("SIDECAR_LINK_KEYS", "k1=short"),
        ("SIDECAR_LINK_KEYS", f"k 1={KEY}"),
        ("SIDECAR_AUDIT_KEY", "short"),
        ("SIDECAR_WEBHOOK_SECRETS", "k1=whsec_c2hvcnQ="),
        ("SIDECAR_WEBHOOK_SECRETS", f"k1={KEY}"),
        ("SIDECAR_WEBHOOK_SECRETS", f"k 1={WEBHOOK}"),
        ("SIDECAR_WEBHOOK_SECRETS", f"k1={WEBHOOK}!"),
        ("SIDECAR_SOURCE_TOKEN", "short"),
        ("SIDECAR_FRAME_ANCESTORS", "https://acme.example/path"),
        ("SIDECAR_TRACKING_HOSTS", "https://dhl.com"),
        ("SIDECAR_RETURN_RATES", '{"RefArch": 170}'),
        ("SIDECAR_RETURN_RATES", '{"RefArch": "many"}'),
        ("SIDECAR_LOG_LEVEL", "loud"),
        ("SIDECAR_REVEAL_REASON_REQUIRED", "maybe"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_not_repeated(given: Any, name: str, value: str) -> None:
    given(**{name: value})
    with pytest.raises(InvalidSettings) as caught:
        Settings.read()
    assert set(caught.value.problems) == {name}
    assert value not in str(caught.value) or len(value) < 3


def test_mistakes_of_all_sections_are_reported_together(given: Any) -> None:
    given(SFCC_LOYALTY="stars", SNOW_URL="nowhere", SIDECAR_PORT="x")
    with pytest.raises(InvalidSettings) as caught:
        Settings.read()
    assert set(caught.value.problems) == {"SFCC_LOYALTY", "SNOW_URL", "SIDECAR_PORT"}


def test_contradictions_the_sdk_finds_are_reported_too(given: Any) -> None:
    given(SFCC_ORGANIZATION_ID="not-an-organization!", SFCC_ACTIVITY="einstein")
    with pytest.raises(InvalidSettings, match="organization_id"):
        Settings.read()


def test_types(given: Any) -> None:
    given(
        SIDECAR_LINK_KEYS=f"k2={KEY},k1={KEY}=",
        SIDECAR_WEBHOOK_SECRETS=f"new={WEBHOOK},old={WEBHOOK}",
        SIDECAR_FRAME_ANCESTORS="https://a.example, https://b.example",
        SIDECAR_REVEAL_REASON_REQUIRED="true",
        SIDECAR_DATA_DIR="/var/lib/sidecar",
        SNOW_URL="https://acme.service-now.com/",
        SFCC_ATTRIBUTE_NAMES='{"vip": "c_isVip"}',
        SFCC_ORDER_MANAGEMENT="yes",
    )
    settings = Settings.read()
    assert list(settings.sidecar.link_keys) == ["k2", "k1"]
    assert settings.sidecar.link_keys["k2"].value == f"{KEY}="
    assert {kid: secret.value for kid, secret in settings.sidecar.webhook_secrets.items()} == {
        "new": WEBHOOK,
        "old": WEBHOOK,
    }
    assert settings.sidecar.frame_ancestors == ("https://a.example", "https://b.example")
    assert settings.sidecar.reveal_reason_required is True
    assert settings.sidecar.data_dir == Path("/var/lib/sidecar")
    assert settings.snow.url == "https://acme.service-now.com"
    assert settings.sfcc.commerce().attribute_names.vip == "c_isVip"
    assert settings.sfcc.commerce().order_management is True


def test_a_file_in_the_working_directory_and_the_environment_wins(given: Any, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SIDECAR_PORT=9000\nSIDECAR_THREADS=4\n")
    given(SIDECAR_PORT="9001")
    own = SidecarSettings.read()
    assert (own.port, own.threads) == (9001, 4)
    assert SidecarSettings.read(None).threads == 16


def test_no_secret_is_printed(given: Any) -> None:
    given(SNOW_PASSWORD="snow-hunter2", SIDECAR_AUDIT_KEY=KEY, SIDECAR_LINK_KEYS=f"k1={KEY}")
    settings = Settings.read()
    for text in (repr(settings), str(settings), f"{settings.sfcc.client_secret}", repr(settings.sfcc.commerce())):
        assert "hunter2" not in text
        assert KEY not in text


def test_a_secret_is_equal_to_itself_only() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert not Secret()


def test_the_reference_has_every_variable_with_a_meaning() -> None:
    rows = {row.name: row for row in reference()}
    sections = (SfccSettings, SnowSettings, SidecarSettings)
    assert len(rows) == sum(len(fields(section)) for section in sections)
    assert all(row.meaning.endswith(".") for row in rows.values())
    assert {name for name, row in rows.items() if row.default is None} == set(NEEDED)
    assert rows["SFCC_LOYALTY"].type == "attributes | custom_api | none"
    assert rows["SIDECAR_PORT"].default == "8080"


def test_sections_can_be_built_without_an_environment() -> None:
    assert replace(SidecarSettings(), port=0).origin == "http://127.0.0.1:0"
    assert SidecarSettings(public_url="https://sidecar.example").origin == "https://sidecar.example"


def test_hosts_and_rates_reach_the_policy(given: Any) -> None:
    given(SIDECAR_TRACKING_HOSTS="dhl.com, Track.Acme.example", SIDECAR_RETURN_RATES='{"RefArch": 17.5}')
    own = Settings.read().sidecar
    assert own.tracking_hosts == ("dhl.com", "track.acme.example")
    assert own.return_rates == {"RefArch": Decimal("17.5")}
