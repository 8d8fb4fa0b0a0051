"""Registered customers, from the Customers API (Admin). Guests have no customer record."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from sfcc_client.config import Site
from sfcc_client.documents.customer import CUSTOMER, SEARCH_RESULT, customer_from
from sfcc_client.documents.schema import loaded
from sfcc_client.gateway import Gateway
from sfcc_client.models import Customer
from sfcc_client.request import Call, Request, named

API: Final = "/customer/customers/v1"
SCOPE: Final = "sfcc.customerlists"
PAGE: Final = 50
MOST_MATCHES: Final = 200
LONGEST_TERM: Final = 256  # schema String256 of a query's values


class Customers:
    """Customers of a site's customer list. Every method takes a `deadline` (seconds in total) and a `correlation_id`,
    and raises any CommerceError."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._tokens = gateway.admin(SCOPE)

    def by_number(
        self, customer_no: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Customer:
        """The customer with this number (getCustomerFromCustomerList). Raises NotFound."""
        call = self._gateway.calls.start("customers.by_number", deadline, correlation_id)
        list_id = self._gateway.site(site_id).customer_list_id
        request = Request(
            family="scapi",
            method="GET",
            path=self._gateway.organization_path(API, "customer-lists", list_id, "customers", customer_no),
            operation_id="getCustomerFromCustomerList",
            subject=named("customer", customer_no),
        )
        answer = self._gateway.sent(request, call, self._tokens)
        return customer_from(loaded(CUSTOMER, answer.document, answer, request), list_id)

    def by_email(
        self, email: str, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> tuple[Customer, ...]:
        """Every customer with exactly this e-mail address, letter case aside; at most 200 matches are looked through.

        Logins are unique, e-mail addresses are not: several people may share one (searchCustomerInCustomerList).
        """
        call = self._gateway.calls.start("customers.by_email", deadline, correlation_id)
        site = self._gateway.site(site_id)
        wanted = same_address(email)
        if not wanted or len(wanted) > LONGEST_TERM:
            return ()
        matches: list[Customer] = []
        for offset in range(0, MOST_MATCHES, PAGE):
            page, total = self._page(_with_email(email.strip(), offset), site, call)
            matches += page
            if len(page) < PAGE or offset + PAGE >= total:
                break
        return tuple(customer for customer in matches if customer.email and same_address(customer.email) == wanted)

    def probe(self, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None) -> None:
        """Searches one customer; shows whether the search is permitted at all."""
        call = self._gateway.calls.start("customers.probe", deadline, correlation_id)
        self._page({"query": {"matchAllQuery": {}}, "limit": 1}, self._gateway.site(site_id), call)

    def _page(self, search: dict[str, Any], site: Site, call: Call) -> tuple[list[Customer], int]:
        """A page of hits, and how many there are in all; where upstream does not say, as many as are looked through."""
        request = Request(
            family="scapi",
            method="POST",
            path=self._gateway.organization_path(API, "customer-lists", site.customer_list_id, "customer-search"),
            operation_id="searchCustomerInCustomerList",
            subject=f"customers of list {site.customer_list_id}",
            json=search,
        )
        answer = self._gateway.sent(request, call, self._tokens)
        result = loaded(SEARCH_RESULT, answer.document, answer, request)
        hits = [customer_from(hit["data"], site.customer_list_id) for hit in result["hits"] or []]
        return hits, MOST_MATCHES if result["total"] is None else result["total"]


def same_address(email: str) -> str:
    """An e-mail address in the form in which equal addresses are equal: composed and case-folded."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def _with_email(email: str, offset: int) -> dict[str, Any]:
    # termQuery, because a textQuery splits an address into words and matches its parts.
    term = {"fields": ["email"], "operator": "is", "values": [email]}
    return {"query": {"termQuery": term}, "limit": PAGE, "offset": offset}
