"""Names of things that are there, by the parameters the descriptions name them with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.emulator import CommerceEmulator

# Parameters of the same name mean other things below other paths.
_BELOW: Mapping[str, Mapping[str, Any]] = {
    "/global-preference-groups/": {"groupId": "Mail"},
    "/site-preference-groups/": {"groupId": "ServiceNow", "preferenceId": "serviceNowActivityRetentionDays"},
    "/system_object_definitions/": {"object_type": "Order", "id": "carrier"},
    "/custom_objects": {"object_type": "ServiceNowActivity"},
    "/shopper-experience/v1/organizations/{organization_id}/contents": {"id": "faq-returns", "ids": ["faq-returns"]},
    "/shopper-experience/v1/organizations/{organization_id}/folders": {"id": "help", "ids": ["help"]},
}


class Names:
    """The shopper who has everything, and what belongs to the instance."""

    def __init__(self, shop: CommerceEmulator, mara: Mapping[str, Any]) -> None:
        state, site_id = shop.state, mara["site_id"]
        site, order = state.sites[site_id], state.orders.get(mara["order_no"]) or {}
        customer = state.customers.get((site.customer_list_id, mara["customer_no"])) or {}
        basket = state.basket_of(mara["customer_id"], site_id) or {}
        product = next(iter(state.products))["id"]
        group = next(row["id"] for row in state.customer_groups.find("site", site_id) if row["type"] == "static")
        versions = shop.world.office.code_versions
        version = next(one for one in versions.ids() if one != versions.active)
        payment, address = order["paymentInstruments"][0]["paymentInstrumentId"], customer["addresses"][0]["addressId"]
        self._known: dict[str, Any] = {
            "organizationId": state.organization_id,
            **dict.fromkeys(("siteId", "site_id"), site_id),
            **dict.fromkeys(("customerListId", "customer_list_id", "list_id"), site.customer_list_id),
            **dict.fromkeys(("customerNo", "customer_no", "key"), mara["customer_no"]),
            "customerNos": [mara["customer_no"]],
            "customerId": mara["customer_id"],
            "customerGroupId": group,
            **dict.fromkeys(("addressId", "address_id"), address),
            **dict.fromkeys(("orderNo", "order_no"), mara["order_no"]),
            **{"library_id": site_id, "content_id": "faq-returns", "folder_id": "help"},
            **dict.fromkeys(("jobId", "job_id"), "sfcc-search-index-product-full-update"),
            **dict.fromkeys(("shipmentId", "shipment_id"), "me"),
            **dict.fromkeys(("paymentInstrumentId", "payment_instrument_id"), payment),
            "basketId": basket.get("basketId"),
            **dict.fromkeys(("codeVersionId", "code_version_id"), version),
            "ids": [product],
            **dict.fromkeys(("id", "productId"), product),
        }

    def of(self, path: str) -> Mapping[str, Any]:
        """By parameter, for an operation of this path."""
        below = next((names for part, names in _BELOW.items() if part in path), {})
        return {**self._known, **below}
