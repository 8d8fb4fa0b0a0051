"""What a shopper looked at. Commerce keeps no history an API can read, so it comes from the custom API of the product's
cartridge (sfcc_client/cartridge), or, poorer, from Einstein: products only, without times, searches or pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sfcc_client.documents.activity import ENTRY, KINDS, SHOPPER_ACTIVITY, activity_from, item_from, refusal_in
from sfcc_client.documents.schema import loaded
from sfcc_client.errors import NotConfigured, Rejected, TrackingRefused
from sfcc_client.gateway import Gateway
from sfcc_client.models import Activity, ActivityItem, ActivityKind, Customer
from sfcc_client.request import Answer, Call, Request, named
from sfcc_client.resources.einstein import Einstein
from sfcc_client.resources.products import Products
from sfcc_client.transport import bad_answer

API: Final = "/custom/shopper-activity/v1"
MOST_ITEMS: Final = 50
LONGEST_TEXT: Final = 256


class ShopperActivity:
    """Activity of shoppers, from the source the settings name. Raises any CommerceError."""

    def __init__(self, gateway: Gateway, products: Products) -> None:
        self._gateway = gateway
        self._einstein = Einstein(gateway, products)
        self._scope = gateway.settings.activity_scope
        self.configured = gateway.settings.activity != "none"
        self.recorded = gateway.settings.activity == "custom_api"

    def of_customer(
        self, customer: Customer, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> Activity:
        """The customer's recent activity on this site, at most 50 items.

        A customer whose attribute says they refused tracking is not asked about at all. Raises NotConfigured when
        activity is ``none``.
        """
        call = self._gateway.calls.start("activity.of_customer", deadline, correlation_id)
        settings = self._gateway.settings
        self._gateway.site_of(customer, site_id)
        refused_at = refusal_in(customer.custom.get(settings.attribute_names.tracking_opt_out))
        if refused_at is not None and self.configured:
            return Activity(opted_out_at=refused_at)
        match settings.activity:
            case "custom_api":
                return self._from_custom_api(customer, site_id, call)
            case "einstein":
                return Activity(items=self._einstein.recently_viewed(customer, site_id, call)[:MOST_ITEMS])
        raise NotConfigured("No source of shopper activity is configured.", operation=call.operation)

    def record(
        self,
        customer: Customer,
        *,
        site_id: str,
        kind: ActivityKind,
        text: str,
        product_id: str | None = None,
        results: int | None = None,
        deadline: float | None = None,
        correlation_id: str | None = None,
    ) -> ActivityItem:
        """Record that the customer searched for, viewed or opened something; the entry it became, its text scrubbed of
        e-mail addresses and card numbers and its `count` raised where the same was recorded before.

        `text` has 1 to 256 characters, `results` is how many products a search found. Never repeated on failure.
        Raises TrackingRefused for a customer who does not consent, without asking Commerce where the customer says so
        already, and NotConfigured unless activity is ``custom_api``.
        """
        call = self._gateway.calls.start("activity.record", deadline, correlation_id)
        self._needs_custom_api(call)
        if kind not in KINDS or not 1 <= len(text) <= LONGEST_TEXT:
            raise Rejected("An activity is a search, view or page with a text of 1 to 256 characters.")
        if refusal_in(customer.custom.get(self._gateway.settings.attribute_names.tracking_opt_out)) is not None:
            raise TrackingRefused("The shopper does not consent to tracking; nothing was recorded.")
        given = {"kind": kind, "text": text, "productId": product_id, "results": results}
        deed = {name: value for name, value in given.items() if value is not None}
        request = self._request("POST", customer, site_id, json=deed)
        answer = self._gateway.sent_to_custom_api(request, call, self._scope)
        entry = loaded(ENTRY, _document(answer), answer, request)
        if entry["kind"] not in KINDS:
            raise bad_answer(request, "unreadable: kind", answer.status, answer.request_id)
        return item_from(entry)

    def erase(
        self, customer: Customer, *, site_id: str, deadline: float | None = None, correlation_id: str | None = None
    ) -> None:
        """Erase everything recorded of the customer on this site; erasing nothing is no error.

        The number alone is enough, so that somebody Commerce has deleted already can be erased too:
        ``Customer(customer_no="00004711")``. Raises NotConfigured unless activity is ``custom_api``.
        """
        call = self._gateway.calls.start("activity.erase", deadline, correlation_id)
        self._needs_custom_api(call)
        request = self._request("DELETE", replace(customer, customer_id=None), site_id)
        self._gateway.sent_to_custom_api(request, call, self._scope)

    def _needs_custom_api(self, call: Call) -> None:
        if self._gateway.settings.activity != "custom_api":
            raise NotConfigured(
                "Activity is recorded and erased by the custom API only; set activity to custom_api.",
                operation=call.operation,
            )

    def _request(self, method: str, customer: Customer, site_id: str, **content: Any) -> Request:
        return Request(
            family="scapi",
            method=method,
            path=self._gateway.organization_path(API, "activities"),
            operation_id=f"{method} /custom/shopper-activity/v1/activities",
            subject=named("activity of customer", customer.customer_no),
            query=self._gateway.custom_api_query(customer, site_id),
            **content,
        )

    def _from_custom_api(self, customer: Customer, site_id: str, call: Call) -> Activity:
        if not customer.customer_id:
            return Activity()
        request = self._request("GET", customer, site_id)
        answer = self._gateway.sent_to_custom_api(request, call, self._scope)
        return activity_from(loaded(SHOPPER_ACTIVITY, _document(answer), answer, request), MOST_ITEMS)


def _document(answer: Answer) -> Any:
    return {} if answer.document is None else answer.document
