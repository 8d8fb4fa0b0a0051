"""Products for hydration: names, variants, pictures and stock, from Shopper Products."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from sfcc_client.auth.tokens import Token, TokenSource
from sfcc_client.config import Site
from sfcc_client.documents.product import PRODUCTS, product_from
from sfcc_client.documents.schema import loaded
from sfcc_client.gateway import Gateway
from sfcc_client.models import Product
from sfcc_client.request import Call, Request

API: Final = "/product/shopper-products/v1"
BATCH: Final = 24  # the specification's text says 24, its error example 25
EXPANDED: Final = "availability,images,variations"


class Products:
    """Products of a site. Raises any CommerceError."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def by_ids(
        self, ids: Iterable[str], *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> dict[str, Product]:
        """The products with these ids, asked for in batches of 24 as a guest of the site (getProducts).

        Unknown, offline and repeated ids are simply not in the answer.
        """
        call = self._gateway.calls.start("products.by_ids", deadline, correlation_id)
        self._gateway.site(site_id)
        return self.read(ids, site_id, call, self._gateway.slas.guest(site_id))

    def read(self, ids: Iterable[str], site_id: str, call: Call, tokens: TokenSource[Token]) -> dict[str, Product]:
        """The same within a call under way, with the shopper's token it already has."""
        site = self._gateway.site(site_id)
        # A comma separates ids in the query, so no id can contain one.
        distinct = iter(dict.fromkeys(one for one in ids if one and "," not in one))
        found: dict[str, Product] = {}
        while batch := list(islice(distinct, BATCH)):
            found |= {product.product_id: product for product in self._batch(batch, site, call, tokens)}
        return found

    def _batch(self, ids: list[str], site: Site, call: Call, tokens: TokenSource[Token]) -> Iterator[Product]:
        query = {"ids": ",".join(ids), "siteId": site.site_id, "expand": EXPANDED}
        if site.locale:
            query["locale"] = site.locale
        if site.currency:
            query["currency"] = site.currency
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(API, "products"),
            operation_id="getProducts",
            subject=f"such products on site {site.site_id}",
            query=query,
        )
        answer = self._gateway.sent(request, call, tokens)
        result = loaded(PRODUCTS, answer.document, answer, request)
        return map(product_from, result["data"] or [])
