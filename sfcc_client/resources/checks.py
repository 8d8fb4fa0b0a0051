"""What works on this tenant and what does not: one small request per capability, for `doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sfcc_client.errors import CommerceError, Forbidden
from sfcc_client.gateway import Gateway
from sfcc_client.models import Check, Customer
from sfcc_client.permissions import PERMISSIONS, Permission, admin_scopes

if TYPE_CHECKING:
    from sfcc_client.client import CommerceClient

# Asked about where a capability needs somebody or something: nobody has this number, and "none" is an answer too.
_NOBODY = Customer(customer_no="sfcc-snow-check", customer_id="sfcc-snow-check")
_NO_PRODUCT = "sfcc-snow-check"

_PROVIDED_BY = {
    "attributes": "Read from the customer's attributes.",
    "custom_api": "The custom API answers.",
    "einstein": "Einstein is configured; it can only be asked about a shopper.",
}


def checks(client: CommerceClient, gateway: Gateway, deadline: float | None) -> Iterator[Check]:
    """One check per capability and site, sign-in first."""
    yield _check("account_manager", partial(_sign_in, gateway, deadline), "Signed in with every scope needed.")
    for site_id in client.sites:
        for name, attempt, message in _attempts(client, gateway, {"site_id": site_id, "deadline": deadline}):
            yield _check(f"{name}:{site_id}", attempt, message)


def _attempts(
    client: CommerceClient, gateway: Gateway, options: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], object] | None, str]]:
    """Name, what to try (None: switched off), and what to say when it works."""
    settings = gateway.settings
    search = partial(client.orders.probe_search, **options) if settings.ocapi_configured else None
    loyalty = partial(client.loyalty.of_customer, _NOBODY, **options) if client.loyalty.configured else None
    activity = partial(client.activity.of_customer, _NOBODY, **options) if client.activity.configured else None
    yield "customers", partial(client.customers.probe, **options), "Customers can be searched."
    yield "orders", partial(client.orders.probe, **options), "Orders can be read by number."
    yield "products", partial(client.products.by_ids, [_NO_PRODUCT], **options), "Products can be read."
    yield "baskets", partial(client.baskets.probe, **options), "Baskets can be read on behalf of a shopper."
    yield "order_search", search, "Orders of guests can be searched."
    yield "loyalty", loyalty, _PROVIDED_BY.get(settings.loyalty, "")
    yield "activity", activity, _PROVIDED_BY.get(settings.activity, "")


def _sign_in(gateway: Gateway, deadline: float | None) -> None:
    """Raises Forbidden for the scopes Account Manager did not grant, where it says what it granted."""
    call = gateway.calls.start("ping", deadline, None)
    missing = []
    for scope in sorted(admin_scopes(gateway.settings)):
        granted = gateway.admin(scope).token(call).scopes
        if granted and not granted & {scope, f"{scope}.rw"}:
            missing.append(scope)
    if missing:
        permission = Permission(scope=", ".join(missing), granter=PERMISSIONS["getOrder"].granter)
        raise Forbidden(f"Signed in, but {permission.advice}.", scope=permission.scope, operation="ping")


def _check(name: str, attempt: Callable[[], object] | None, message: str) -> Check:
    if attempt is None:
        return Check(name=name, state="off", message="Not configured.", code="not_configured")
    try:
        attempt()
    except CommerceError as error:
        return Check(name=name, state="failed", message=error.message, code=error.code, request_id=error.request_id)
    return Check(name=name, state="ok", message=message)
