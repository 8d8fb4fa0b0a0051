"""Every way to sign in to ServiceNow has its variables, and what contradicts itself is said at once."""

from __future__ import annotations

import pytest

from sidecar.settings import InvalidSettings, SnowSettings

URL = "https://acme.example.com"


def read(monkeypatch, tmp_path, **variables: str) -> SnowSettings:
    monkeypatch.chdir(tmp_path)
    for name, value in {"SNOW_URL": URL, **variables}.items():
        monkeypatch.setenv(name, value)
    return SnowSettings.read()


def test_an_api_key_signs_in(monkeypatch, tmp_path):
    settings = read(monkeypatch, tmp_path, SNOW_API_KEY="k-1")
    assert settings.signs_in
    assert settings.instance().api_key == "k-1"
    assert "k-1" not in repr(settings)


def test_a_jwt_key_comes_from_its_file(monkeypatch, tmp_path):
    (tmp_path / "key.pem").write_text("PEM")
    given = {"SNOW_USERNAME": "flow", "SNOW_CLIENT_ID": "c", "SNOW_CLIENT_SECRET": "s", "SNOW_JWT_KEY_ID": "kid"}
    settings = read(monkeypatch, tmp_path, SNOW_JWT_KEY_FILE="key.pem", **given)
    assert (settings.instance().jwt_key, settings.instance().jwt_key_id) == ("PEM", "kid")


def test_a_certificate_signs_in(monkeypatch, tmp_path):
    settings = read(monkeypatch, tmp_path, SNOW_CLIENT_CERTIFICATE="c.pem", SNOW_CLIENT_KEY="k.pem")
    assert settings.instance().certificate == ("c.pem", "k.pem")


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"SNOW_USERNAME": "flow"}, "SNOW_*"),
        ({"SNOW_API_KEY": "k", "SNOW_USERNAME": "flow", "SNOW_PASSWORD": "p"}, "SNOW_*"),
        ({"SNOW_CLIENT_ID": "c", "SNOW_CLIENT_SECRET": "s", "SNOW_JWT_KEY_FILE": "missing.pem"}, "SNOW_JWT_KEY_FILE"),
    ],
)
def test_what_cannot_work_is_said_by_name(monkeypatch, tmp_path, variables, named):
    with pytest.raises(InvalidSettings) as caught:
        read(monkeypatch, tmp_path, **variables)
    assert named in caught.value.problems


def test_without_an_address_nothing_is_asked(monkeypatch, tmp_path):
    assert not read(monkeypatch, tmp_path, SNOW_URL="", SNOW_USERNAME="flow").signs_in
