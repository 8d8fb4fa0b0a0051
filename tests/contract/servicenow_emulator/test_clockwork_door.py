"""The door: JWT bearer grant, refresh tokens, API keys, access policies, lock-out."""

from datetime import UTC, datetime

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from snow_app.emulator.rest.assertions import GRANT

CLIENT = {"client_id": "local-client", "client_secret": "local-secret"}
BEARER = {"client_id": "jwt-client", "client_secret": "jwt-secret"}
SHARED = "a shared key of at least thirty-two bytes"


def token(snow, **form: str) -> requests.Response:
    return requests.post(f"{snow.url}/oauth_token.do", data=form, timeout=5)


def asked(snow, path: str = "table/incident", **options) -> requests.Response:
    return requests.get(f"{snow.url}/api/now/{path}", timeout=5, **options)


def who(snow, answer: requests.Response) -> str:
    found = asked(
        snow,
        "table/sys_user?sysparm_query=sys_id=javascript:gs.getUserID()",
        headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
    )
    name: str = found.json()["result"][0]["user_name"]
    return name


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def application(desk):
    def made(**values: str) -> str:
        row = {"name": "JWT", "type": "client", **BEARER}
        sys_id: str = desk.made("oauth_jwt", **{**row, **values})["sys_id"]
        return sys_id

    return made


@pytest.fixture
def with_certificate(desk, application, key):
    def made(**values: str) -> str:
        sys_id = application(**values)
        stored = desk.made("sys_certificate", name="Test", pem_certificate=certificate(key))
        desk.made("jwt_verifier_map", name="Test", oauth_jwt=sys_id, sys_certificate=stored["sys_id"], kid="k1")
        return sys_id

    return made


def claims(clock, **more: object) -> dict[str, object]:
    now = int(clock.now.timestamp())
    found = {
        "aud": "jwt-client", "iss": "jwt-client", "sub": "agent@acme.example", "jti": "1", "iat": now, "exp": now + 60,
    }  # fmt: skip
    return {name: value for name, value in {**found, **more}.items() if value is not None}


def signed(key, document: dict[str, object], *, algorithm: str = "RS256", kid: str = "k1") -> str:
    return jwt.encode(document, key, algorithm=algorithm, headers={"kid": kid})


def test_an_assertion_becomes_a_token_of_the_user(timed, clock, with_certificate, key) -> None:
    with_certificate()
    answer = token(timed, grant_type=GRANT, assertion=signed(key, claims(clock)), **BEARER)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"access_token", "scope", "token_type", "expires_in"}
    assert who(timed, answer) == "agent"


@pytest.mark.parametrize(
    "more",
    [
        {"aud": "other"},
        {"iss": "other"},
        {"sub": "nobody@acme.example"},
        {"sub": None},
        {"sub": "admin@example.com"},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1},
        {"nbf": 4_000_000_000},
        {"jti": None},
    ],
)
def test_assertions_that_do_not_hold(timed, clock, with_certificate, key, more) -> None:
    with_certificate()
    answer = token(timed, grant_type=GRANT, assertion=signed(key, claims(clock, **more)), **BEARER)
    assert (answer.status_code, answer.json()["error"]) == (401, "server_error")


def test_an_assertion_of_another_key_or_none(timed, clock, with_certificate) -> None:
    with_certificate()
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = jwt.encode(claims(clock), "", algorithm="none")
    confused = signed(SHARED, claims(clock), algorithm="HS256")
    for assertion in (signed(other, claims(clock)), forged, confused, "no.jwt", ""):
        assert token(timed, grant_type=GRANT, assertion=assertion, **BEARER).status_code == 401


def test_the_key_id_chooses_the_key(timed, clock, with_certificate, key) -> None:
    with_certificate()
    assert token(timed, grant_type=GRANT, assertion=signed(key, claims(clock), kid="k2"), **BEARER).status_code == 401


