"""Orders. The Admin API cannot filter by customer, so orders come from the first strategy that may answer: a customer's
from their own list with a token on their behalf, then from OCAPI's order search; a guest's from that search, then from
an index that a sweep feeds. A page says which one it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sfcc_client.documents.order import ORDER, ORDER_LIST, ORDER_SEARCH_RESULT, order_from
from sfcc_client.documents.schema import camel_cased, loaded
from sfcc_client.errors import CommerceError, Forbidden, NotConfigured, NotFound, Rejected, SignInRefused
from sfcc_client.gateway import Gateway
from sfcc_client.models import UNDATED, Customer, Order, OrderPage
from sfcc_client.order_index import OrderIndex
from sfcc_client.request import Call, Request, named, path
from sfcc_client.resources.customers import LONGEST_TERM, same_address

ADMIN_API: Final = "/checkout/orders/v1"
SHOPPER_API: Final = "/customer/shopper-customers/v1"
SCOPE: Final = "sfcc.orders"
SHOPPER_PAGE: Final = 50
SEARCH_PAGE: Final = 200
LAST_RESULT: Final = 10_000

# What another strategy may get around; a Commerce that is down, or a customer it does not know, it may not.
_NEXT_STRATEGY: Final = (Forbidden, NotConfigured, SignInRefused, Rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slice:
    """Which orders of the list, newest first."""

    limit: int
    offset: int


class Orders:
    """Orders of customers, guests and by number. `limit` is 1 to 200, `offset + limit` at most 10,000 (ValueError).
    Raises any CommerceError."""

    def __init__(self, gateway: Gateway, index: OrderIndex | None = None) -> None:
        self._gateway, self._index = gateway, index
        self._tokens = gateway.admin(SCOPE)

    def by_number(
        self, order_no: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Order:
        """The order with this number (Orders API, getOrder; scope sfcc.orders). Raises NotFound."""
        call = self._gateway.calls.start("orders.by_number", deadline, correlation_id)
        self._gateway.site(site_id)
        return self.read(order_no, site_id, call)

    def read(self, order_no: str, site_id: str, call: Call) -> Order:
        """The same within a call under way."""
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(ADMIN_API, "orders", order_no),
            operation_id="getOrder",
            subject=named("order", order_no),
            query={"siteId": site_id},
        )
        answer = self._gateway.sent(request, call, self._tokens)
        return self._order(loaded(ORDER, answer.document, answer, request), site_id)

    def of_customer(
        self,
        customer: Customer,
        *,
        site_id: str,
        limit: int = 25,
        offset: int = 0,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> OrderPage:
        """Orders of a registered customer on this site, newest first (Shopper Customers, getCustomerOrders; scope
        sfcc.shopper-myaccount.orders; or OCAPI Shop order_search).

        Falls to the next strategy on a missing permission, setting or sign-in; raises the first strategy's error when
        none may answer.
        """
        call = self._gateway.calls.start("orders.of_customer", deadline, correlation_id)
        self._gateway.site_of(customer, site_id)
        part = _slice(limit, offset)
        strategies: tuple[Callable[[Customer, str, _Slice, Call], OrderPage], ...] = (self._as_shopper, self._as_search)
        failures: list[CommerceError] = []
        for strategy in strategies:
            try:
                return strategy(customer, site_id, part, call)
            except _NEXT_STRATEGY as error:
                failures.append(error)
        # "Not configured" explains nothing while another strategy was refused for a reason.
        raise next((error for error in failures if not isinstance(error, NotConfigured)), failures[0])

    def of_guest(
        self,
        email: str,
        *,
        site_id: str,
        limit: int = 25,
        offset: int = 0,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> OrderPage:
        """Orders placed as a guest with exactly this e-mail address, newest first: from OCAPI Shop order_search, and
        where that may not answer, from the client's order index (Orders API, getOrder for each; scope sfcc.orders).

        Orders of registered customers with the same address are left out; `total` counts guests' orders as far as this
        page has seen. Raises NotConfigured with neither a Business Manager user nor an index.
        """
        call = self._gateway.calls.start("orders.of_guest", deadline, correlation_id)
        self._gateway.site(site_id)
        part = _slice(limit, offset)
        wanted = same_address(email)
        if not wanted or len(wanted) > LONGEST_TERM:
            return OrderPage(orders=(), total=0, source="ocapi_search")
        try:
            return self._guest_by_search(email, wanted, site_id, part, call)
        except _NEXT_STRATEGY:
            if self._index is None:
                raise
        return self._guest_by_index(self._index, wanted, site_id, part, call)

    def _guest_by_search(self, email: str, wanted: str, site_id: str, part: _Slice, call: Call) -> OrderPage:
        orders, total = self._search(_term("customer_email", email.strip()), "orders of a guest", site_id, part, call)
        own = tuple(order for order in orders if _is_of_guest(order, wanted))
        return OrderPage(orders=own, total=max(total - (len(orders) - len(own)), len(own)), source="ocapi_search")

    def _guest_by_index(self, index: OrderIndex, wanted: str, site_id: str, part: _Slice, call: Call) -> OrderPage:
        numbers, total = index.order_numbers(wanted, site_id=site_id, limit=part.limit, offset=part.offset)
        orders: list[Order] = []
        for number in numbers:
            try:
                orders.append(self.read(number, site_id, call))
            except NotFound:
                total -= 1
        own = tuple(order for order in orders if _is_of_guest(order, wanted))
        return OrderPage(orders=own, total=max(total - (len(orders) - len(own)), len(own)), source="index")

    def probe(self, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None) -> None:
        """Lists one order (getOrders); shows whether reading orders is permitted."""
        call = self._gateway.calls.start("orders.probe", deadline, correlation_id)
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(ADMIN_API, "orders"),
            operation_id="getOrders",
            subject=f"orders of site {site_id}",
            query={"siteId": site_id, "limit": "1"},
        )
        self._gateway.sent(request, call, self._tokens)

    def probe_search(self, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None) -> None:
        """Searches one order through OCAPI; shows whether guests' orders can be found."""
        call = self._gateway.calls.start("orders.probe_search", deadline, correlation_id)
        self._search({"match_all_query": {}}, "orders", site_id, _slice(1, 0), call)

    def _as_shopper(self, customer: Customer, site_id: str, part: _Slice, call: Call) -> OrderPage:
        tokens, token = self._gateway.on_behalf_of(customer, site_id, call)
        orders: list[Order] = []
        total = 0
        while len(orders) < part.limit:
            asked = min(part.limit - len(orders), SHOPPER_PAGE)
            request = Request(
                family="scapi",
                method="GET",
                path=self._gateway.organization_path(SHOPPER_API, "customers", token.customer_id, "orders"),
                operation_id="getCustomerOrders",
                subject=named("orders of customer", customer.customer_no),
                query={
                    "siteId": site_id,
                    "limit": str(asked),
                    "offset": str(part.offset + len(orders)),
                    **({"expand": "oms"} if self._gateway.settings.order_management else {}),
                },
            )
            answer = self._gateway.sent(request, call, tokens)
            result = loaded(ORDER_LIST, answer.document, answer, request)
            page = [self._order(one, site_id) for one in result["data"] or []]
            orders += page
            total = result["total"] if result["total"] is not None else part.offset + len(orders)
            if len(page) < asked or part.offset + len(orders) >= total:
                break
        return OrderPage(orders=_newest_first(orders), total=max(total, len(orders)), source="shopper_token")

    def _as_search(self, customer: Customer, site_id: str, part: _Slice, call: Call) -> OrderPage:
        query = _term("customer_no", customer.customer_no)
        subject = named("orders of customer", customer.customer_no)
        orders, total = self._search(query, subject, site_id, part, call)
        own = tuple(order for order in orders if order.customer_no == customer.customer_no)
        return OrderPage(orders=own, total=max(total - (len(orders) - len(own)), len(own)), source="ocapi_search")

    def _search(
        self, query: dict[str, Any], subject: str, site_id: str, part: _Slice, call: Call
    ) -> tuple[tuple[Order, ...], int]:
        settings, source = self._gateway.settings, self._gateway.business_manager
        request = Request(
            family="instance",
            method="POST",
            path=path("/s", site_id, "dw", "shop", settings.ocapi_version, "order_search"),
            operation_id="POST /order_search",
            subject=subject,
            headers={"x-dw-client-id": source.client_id},
            json={
                "query": query,
                "select": "(**)",
                "sorts": [{"field": "creation_date", "sort_order": "desc"}],
                "count": part.limit,
                "start": part.offset,
            },
        )
        answer = self._gateway.sent(request, call, source)
        result = loaded(ORDER_SEARCH_RESULT, camel_cased(answer.document), answer, request)
        orders = tuple(self._order(hit["data"], site_id) for hit in result["hits"] or [])
        return orders, result["total"] if result["total"] is not None else part.offset + len(orders)

    def _order(self, document: dict[str, Any], site_id: str) -> Order:
        return order_from(document, site_id, self._gateway.settings.attribute_names)


def _slice(limit: int, offset: int) -> _Slice:
    if not 1 <= limit <= SEARCH_PAGE or offset < 0 or offset + limit > LAST_RESULT:
        raise ValueError("limit must be 1 to 200, offset 0 or more, their sum at most 10,000")
    return _Slice(limit=limit, offset=offset)


def _is_of_guest(order: Order, wanted: str) -> bool:
    return order.guest and bool(order.email) and same_address(order.email or "") == wanted


def _term(field: str, value: str) -> dict[str, Any]:
    return {"term_query": {"fields": [field], "operator": "is", "values": [value]}}


def _newest_first(orders: list[Order]) -> tuple[Order, ...]:
    return tuple(sorted(orders, key=lambda order: order.placed_at or UNDATED, reverse=True))
