"""Where the instance is and who we are there."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from snow_app.errors import InvalidSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SnowSettings:
    """One instance and one way to sign in:

    - `username` and `password`: Basic
    - `client_id` and `client_secret`: OAuth client credentials; with `username` and `password` too: password grant
    - the client, `jwt_key` (an RSA private key in PEM), `jwt_key_id` (the `kid` of its JWT verifier map) and `username`
      (what the endpoint's user field holds, the e-mail address by default): OAuth JWT bearer for that user
    - `api_key`: the header ``x-sn-apikey``
    - `client_certificate` (a file in PEM, its key in `client_key` unless it holds both): mutual TLS, alone or besides

    `url` is the instance's address, such as ``https://acme.service-now.com``; plain http only with `allow_http`.
    Times are seconds; a longer ``Retry-After`` than `retry_after_cap_s` is not waited for but reported. `batch_items`
    and `batch_bytes` bound one Batch API call (the platform stops a batch after 30 s and a body at 10 MB);
    `batch_timeout_s` leaves time for the answer of one that was stopped.

    Raises InvalidSettings with every problem at once.
    """

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    jwt_key: str = field(default="", repr=False)
    jwt_key_id: str = ""
    api_key: str = field(default="", repr=False)
    client_certificate: str = ""
    client_key: str = ""
    allow_http: bool = False
    ca_bundle: str = ""
    proxy: str = field(default="", repr=False)
    connect_timeout_s: float = 3.05
    read_timeout_s: float = 30.0
    batch_timeout_s: float = 45.0
    attempts: int = 3
    retry_after_cap_s: float = 5.0
    pool_size: int = 16
    batch_items: int = 50
    batch_bytes: int = 2_000_000

    def __post_init__(self) -> None:
        problems = [*self._address_problems(), *self._credential_problems(), *self._number_problems()]
        if problems:
            raise InvalidSettings("The ServiceNow settings cannot work: " + "; ".join(problems) + ".")

    @property
    def address(self) -> str:
        """`url` without a trailing slash."""
        return self.url.rstrip("/")

    @property
    def certificate(self) -> str | tuple[str, str] | None:
        """The client certificate as requests takes it."""
        if self.client_certificate and self.client_key:
            return self.client_certificate, self.client_key
        return self.client_certificate or None

    @property
    def oauth(self) -> bool:
        return bool(self.client_id)

    def _address_problems(self) -> list[str]:
        parts = urlsplit(self.url)
        if not parts.hostname or parts.username or parts.query or parts.fragment or parts.path not in ("", "/"):
            return ["url is not an address like https://acme.service-now.com"]
        if parts.scheme == "https" or (parts.scheme == "http" and self.allow_http):
            return []
        return ["url must start with https:// (plain http only with allow_http)"]

    def _credential_problems(self) -> list[str]:
        problems = [sentence for wrong, sentence in self._contradictions() if wrong]
        if not (self.username or self.client_id or self.api_key or self.client_certificate):
            problems.append("neither username nor client_id, api_key or client_certificate is set")
        return problems

    def _contradictions(self) -> tuple[tuple[bool, str], ...]:
        return (
            (bool(self.username and not self.password and not self.jwt_key), "password is empty"),
            (bool(self.client_id and not self.client_secret), "client_secret is empty"),
            (
                bool(self.jwt_key and not (self.client_id and self.username and self.jwt_key_id)),
                "jwt_key needs client_id, username and jwt_key_id",
            ),
            (bool(self.jwt_key and self.password), "jwt_key and password exclude each other"),
            (bool(self.api_key and (self.username or self.client_id)), "api_key and a sign-in exclude each other"),
            (bool(self.client_key and not self.client_certificate), "client_key needs client_certificate"),
            (
                bool(self.client_certificate and not self.url.startswith("https://")),
                "client_certificate needs https://",
            ),
        )

    def _number_problems(self) -> list[str]:
        seconds = ("connect_timeout_s", "read_timeout_s", "batch_timeout_s")
        names = (*seconds, "attempts", "pool_size", "batch_items", "batch_bytes")
        return [f"{name} is not above 0" for name in names if not getattr(self, name) > 0]
