"""What becomes of a session: introspection, who is signed in, revoking, logging out, and what SLAS says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from sfcc_client.emulator.clients import SHOPPER, STOREFRONT, ApiClient

ADA = "ada@example.com"
PRIVATE = (SHOPPER.client_id, SHOPPER.secret)
OTHER = ApiClient(client_id="another-client", secret="s", kind="shopper", scopes=SHOPPER.scopes)


def asked(world: Any, what: str, token: str, auth: Any = PRIVATE) -> Any:
    return world.slas(f"/oauth2/{what}", auth=auth, data={"token": token})


def who(world: Any, token: str, **query: str) -> Any:
    return world.slas("/oauth2/userinfo", method="GET", token=token, params={"channel_id": "North", **query})


def out(world: Any, session: dict[str, Any], **query: str) -> Any:
    given = {"client_id": SHOPPER.client_id, "refresh_token": session["refresh_token"], "channel_id": "North"}
    return world.slas("/oauth2/logout", method="GET", token=session["access_token"], params={**given, **query})


def profile(world: Any, session: dict[str, Any]) -> int:
    path = f"/customers/{session['customer_id']}"
    query = {"siteId": "North"}
    return int(
        world.scapi("/customer/shopper-customers/v1", path, token=session["access_token"], params=query).status_code
    )


def refreshed(world: Any, session: dict[str, Any]) -> int:
    form = {"grant_type": "refresh_token", "refresh_token": session["refresh_token"]}
    return int(world.slas("/oauth2/token", auth=PRIVATE, data=form).status_code)


def error(answer: Any) -> tuple[int, str, str]:
    body = answer.json()
    return answer.status_code, body["error"], body["error_description"]


def test_both_tokens_of_a_session_can_be_read(small: Any, clock: Any) -> None:
    session, now = small.on_behalf(ADA, "North"), int(clock.now().timestamp())
    access, refresh = (asked(small, "introspect", session[f"{kind}_token"]).json() for kind in ("access", "refresh"))
    assert (access["active"], access["token_type"], access["exp"] - now) == (True, "access_token", 1800)
    assert (refresh["active"], refresh["token_type"], refresh["exp"] - now) == (True, "refresh_token", 7_776_000)
    assert access["client_id"] == SHOPPER.client_id
    assert access["sub"] == refresh["sub"]
    assert access["sub"].startswith(f"usid:{session['usid']}::uido:ecom::upn:{ADA}::uidn:Ada Moss::")
    clock.advance(1800)
    assert asked(small, "introspect", session["access_token"]).json() == {"active": False}
    assert asked(small, "introspect", session["refresh_token"]).json()["active"] is True


def test_nobody_learns_of_another_clients_tokens(opened: Any) -> None:
    world = opened(clients=[OTHER])
    session = world.on_behalf(ADA, "North")
    for token in (session["access_token"], session["refresh_token"], "unheard-of"):
        assert asked(world, "introspect", token, (OTHER.client_id, "s")).json() == {"active": False}
    refused = asked(world, "revoke", session["refresh_token"], (OTHER.client_id, "s"))
    assert error(refused) == (400, "invalid_request", "Bad or missing refresh token.")
    assert refreshed(world, session) == 200


@pytest.mark.parametrize("what", ["introspect", "revoke"])
def test_only_private_clients_may_ask(small: Any, what: str) -> None:
    for auth in (None, (SHOPPER.client_id, "wrong"), (STOREFRONT.client_id, "")):
        assert error(asked(small, what, "x", auth)) == (401, "invalid_client", "Basic Authorization failed.")
    assert asked(small, what, "").status_code == 400


def test_a_revoked_refresh_token_is_void_and_the_access_token_is_not(small: Any) -> None:
    session = small.on_behalf(ADA, "North")
    answer = asked(small, "revoke", session["refresh_token"])
    assert (answer.status_code, answer.json()["refresh_token"]) == (200, session["refresh_token"])
    assert (refreshed(small, session), profile(small, session)) == (400, 200)
    assert asked(small, "introspect", session["refresh_token"]).json() == {"active": False}
    assert asked(small, "revoke", session["refresh_token"]).status_code == 400
    assert asked(small, "revoke", session["access_token"]).status_code == 400


def test_who_is_signed_in(small: Any) -> None:
    session = small.on_behalf(ADA, "North")
    assert who(small, session["access_token"]).json() == {
        "sub": session["usid"],
        "customer_id": "abOne",
        "email": ADA,
        "given_name": "Ada",
        "family_name": "Moss",
        "name": "Ada Moss",
        "validated": True,
    }
    guest = small.on_behalf("guest", "North")
    assert who(small, guest["access_token"]).json()["validated"] is False
    assert "email" not in who(small, guest["access_token"]).json()


def test_a_question_who_is_signed_in_needs_a_shopper_s_token_and_the_site(small: Any) -> None:
    token = small.shopper(ADA, "North")
    for wrong in ("", "x.y.z", small.admin()):
        assert error(who(small, wrong)) == (400, "invalid_request", "Bad or missing access token.")
    for site in ("", "South", "Nowhere"):
        assert error(who(small, token, channel_id=site))[2] == "Bad or missing channel_id."


def test_a_logout_ends_one_session(small: Any, clock: Any) -> None:
    first = small.on_behalf(ADA, "North")
    clock.advance(4)
    second = small.on_behalf_answer(ADA, "North").json()
    answer = out(small, first)
    assert (answer.status_code, answer.json()["access_token"], answer.json()["usid"]) == (200, "", "null")
    assert (profile(small, first), refreshed(small, first)) == (401, 400)
    assert (profile(small, second), refreshed(small, second)) == (200, 200)
    assert out(small, first).status_code == 401


def test_a_logout_can_end_every_session(small: Any, clock: Any) -> None:
    first, reed = small.on_behalf(ADA, "North"), small.on_behalf("reed@example.com", "North")
    clock.advance(4)
    second = small.on_behalf_answer(ADA, "North").json()
    assert out(small, second, hint="all-sessions").status_code == 200
    assert [profile(small, one) for one in (first, second, reed)] == [401, 401, 200]
    assert [refreshed(small, one) for one in (first, second, reed)] == [400, 400, 200]
    clock.advance(4)
    assert profile(small, small.on_behalf_answer(ADA, "North").json()) == 200


def test_a_logout_has_to_name_what_it_ends(small: Any) -> None:
    session, guest = small.on_behalf(ADA, "North"), small.on_behalf("guest", "North")
    reed = small.on_behalf("reed@example.com", "North")
    for query, said in (
        ({"client_id": "nobody"}, (400, "Bad or missing client_id.")),
        ({"client_id": STOREFRONT.client_id}, (401, "Authorization failed.")),
        ({"channel_id": "South"}, (400, "Bad or missing channel_id.")),
        ({"hint": "some"}, (400, "Bad hint.")),
        ({"refresh_token": reed["refresh_token"]}, (400, "Bad or missing refresh token.")),
    ):
        status, _, description = error(out(small, session, **query))
        assert (status, description) == said
    assert error(out(small, guest))[2] == "Guests cannot be logged out."
    assert profile(small, session) == 200


def test_slas_says_where_everything_is(small: Any) -> None:
    answer = small.slas("/oauth2/.well-known/openid-configuration", method="GET")
    found = answer.json()
    assert found["issuer"] == "slas/prod/zzrf_001"
    base = f"{small.shop.url}/shopper/auth/v1{small.organization}/oauth2"
    assert (found["jwks_uri"], found["userinfo_endpoint"]) == (f"{base}/jwks", f"{base}/userinfo")
    statuses = [small.slas("/oauth2/.well-known/openid-configuration", method="GET").status_code for _ in range(25)]
    assert statuses == [200] * 24 + [429]
    assert small.slas("/oauth2/jwks", method="GET").status_code == 200
