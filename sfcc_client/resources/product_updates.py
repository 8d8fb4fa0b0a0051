"""Products of the catalog: read, and marked with custom attributes; and what shoppers see of such a mark.

Commerce keeps no version of a product (no ETag, no If-Match), and it passes over an attribute nobody defined without a
word. Each change therefore says which state it is for and is read back, as those of orders are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sfcc_client.auth.tokens import Token, TokenSource
from sfcc_client.documents.catalog_product import (
    CATALOG_PRODUCT,
    SHOWN_PRODUCTS,
    catalog_product_from,
    shown_products_from,
)
from sfcc_client.documents.schema import loaded
from sfcc_client.errors import Rejected
from sfcc_client.gateway import Gateway
from sfcc_client.models_operations import CatalogProduct, ProductUpdate, ShownProduct
from sfcc_client.request import Call, Request, named
from sfcc_client.resources.products import API as SHOP_API
from sfcc_client.resources.read_back import Scalar, conflict, json_values, says, settled

API: Final = "/product/products/v1"
READ: Final = "sfcc.products"
WRITE: Final = "sfcc.products.rw"
LONGEST_ID: Final = 100

Value = Scalar | Mapping[str, str]


class ProductUpdates:
    """Products of the catalog; they belong to no site. Raises any CommerceError; of them NotFound for no such product
    and Forbidden when the client lacks sfcc.products (reading) or sfcc.products.rw, which are asked for only here."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def by_id(
        self, product_id: str, *, deadline: float | None = None, correlation_id: str | None = None
    ) -> CatalogProduct:
        """The product as the catalog keeps it, online or not (Products API, getProduct; scope sfcc.products).

        Ids have 1 to 100 characters (Rejected). On a staging instance it is the edited one.
        """
        call = self._gateway.calls.start("product_updates.by_id", deadline, correlation_id)
        return self._read(product_id, call, self._gateway.admin(READ))

    def set_attributes(
        self,
        product_id: str,
        attributes: Mapping[str, Value],
        *,
        expected: Mapping[str, Value],
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> ProductUpdate:
        """Set custom attributes (``c_…``) of a product on which those in `expected` have these values (None: absent).

        Products API, getProduct and updateProduct; scope sfcc.products.rw. A value of None removes the attribute; that
        of a localizable one is texts by locale, which are merged with those that are there. Raises StateConflict when
        the product says something else than expected, unless it says already what is wanted, and Rejected for a value
        of another type (400) and for an attribute that is not defined on this tenant.

        Variants without a value of their own show their master's. On a staging instance shoppers see the change once
        the product was replicated (`releases.replicate_product`).
        """
        call = self._gateway.calls.start("product_updates.set_attributes", deadline, correlation_id)
        if not attributes or any(not name.startswith("c_") for name in (*attributes, *expected)):
            raise Rejected("Only attributes whose names begin with c_ can be changed.", operation=call.operation)
        tokens = self._gateway.admin(WRITE)
        before = self._read(product_id, call, tokens)
        if says(before.custom, attributes):
            return ProductUpdate(product=before, changed=False)
        differing = sorted(name for name in expected if not says(before.custom, {name: expected[name]}))
        if differing:
            raise conflict(named("product", product_id), ", ".join(differing), None, call)
        # The description wants the id of the path in the body as well.
        document = {"id": product_id, **dict(json_values(attributes))}
        request = self._request("PATCH", "updateProduct", product_id, call, document)
        # Dates and numbers may read otherwise than they were written: the answer is what the product says now.
        after, _ = settled(
            request,
            call,
            send=lambda: self._gateway.sent(request, call, tokens),
            read=lambda: self._read(product_id, call, tokens),
            done=lambda product: says(product.custom, attributes),
        )
        wanted = (name for name, value in attributes.items() if value not in (None, "", {}))
        passed_over = sorted(name for name in wanted if name not in after.custom)
        if passed_over:
            raise Rejected(
                f"Commerce did not keep {', '.join(passed_over)} of {request.subject}: define it in Business Manager, "
                "System Object Types, Product.",
                operation=call.operation,
            )
        return ProductUpdate(product=after, changed=True)

    def shown(
        self, product_id: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> ShownProduct | None:
        """The product as a guest of the site sees it in the site's locale, None where it is not shown (Shopper
        Products, getProducts; scope sfcc.shopper-products)."""
        call = self._gateway.calls.start("product_updates.shown", deadline, correlation_id)
        site = self._gateway.site(site_id)
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(SHOP_API, "products"),
            operation_id="getProducts",
            subject=named("product", product_id),
            query={
                "ids": _checked(product_id, call),
                "siteId": site_id,
                "expand": "none",
                **({"locale": site.locale} if site.locale else {}),
            },
        )
        answer = self._gateway.sent(request, call, self._gateway.slas.guest(site_id))
        return shown_products_from(loaded(SHOWN_PRODUCTS, answer.document, answer, request)).get(product_id)

    def _read(self, product_id: str, call: Call, tokens: TokenSource[Token]) -> CatalogProduct:
        request = self._request("GET", "getProduct", product_id, call)
        answer = self._gateway.sent(request, call, tokens)
        return catalog_product_from(loaded(CATALOG_PRODUCT, answer.document, answer, request))

    def _request(
        self, method: str, operation_id: str, product_id: str, call: Call, document: dict[str, Any] | None = None
    ) -> Request:
        return Request(
            family="scapi",
            method=method,
            path=self._gateway.organization_path(API, "products", _checked(product_id, call)),
            operation_id=operation_id,
            subject=named("product", product_id),
            json=document,
        )


def _checked(product_id: str, call: Call) -> str:
    """The id of one product; a comma separates ids in a query, so none can contain one."""
    if not 1 <= len(product_id) <= LONGEST_ID or "," in product_id:
        raise Rejected("A product id has 1 to 100 characters and no comma.", operation=call.operation)
    return product_id
