"""Shopper tokens: trusted system on behalf of a registered shopper (TSOB), and guests of a private client."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from sfcc_client.auth.tokens import ShopperToken, Token, TokenCache, basic, shopper_token_from
from sfcc_client.clock import Clock
from sfcc_client.config import CommerceSettings
from sfcc_client.errors import Conflict, Rejected
from sfcc_client.request import Call, Request, path
from sfcc_client.transport import Transport

SHOPPER_TOKENS_KEPT: Final = 2000
REPEAT_WINDOW_S: Final = 3.0  # the documentation says 3 s, the example of the specification 1 s
LONGEST_LOGIN: Final = 128
GUEST_LOGIN: Final = "guest"


class Slas:
    """The tokens of shoppers, by site and login. SLAS refuses a second sign-in of one shopper within three seconds
    (409): the token is therefore cached, fetched once however many ask, and the wait done inside the call's deadline.
    """

    def __init__(self, settings: CommerceSettings, transport: Transport, clock: Clock) -> None:
        self._settings, self._transport, self._clock = settings, transport, clock
        self._tokens: TokenCache[ShopperToken] = TokenCache(clock, kept=SHOPPER_TOKENS_KEPT)

    def on_behalf_of(self, login: str, site_id: str) -> SlasTokens:
        """Tokens that act for the registered shopper with this login.

        Raises Rejected for a login SLAS cannot hold: longer than 128 characters, or the reserved word for guests.
        """
        if not login or len(login) > LONGEST_LOGIN or login == GUEST_LOGIN:
            raise Rejected("The shopper's login cannot be used for a sign-in on behalf.")
        return self._source(self._trusted_system(login, site_id), ("on behalf", site_id, login))

    def trusted_guest(self, site_id: str) -> SlasTokens:
        """Tokens of a guest through the trusted-system flow; they show whether the client may use that flow."""
        return self._source(self._trusted_system(GUEST_LOGIN, site_id), ("on behalf", site_id, GUEST_LOGIN))

    def guest(self, site_id: str) -> SlasTokens:
        """Tokens of a guest of the site, enough to read products."""
        request = Request(
            family="slas",
            method="POST",
            path=self._path("token"),
            operation_id="getAccessToken",
            subject=f"a guest token of site {site_id}",
            signs_in=True,
            headers=self._headers(),
            form={"grant_type": "client_credentials", "channel_id": site_id, "dnt": "true"},
        )
        return self._source(request, ("guest", site_id))

    def _trusted_system(self, login: str, site_id: str) -> Request:
        return Request(
            family="slas",
            method="POST",
            path=self._path("trusted-system", "token"),
            operation_id="getTrustedSystemAccessToken",
            subject=f"a shopper's token of site {site_id}",
            signs_in=True,
            headers=self._headers(),
            form={
                "grant_type": "client_credentials",
                "hint": "ts_ext_on_behalf_of",
                "login_id": login,
                # Another origin would make SLAS create a shopper for an unknown login.
                "idp_origin": "ecom",
                "channel_id": site_id,
                "client_id": self._settings.slas_client_id,
                # An agent looking is not the shopper browsing.
                "dnt": "true",
            },
        )

    def _path(self, *segments: str) -> str:
        return path("/shopper/auth/v1/organizations", self._settings.organization_id, "oauth2", *segments)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": basic(self._settings.slas_client_id, self._settings.slas_client_secret)}

    def _source(self, request: Request, key: Hashable) -> SlasTokens:
        return SlasTokens(self._tokens, key, lambda call: self._fetched(request, call))

    def _fetched(self, request: Request, call: Call) -> ShopperToken:
        try:
            answer = self._transport.send(request, call)
        except Conflict as conflict:
            wait = max(conflict.retry_after or 0.0, REPEAT_WINDOW_S)
            if wait >= call.remaining():
                conflict.retry_after = wait
                raise
            self._clock.sleep(wait)
            answer = self._transport.send(request, call)
        return shopper_token_from(answer, request, self._clock)


class SlasTokens:
    """The tokens of one shopper."""

    def __init__(self, tokens: TokenCache[ShopperToken], key: Hashable, fetch: Callable[[Call], ShopperToken]) -> None:
        self._tokens, self._key, self._fetch = tokens, key, fetch

    def token(self, call: Call) -> ShopperToken:
        return self._tokens.token(self._key, self._fetch, call)

    def drop(self, token: Token) -> None:
        self._tokens.drop(self._key, token)
