"""Every way to sign in: what is sent, how tokens are renewed, and what is asked only once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import jwt
import pytest
import requests_mock
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from snow_app import SnowClient, SnowSettings, errors
from snow_app.grants import JWT_BEARER

ID = "a" * 32
CLIENT = {"client_id": "client", "client_secret": "hush"}
PERSON = {"username": "mara", "password": "pw"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()


class TokenEndpoint:
    """Answers token calls and reads: a read is refused when its token is in `refused`."""

    def __init__(self):
        self.forms = []
        self.refused = set()
        self.closed = set()
        self.refreshable = True

    def __call__(self, asked):
        if asked["path"] == "/oauth_token.do":
            form = {name: values[0] for name, values in parse_qs(asked["body"].decode()).items()}
            self.forms.append(form)
            if form["grant_type"] in self.closed:
                return 401, {}, {"error": "server_error", "error_description": "access_denied"}
            document = {"access_token": f"t{len(self.forms)}", "token_type": "Bearer", "expires_in": 1799}
            more = {"refresh_token": f"r{len(self.forms)}"} if self.refreshable else {}
            return 200, {}, document | more
        if asked["auth"].removeprefix("Bearer ") in self.refused:
            return 401, {}, {"error": {"message": "User is not authenticated", "detail": None}}
        return 200, {"X-Total-Count": "0"}, {"result": []}

    @property
    def grants(self):
        return [form["grant_type"] for form in self.forms]


@pytest.fixture
def endpoint(instance):
    made = TokenEndpoint()
    instance.answer(200, made)
    return made


def ask(client):
    return list(client.table("incident").rows())


def test_a_password_signs_in_once_and_its_refresh_token_renews(endpoint, instance, connect, clock):
    client = connect(**CLIENT, **PERSON)
    ask(client)
    clock.seconds += 1740
    ask(client)
    clock.seconds += 1740
    ask(client)
    assert endpoint.grants == ["password", "refresh_token", "refresh_token"]
    assert endpoint.forms[0] == {"grant_type": "password", **CLIENT, **PERSON}
    assert endpoint.forms[2] == {"grant_type": "refresh_token", **CLIENT, "refresh_token": "r2"}
    assert instance.asked[-1]["auth"] == "Bearer t3"


def test_a_refresh_token_is_kept_when_no_new_one_comes(endpoint, connect, clock):
    client = connect(**CLIENT, **PERSON)
    ask(client)
    endpoint.refreshable = False
    for _ in range(2):
        clock.seconds += 1740
        ask(client)
    assert [form.get("refresh_token") for form in endpoint.forms] == [None, "r1", "r1"]


def test_a_refused_refresh_token_leads_back_to_the_password(endpoint, connect, clock):
    client = connect(**CLIENT, **PERSON)
    ask(client)
    endpoint.closed.add("refresh_token")
    clock.seconds += 1740
    ask(client)
    assert endpoint.grants == ["password", "refresh_token", "password"]


def test_a_revoked_token_is_renewed_once_for_sixteen_threads(endpoint, instance, connect):
    client = connect(**CLIENT, **PERSON)
    ask(client)
    endpoint.refused.add("t1")
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: ask(client), range(32)))
    assert endpoint.grants == ["password", "refresh_token"]
    endpoint.refused.add("t2")
    endpoint.refused.add("t3")
    with pytest.raises(errors.SignInRefused):
        ask(client)
    assert len(endpoint.forms) == 3


def test_a_token_that_ends_is_asked_once_for_sixteen_threads(endpoint, connect, clock):
    client = connect(**CLIENT)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: ask(client), range(16)))
        clock.seconds += 1740
        list(threads.map(lambda _: ask(client), range(16)))
    assert endpoint.grants == ["client_credentials", "refresh_token"]


def test_a_renewed_token_sends_the_whole_file_again(instance, connect):
    endpoint, bodies = TokenEndpoint(), []
    endpoint.refused.add("t1")

    def answered(asked):
        if asked["method"] == "POST" and asked["path"].endswith("/file"):
            bodies.append(asked["body"])
            refused = asked["auth"] == "Bearer t2"
            return (401, {}, {}) if refused else (201, {}, {"result": {"sys_id": ID, "size_bytes": "7", "hash": HASH}})
        return endpoint(asked)

    instance.answer(200, answered)
    client = connect(**CLIENT)
    client.attachments.upload("incident", ID, io.BytesIO(b"content"), file_name="a.bin")
    assert bodies == [b"content", b"content"]


HASH = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"


def test_a_jwt_is_asserted_in_the_form(endpoint, connect, clock):
    clock.seconds = 1_790_000_000
    client = connect(**CLIENT, username="mara", password="", jwt_key=PEM, jwt_key_id="kid-1")
    ask(client)
    (form,) = endpoint.forms
    assert form["grant_type"] == JWT_BEARER == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert {name: form[name] for name in CLIENT} == CLIENT
    assert jwt.get_unverified_header(form["assertion"])["kid"] == "kid-1"
    claims = jwt.decode(
        form["assertion"],
        KEY.public_key(),
        algorithms=["RS256"],
        audience="client",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["iss"], claims["sub"], claims["exp"] - claims["iat"]) == ("client", "mara", 300)
    assert claims["jti"]


def test_each_assertion_is_new(endpoint, connect, clock):
    endpoint.refreshable = False
    client = connect(**CLIENT, username="mara", password="", jwt_key=PEM, jwt_key_id="kid-1")
    ask(client)
    clock.seconds += 1740
    ask(client)
    assert len({form["assertion"] for form in endpoint.forms}) == 2


def test_a_private_key_that_is_none_says_so(endpoint, connect):
    client = connect(**CLIENT, username="mara", password="", jwt_key="nonsense", jwt_key_id="kid-1")
    with pytest.raises(errors.InvalidSettings, match="jwt_key") as told:
        ask(client)
    assert "nonsense" not in str(told.value)


def test_an_api_key_travels_in_its_header():
    settings = SnowSettings(url="https://acme.test", api_key="k-1")
    with requests_mock.Mocker() as platform, SnowClient(settings) as client:
        with client._lease() as native:
            native.session.mount("https://", platform._adapter)
        platform.get("https://acme.test/api/now/table/incident", json={"result": []}, headers={"X-Total-Count": "0"})
        assert ask(client) == []
        sent = platform.last_request.headers
        assert sent["x-sn-apikey"] == "k-1"
        assert "Authorization" not in sent
    assert "k-1" not in repr(settings)


def test_a_client_certificate_goes_to_the_connection():
    settings = SnowSettings(url="https://acme.test", client_certificate="cert.pem", client_key="key.pem")
    seen = []
    with SnowClient(settings) as client:

        class ConnectedError(Exception):
            pass

        def connecting(request, verify, proxies=None, cert=None):
            seen.append((cert, request.headers.get("Authorization")))
            raise ConnectedError

        client._transport.get_connection_with_tls_context = connecting
        with pytest.raises(ConnectedError):
            ask(client)
    assert seen == [(("cert.pem", "key.pem"), None)]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "neither username nor client_id, api_key or client_certificate is set"),
        ({"api_key": "k", **PERSON}, "exclude each other"),
        ({"jwt_key": PEM, **CLIENT}, "jwt_key needs client_id, username and jwt_key_id"),
        ({"jwt_key": PEM, "jwt_key_id": "k", **CLIENT, **PERSON}, "jwt_key and password exclude each other"),
        ({"client_key": "key.pem", **PERSON}, "client_key needs client_certificate"),
        ({"client_certificate": "c.pem", "url": "http://127.0.0.1", "allow_http": True}, "needs https://"),
        ({"username": "mara"}, "password is empty"),
    ],
)
def test_ways_that_contradict_each_other_are_refused(values, told):
    with pytest.raises(errors.InvalidSettings, match=told) as refused:
        SnowSettings(**{"url": "https://acme.test", **values})
    assert "PRIVATE KEY" not in str(refused.value)
