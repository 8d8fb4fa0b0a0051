"""Payment instruments of baskets and orders, as a shopper gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfcc_client.emulator.cart import payment_methods
from sfcc_client.emulator.state import State


class NotApplicable(Exception):  # noqa: N818
    """The payment method cannot be used on the site; the message says which one."""


def instrument(state: State, site_id: str, given: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a payment instrument with what is given of it now. Raises NotApplicable."""
    method_id = given.get("paymentMethodId", known.get("paymentMethodId"))
    if method_id not in payment_methods(state, site_id):
        raise NotApplicable(f"The payment method '{method_id}' is invalid or not applicable.")
    card = {**known.get("paymentCard", {}), **given.get("paymentCard", {})}
    if "maskedNumber" in card:
        card["numberLastDigits"] = card["maskedNumber"][-4:]
    return {**known, **given, **({"paymentCard": card} if card else {})}
