"""What becomes of a session of SLAS: what a token says, who is signed in, revoking, logging out."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from sfcc_client.emulator.access import bearer_token
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.routes.slas.door import blueprint, channel, named_client, private_client, refused
from sfcc_client.emulator.tokens import Grant, TokenInvalid
from sfcc_client.emulator.world import world

_INACTIVE = {"active": False}


@blueprint.post("/revoke")
def revoke() -> Response:
    """Void a refresh token of the private client that asks; access tokens live on until they expire."""
    client = private_client()
    token = request.form.get("token", "")
    if world().sessions.refreshed(token, client.client_id, keep=False) is None:
        raise refused(400, "invalid_request", "Bad or missing refresh token.")
    return answer(_ended(refresh_token=token))


@blueprint.post("/introspect")
def introspect() -> Response:
    """What an access or a refresh token says (RFC 7662); another client's, void and expired ones are not active."""
    client = private_client()
    token = request.form.get("token", "")
    if session := world().sessions.session_of(token, client.client_id):
        usid, subject = session.shopper.usid, session.shopper.subject
        kind, times = "refresh_token", (session.issued_at, session.expires_at)
        scopes = client.scopes
    elif token.count(".") == 2:
        grant = _grant_of(token)
        if grant is None or grant.client_id != client.client_id:
            return answer(_INACTIVE)
        usid, subject, scopes = grant.usid or "", grant.subject, grant.scopes
        kind, times = "access_token", (grant.issued_at, grant.expires_at)
    elif token:
        return answer(_INACTIVE)
    else:
        raise refused(400, "invalid_request", "Bad or missing access token or refresh token")
    document = {
        "active": True,
        "client_id": client.client_id,
        "iat": int(times[0]),
        "exp": int(times[1]),
        "iss": world().tokens.issuer,
        "scope": " ".join(sorted(scopes)),
        "sub": f"usid:{usid}::{subject}",
        "token_type": kind,
    }
    return answer(document)


@blueprint.get("/userinfo")
def user_info() -> Response:
    """OpenID Connect claims of who is signed in; of a guest little more than the session."""
    grant = _grant_of(bearer_token() or "")
    if grant is None:
        raise refused(400, "invalid_request", "Bad or missing access token.")
    of_commerce = grant.subject.startswith("uido:ecom::")
    if (of_commerce or request.args.get("channel_id")) and channel() != grant.site_id:
        raise refused(400, "invalid_request", "Bad or missing channel_id.")
    customer = world().state.customer_of_id(grant.customer_id or "") or {}
    name = " ".join(part for part in (customer.get("firstName"), customer.get("lastName")) if part)
    claims = {
        "sub": grant.usid,
        "customer_id": grant.customer_id,
        "email": customer.get("email"),
        "given_name": customer.get("firstName"),
        "family_name": customer.get("lastName") or None,
        "name": name or None,
        "validated": not grant.guest,
    }
    return answer({claim: value for claim, value in claims.items() if value is not None})


@blueprint.get("/logout")
def logout() -> Response:
    """End a registered shopper's session, with hint=all-sessions every session of theirs."""
    client = named_client(request.args.get("client_id", ""))
    token = bearer_token() or ""
    grant = _grant_of(token)
    if grant is None or grant.client_id != client.client_id:
        raise refused(401, "invalid_client", "Authorization failed.")
    if grant.guest:
        raise refused(400, "invalid_request", "Guests cannot be logged out.")
    if grant.subject.startswith("uido:ecom::") and channel() != grant.site_id:
        raise refused(400, "invalid_request", "Bad or missing channel_id.")
    hint = request.args.get("hint")
    if hint not in (None, "all-sessions"):
        raise refused(400, "invalid_request", "Bad hint.")
    tokens, sessions = world().tokens, world().sessions
    given, customer_id = request.args.get("refresh_token", ""), str(grant.customer_id)
    session = sessions.session_of(given, client.client_id)
    if session is None or session.shopper.customer_id != customer_id:
        raise refused(400, "invalid_request", "Bad or missing refresh token.")
    sessions.refreshed(given, client.client_id, keep=False)
    tokens.revoke(token)
    if hint:
        sessions.end(customer_id)
        tokens.end(customer_id)
    return answer({**_ended(), "dnt": "null", "idp_refresh_token": "null"})


def _grant_of(token: str) -> Grant | None:
    try:
        grant = world().tokens.grant_of(token)
    except TokenInvalid:
        return None
    return grant if grant.kind == "shopper" else None


def _ended(refresh_token: str = "") -> dict[str, Any]:
    """A token answer with nothing in it, as the description's examples show it: the word null, not JSON's."""
    return {
        "access_token": "",
        "id_token": "null",
        "refresh_token": refresh_token,
        "expires_in": 0,
        "refresh_token_expires_in": 0,
        "token_type": "Bearer",
        "usid": "null",
        "customer_id": "null",
        "enc_user_id": "null",
        "idp_access_token": "",
    }
