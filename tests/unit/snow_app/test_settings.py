from __future__ import annotations

import pytest

from snow_app import SnowSettings
from snow_app.app import AppParameters
from snow_app.errors import InvalidSettings


def test_every_problem_is_named_at_once():
    with pytest.raises(InvalidSettings) as refused:
        SnowSettings(url="http://acme.service-now.com/x", client_id="id", batch_items=0)
    for word in ("url", "client_secret", "batch_items"):
        assert word in str(refused.value)


def test_plain_http_only_on_request():
    with pytest.raises(InvalidSettings):
        SnowSettings(url="http://127.0.0.1:1", username="u", password="p")
    assert SnowSettings(url="http://127.0.0.1:1/", username="u", password="p", allow_http=True).address == (
        "http://127.0.0.1:1"
    )


def test_secrets_do_not_print():
    settings = SnowSettings(url="https://x.service-now.com", username="u", password="hush-1", proxy="http://a:hush-2@p")
    parameters = AppParameters(token_id="t", token_secret="hush-3")
    assert "hush" not in repr(settings) + repr(parameters)


@pytest.mark.parametrize("scope", ["global", "x_acme", "x_acme_sfcc_much_too_long", "x_Acme_sfcc", "x_acme_sfcc'--"])
def test_scopes_are_checked(scope):
    with pytest.raises(InvalidSettings):
        AppParameters(scope=scope)
