"""Every way in that the instance has: tokens by password, client and JWT, API keys; and its rate limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from snow_app import Query, errors

CLIENT = {"client_id": "local-client", "client_secret": "local-secret"}


def tokens(snow):
    return snow.instance.records.all("oauth_credential", type="access_token")


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def verified(client, key):
    """A JWT endpoint that trusts the key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    endpoint = client.table("oauth_jwt").insert(
        {"name": "JWT", "type": "client", "client_id": "jwt-client", "client_secret": "jwt-secret"}
    )
    certificate = client.table("sys_certificate").insert({"name": "Test", "pem_certificate": pem})
    client.table("jwt_verifier_map").insert(
        {"name": "Test", "oauth_jwt": endpoint.sys_id, "sys_certificate": certificate.sys_id, "kid": "k1"}
    )


def test_a_jwt_stands_for_a_user_and_is_made_anew(snow, connect, client, verified, key):
    email = client.table("sys_user").first(Query().where("user_name", "=", "agent"), fields=("email",))["email"]
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    agent = connect(
        username=email, password="", client_id="jwt-client", client_secret="jwt-secret", jwt_key=pem, jwt_key_id="k1"
    )
    made = agent.table("incident").insert({"short_description": "Late"})
    assert made["sys_created_by"] == "agent"
    for token in tokens(snow):
        snow.instance.records.delete("oauth_credential", token["sys_id"])
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: agent.table("incident").get(made.sys_id).sys_id, range(32)))
    assert set(found) == {made.sys_id}
    assert len(tokens(snow)) == 1


@pytest.mark.parametrize(
    "ways", [{"user": "agent", **CLIENT}, {"user": "", "password": "", **CLIENT}], ids=["password", "client"]
)
def test_a_token_that_was_taken_away_is_renewed_once(snow, connect, ways):
    table = connect(**ways).table("sys_user_preference")
    list(table.rows(limit=1))
    issued = tokens(snow)
    for token in issued:
        snow.instance.records.delete("oauth_credential", token["sys_id"])
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: list(table.rows(limit=1)), range(32)))
    assert (len(issued), len(tokens(snow))) == (1, 1)


@pytest.fixture
def key_policy(client):
    """The Table API takes passwords, and API keys in their header."""

    def named(table, column, value):
        return client.table(table).first(Query().where(column, "=", value), fields=(column,)).sys_id

    everything = dict.fromkeys(("apply_all_methods", "apply_all_versions", "apply_all_tables"), True)
    policy = client.table("sys_api_access_policy").insert({"name": "Keys", "api_path": "now/table", **everything})
    header = named("sys_token_auth_parameter", "type", "auth_header")
    keys = client.table("http_key_auth").insert({"name": "Key", "auth_parameter": header})
    for profile in (named("std_http_auth", "name", "Basic Auth"), keys.sys_id):
        client.table("sys_auth_profile_mapping").insert(
            {"api_access_policy": policy.sys_id, "inbound_auth_profile": profile}
        )


def test_an_api_key_opens_the_door(client, connect, key_policy):
    agent = client.table("sys_user").first(Query().where("user_name", "=", "agent"), fields=("user_name",))
    client.table("api_key").insert({"name": "Ours", "user": agent.sys_id, "token": "now_secret-key", "active": True})
    keyed = connect(username="", password="", api_key="now_secret-key")
    assert keyed.table("incident").insert({"short_description": "Late"})["sys_created_by"] == "agent"
    with pytest.raises(errors.SignInRefused):
        list(connect(username="", password="", api_key="wrong").table("incident").rows())


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"password": "wrong"}], ids=["client", "password"])
def test_what_is_wrong_is_no_sign_in(connect, wrong):
    with pytest.raises(errors.SignInRefused):
        list(connect("agent", **{**CLIENT, **wrong}).table("incident").rows())


def test_an_hour_is_reported_and_not_slept(client, connect):
    client.table("sys_rate_limit_rules").insert(
        {"name": "Two", "api": "now/table", "table": "incident", "request_limit": "2", "active": True}
    )
    table = connect("agent").table("incident")
    for _ in range(2):
        list(table.rows(limit=1))
    with pytest.raises(errors.RateLimited) as limited:
        list(table.rows(limit=1))
    assert 0 < limited.value.retry_after <= 3600