def test_an_assertion_is_good_once_unless_the_application_does_not_mind(
    timed, desk, clock, with_certificate, key
) -> None:
    sys_id = with_certificate()
    form = {"grant_type": GRANT, "assertion": signed(key, claims(clock)), **BEARER}
    assert [token(timed, **form).status_code for _ in range(2)] == [200, 401]
    desk.patch(f"table/oauth_jwt/{sys_id}", {"enable_jti_verification": "false"})
    assert [token(timed, **form).status_code for _ in range(2)] == [200, 200]


def test_it_expires_by_the_instances_clock_with_some_skew(timed, advance, clock, with_certificate, key) -> None:
    with_certificate(enable_jti_verification="false", clock_skew="300")
    form = {"grant_type": GRANT, "assertion": signed(key, claims(clock)), **BEARER}
    advance(seconds=359)
    assert token(timed, **form).status_code == 200
    advance(seconds=1)
    assert token(timed, **form).status_code == 401


def test_a_shared_key_and_another_user_field(timed, desk, clock, application) -> None:
    sys_id = application(user_field="user_name")
    desk.made("jwt_verifier_map", name="Shared", oauth_jwt=sys_id, shared_key=SHARED)
    assertion = signed(SHARED, claims(clock, sub="employee"), algorithm="HS256")
    assert who(timed, token(timed, grant_type=GRANT, assertion=assertion, **BEARER)) == "employee"


def test_elliptic_curves_work_too(timed, desk, clock, application) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    stored = desk.made("sys_certificate", name="EC", pem_certificate=certificate(curve))
    desk.made("jwt_verifier_map", name="EC", oauth_jwt=application(), sys_certificate=stored["sys_id"])
    assertion = signed(curve, claims(clock), algorithm="ES256")
    assert token(timed, grant_type=GRANT, assertion=assertion, **BEARER).status_code == 200


def test_claims_can_be_agreed_on(timed, desk, clock, with_certificate, key) -> None:
    sys_id = with_certificate(enable_jti_verification="false")
    for name, value in (("iss", "partner"), ("tenant", "7")):
        desk.made("oauth_jwt_claims", oauth_jwt=sys_id, claim_name=name, claim_value=value)
    right, wrong = claims(clock, iss="partner", tenant=7), claims(clock, iss="partner", tenant=8)
    assert token(timed, grant_type=GRANT, assertion=signed(key, right), **BEARER).status_code == 200
    assert token(timed, grant_type=GRANT, assertion=signed(key, wrong), **BEARER).status_code == 401


def test_a_public_client_needs_neither_id_nor_secret(timed, clock, with_certificate, key) -> None:
    with_certificate(public_client="true")
    assert token(timed, grant_type=GRANT, assertion=signed(key, claims(clock))).status_code == 200


def test_a_private_client_needs_its_secret(timed, clock, with_certificate, key) -> None:
    with_certificate()
    refused = token(timed, grant_type=GRANT, assertion=signed(key, claims(clock)), client_id="jwt-client")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_an_application_without_jwt_grants_nothing_by_it(timed, clock, key) -> None:
    assertion = signed(key, claims(clock, aud="local-client", iss="local-client"))
    assert token(timed, grant_type=GRANT, assertion=assertion, **CLIENT).status_code == 401


def test_a_refresh_token_is_good_once(timed) -> None:
    first = token(timed, grant_type="password", username="agent", password="agent", **CLIENT).json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **CLIENT}
    second = token(timed, **form)
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert who(timed, second) == "agent"
    assert token(timed, **form).status_code == 401
    again = {**form, "refresh_token": second.json()["refresh_token"]}
    assert token(timed, **again).status_code == 200


def test_instances_that_keep_refresh_tokens(timed, desk) -> None:
    setting = desk.get("table/sys_properties", name="emulator.oauth.refresh.rotates").json()["result"][0]["sys_id"]
    desk.patch(f"table/sys_properties/{setting}", {"value": "false"})
    first = token(timed, grant_type="password", username="agent", password="agent", **CLIENT).json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **CLIENT}
    assert [token(timed, **form).status_code for _ in range(2)] == [200, 200]


