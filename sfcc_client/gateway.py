"""What every resource stands on: the sites, the token sources, and authorised requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sfcc_client.auth.account_manager import AccountManager, AccountManagerTokens
from sfcc_client.auth.business_manager import BusinessManager
from sfcc_client.auth.instance import InstanceClient
from sfcc_client.auth.slas import Slas, SlasTokens
from sfcc_client.auth.tokens import ShopperToken, Token, TokenSource
from sfcc_client.clock import Clock
from sfcc_client.config import CommerceSettings, Site
from sfcc_client.errors import InvalidSettings, NotConfigured, NotFound, Rejected, SignInRefused
from sfcc_client.models import Customer
from sfcc_client.permissions import Permission, admin_scopes
from sfcc_client.request import Answer, Call, Calls, Request, path
from sfcc_client.transport import Transport

# What the custom APIs of the product's cartridge answer about a stranger; the gateway's own 404 has another slug.
_KNOWS_NOTHING = frozenset({"not-found", "customer-not-found", "not-a-member"})


class Gateway:
    """Authorised access to one tenant. Thread-safe."""

    def __init__(self, settings: CommerceSettings, clock: Clock, transport: Transport, calls: Calls) -> None:
        self.settings, self.clock, self.transport, self.calls = settings, clock, transport, calls
        self.sites: Mapping[str, Site] = MappingProxyType({site.site_id: site for site in settings.sites})
        self.account_manager = AccountManager(settings, transport, clock, admin_scopes(settings))
        self.slas = Slas(settings, transport, clock)
        self.business_manager = BusinessManager(settings, transport, clock)
        self.instance = InstanceClient(settings, transport, clock)

    def site(self, site_id: str) -> Site:
        """Raises NotConfigured for a site the settings do not name."""
        try:
            return self.sites[site_id]
        except KeyError:
            raise NotConfigured("This site is not among the configured sites; add it to the settings.") from None

    def admin(self, scope: str) -> AccountManagerTokens:
        return self.account_manager.of_scope(scope)

    def site_of(self, customer: Customer, site_id: str) -> Site:
        """The site, where it is one of the customer's; raises Rejected for a site with another customer list, in which
        the same number or login belongs to somebody else."""
        site = self.site(site_id)
        if customer.customer_list_id not in (None, site.customer_list_id):
            raise Rejected(
                f"The customer belongs to another customer list than site {site_id}; ask for their own site."
            )
        return site

    def on_behalf_of(self, customer: Customer, site_id: str, call: Call) -> tuple[SlasTokens, ShopperToken]:
        """A source of tokens that act for the customer on the site, and its current token.

        Raises NotConfigured for a customer without a login, and InvalidSettings when SLAS signs somebody else in:
        then the site's `customer_list_id` is not the storefront's, and going on would show a stranger's data.
        """
        if not customer.login:
            raise NotConfigured("The customer has no login to act on behalf of.", operation=call.operation)
        tokens = self.slas.on_behalf_of(customer.login, site_id)
        token = tokens.token(call)
        if customer.customer_id not in (None, token.customer_id):
            raise InvalidSettings(
                f"SLAS signs another customer in on site {site_id} than its customer list holds under this login; "
                "correct customer_list_id of the site.",
                operation=call.operation,
            )
        return tokens, token

    def organization_path(self, api: str, *segments: str) -> str:
        """The path of an API such as ``/checkout/orders/v1`` below this organization."""
        return path(f"{api}/organizations", self.settings.organization_id, *segments)

    def custom_api_query(self, customer: Customer, site_id: str) -> dict[str, str]:
        """How the product's custom APIs are told the customer: by number, because scripts of the platform find
        customers by nothing else, and by id, which has to fit. Raises Rejected for a number that is an e-mail address,
        which must not be written to anybody's access log.
        """
        self.site_of(customer, site_id)
        if "@" in customer.customer_no:
            raise Rejected("The customer number is an e-mail address and is not sent in a URL.")
        query = {"siteId": site_id, "c_customer_no": customer.customer_no}
        return {**query, "c_customer_id": customer.customer_id} if customer.customer_id else query

    def sent(self, request: Request, call: Call, source: TokenSource[Token], **headers: str) -> Answer:
        """The answer to an authorised request. A 401 drops the token and signs in again, exactly once."""
        token = source.token(call)
        try:
            return self._sent_with(token, request, call, headers)
        except SignInRefused:
            source.drop(token)
        return self._sent_with(source.token(call), request, call, headers)

    def sent_to_custom_api(self, request: Request, call: Call, scope: str) -> Answer:
        """The answer of a custom API of the tenant, which its own scope guards; its document is None where the API says
        that it knows nothing of the customer. Any other 404 means that the API is not there, and becomes NotConfigured.
        """
        guarded = replace(request, permission=Permission(scope=scope, granter="account_manager"))
        try:
            return self.sent(guarded, call, self.admin(scope))
        except NotFound as error:
            if error.upstream_code in _KNOWS_NOTHING:
                return Answer(status=404, document=None, request_id=error.request_id or call.correlation_id)
            raise NotConfigured(
                f"The custom API {request.operation_id} does not exist on this tenant; upload its cartridge, activate "
                "the code version, and see Business Manager, Custom APIs.",
                status=error.status,
                request_id=error.request_id,
                operation=request.operation_id,
            ) from None

    def _sent_with(self, token: Token, request: Request, call: Call, headers: Mapping[str, Any]) -> Answer:
        authorised = request.with_headers(**{"Authorization": f"Bearer {token.value}", **headers})
        return self.transport.send(authorised, call)
