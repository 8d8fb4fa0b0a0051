"""What SLAS says of itself: its keys and its endpoints. Everybody may ask, 25 times a minute."""

from __future__ import annotations

from flask import Response, request

from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.routes.slas.door import blueprint
from sfcc_client.emulator.world import world

_ENDPOINTS = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "revocation_endpoint": "revoke",
    "introspection_endpoint": "introspect",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
}


@blueprint.get("/jwks")
def keys() -> Response:
    return answer(world().tokens.jwks())


@blueprint.get("/.well-known/openid-configuration")
def configuration() -> Response:
    """OpenID Connect Discovery 1.0. The issuer is the `iss` claim of the tokens, as it has to be."""
    base = request.base_url.partition("/.well-known")[0]
    document = {
        "issuer": world().tokens.issuer,
        **{name: f"{base}/{path}" for name, path in _ENDPOINTS.items()},
        "claims_supported": ["email", "name", "given_name", "family_name", "sub"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": [
            *("authorization_code", "authorization_code_pkce", "client_credentials", "refresh_token"),
        ],
        "id_token_signing_alg_values_supported": ["ES256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["email", "openid", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }
    return answer(document)
