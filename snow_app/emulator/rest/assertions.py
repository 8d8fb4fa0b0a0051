"""The JWT bearer grant: a signed assertion that names a user, exchanged for an access token.

The application is an ``oauth_jwt`` record, its keys are ``jwt_verifier_map`` records: a certificate for RS and ES
signatures, a shared key for HS. Claims: ``aud`` is the client id, ``iss`` as well unless a claim validation says
otherwise, ``sub`` names the user by the application's user field, ``exp`` counts by the instance's clock; a ``jti`` is
good once. Source: platform documentation, "Create an OAuth JWT API endpoint for external clients".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import jwt
from cryptography import x509
from jwt.types import Options

from snow_app.emulator.access import ADMIN
from snow_app.emulator.model import Row

if TYPE_CHECKING:
    from snow_app.emulator.instance import Instance

GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_WITH_CERTIFICATE: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
_WITH_SHARED_KEY: Final = ("HS256", "HS384", "HS512")
_UNCHECKED: Final[Options] = {
    "verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False, "verify_iss": False,
}  # fmt: skip
"""Claims are compared here, by the instance's clock and the application's record."""


def claimed_client(assertion: str) -> str:
    """The client id an assertion is meant for, read without trusting it: public clients send no client id beside it."""
    try:
        audience = jwt.decode(assertion, options={"verify_signature": False}).get("aud")
    except jwt.InvalidTokenError:
        return ""
    return audience if isinstance(audience, str) else ""


def asserted_user(instance: Instance, client: Row, assertion: str) -> str | None:
    """The user name an assertion stands for; None when it does not hold or the user may not be granted this way."""
    found = instance.records.whole("oauth_jwt", client["sys_id"])
    claims = _verified(instance, client["sys_id"], assertion) if found else None
    if found is None or claims is None:
        return None
    application = found[1]
    if not _timely(instance, application, claims) or not _as_agreed(instance, application, claims):
        return None
    field = application["user_field"] or "email"
    if field not in instance.dictionary.columns("sys_user"):
        return None
    subject = str(claims.get("sub") or "")
    user = instance.records.first("sys_user", **{"active": "true", field: subject}) if subject else None
    if user is None or not _grantable(instance, user) or not _fresh(instance, application, claims):
        return None
    return user["user_name"]


def _verified(instance: Instance, application: str, assertion: str) -> dict[str, Any] | None:
    """The claims, when one of the application's keys signed them."""
    try:
        key_id = str(jwt.get_unverified_header(assertion).get("kid") or "")
    except jwt.InvalidTokenError:
        return None
    for verifier in instance.records.all("jwt_verifier_map", oauth_jwt=application):
        if verifier["kid"] not in ("", key_id):
            continue
        key, algorithms = _key(instance, verifier)
        try:
            claims: dict[str, Any] = jwt.decode(assertion, key, algorithms=list(algorithms), options=_UNCHECKED)
        except (jwt.InvalidTokenError, jwt.InvalidKeyError, ValueError, TypeError):
            continue
        return claims
    return None


def _key(instance: Instance, verifier: Row) -> tuple[Any, tuple[str, ...]]:
    """What verifies, and which algorithms it is for: a certificate must never pass for a shared key."""
    certificate = instance.records.get("sys_certificate", verifier["sys_certificate"])
    if certificate is None:
        return verifier["shared_key"], _WITH_SHARED_KEY
    try:
        loaded = x509.load_pem_x509_certificate(certificate["pem_certificate"].encode())
    except ValueError:
        return "", ()
    return loaded.public_key(), _WITH_CERTIFICATE


def _timely(instance: Instance, application: Row, claims: dict[str, Any]) -> bool:
    now, skew = instance.clock().timestamp(), float(application["clock_skew"] or 0)
    expires, begins = claims.get("exp"), claims.get("nbf", now)
    if not isinstance(expires, int | float) or not isinstance(begins, int | float):
        return False
    return begins - skew <= now < expires + skew


def _as_agreed(instance: Instance, application: Row, claims: dict[str, Any]) -> bool:
    validations = {
        row["claim_name"]: row["claim_value"]
        for row in instance.records.all("oauth_jwt_claims", oauth_jwt=application["sys_id"])
    }
    wanted = {"aud": application["client_id"], "iss": application["client_id"], **validations}
    return all(_text(claims.get(name)) == value for name, value in wanted.items())


def _text(claim: object) -> str:
    """A claim as a validation writes it; of a list with one entry that entry."""
    if isinstance(claim, list) and len(claim) == 1:
        claim = claim[0]
    return str(claim).lower() if isinstance(claim, bool) else str(claim or "")


def _grantable(instance: Instance, user: Row) -> bool:
    """Instances refuse administrators; a setting lets them in."""
    if instance.property("emulator.oauth.jwt.admin") == "true":
        return True
    return ADMIN not in instance.access.roles_of(user["sys_id"])


def _fresh(instance: Instance, application: Row, claims: dict[str, Any]) -> bool:
    """Whether an assertion with this id is the first one; from now on it is not."""
    if application["enable_jti_verification"] != "true":
        return True
    identifier = str(claims.get(application["jti_claim"] or "jti") or "")
    name = f"jti.{application['sys_id']}.{identifier}"
    with instance.store.transaction():
        if not identifier or instance.store.remembered(name):
            return False
        instance.store.remember(name, str(claims["exp"]))
    return True