def test_refresh_tokens_live_a_hundred_days_and_die_with_the_user(timed, desk, advance) -> None:
    def granted() -> dict[str, str]:
        made = token(timed, grant_type="password", username="agent", password="agent", **CLIENT).json()
        return {"grant_type": "refresh_token", "refresh_token": made["refresh_token"], **CLIENT}

    first, second, third = granted(), granted(), granted()
    agent = desk.get("table/sys_user", user_name="agent").json()["result"][0]["sys_id"]
    advance(days=99)
    assert token(timed, **first).status_code == 200
    desk.patch(f"table/sys_user/{agent}", {"active": "false"})
    assert token(timed, **second).status_code == 401
    desk.patch(f"table/sys_user/{agent}", {"active": "true"})
    advance(days=1)
    assert token(timed, **third).status_code == 401


# API keys --------------------------------------------------------------------------------------------------------


@pytest.fixture
def policy(desk):
    """An access policy for the Table API that accepts API keys in the header, and more profiles by name."""

    def made(*profiles: str, place: str = "auth_header", **values: str) -> str:
        row = {
            "name": "Table API", "api_path": "now/table", "apply_all_methods": "true", "apply_all_versions": "true",
            "apply_all_tables": "true",
        }  # fmt: skip
        sys_id: str = desk.made("sys_api_access_policy", **{**row, **values})["sys_id"]
        parameter = desk.get("table/sys_token_auth_parameter", type=place).json()["result"][0]["sys_id"]
        key = desk.made("http_key_auth", name="Key", auth_parameter=parameter)["sys_id"]
        others = [desk.get("table/std_http_auth", name=name).json()["result"][0]["sys_id"] for name in profiles]
        for profile in (*others, key):  # the other way round the policy would shut this very client out
            desk.made("sys_auth_profile_mapping", api_access_policy=sys_id, inbound_auth_profile=profile)
        return sys_id

    return made


@pytest.fixture
def api_key(desk):
    def made(user: str = "agent", **values: str) -> str:
        sys_id = desk.get("table/sys_user", user_name=user).json()["result"][0]["sys_id"]
        row = {"name": "Key", "user": sys_id, "token": "now_secret-key", **values}
        answer = desk.post("table/api_key", row)
        assert "now_secret-key" not in answer.text
        found: str = answer.json()["result"]["sys_id"]
        return found

    return made


KEY = {"x-sn-apikey": "now_secret-key"}


def test_a_key_acts_as_its_user_where_a_policy_takes_it(timed, policy, api_key, api_key_user) -> None:
    api_key()
    assert asked(timed, headers=KEY).status_code == 401
    policy("Basic Auth")
    assert api_key_user(KEY) == "agent"
    assert asked(timed, headers={"x-sn-apikey": "wrong"}).status_code == 401
    assert asked(timed, "attachment", headers=KEY).status_code == 401


@pytest.fixture
def api_key_user(timed):
    def found(headers: dict[str, str], **params: str) -> str:
        query = {"sysparm_query": "sys_id=javascript:gs.getUserID()", **params}
        name: str = asked(timed, "table/sys_user", headers=headers, params=query).json()["result"][0]["user_name"]
        return name

    return found


def test_keys_are_kept_as_hashes(timed, api_key) -> None:
    api_key()
    kept = timed.instance.records.first("api_key", name="Key")
    assert kept is not None
    assert "now_secret-key" not in kept["token"]


def test_a_policy_shuts_out_what_it_does_not_name(timed, policy, api_key) -> None:
    api_key()
    granted = token(timed, grant_type="password", username="agent", password="agent", **CLIENT).json()["access_token"]
    policy("Basic Auth")
    assert asked(timed, auth=("agent", "agent")).status_code == 200
    assert asked(timed, headers={"Authorization": f"Bearer {granted}"}).status_code == 401
    assert asked(timed, "stats/incident", headers={"Authorization": f"Bearer {granted}"}).status_code == 200


