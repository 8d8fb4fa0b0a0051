"""The shopper login service: its grants, its windows, its limits, its keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from sfcc_client.emulator.clients import SHOPPER, STOREFRONT
from sfcc_client.emulator.sessions import challenge_of

ADA = "ada@example.com"
PRIVATE = (SHOPPER.client_id, SHOPPER.secret)
BACK = "https://shop.example.com/callback"
VERIFIER = "v" * 43


def test_a_token_on_behalf_of_a_shopper_can_be_checked_with_the_published_key(small: Any, clock: Any) -> None:
    answer = small.on_behalf(ADA, "North")
    keys = small.slas("/oauth2/jwks", method="GET").json()["keys"]
    header = jwt.get_unverified_header(answer["access_token"])
    key = next(key for key in keys if key["kid"] == header["kid"])
    claims = jwt.decode(
        answer["access_token"],
        jwt.PyJWK(key),
        algorithms=["ES256"],
        audience="commercecloud/prod/zzrf_001",
        issuer="slas/prod/zzrf_001",
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    parts = dict(part.split(":", 1) for part in claims["isb"].split("::"))
    assert parts["uido"] == "ecom"
    assert parts["upn"] == ADA
    assert parts["uidn"] == "Ada Moss"
    assert parts["rcid"] == answer["customer_id"] == "abOne"
    assert parts["tsob"] == "ts_ext_on_behalf_of"
    assert parts["chid"] == "North"
    assert claims["exp"] - claims["iat"] == answer["expires_in"] == 1800
    assert claims["iat"] == int(clock.now().timestamp())
    assert answer["usid"] in claims["sub"]
    assert "sfcc.ts_ext_on_behalf_of" not in claims["scp"].split()


def test_the_same_login_again_within_three_seconds_is_a_conflict(small: Any, clock: Any) -> None:
    assert small.on_behalf_answer(ADA, "North").status_code == 200
    clock.advance(2.9)
    answer = small.on_behalf_answer(ADA.upper(), "South")
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert small.on_behalf_answer("reed@example.com", "North").status_code == 200
    clock.advance(0.2)
    assert small.on_behalf_answer(ADA, "North").status_code == 200


def test_guests_do_not_get_in_each_others_way(small: Any) -> None:
    first, second = (small.on_behalf_answer("guest", "North").json() for _ in range(2))
    assert first["customer_id"] != second["customer_id"]
    again = small.on_behalf_answer("guest", "North", usid=first["usid"]).json()
    assert again["customer_id"] == first["customer_id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"login_id": "nobody@example.org"},
        {"login_id": None},
        {"login_id": "x" * 129},
        {"hint": "ts_other"},
        {"idp_origin": "unheard-of"},
        {"channel_id": "Nowhere"},
        {"grant_type": "authorization_code"},
        {"client_id": "another"},
    ],
    ids=str,
)
def test_a_bad_request_on_behalf_is_refused(small: Any, changes: dict[str, Any]) -> None:
    login = changes.pop("login_id", ADA)
    answer = small.on_behalf_answer(login, "North", **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_disabled_customer_cannot_be_acted_for(small: Any) -> None:
    small.shop.state.customers.change(("People", "0001"), credentials={"login": ADA, "enabled": False})
    assert small.on_behalf_answer(ADA, "North").status_code == 400


def test_only_a_private_client_with_the_scope_may_act_on_behalf(small: Any) -> None:
    wrong = small.on_behalf_answer(ADA, "North", auth=(SHOPPER.client_id, "wrong"))
    assert (wrong.status_code, wrong.json()["error_description"]) == (401, "Basic Authorization failed.")
    assert small.on_behalf_answer(ADA, "North", auth=(STOREFRONT.client_id, "")).status_code == 401


def test_an_issuer_subject_over_256_characters_is_refused(small: Any) -> None:
    """A long login counts twice where the customer has no first name; the limit is exact."""
    state = small.shop.state
    base = {"customerListId": "People", "lastName": "", "customerId": "ab" + "x" * 24}
    fixed = len("uido:ecom::upn:::uidn:::gcid:::rcid:::tsob:ts_ext_on_behalf_of::chid:North") + 26 + 26
    fits = (256 - fixed) // 2
    for number, length in (("fits", fits), ("long", fits + 1)):
        login = ("a" * length + "@example.com")[-length:]
        state.customers.save({**base, "customerNo": number, "credentials": {"login": login, "enabled": True}})
        answer = small.on_behalf_answer(login, "North")
        if number == "fits":
            assert answer.status_code == 200
        else:
            assert answer.status_code == 400
            assert answer.json()["error_description"] == "Issuer Subject length must be less than 256 characters"


def test_an_unknown_login_of_another_identity_provider_creates_a_customer(small: Any) -> None:
    before = len(small.shop.state.customers)
    answer = small.on_behalf_answer("new@example.net", "North", idp_origin="google")
    assert answer.status_code == 200
    assert len(small.shop.state.customers) == before + 1
    assert small.shop.state.customer_of_id(answer.json()["customer_id"])["credentials"]["login"] == "new@example.net"


def test_a_guest_of_a_private_client_and_the_refresh_of_its_session(small: Any, clock: Any) -> None:
    form = {"grant_type": "client_credentials", "channel_id": "North"}
    first = small.slas("/oauth2/token", auth=PRIVATE, data=form).json()
    assert first["refresh_token_expires_in"] == 2_592_000
    clock.advance(1800)
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], "organizationId": "ignored"}
    second = small.slas("/oauth2/token", auth=PRIVATE, data=form).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["customer_id"] == first["customer_id"]
    assert second["refresh_token_expires_in"] == 2_592_000 - 1800
    clock.advance(2_592_000)
    assert small.slas("/oauth2/token", auth=PRIVATE, data=form).status_code == 400


def _code(caller: Any, path: str, method: str, **options: Any) -> str:
    answer = caller.slas(path, method=method, allow_redirects=False, **options)
    assert answer.status_code == 303, answer.text
    assert answer.content == b""
    assert answer.headers["Location"].startswith(BACK)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def _redeemed(caller: Any, code: str, **changes: Any) -> Any:
    form = {
        "grant_type": "authorization_code_pkce",
        "client_id": STOREFRONT.client_id,
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": BACK,
        "channel_id": "North",
    }
    return caller.slas("/oauth2/token", data={**form, **changes})


def _login(caller: Any, password: str = "open sesame") -> Any:
    form = {
        "client_id": STOREFRONT.client_id,
        "channel_id": "North",
        "redirect_uri": BACK,
        "code_challenge": challenge_of(VERIFIER),
    }
    return {"auth": (ADA, password), "data": form}


def test_a_registered_login_of_a_public_client_needs_its_verifier(small: Any, clock: Any) -> None:
    code = _code(small, "/oauth2/login", "POST", **_login(small))
    answer = _redeemed(small, code)
    assert answer.json()["customer_id"] == "abOne"
    assert answer.json()["refresh_token_expires_in"] == 7_776_000
    assert _redeemed(small, code).status_code == 400, "a code is good once"
    clock.advance(3)
    code = _code(small, "/oauth2/login", "POST", **_login(small))
    assert _redeemed(small, code, code_verifier="other" * 9).status_code == 400


def test_a_wrong_password_is_refused(small: Any) -> None:
    answer = small.slas("/oauth2/login", **_login(small, password="guessed"), allow_redirects=False)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_guest_of_a_public_client_gets_a_new_refresh_token_each_time(small: Any) -> None:
    query = {
        "client_id": STOREFRONT.client_id,
        "hint": "guest",
        "response_type": "code",
        "redirect_uri": BACK,
        "channel_id": "North",
        "code_challenge": challenge_of(VERIFIER),
    }
    first = _redeemed(small, _code(small, "/oauth2/authorize", "GET", params=query)).json()
    form = {"grant_type": "refresh_token", "client_id": STOREFRONT.client_id, "refresh_token": first["refresh_token"]}
    second = small.slas("/oauth2/token", data=form).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert small.slas("/oauth2/token", data=form).status_code == 400, "the old one is void"


def test_a_refresh_token_belongs_to_its_client(small: Any) -> None:
    form = {"grant_type": "client_credentials", "channel_id": "North"}
    token = small.slas("/oauth2/token", auth=PRIVATE, data=form).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": STOREFRONT.client_id, "refresh_token": token}
    assert small.slas("/oauth2/token", data=form).status_code == 400


def test_the_rate_limit_is_announced_and_kept(opened: Callable[..., Any], clock: Any) -> None:
    caller = opened(slas_calls_per_minute=2)
    first = caller.on_behalf_answer("guest", "North")
    assert first.headers["X-RateLimit-1M-Limit"] == "2"
    assert first.headers["X-RateLimit-1M-Remaining"] == "1"
    assert int(first.headers["X-RateLimit-1M-Reset"]) > clock.now().timestamp()
    assert first.headers["X-RateLimit-5M-Limit"] == "10"
    caller.on_behalf_answer("guest", "North")
    third = caller.on_behalf_answer("guest", "North")
    assert third.status_code == 429
    wait = int(third.headers["Retry-After"])
    assert 1 <= wait <= 61
    clock.advance(wait)
    assert caller.on_behalf_answer("guest", "North").status_code == 200


def test_the_keys_have_a_limit_of_their_own(small: Any) -> None:
    statuses = [small.slas("/oauth2/jwks", method="GET").status_code for _ in range(26)]
    assert statuses == [200] * 25 + [429]
    assert small.on_behalf_answer("guest", "North").status_code == 200


def test_another_tenant_is_unknown_here(small: Any) -> None:
    answer = small.call("GET", "/shopper/auth/v1/organizations/f_ecom_aaaa_001/oauth2/jwks")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
