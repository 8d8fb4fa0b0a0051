"""SLAS logins: guest, registered, refresh, trusted system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, request

from sfcc_client.emulator.answers import answer, answer_text
from sfcc_client.emulator.clients import ApiClient
from sfcc_client.emulator.routes.account_manager import basic_credentials
from sfcc_client.emulator.routes.slas.door import blueprint, channel, named_client, private_client, refused
from sfcc_client.emulator.shoppers import NoSuchShopper, guest, registered, unlisted
from sfcc_client.emulator.tokens import ISSUER_SUBJECT_MAXIMUM, SHOPPER_LIFETIME_S, Shopper
from sfcc_client.emulator.world import world

TSOB = "sfcc.ts_ext_on_behalf_of"
_ORIGINS = frozenset(
    {
        *("apple", "auth0", "azure", "azure_adb2c", "cognito", "default", "ecom", "facebook", "forgerock"),
        *("gigya", "gigya_socialize", "google", "okta", "ping", "salesforce"),
    }
)


@blueprint.post("/login")
def login() -> Response:
    """First step of a registered login: Basic(login:password), answered by a redirect that carries the code."""
    client = named_client(request.form.get("client_id", ""))
    credentials = basic_credentials()
    if credentials is None:
        raise refused(401, "invalid_client", "Basic Authorization failed.")
    site_id = channel()
    customer = world().state.customer_of_login(world().state.sites[site_id].customer_list_id, credentials[0])
    if customer is None or not customer.get("password") or customer["password"] != credentials[1]:
        raise refused(401, "invalid_client", "Basic Authorization failed.")
    _once_in_a_while(credentials[0])
    return _redirect(client, _registered(site_id, credentials[0]))


@blueprint.get("/authorize")
def authorize() -> Response:
    """First step of a guest login of a public client (hint=guest)."""
    client = named_client(request.args.get("client_id", ""))
    if request.args.get("hint") != "guest" or request.args.get("response_type") != "code":
        raise refused(400, "invalid_request", "Only hint=guest with response_type=code is supported.")
    return _redirect(client, guest(world(), channel(), request.args.get("usid")))


@blueprint.post("/token")
def token() -> Response:
    grant = _GRANTS.get(request.form.get("grant_type", ""))
    if grant is None:
        raise refused(400, "invalid_request", "Bad or missing grant_type.")
    return grant()


@blueprint.post("/trusted-system/token")
def trusted_system() -> Response:
    """A shopper's token without the shopper, for a private client with the trusted-system scope."""
    client = private_client()
    if not client.allows(TSOB):
        raise refused(401, "invalid_client", "The client is not allowed to act on behalf of shoppers.")
    wanted = {"grant_type": "client_credentials", "hint": "ts_ext_on_behalf_of", "client_id": client.client_id}
    for name, value in wanted.items():
        if request.form.get(name) != value:
            raise refused(400, "invalid_request", f"Bad or missing {name}.")
    login_id, origin = request.form.get("login_id"), request.form.get("idp_origin")
    if not login_id:
        raise refused(400, "invalid_request", "Bad or missing login_id.")
    if origin not in _ORIGINS:
        raise refused(400, "invalid_request", "Bad or missing idp_origin.")
    site_id = channel()
    if login_id == "guest" and origin == "ecom":
        shopper = guest(world(), site_id, request.form.get("usid"))
    else:
        _once_in_a_while(login_id)
        shopper = _registered(site_id, login_id) if origin == "ecom" else unlisted(world(), site_id, login_id, origin)
    return _session(client, replace(shopper, on_behalf=True))


def _guest_ofprivate_client() -> Response:
    client = private_client()
    return _session(client, guest(world(), channel(), request.form.get("usid")))


def _redeemed_code() -> Response:
    credentials = basic_credentials()
    client = private_client() if credentials else named_client(request.form.get("client_id", ""))
    shopper = world().sessions.redeemed(
        request.form.get("code", ""),
        client.client_id,
        request.form.get("redirect_uri", ""),
        request.form.get("code_verifier"),
    )
    if shopper is None:
        raise refused(400, "invalid_request", "Bad or missing authorization code.")
    return _session(client, shopper)


def _refreshed() -> Response:
    private = basic_credentials() is not None
    client = private_client() if private else named_client(request.form.get("client_id", ""))
    given = request.form.get("refresh_token", "")
    found = world().sessions.refreshed(given, client.client_id, keep=private)
    if found is None:
        raise refused(400, "invalid_request", "Bad or missing refresh token.")
    return _session(client, found.shopper, refresh_token=given if private else None)


_GRANTS: dict[str, Callable[[], Response]] = {
    "client_credentials": _guest_ofprivate_client,
    "authorization_code": _redeemed_code,
    "authorization_code_pkce": _redeemed_code,
    "refresh_token": _refreshed,
}


def _once_in_a_while(login_id: str) -> None:
    if not world().sessions.admits_login(login_id.casefold()):
        raise refused(409, "conflict", "The same loginId and tenantId tried to login twice within 3 seconds.")


def _registered(site_id: str, login_id: str) -> Shopper:
    try:
        return registered(world(), site_id, login_id, request.values.get("usid"))
    except NoSuchShopper as error:
        raise refused(400, "invalid_request", "Bad or missing login_id.") from error


def _redirect(client: ApiClient, shopper: Shopper) -> Response:
    redirect_uri, challenge = request.values.get("redirect_uri"), request.values.get("code_challenge")
    if not redirect_uri:
        raise refused(400, "invalid_request", "Bad or missing redirect_uri.")
    if client.secret is None and not challenge:
        raise refused(400, "invalid_request", "Bad or missing code_challenge.")
    code = world().sessions.code(client.client_id, shopper, redirect_uri, challenge)
    values = {"usid": shopper.usid, "state": request.values.get("state"), "code": code}
    query = urlencode({name: value for name, value in values.items() if value is not None})
    response = answer_text("", 303)
    response.headers["Location"] = f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"
    return response


def _session(client: ApiClient, shopper: Shopper, refresh_token: str | None = None) -> Response:
    if len(shopper.subject) > ISSUER_SUBJECT_MAXIMUM:
        raise refused(400, "invalid_request", "Issuer Subject length must be less than 256 characters")
    if request.form.get("dnt") is not None:
        shopper = replace(shopper, dnt=request.form["dnt"] == "true")
    tokens, sessions = world().tokens, world().sessions
    new_token, lifetime = sessions.refresh_token(client.client_id, shopper) if refresh_token is None else ("", 0)
    document = {
        "access_token": tokens.of_shopper(client.client_id, shopper, client.scopes - {TSOB}),
        "id_token": tokens.id_token(client.client_id, shopper),
        "refresh_token": refresh_token or new_token,
        "expires_in": SHOPPER_LIFETIME_S,
        "refresh_token_expires_in": lifetime or sessions.remaining(refresh_token or ""),
        "token_type": "Bearer",
        "usid": shopper.usid,
        "customer_id": shopper.customer_id or shopper.guest_customer_id,
        "enc_user_id": shopper.encrypted_user_id,
        "idp_access_token": "",
        "dnt": str(shopper.dnt).lower(),
    }
    return answer(document)
