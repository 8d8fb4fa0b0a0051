"""Which permission each upstream operation needs, so that a 403 can say what to grant and where.

Keys are operation ids of the official descriptions; OCAPI Shop and Einstein have none and are named after their call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sfcc_client.config import CommerceSettings

Granter = Literal["account_manager", "slas", "ocapi", "einstein"]

_WHERE: dict[Granter, str] = {
    "account_manager": "add it to the API client in Account Manager (Allowed Scopes), together with the role "
    "Salesforce Commerce API for this tenant",
    "slas": "add it to the SLAS client in SLAS Admin",
    "ocapi": "allow it for this client id in Business Manager, Open Commerce API Settings, type Shop",
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


PERMISSIONS: dict[str, Permission] = {
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


def admin_scopes(settings: CommerceSettings) -> frozenset[str]:
    """The scopes to ask Account Manager for: those of the Admin APIs and of the configured custom APIs."""
    scopes = {permission.scope for permission in PERMISSIONS.values() if permission.granter == "account_manager"}
    if settings.loyalty == "custom_api":
        scopes.add(settings.loyalty_scope)
    if settings.activity == "custom_api":
        scopes.add(settings.activity_scope)
    return frozenset(scopes)
