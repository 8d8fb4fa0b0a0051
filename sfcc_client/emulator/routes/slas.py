"""SLAS, the shopper login service: guest, registered, refresh, trusted system; its keys and its rate limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, g, request

from sfcc_client.emulator.answers import answer, answer_text
from sfcc_client.emulator.clients import ApiClient
from sfcc_client.emulator.errors import OAuthRefusal
from sfcc_client.emulator.routes.account_manager import basic_credentials, secret_matches
from sfcc_client.emulator.sessions import Quota
from sfcc_client.emulator.shoppers import NoSuchShopper, guest, registered, unlisted
from sfcc_client.emulator.tokens import ISSUER_SUBJECT_MAXIMUM, SHOPPER_LIFETIME_S, Shopper
from sfcc_client.emulator.world import world

blueprint = Blueprint("slas", __name__, url_prefix="/shopper/auth/v1/organizations/<organization_id>/oauth2")
_TSOB = "sfcc.ts_ext_on_behalf_of"
_MAXIMA = {"login_id": 128, "email_id": 128, "channel_id": 100, "client_id": 40, "usid": 128, "refresh_token": 256}
_ORIGINS = frozenset(
    {
        *("apple", "auth0", "azure", "azure_adb2c", "cognito", "default", "ecom", "facebook", "forgerock"),
        *("gigya", "gigya_socialize", "google", "okta", "ping", "salesforce"),
    }
)


def _refused(status: int, error: str, description: str, headers: dict[str, str] | None = None) -> OAuthRefusal:
    return OAuthRefusal(status, error, description, media_type="application/problem+json", headers=headers)


@blueprint.url_value_preprocessor
def _tenant(_: str | None, values: dict[str, str] | None) -> None:
    g.organization_id = values.pop("organization_id") if values else ""


@blueprint.before_request
def _counted() -> None:
    keys = request.path.endswith("/jwks")
    quotas = {"1M": world().sessions.keys.counted()} if keys else _quotas()
    g.quotas = {} if keys else quotas
    exceeded = next((quota for quota in quotas.values() if quota.exceeded), None)
    if exceeded is not None:
        wait = max(1, exceeded.reset - int(world().clock.now().timestamp()))
        raise _refused(429, "too_many_requests", "Too many requests.", {"Retry-After": str(wait)})
    if g.organization_id != world().state.organization_id:
        raise _refused(400, "invalid_request", "Bad or missing tenant id.")
    for name, maximum in _MAXIMA.items():
        if len(request.form.get(name, "")) > maximum:
            raise _refused(400, "invalid_request", f"{name} is longer than {maximum} characters.")


@blueprint.after_request
def _limits(response: Response) -> Response:
    quotas: dict[str, Quota] = g.get("quotas") or {}
    for name, quota in quotas.items():
        response.headers[f"X-RateLimit-{name}-Limit"] = str(quota.limit)
        response.headers[f"X-RateLimit-{name}-Remaining"] = str(max(0, quota.remaining))
        response.headers[f"X-RateLimit-{name}-Reset"] = str(quota.reset)
    return response


def _quotas() -> dict[str, Quota]:
    sessions = world().sessions
    return {"1M": sessions.minute.counted(), "5M": sessions.five_minutes.counted()}


@blueprint.get("/jwks")
def keys() -> Response:
    return answer(world().tokens.jwks())


@blueprint.post("/login")
def login() -> Response:
    """First step of a registered login: Basic(login:password), answered by a redirect that carries the code."""
    client = _named_client(request.form.get("client_id", ""))
    credentials = basic_credentials()
    if credentials is None:
        raise _refused(401, "invalid_client", "Basic Authorization failed.")
    site_id = _channel()
    customer = world().state.customer_of_login(world().state.sites[site_id].customer_list_id, credentials[0])
    if customer is None or not customer.get("password") or customer["password"] != credentials[1]:
        raise _refused(401, "invalid_client", "Basic Authorization failed.")
    _once_in_a_while(credentials[0])
    return _redirect(client, _registered(site_id, credentials[0]))


@blueprint.get("/authorize")
def authorize() -> Response:
    """First step of a guest login of a public client (hint=guest)."""
    client = _named_client(request.args.get("client_id", ""))
    if request.args.get("hint") != "guest" or request.args.get("response_type") != "code":
        raise _refused(400, "invalid_request", "Only hint=guest with response_type=code is supported.")
    return _redirect(client, guest(world(), _channel(), request.args.get("usid")))


@blueprint.post("/token")
def token() -> Response:
    grant = _GRANTS.get(request.form.get("grant_type", ""))
    if grant is None:
        raise _refused(400, "invalid_request", "Bad or missing grant_type.")
    return grant()


@blueprint.post("/trusted-system/token")
def trusted_system() -> Response:
    """A shopper's token without the shopper, for a private client with the trusted-system scope."""
    client = _private_client()
    if not client.allows(_TSOB):
        raise _refused(401, "invalid_client", "The client is not allowed to act on behalf of shoppers.")
    wanted = {"grant_type": "client_credentials", "hint": "ts_ext_on_behalf_of", "client_id": client.client_id}
    for name, value in wanted.items():
        if request.form.get(name) != value:
            raise _refused(400, "invalid_request", f"Bad or missing {name}.")
    login_id, origin = request.form.get("login_id"), request.form.get("idp_origin")
    if not login_id:
        raise _refused(400, "invalid_request", "Bad or missing login_id.")
    if origin not in _ORIGINS:
        raise _refused(400, "invalid_request", "Bad or missing idp_origin.")
    site_id = _channel()
    if login_id == "guest" and origin == "ecom":
        shopper = guest(world(), site_id, request.form.get("usid"))
    else:
        _once_in_a_while(login_id)
        shopper = _registered(site_id, login_id) if origin == "ecom" else unlisted(world(), site_id, login_id, origin)
    return _session(client, replace(shopper, on_behalf=True))


