"""Tokens of a Business Manager user, which OCAPI Shop needs to search the orders of guests."""

from __future__ import annotations

from sfcc_client.auth.tokens import Token, TokenCache, basic, token_from
from sfcc_client.clock import Clock
from sfcc_client.config import CommerceSettings
from sfcc_client.errors import NotConfigured
from sfcc_client.request import Call, Request
from sfcc_client.transport import Transport


class BusinessManager:
    """The BM-user grant of OCAPI: Basic(user:password:client secret) and the client id in the query."""

    def __init__(self, settings: CommerceSettings, transport: Transport, clock: Clock) -> None:
        self._settings, self._transport, self._clock = settings, transport, clock
        self._tokens: TokenCache[Token] = TokenCache(clock, kept=1)

    @property
    def client_id(self) -> str:
        return self._settings.ocapi_client_id or self._settings.client_id

    def token(self, call: Call) -> Token:
        """Raises NotConfigured without a Business Manager user, SignInRefused when it is refused."""
        if not self._settings.ocapi_configured:
            raise NotConfigured(
                "Order search needs OCAPI: set bm_user and bm_password (and ocapi_client_id).",
                operation=call.operation,
            )
        return self._tokens.token("bm", self._fetched, call)

    def drop(self, token: Token) -> None:
        self._tokens.drop("bm", token)

    def _fetched(self, call: Call) -> Token:
        settings = self._settings
        secret = settings.ocapi_client_secret or settings.client_secret
        request = Request(
            family="instance",
            method="POST",
            path="/dw/oauth2/access_token",
            operation_id="Business Manager token",
            subject="a token of the Business Manager user",
            signs_in=True,
            query={"client_id": self.client_id},
            headers={"Authorization": basic(settings.bm_user, settings.bm_password, secret)},
            form={"grant_type": "urn:demandware:params:oauth:grant-type:client-id:dwsid:dwsecuretoken"},
        )
        return token_from(self._transport.send(request, call), request, self._clock)
