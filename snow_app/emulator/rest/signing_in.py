"""Who is asking: Basic authentication, OAuth tokens, API keys, client certificates, or a page session."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from snow_app.emulator.errors import NotSignedIn
from snow_app.emulator.instance import Instance, Row, Session
from snow_app.emulator.query.moments import STORED, stored
from snow_app.emulator.rest.api_keys import presented_key, session_of_key
from snow_app.emulator.rest.apis import Called
from snow_app.emulator.rest.assertions import GRANT, asserted_user, claimed_client
from snow_app.emulator.rest.certificates import session_of_certificate
from snow_app.emulator.rest.policies import accepted
from snow_app.emulator.rest.request import Reply
from snow_app.emulator.secrets import hashed

_CLIENT_GRANT = "glide.oauth.inbound.client.credential.grant_type.enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What a request shows at the door: `certificate` is the client's, in PEM; `page_user` and `elevated` come from a
    page session's cookie."""

    authorization: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    certificate: str = ""
    page_user: str = ""
    elevated: frozenset[str] = frozenset()


def signed_in(instance: Instance, presented: Presented, called: Called) -> Session:
    """The session behind a request to an API. Raises NotSignedIn, ScopedToken."""
    allowed = accepted(instance, called)
    key = presented_key(allowed, presented.headers, presented.params)
    kind, _, credentials = presented.authorization.partition(" ")
    session = None
    if key:
        session = session_of_key(instance, key)
    elif kind.lower() == "basic":
        if "basic" in allowed.kinds:
            session = instance.sign_in(*basic_credentials(presented.authorization))
    elif kind.lower() == "bearer":
        if "oauth" in allowed.kinds:
            session = _bearer(instance, credentials.strip())
    elif presented.certificate and "certificate" in allowed.kinds:
        session = session_of_certificate(instance, presented.certificate)
    elif presented.page_user:
        session = _named(instance, presented.page_user, presented.elevated)
    if session is None:
        raise NotSignedIn
    return session


def _named(instance: Instance, user_name: str, elevated: frozenset[str] = frozenset()) -> Session | None:
    try:
        return instance.session(user_name, elevated=elevated)
    except LookupError:
        return None


def basic_credentials(authorization: str) -> tuple[str, str]:
    """Name and password of a Basic header; empty when it is not one."""
    kind, _, encoded = authorization.partition(" ")
    try:
        name, separator, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return (name, password) if separator and kind.lower() == "basic" else ("", "")


def _bearer(instance: Instance, token: str) -> Session | None:
    kept = instance.records.first("oauth_credential", token=hashed(token), type="access_token") if token else None
    if kept is None or _expired(instance, kept):
        return None
    return _named(instance, kept["user"])


def _expired(instance: Instance, kept: Row) -> bool:
    return datetime.strptime(kept["expires"], STORED).replace(tzinfo=UTC) <= instance.clock()


def token(instance: Instance, form: dict[str, str], authorization: str = "") -> Reply:
    """POST /oauth_token.do: password, client_credentials, refresh_token and JWT bearer grants.

    The client's id and secret may stand in the form or in a Basic header; a public client has no secret.
    """
    client = _client(instance, form, authorization)
    if client is None:
        return _refused("invalid_client")
    grant = _GRANTS.get(form.get("grant_type", ""))
    user_name = grant(instance, client, form) if grant else None
    if user_name is None:
        return _refused("server_error")
    return _granted(instance, client, user_name, refreshable=form["grant_type"] in _REFRESHABLE)


def _client(instance: Instance, form: dict[str, str], authorization: str) -> Row | None:
    """The application that asks, when it is active and its secret is right."""
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not client_id:
        client_id, secret = basic_credentials(authorization)
    if not client_id and form.get("grant_type") == GRANT:
        client_id = claimed_client(form.get("assertion", ""))
    client = instance.records.first("oauth_entity", client_id=client_id) if client_id else None
    if client is None or client["active"] == "false":
        return None
    known = client["client_secret"] == secret or (client["public_client"] == "true" and not secret)
    return client if known else None


def _password(instance: Instance, _client: Row, form: dict[str, str]) -> str | None:
    session = instance.sign_in(form.get("username", ""), form.get("password", ""))
    return session.user.user_name if session else None


def _client_credentials(instance: Instance, client: Row, _form: dict[str, str]) -> str | None:
    user = instance.records.get("sys_user", client["user"])
    if instance.property(_CLIENT_GRANT) != "true" or user is None:
        return None
    return user["user_name"]


def _refresh(instance: Instance, client: Row, form: dict[str, str]) -> str | None:
    kept = instance.records.first("oauth_credential", token=hashed(form.get("refresh_token", "")), type="refresh_token")
    if kept is None or kept["peer"] != client["sys_id"] or _expired(instance, kept):
        return None
    if instance.property("emulator.oauth.refresh.rotates") == "true":
        instance.records.delete("oauth_credential", kept["sys_id"])
    return kept["user"] if _named(instance, kept["user"]) else None


def _assertion(instance: Instance, client: Row, form: dict[str, str]) -> str | None:
    return asserted_user(instance, client, form.get("assertion", "").strip())


_GRANTS = {
    "password": _password,
    "client_credentials": _client_credentials,
    "refresh_token": _refresh,
    GRANT: _assertion,
}
_REFRESHABLE = frozenset({"password", "refresh_token"})


def _granted(instance: Instance, client: Row, user_name: str, *, refreshable: bool) -> Reply:
    lifespan = int(client["access_token_lifespan"] or 1800)
    document: dict[str, object] = {"access_token": _issued(instance, client, user_name, "access_token", lifespan)}
    if refreshable:
        longer = int(client["refresh_token_lifespan"] or 8_640_000)
        document["refresh_token"] = _issued(instance, client, user_name, "refresh_token", longer)
    document |= {"scope": "useraccount", "token_type": "Bearer", "expires_in": lifespan - 1}
    return Reply.of(200, document)


def _issued(instance: Instance, client: Row, user_name: str, kind: str, lifespan: int) -> str:
    """A new token; only its hash is kept."""
    issued = f"{instance.new_id()}{instance.new_id()}"
    values = {
        "peer": client["sys_id"],
        "token": hashed(issued),
        "type": kind,
        "user": user_name,
        "expires": stored(instance.clock() + timedelta(seconds=lifespan)),
        "expires_in": str(lifespan),
    }
    instance.session("admin").insert("oauth_credential", values, workflow=False, acl=False)
    return issued


def _refused(error: str) -> Reply:
    return Reply.of(401, {"error_description": "access_denied", "error": error})
