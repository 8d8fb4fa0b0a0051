"""Tokens of the Account Manager API client, for the Admin APIs and custom admin APIs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from sfcc_client.auth.tokens import Token, TokenCache, basic, token_from
from sfcc_client.clock import Clock
from sfcc_client.config import CommerceSettings
from sfcc_client.errors import Forbidden, SignInRefused
from sfcc_client.permissions import Permission
from sfcc_client.request import Call, Request
from sfcc_client.transport import Transport

INVALID_SCOPE: Final = "invalid_scope"  # RFC 6749, 5.2


class AccountManager:
    """Client-credentials tokens. One token with every scope in `scopes` is asked for; where Account Manager refuses
    that because one scope is not assigned, each scope gets a token of its own, so that the others keep working. So does
    a scope that is not among them, such as one that writes."""

    def __init__(self, settings: CommerceSettings, transport: Transport, clock: Clock, scopes: Iterable[str]) -> None:
        self._settings, self._transport, self._clock = settings, transport, clock
        self._all = frozenset(scopes)
        self._apart = False
        self._tokens: TokenCache[Token] = TokenCache(clock, kept=16)

    def of_scope(self, scope: str) -> AccountManagerTokens:
        """A source of tokens that carry this scope and the tenant's."""
        return AccountManagerTokens(self, scope)

    def token(self, scope: str, call: Call) -> Token:
        """Raises SignInRefused when the client is refused, Forbidden when it may not have the scope."""
        if not self._apart and scope in self._all:
            try:
                return self._of_scopes(self._all, call)
            except SignInRefused as error:
                if error.upstream_code != INVALID_SCOPE:
                    raise
                self._apart = True
        try:
            return self._of_scopes(frozenset({scope}), call)
        except SignInRefused as error:
            if error.upstream_code != INVALID_SCOPE:
                raise
            permission = Permission(scope=scope, granter="account_manager")
            raise Forbidden(
                f"Account Manager refused the scope: {permission.advice}.",
                scope=scope,
                status=error.status,
                request_id=error.request_id,
                upstream_code=error.upstream_code,
                operation=call.operation,
            ) from None

    def drop(self, scope: str, token: Token) -> None:
        for scopes in (self._all, frozenset({scope})):
            self._tokens.drop(scopes, token)

    def _of_scopes(self, scopes: frozenset[str], call: Call) -> Token:
        return self._tokens.token(scopes, lambda leader: self._fetched(scopes, leader), call)

    def _fetched(self, scopes: frozenset[str], call: Call) -> Token:
        settings = self._settings
        asked = [f"SALESFORCE_COMMERCE_API:{settings.tenant_id}", *sorted(scopes)]
        request = Request(
            family="account_manager",
            method="POST",
            path="/dwsso/oauth2/access_token",
            operation_id="Account Manager token",
            subject="a token with " + ", ".join(asked),
            signs_in=True,
            headers={"Authorization": basic(settings.client_id, quote(settings.client_secret, safe=""))},
            form={"grant_type": "client_credentials", "scope": " ".join(asked)},
        )
        return token_from(self._transport.send(request, call), request, self._clock)


class AccountManagerTokens:
    """The tokens of one scope."""

    def __init__(self, account_manager: AccountManager, scope: str) -> None:
        self._account_manager, self._scope = account_manager, scope

    def token(self, call: Call) -> Token:
        return self._account_manager.token(self._scope, call)

    def drop(self, token: Token) -> None:
        self._account_manager.drop(self._scope, token)