def _guest_of_private_client() -> Response:
    client = _private_client()
    return _session(client, guest(world(), _channel(), request.form.get("usid")))


def _redeemed_code() -> Response:
    credentials = basic_credentials()
    client = _private_client() if credentials else _named_client(request.form.get("client_id", ""))
    shopper = world().sessions.redeemed(
        request.form.get("code", ""),
        client.client_id,
        request.form.get("redirect_uri", ""),
        request.form.get("code_verifier"),
    )
    if shopper is None:
        raise _refused(400, "invalid_request", "Bad or missing authorization code.")
    return _session(client, shopper)


def _refreshed() -> Response:
    private = basic_credentials() is not None
    client = _private_client() if private else _named_client(request.form.get("client_id", ""))
    given = request.form.get("refresh_token", "")
    found = world().sessions.refreshed(given, client.client_id, keep=private)
    if found is None:
        raise _refused(400, "invalid_request", "Bad or missing refresh token.")
    return _session(client, found.shopper, refresh_token=given if private else None)


_GRANTS: dict[str, Callable[[], Response]] = {
    "client_credentials": _guest_of_private_client,
    "authorization_code": _redeemed_code,
    "authorization_code_pkce": _redeemed_code,
    "refresh_token": _refreshed,
}


def _private_client() -> ApiClient:
    credentials = basic_credentials()
    client = world().clients.shopper(credentials[0]) if credentials else None
    if client is None or credentials is None or not secret_matches(client, credentials[1]):
        raise _refused(401, "invalid_client", "Basic Authorization failed.")
    return client


def _named_client(client_id: str) -> ApiClient:
    """A client known by its id alone: a public one, or a private one that shows its secret in another header."""
    client = world().clients.shopper(client_id)
    if client is None:
        raise _refused(400, "invalid_request", "Bad or missing client_id.")
    return client


def _channel() -> str:
    site_id = request.values.get("channel_id") or request.args.get("siteId", "")
    if world().site(site_id) is None:
        raise _refused(400, "invalid_request", "Bad or missing channel_id.")
    return site_id


def _once_in_a_while(login_id: str) -> None:
    if not world().sessions.admits_login(login_id.casefold()):
        raise _refused(409, "conflict", "The same loginId and tenantId tried to login twice within 3 seconds.")


def _registered(site_id: str, login_id: str) -> Shopper:
    try:
        return registered(world(), site_id, login_id)
    except NoSuchShopper as error:
        raise _refused(400, "invalid_request", "Bad or missing login_id.") from error


def _redirect(client: ApiClient, shopper: Shopper) -> Response:
    redirect_uri, challenge = request.values.get("redirect_uri"), request.values.get("code_challenge")
    if not redirect_uri:
        raise _refused(400, "invalid_request", "Bad or missing redirect_uri.")
    if client.secret is None and not challenge:
        raise _refused(400, "invalid_request", "Bad or missing code_challenge.")
    code = world().sessions.code(client.client_id, shopper, redirect_uri, challenge)
    values = {"usid": shopper.usid, "state": request.values.get("state"), "code": code}
    query = urlencode({name: value for name, value in values.items() if value is not None})
    response = answer_text("", 303)
    response.headers["Location"] = f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"
    return response


def _session(client: ApiClient, shopper: Shopper, refresh_token: str | None = None) -> Response:
    if len(shopper.subject) > ISSUER_SUBJECT_MAXIMUM:
        raise _refused(400, "invalid_request", "Issuer Subject length must be less than 256 characters")
    if request.form.get("dnt") is not None:
        shopper = replace(shopper, dnt=request.form["dnt"] == "true")
    tokens, sessions = world().tokens, world().sessions
    new_token, lifetime = sessions.refresh_token(client.client_id, shopper) if refresh_token is None else ("", 0)
    document = {
        "access_token": tokens.of_shopper(client.client_id, shopper, client.scopes - {_TSOB}),
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
