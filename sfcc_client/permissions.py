"""Which permission each upstream operation needs, so that a 403 can say what to grant and where.

Keys are operation ids of the official descriptions; OCAPI Shop and Einstein have none and are named after their call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sfcc_client.config import CommerceSettings

Granter = Literal["account_manager", "slas", "ocapi", "ocapi_data", "webdav", "einstein"]

_WHERE: dict[Granter, str] = {
    "account_manager": "add it to the API client in Account Manager (Allowed Scopes), together with the role "
    "Salesforce Commerce API for this tenant",
    "slas": "add it to the SLAS client in SLAS Admin",
    "ocapi": "allow it for this client id in Business Manager, Open Commerce API Settings, type Shop",
    "ocapi_data": "allow it for this client id in Business Manager, Open Commerce API Settings, type Data",
    "webdav": "allow the folder for this client id in Business Manager, WebDAV Client Permissions",
    "einstein": "check the Einstein client id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A scope (or an OCAPI resource) and who grants it."""

    scope: str
    granter: Granter

    @property
    def advice(self) -> str:
        return f"the client lacks {self.scope}: {_WHERE[self.granter]}"


def _admin(scope: str) -> Permission:
    return Permission(scope=scope, granter="account_manager")


def _shopper(scope: str) -> Permission:
    return Permission(scope=scope, granter="slas")


def _data(resource: str) -> Permission:
    return Permission(scope=resource, granter="ocapi_data")


READING: dict[str, Permission] = {
    "searchCustomerInCustomerList": _admin("sfcc.customerlists"),
    "getCustomerFromCustomerList": _admin("sfcc.customerlists"),
    "getOrder": _admin("sfcc.orders"),
    "getOrders": _admin("sfcc.orders"),
    "getCustomerOrders": _shopper("sfcc.shopper-myaccount.orders"),
    "getCustomerBaskets": _shopper("sfcc.shopper-myaccount.baskets"),
    "getProducts": _shopper("sfcc.shopper-products"),
    "getTrustedSystemAccessToken": _shopper("sfcc.ts_ext_on_behalf_of"),
    "POST /order_search": Permission(scope="POST /order_search", granter="ocapi"),
    "getRecommendations": Permission(scope="access to this Einstein site", granter="einstein"),
}

# What changes Commerce or looks behind the shop. Not every user of the SDK does, so that these scopes are asked for
# only when one of their operations is used, each with a token of its own.
OPERATING: dict[str, Permission] = {
    "updateOrder": _admin("sfcc.orders.rw"),
    "updateOrderStatus": _admin("sfcc.orders.rw"),
    "updateOrderConfirmationStatus": _admin("sfcc.orders.rw"),
    "updateOrderExportStatus": _admin("sfcc.orders.rw"),
    "updateOrderExternalStatus": _admin("sfcc.orders.rw"),
    "updateOrderPaymentStatus": _admin("sfcc.orders.rw"),
    "updateOrderShippingStatus": _admin("sfcc.orders.rw"),
    "createOmsStatusEvent": _admin("sfcc.orders.rw"),
    "GET /orders/{order_no}/notes": Permission(scope="GET /orders/*/notes", granter="ocapi"),
    "POST /orders/{order_no}/notes": Permission(scope="POST /orders/*/notes", granter="ocapi"),
    "getProduct": _admin("sfcc.products"),
    "updateProduct": _admin("sfcc.products.rw"),
    "getContent": _shopper("sfcc.shopper-experience.contents"),
    "getLibrariesByIDContentByID": _data("GET /libraries/*/content/*"),
    "putLibrariesByIDContentByID": _data("PUT /libraries/*/content/*"),
    "patchLibrariesByIDContentByID": _data("PATCH /libraries/*/content/*"),
    "putLibrariesByIDFolderAssignmentsByIDByID": _data("PUT /libraries/*/folder_assignments/*/*"),
    "getCodeVersions": _data("GET /code_versions"),
    "patchCodeVersionsByID": _data("PATCH /code_versions/*"),
    "postJobsByIDExecutions": _data("POST /jobs/*/executions"),
    "getJobsByIDExecutionsByID": _data("GET /jobs/*/executions/*"),
    "postJobExecutionSearch": _data("POST /job_execution_search"),
    "getCustomObjectsByIDByID": _data("GET /custom_objects/*/*"),
    "putCustomObjectsByIDByID": _data("PUT /custom_objects/*/*"),
    "deleteCustomObjectsByIDByID": _data("DELETE /custom_objects/*/*"),
    "getSitesByIDCustomObjectsByIDByID": _data("GET /sites/*/custom_objects/*/*"),
    "putSitesByIDCustomObjectsByIDByID": _data("PUT /sites/*/custom_objects/*/*"),
    "deleteSitesByIDCustomObjectsByIDByID": _data("DELETE /sites/*/custom_objects/*/*"),
    "publishItems": _admin("sfcc.granular-replications.rw"),
    "getPublishProcess": _admin("sfcc.granular-replications.rw"),
    "cachePurge": _admin("sfcc.cdn-zones.rw"),
    "getMetrics": _admin("sfcc.metrics"),
    "WebDAV": Permission(scope="WebDAV", granter="webdav"),
}

PERMISSIONS: dict[str, Permission] = {**READING, **OPERATING}


def admin_scopes(settings: CommerceSettings) -> frozenset[str]:
    """The scopes every user of the SDK needs, asked for together: those of the Admin APIs that are read, and of the
    configured custom APIs."""
    scopes = {permission.scope for permission in READING.values() if permission.granter == "account_manager"}
    if settings.loyalty == "custom_api":
        scopes.add(settings.loyalty_scope)
    if settings.activity == "custom_api":
        scopes.add(settings.activity_scope)
    return frozenset(scopes)
