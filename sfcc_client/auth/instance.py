"""Tokens for the instance itself: OCAPI Data and WebDAV, whose permissions are kept there, by client id."""

from __future__ import annotations

from urllib.parse import quote

from sfcc_client.auth.tokens import Token, TokenCache, basic, token_from
from sfcc_client.clock import Clock
from sfcc_client.config import CommerceSettings
from sfcc_client.request import Call, Request
from sfcc_client.transport import Transport


class InstanceClient:
    """Client-credentials tokens of the OCAPI client, with whatever scopes Account Manager gives it by itself."""

    def __init__(self, settings: CommerceSettings, transport: Transport, clock: Clock) -> None:
        self._settings, self._transport, self._clock = settings, transport, clock
        self._tokens: TokenCache[Token] = TokenCache(clock, kept=1)

    def token(self, call: Call) -> Token:
        """Raises SignInRefused when the client is refused."""
        return self._tokens.token("instance", self._fetched, call)

    def drop(self, token: Token) -> None:
        self._tokens.drop("instance", token)

    def _fetched(self, call: Call) -> Token:
        settings = self._settings
        client_id = settings.ocapi_client_id or settings.client_id
        secret = settings.ocapi_client_secret or settings.client_secret
        request = Request(
            family="account_manager",
            method="POST",
            path="/dwsso/oauth2/access_token",
            operation_id="Account Manager token",
            subject="a token for the instance",
            signs_in=True,
            headers={"Authorization": basic(client_id, quote(secret, safe=""))},
            form={"grant_type": "client_credentials"},
        )
        return token_from(self._transport.send(request, call), request, self._clock)
