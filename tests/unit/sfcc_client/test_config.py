"""Settings say every problem at once and never show a secret."""

from __future__ import annotations

import pytest

from sfcc_client import Site, errors

from .conftest import SECRETS


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"scapi_url": "http://shop.example.com"}, "scapi_url must start with https://"),
        ({"instance_url": "ftp://127.0.0.1"}, "instance_url must start with https://"),
        ({"account_manager_url": ""}, "account_manager_url is not a plain URL"),
        ({"scapi_url": "https://user:pw@shop.example.com"}, "scapi_url is not a plain URL"),
        ({"scapi_url": "https://shop.example.com?x=1"}, "scapi_url is not a plain URL"),
        ({"scapi_url": "https://[::1"}, "scapi_url is not a URL"),
        ({"activity": "einstein", "einstein_url": ""}, "einstein_url is not a plain URL"),
        ({"activity": "einstein", "einstein_client_id": ""}, "einstein_client_id is empty"),
        ({"client_secret": ""}, "client_secret is empty"),
        ({"organization_id": "f_ecom/../x"}, "organization_id is not like"),
        ({"sites": ()}, "sites is empty"),
        ({"sites": (Site(site_id="A", customer_list_id="A"),) * 2}, "sites names one site twice"),
        ({"sites": (Site(site_id="A" * 33, customer_list_id="A"),)}, "1 to 32 characters"),
        ({"loyalty": "points"}, "loyalty is none of"),
        ({"activity": "spy"}, "activity is none of"),
        ({"read_timeout_s": 0}, "read_timeout_s is not above 0"),
        ({"pool_size": -1}, "pool_size is not above 0"),
        ({"ca_bundle": "no/such/file.pem"}, "ca_bundle is not a file"),
    ],
)
def test_problems(settings_with, changes: dict, problem: str) -> None:
    with pytest.raises(errors.InvalidSettings) as caught:
        settings_with(**changes)
    assert problem in str(caught.value)


def test_all_problems_at_once(settings_with) -> None:
    with pytest.raises(ValueError) as caught:
        settings_with(client_id="", slas_client_secret="", sites=())
    assert all(name in str(caught.value) for name in ("client_id", "slas_client_secret", "sites"))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:5", "https://vanity.example.com"]
)
def test_addresses_that_work(settings_with, url: str) -> None:
    assert settings_with(scapi_url=url).scapi_url == url


def test_secrets_are_not_shown(settings_with) -> None:
    settings = settings_with()
    assert not any(secret in repr(settings) + str(settings) for secret in SECRETS)


def test_tenant(settings_with) -> None:
    assert settings_with().tenant_id == "zzrf_001"
    assert settings_with(bm_user="").ocapi_configured is False
