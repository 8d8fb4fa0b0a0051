"""Loyalty has no API of its own in Commerce; it is read where the tenant keeps it."""

from __future__ import annotations

from typing import Final

from sfcc_client.documents.loyalty import LOYALTY_INFO, loyalty_from, loyalty_in
from sfcc_client.documents.schema import loaded
from sfcc_client.errors import NotConfigured
from sfcc_client.gateway import Gateway
from sfcc_client.models import Customer, Loyalty
from sfcc_client.request import Call, Request, named

API: Final = "/custom/loyalty-info/v1"


class LoyaltyProgram:
    """Memberships, from the customer's attributes or from the custom API, as the settings say.
    Raises any CommerceError."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._scope = gateway.settings.loyalty_scope
        self.configured = gateway.settings.loyalty != "none"

    def of_customer(
        self, customer: Customer, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Loyalty | None:
        """The customer's membership, None when they are no member. Raises NotConfigured when loyalty is ``none``."""
        call = self._gateway.calls.start("loyalty.of_customer", deadline, correlation_id)
        site = self._gateway.site_of(customer, site_id)
        match self._gateway.settings.loyalty:
            case "attributes":
                return loyalty_in(customer.custom, self._gateway.settings.attribute_names, site.currency)
            case "custom_api":
                return self._from_custom_api(customer, site_id, site.currency, call)
        raise NotConfigured("No loyalty programme is configured.", operation=call.operation)

    def _from_custom_api(self, customer: Customer, site_id: str, currency: str, call: Call) -> Loyalty | None:
        if not customer.customer_id:
            return None
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(API, "customers"),
            operation_id="GET /custom/loyalty-info/v1/customers",
            subject=named("loyalty of customer", customer.customer_no),
            query=self._gateway.custom_api_query(customer, site_id),
        )
        answer = self._gateway.sent_to_custom_api(request, call, self._scope)
        return loyalty_from(
            loaded(LOYALTY_INFO, {} if answer.document is None else answer.document, answer, request), currency
        )
