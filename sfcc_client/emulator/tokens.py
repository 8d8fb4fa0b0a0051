"""Tokens: RS256 ones of Account Manager, ES256 ones of SLAS, opaque ones of Business Manager users.

Lifetimes follow the documentation: 1799 s (Account Manager), 1800 s (SLAS), 899 s (Business Manager user). All
expiry is judged by the emulator's clock.
"""

from __future__ import annotations

import base64
import functools
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sfcc_client.emulator.state import encrypted_id_of, usid_of

ADMIN_LIFETIME_S = 1799
SHOPPER_LIFETIME_S = 1800
USER_LIFETIME_S = 899
ISSUER_SUBJECT_MAXIMUM = 256
_AM_ISSUER = "https://account.demandware.com:443/dwsso/oauth2"
_REMEMBERED = 4096
Kept = TypeVar("Kept")


class Clock(Protocol):
    """Whatever knows the time as an aware datetime."""

    def now(self) -> datetime: ...


class TokenInvalid(Exception):  # noqa: N818
    """The token is none of ours, or its time is over; `description` is what `WWW-Authenticate` says."""

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a valid token allows. The members behind `user` are set on shopper tokens only; `user` is the login of a
    Business Manager user.

    `on_behalf` marks tokens a trusted system got, `subject` is the composite `isb` claim, `previous_id` the guest a
    registered shopper was before.
    """

    kind: Literal["admin", "shopper", "user"]
    client_id: str
    tenant: str | None
    scopes: frozenset[str]
    expires_at: float
    issued_at: float = 0.0
    user: str | None = None
    customer_id: str | None = None
    site_id: str | None = None
    guest: bool = False
    usid: str | None = None
    on_behalf: bool = False
    subject: str = ""
    previous_id: str | None = None

    def allows(self, scope: str) -> bool:
        return scope in self.scopes or f"{scope}.rw" in self.scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """Who a shopper token is about; `subject` is the composite `isb` claim."""

    usid: str
    login: str
    display_name: str
    guest_customer_id: str
    site_id: str
    customer_id: str | None = None
    origin: str = "ecom"
    on_behalf: bool = False
    dnt: bool = False

    @property
    def encrypted_user_id(self) -> str:
        """What Einstein calls `userId`."""
        return encrypted_id_of(self.customer_id or self.guest_customer_id)

    @property
    def subject(self) -> str:
        parts = {
            "uido": self.origin,
            "upn": self.login.replace("::", "%3A%3A"),
            "uidn": self.display_name.replace(":", "%3A"),
            "gcid": self.guest_customer_id,
            "rcid": self.customer_id,
            "tsob": "ts_ext_on_behalf_of" if self.on_behalf else None,
            "chid": self.site_id,
        }
        return "::".join(f"{name}:{value}" for name, value in parts.items() if value is not None)


def _previous(subject: Mapping[str, str], usid: str) -> str | None:
    """Whom the session belonged to before a login went on with it; a login of its own starts without anybody."""
    customer_id = subject.get("rcid")
    return None if customer_id is None or usid == usid_of(customer_id) else subject["gcid"]


@functools.cache
def _admin_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def _shopper_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _number(value: int, length: int = 32) -> str:
    return base64.urlsafe_b64encode(value.to_bytes(length, "big")).rstrip(b"=").decode()


class Tokens:
    """Issues and reads the tokens of one tenant. Reading a token twice verifies its signature once."""

    def __init__(self, clock: Clock, tenant: str, new_id: Callable[[], str]) -> None:
        self._clock = clock
        self._tenant = tenant
        self._new_id = new_id
        self.issuer = f"slas/prod/{tenant}"
        self._audience = f"commercecloud/prod/{tenant}"
        self._kid = str(uuid.uuid5(uuid.NAMESPACE_URL, self.issuer))
        self._read: OrderedDict[str, Grant] = OrderedDict()
        self._users: OrderedDict[str, Grant] = OrderedDict()
        self._revoked: OrderedDict[str, None] = OrderedDict()
        self._ended: dict[str, int] = {}
        self._lock = threading.Lock()

    def of_client(self, client_id: str, scopes: frozenset[str]) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "sub": client_id,
            "cts": "OAUTH2_STATELESS_GRANT",
            "aud": client_id,
            "iss": _AM_ISSUER,
            "realm": "/",
            "grant_type": "client_credentials",
            "client_id": client_id,
            "scope": sorted(scopes),
            "token_type": "Bearer",
            "iat": now,
            "nbf": now,
            "exp": now + ADMIN_LIFETIME_S,
            "expires_in": ADMIN_LIFETIME_S,
            "jti": self._new_id(),
        }
        return jwt.encode(claims, _admin_key(), algorithm="RS256", headers={"kid": "emulated-account-manager"})

    def of_shopper(self, client_id: str, shopper: Shopper, scopes: frozenset[str]) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "aut": "GUID",
            "scp": " ".join(sorted(scopes)),
            "sub": f"cc-slas::{self._tenant}::scid:{client_id}::usid:{shopper.usid}",
            "ctx": "slas",
            "iss": self.issuer,
            "ist": 1,
            "dnt": str(int(shopper.dnt)),
            "aud": self._audience,
            "sty": "User",
            "isb": shopper.subject,
            "iat": now,
            "nbf": now,
            "exp": now + SHOPPER_LIFETIME_S,
            "jti": self._new_id(),
        }
        return jwt.encode(claims, _shopper_key(), algorithm="ES256", headers={"kid": self._kid})

    def id_token(self, client_id: str, shopper: Shopper) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "sub": f"usid:{shopper.usid}",
            "aud": client_id,
            "iss": self.issuer,
            "iat": now,
            "exp": now + SHOPPER_LIFETIME_S,
        }
        return jwt.encode(claims, _shopper_key(), algorithm="ES256", headers={"kid": self._kid})

    def of_user(self, client_id: str, login: str) -> str:
        token = self._new_id()
        grant = Grant(
            kind="user",
            client_id=client_id,
            tenant=self._tenant,
            scopes=frozenset(),
            expires_at=self._clock.now().timestamp() + USER_LIFETIME_S,
            user=login,
        )
        with self._lock:
            self._remember(self._users, token, grant)
        return token

    def grant_of(self, token: str) -> Grant:
        """What the token allows. Raises TokenInvalid when it is unreadable, forged, of another tenant, or expired."""
        grant = self._users.get(token) or self._read.get(token)
        if grant is None:
            grant = self._verified(token)
            with self._lock:
                self._remember(self._read, token, grant)
        if grant.expires_at <= self._clock.now().timestamp():
            raise TokenInvalid("The access token expired")
        if token in self._revoked or grant.issued_at <= self._ended.get(grant.customer_id or "", -1):
            raise TokenInvalid("The access token is invalid")
        return grant

    def revoke(self, token: str) -> None:
        """Refuse a token from now on."""
        with self._lock:
            self._remember(self._revoked, token, None)

    def end(self, customer_id: str) -> None:
        """Refuse every token a customer has so far; `iat` claims know no parts of seconds."""
        with self._lock:
            self._ended[customer_id] = int(self._clock.now().timestamp())

    def jwks(self) -> dict[str, Any]:
        """The public key shopper tokens can be checked with (RFC 7517)."""
        numbers = _shopper_key().public_key().public_numbers()
        key = {
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": "ES256",
            "kid": self._kid,
            "x": _number(numbers.x),
            "y": _number(numbers.y),
        }
        return {"keys": [key]}

    def _verified(self, token: str) -> Grant:
        try:
            shopper = jwt.get_unverified_header(token).get("kid") == self._kid
            if shopper:
                return self._shopper_grant(self._claims(token, _shopper_key().public_key(), "ES256"))
            return self._admin_grant(self._claims(token, _admin_key().public_key(), "RS256"))
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise TokenInvalid("The access token is invalid") from error

    def _claims(self, token: str, key: Any, algorithm: str) -> dict[str, Any]:
        shopper = algorithm == "ES256"
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=self.issuer if shopper else _AM_ISSUER,
            audience=self._audience if shopper else None,
            options={
                "require": ["exp", "iss", "aud", "sub"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": shopper,
            },
        )
        return claims

    def _shopper_grant(self, claims: dict[str, Any]) -> Grant:
        subject = dict(part.split(":", 1) for part in claims["isb"].split("::"))
        session = dict(part.split(":", 1) for part in claims["sub"].split("::") if ":" in part)
        return Grant(
            kind="shopper",
            client_id=session["scid"],
            tenant=self._tenant,
            scopes=frozenset(claims["scp"].split()),
            expires_at=float(claims["exp"]),
            customer_id=subject.get("rcid") or subject["gcid"],
            site_id=subject["chid"],
            guest="rcid" not in subject,
            usid=session["usid"],
            on_behalf="tsob" in subject,
            subject=claims["isb"],
            previous_id=_previous(subject, session["usid"]),
            issued_at=float(claims["iat"]),
        )

    def _admin_grant(self, claims: dict[str, Any]) -> Grant:
        if claims["aud"] != claims["client_id"]:
            raise ValueError("an Account Manager token is made out to its own client")
        scopes = frozenset(claims["scope"])
        tenant = next(
            (scope.split(":", 1)[1] for scope in scopes if scope.startswith("SALESFORCE_COMMERCE_API:")), None
        )
        return Grant(
            kind="admin",
            client_id=claims["client_id"],
            tenant=tenant,
            scopes=scopes,
            expires_at=float(claims["exp"]),
        )

    @staticmethod
    def _remember(table: OrderedDict[str, Kept], token: str, kept: Kept) -> None:
        table[token] = kept
        while len(table) > _REMEMBERED:
            table.popitem(last=False)
