"""OAuth tokens: three grants, two places for the client's credentials, expiry."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
import requests

from snow_app.emulator import ServiceNowEmulator

CLIENT = {"client_id": "local-client", "client_secret": "local-secret"}
PASSWORD = {"grant_type": "password", "username": "agent", "password": "agent"}


def token(snow, form, **options) -> requests.Response:
    return requests.post(f"{snow.url}/oauth_token.do", data=form, timeout=5, **options)


def whoami(snow, access_token: str) -> requests.Response:
    return requests.get(
        f"{snow.url}/api/now/table/sys_user",
        params={"sysparm_query": "sys_id=javascript:gs.getUserID()", "sysparm_fields": "user_name"},
        headers={"Authorization": f"Bearer {access_token}"},
        timeout=5,
    )


def test_password_grant_and_its_refresh(snow) -> None:
    granted = token(snow, PASSWORD | CLIENT)
    body = granted.json()
    assert granted.status_code == 200
    assert (body["token_type"], body["scope"], body["expires_in"]) == ("Bearer", "useraccount", 1799)
    assert whoami(snow, body["access_token"]).json()["result"] == [{"user_name": "agent"}]
    again = token(snow, {"grant_type": "refresh_token", "refresh_token": body["refresh_token"], **CLIENT})
    assert whoami(snow, again.json()["access_token"]).json()["result"] == [{"user_name": "agent"}]


def test_the_client_may_stand_in_a_basic_header(snow) -> None:
    header = base64.b64encode(b"local-client:local-secret").decode()
    granted = token(snow, PASSWORD, headers={"Authorization": f"Basic {header}"})
    assert granted.status_code == 200


def test_client_credentials_act_as_the_applications_user(snow, api) -> None:
    form = {"grant_type": "client_credentials", **CLIENT}
    body = token(snow, form).json()
    assert "refresh_token" not in body
    assert whoami(snow, body["access_token"]).json()["result"] == [{"user_name": "integration"}]
    name = "glide.oauth.inbound.client.credential.grant_type.enabled"
    setting = api.get("table/sys_properties", name=name).json()["result"][0]
    api.patch(f"table/sys_properties/{setting['sys_id']}", {"value": "false"})
    assert token(snow, form).status_code == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        (PASSWORD | CLIENT | {"password": "wrong"}, "server_error"),
        (PASSWORD | CLIENT | {"client_secret": "wrong"}, "invalid_client"),
        (PASSWORD | {"client_id": "unknown", "client_secret": ""}, "invalid_client"),
        (PASSWORD, "invalid_client"),
        (CLIENT | {"grant_type": "refresh_token", "refresh_token": "made-up"}, "server_error"),
        (CLIENT | {"grant_type": "refresh_token", "refresh_token": ""}, "server_error"),
        (CLIENT | {"grant_type": "magic"}, "server_error"),
        (CLIENT, "server_error"),
        ({}, "invalid_client"),
    ],
)
def test_refusals(snow, form, error: str) -> None:
    answer = token(snow, form)
    assert (answer.status_code, answer.json()) == (401, {"error_description": "access_denied", "error": error})


def test_json_is_no_form(snow) -> None:
    answer = requests.post(f"{snow.url}/oauth_token.do", json=PASSWORD | CLIENT, timeout=5)
    assert answer.status_code == 401


def test_a_token_ends_when_its_time_is_up() -> None:
    now = [datetime(2026, 11, 23, 10, 0, tzinfo=UTC)]
    with ServiceNowEmulator(clock=lambda: now[0]) as snow:
        issued = token(snow, PASSWORD | CLIENT).json()["access_token"]
        now[0] += timedelta(seconds=1799)
        assert whoami(snow, issued).status_code == 200
        now[0] += timedelta(seconds=2)
        refused = whoami(snow, issued)
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'BEARER realm="Service-now"')


def test_tokens_are_kept_as_hashes(snow, api) -> None:
    issued = token(snow, PASSWORD | CLIENT).json()
    kept = [row["token"] for row in snow.instance.records.all("oauth_credential")]
    assert len(kept) == 2
    assert not {issued["access_token"], issued["refresh_token"]} & set(kept)
    assert all("sha256" not in str(row) for row in api.get("table/oauth_credential").json()["result"])