def test_a_policy_can_be_about_less(timed, policy, api_key) -> None:
    api_key()
    policy(
        "Basic Auth",
        apply_all_tables="false",
        api_tablename="problem,incident",
        apply_all_methods="false",
        http_method="GET",
    )
    assert asked(timed, headers=KEY).status_code == 200
    assert asked(timed, "table/sys_user", headers=KEY).status_code == 401
    posted = requests.post(f"{timed.url}/api/now/table/incident", headers=KEY, json={}, timeout=5)
    assert posted.status_code == 401


def test_a_key_in_the_address(timed, policy, api_key, api_key_user) -> None:
    api_key()
    policy("Basic Auth", place="query_param")
    assert asked(timed, headers=KEY).status_code == 401
    assert api_key_user({}, **KEY) == "agent"


def test_keys_end(timed, desk, policy, api_key, advance) -> None:
    sys_id = api_key(expires="2026-11-23 09:00:00")
    policy("Basic Auth")
    advance(minutes=59)
    assert asked(timed, headers=KEY).status_code == 200
    advance(minutes=1)
    assert asked(timed, headers=KEY).status_code == 401
    desk.patch(f"table/api_key/{sys_id}", {"expires": ""})
    assert asked(timed, headers=KEY).status_code == 200
    desk.patch(f"table/api_key/{sys_id}", {"active": "false"})
    assert asked(timed, headers=KEY).status_code == 401


def test_a_key_with_a_scope_opens_no_api_without_one(timed, policy, api_key) -> None:
    api_key(auth_scope="orders")
    policy("Basic Auth")
    refused = asked(timed, headers=KEY)
    assert (refused.status_code, refused.json()["error"]["detail"]) == (403, "Access to unscoped api is not allowed")


# Lock-out --------------------------------------------------------------------------------------------------------


def tried(snow, password: str) -> int:
    return asked(snow, auth=("agent", password)).status_code


def test_the_sixth_wrong_password_locks_for_a_quarter_of_an_hour(timed, desk, advance) -> None:
    for _ in range(5):
        assert tried(timed, "wrong") == 401
    assert tried(timed, "agent") == 200
    for _ in range(6):
        assert tried(timed, "wrong") == 401
    assert tried(timed, "agent") == 401
    locked = desk.get("table/sys_user", user_name="agent").json()["result"][0]
    assert (locked["locked_out"], locked["failed_attempts"]) == ("true", "6")
    advance(minutes=14, seconds=59)
    assert tried(timed, "agent") == 401
    advance(seconds=1)
    assert tried(timed, "agent") == 200
    assert desk.get("table/sys_user", user_name="agent").json()["result"][0]["failed_attempts"] == "0"
    assert len(desk.get("table/sysevent", name="login.failed", parm1="agent").json()["result"]) == 11


def test_numbers_of_the_lock_out_are_settings(timed, desk, advance) -> None:
    for name, value in (("glide.user.max_unlock_attempts", "1"), ("glide.user.unlock_timeout_in_mins", "0")):
        sys_id = desk.get("table/sys_properties", name=name).json()["result"][0]["sys_id"]
        desk.patch(f"table/sys_properties/{sys_id}", {"value": value})
    assert [tried(timed, "wrong") for _ in range(2)] == [401, 401]
    advance(days=30)
    assert tried(timed, "agent") == 401
    agent = desk.get("table/sys_user", user_name="agent").json()["result"][0]["sys_id"]
    desk.patch(f"table/sys_user/{agent}", {"locked_out": "false"})
    assert tried(timed, "agent") == 200


def test_the_token_door_counts_as_well(timed) -> None:
    for _ in range(6):
        token(timed, grant_type="password", username="agent", password="wrong", **CLIENT)
    assert token(timed, grant_type="password", username="agent", password="agent", **CLIENT).status_code == 401


def test_others_are_not_locked_out(timed) -> None:
    for _ in range(7):
        tried(timed, "wrong")
    assert asked(timed, auth=("lead", "lead")).status_code == 200
