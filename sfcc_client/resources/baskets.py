"""The open basket of a registered shopper, read with a token that acts for them (there is no admin basket read)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sfcc_client.auth.slas import SlasTokens
from sfcc_client.auth.tokens import ShopperToken
from sfcc_client.documents.basket import BASKETS, basket_from
from sfcc_client.documents.schema import loaded
from sfcc_client.errors import CommerceError, NotFound
from sfcc_client.gateway import Gateway
from sfcc_client.models import Basket, Customer
from sfcc_client.request import Call, Request, named
from sfcc_client.resources.products import Products

API: Final = "/customer/shopper-customers/v1"
STOCK_SHARE: Final = 0.6  # of the time left, at most: a basket without stock beats no basket


class Baskets:
    """Baskets of shoppers. Raises any CommerceError."""

    def __init__(self, gateway: Gateway, products: Products) -> None:
        self._gateway, self._products = gateway, products

    def of_customer(
        self, customer: Customer, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Basket | None:
        """The customer's open basket on this site, its lines with variant and stock where the products could be read;
        None when there is no basket, or the customer cannot sign in to one (getCustomerBaskets).
        """
        call = self._gateway.calls.start("baskets.of_customer", deadline, correlation_id)
        self._gateway.site_of(customer, site_id)
        if not customer.login:
            return None
        tokens, token = self._gateway.on_behalf_of(customer, site_id, call)
        basket = self._read(tokens, token, site_id, customer.customer_no, call)
        return None if basket is None else self._hydrated(basket, site_id, call, tokens)

    def probe(self, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None) -> None:
        """Reads the baskets of a trusted guest; shows whether both the flow and the read are permitted."""
        call = self._gateway.calls.start("baskets.probe", deadline, correlation_id)
        tokens = self._gateway.slas.trusted_guest(site_id)
        self._read(tokens, tokens.token(call), site_id, "guest", call)

    def _read(
        self, tokens: SlasTokens, token: ShopperToken, site_id: str, customer_no: str, call: Call
    ) -> Basket | None:
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(API, "customers", token.customer_id, "baskets"),
            operation_id="getCustomerBaskets",
            subject=named("basket of customer", customer_no),
            query={"siteId": site_id},
        )
        try:
            answer = self._gateway.sent(request, call, tokens)
        except NotFound:
            return None
        result = loaded(BASKETS, answer.document, answer, request)
        baskets = [basket for basket in result["baskets"] or [] if not basket["temporary_basket"]]
        return basket_from(baskets[0], self._gateway.settings.attribute_names) if baskets else None

    def _hydrated(self, basket: Basket, site_id: str, call: Call, tokens: SlasTokens) -> Basket:
        ids = [line.product_id for line in basket.lines if line.product_id]
        try:
            products = self._products.read(ids, site_id, call.within(STOCK_SHARE), tokens)
        except CommerceError:
            return basket
        known = {line.product_id: products.get(line.product_id or "") for line in basket.lines}
        return replace(
            basket,
            lines=tuple(
                replace(line, variant=product.variant, stock=product.stock, name=line.name or product.name)
                if (product := known[line.product_id])
                else line
                for line in basket.lines
            ),
        )
