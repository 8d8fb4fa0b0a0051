"""Account Manager (client credentials) and the token of Business Manager users."""

from __future__ import annotations

import base64
import binascii
import hmac
from urllib.parse import unquote

from flask import Blueprint, Response, request

from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.clients import ApiClient
from sfcc_client.emulator.errors import OAuthRefusal
from sfcc_client.emulator.tokens import ADMIN_LIFETIME_S, USER_LIFETIME_S
from sfcc_client.emulator.world import world

blueprint = Blueprint("account_manager", __name__)
_USER_GRANT = "urn:demandware:params:oauth:grant-type:client-id:dwsid:dwsecuretoken"
_IDENTITY_SCOPES = frozenset({"mail", "roles", "tenantFilter", "openid", "profile", "email"})


def basic_credentials(header: str | None = None) -> tuple[str, str] | None:
    """Name and password of a Basic authorization (RFC 7617), None when there is none or it cannot be read."""
    scheme, _, encoded = (header or request.headers.get("Authorization", "")).partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, separator, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if separator else None


def secret_matches(client: ApiClient, secret: str) -> bool:
    """Whether this is the client's secret, as it is or percent-encoded (some tools encode it before Basic)."""
    if client.secret is None:
        return False
    known = client.secret.encode()
    return hmac.compare_digest(known, secret.encode()) or hmac.compare_digest(known, unquote(secret).encode())


@blueprint.post("/dwsso/oauth2/access_token")
def client_token() -> Response:
    """RFC 6749 paragraph 4.4: no refresh token; without `scope` the client's own scopes, without tenants."""
    if request.form.get("grant_type") != "client_credentials":
        raise OAuthRefusal(400, "unsupported_grant_type", "Grant type is not supported.")
    credentials = basic_credentials() or (request.form.get("client_id", ""), request.form.get("client_secret", ""))
    client = world().clients.admin(credentials[0])
    if client is None or not secret_matches(client, credentials[1]):
        raise OAuthRefusal(401, "invalid_client", "Client authentication failed")
    scopes = frozenset(request.form.get("scope", "").split())
    tenant_scope = f"SALESFORCE_COMMERCE_API:{world().state.tenant_id}"
    for scope in sorted(scopes - _IDENTITY_SCOPES):
        allowed = client.tenant if scope == tenant_scope else client.allows(scope)
        if not allowed:
            raise OAuthRefusal(400, "invalid_scope", f"Unknown/invalid scope(s): [{scope}]")
    granted = scopes or client.scopes
    document = {
        "access_token": world().tokens.of_client(client.client_id, granted),
        "scope": " ".join(sorted(granted)),
        "token_type": "Bearer",
        "expires_in": ADMIN_LIFETIME_S,
    }
    return answer(document)


@blueprint.post("/dw/oauth2/access_token")
def user_token() -> Response:
    """The grant for OCAPI: Basic(user:access key:client secret) and the client id as a query parameter."""
    if request.form.get("grant_type") != _USER_GRANT:
        raise OAuthRefusal(400, "unsupported_grant_type", "Grant type is not supported.")
    client = world().clients.admin(request.args.get("client_id", ""))
    credentials = basic_credentials()
    if client is None or credentials is None:
        raise OAuthRefusal(401, "invalid_client", "Client authentication failed")
    password, _, secret = credentials[1].rpartition(":")
    user = world().clients.user(credentials[0])
    if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
        raise OAuthRefusal(401, "invalid_grant", "The user could not be authenticated.")
    if not secret_matches(client, secret):
        raise OAuthRefusal(401, "invalid_client", "Client authentication failed")
    token = world().tokens.of_user(client.client_id, user.login)
    return answer({"access_token": token, "expires_in": USER_LIFETIME_S, "token_type": "Bearer"})
