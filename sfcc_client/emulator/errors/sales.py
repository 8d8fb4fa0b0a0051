"""Problems: orders and baskets."""

from __future__ import annotations

from sfcc_client.emulator.errors.wording import Wording

PROBLEMS = {
    "basket-of-another": Wording(400, "bad-request", "Bad Request", "The customer is invalid."),
    "order-not-found": Wording(
        404, "order-not-found", "Order Not Found", "No order with number '{order_no}' was found."
    ),
    # The description's own slug and title end in a comma, and it is all it has for a missing payment instrument too.
    "part-not-found": Wording(
        404, "not-found", "Not Found", "No shipment or payment instrument with ID '{part_id}' could be found."
    ),
    "invalid-order-total": Wording(
        400,
        "invalid-order-total",
        "Invalid Order Total",
        "The passed order total '{passed}' does not match the calculated order total '{calculated}'.",
    ),
    "invalid-tax-total": Wording(
        400,
        "invalid-tax-total",
        "Invalid Tax Total",
        "The passed tax total '{passed}' does not match the calculated tax total '{calculated}'.",
    ),
    "undo-fail-order": Wording(
        409, "undo-fail-order", "Undo Fail Order", "The failed order with number '{order_no}' cannot be reopened."
    ),
    # unverified: Admin Orders shows an example only for failed orders.
    "undo-cancel-order": Wording(
        409,
        "undo-fail-order",
        "Undo Cancel Order",
        "The cancelled order with number '{order_no}' cannot be taken up again: the inventory is no longer available.",
    ),
    "customer-baskets-quota-exceeded": Wording(
        400,
        "customer-baskets-quota-exceeded",
        "Customer Baskets Quota Exceeded",
        "The maximum number of baskets per customer was exceeded. Please reuse or delete one of the existing baskets"
        " ({basketIds}).",
        ("basketIds",),
    ),
    "basket-part-not-found": Wording(404, "not-found", "Not Found", "No {kind} with ID '{part_id}' could be found."),
    "insufficient-identifying-information": Wording(
        400,
        "insufficient-identifying-information",
        "Insufficient Identifying Information",
        "Insufficient identifying information provided to retrieve the order.",
    ),
    "oms-not-active": Wording(
        409, "oms-not-active", "Oms Not Active", "Order Management (OMS) is not active for this site."
    ),
    "invalid-reason-code": Wording(
        400,
        "invalid-reason-code",
        "Invalid Reason Code",
        "The reason '{reason}' is not configured in Order Management (OMS).",
        ("reason",),
    ),
    "unknown-product-item-ids": Wording(
        400,
        "unknown-product-item-ids",
        "Unknown Product Item Ids",
        "One or more product item IDs in the request are not part of order '{orderNo}'.",
        ("orderNo",),
    ),
    "return-quantity-exceeded": Wording(
        400,
        "return-quantity-exceeded",
        "Return Quantity Exceeded",
        "The return request for order '{orderNo}' exceeds the quantity available to return on one or more items.",
        ("orderNo",),
    ),
    "order-cancel-failed": Wording(
        409, "order-cancel-failed", "Order Cancel Failed", "Order '{orderNo}' cannot be cancelled.", ("orderNo",)
    ),
    "order-return-failed": Wording(
        409, "order-return-failed", "Order Return Failed", "Order '{orderNo}' cannot be returned.", ("orderNo",)
    ),
    "order-status-transition": Wording(
        409,
        "order-status-transition",
        "Order Status Transition",
        "The order status change from '{before}' to '{wanted}' for order with number '{order_no}' isn't supported.",
    ),
    "no-previous-customer": Wording(
        403,
        "forbidden",
        "Forbidden",
        "Your access-token is valid, but it contains no previous customer to process this action.",
    ),
    "no-source-basket": Wording(
        409,
        "no-source-basket-exception",
        "Conflict",
        "The previous customer with ID '{customer_id}' has no active basket.",
    ),
    "basket-already-exists": Wording(
        409,
        "basket-transfer-basket-already-exists-exception",
        "Conflict",
        "The current customer with ID '{customer_id}' has an active basket.",
    ),
    "no-current-basket": Wording(
        409,
        "basket-merge-no-current-basket-exception",
        "Conflict",
        "The current customer with ID '{customer_id}' has no active basket.",
    ),
    "basket-not-found": Wording(
        404, "basket-not-found", "Basket Not Found", "No basket with ID '{basket_id}' could be found."
    ),
}
