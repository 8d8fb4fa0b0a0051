"""Problems: customers, their addresses and groups, and what shoppers did."""

from __future__ import annotations

from sfcc_client.emulator.errors.wording import Wording

PROBLEMS = {
    "invalid-customer": Wording(
        400,
        "invalid-customer",
        "Invalid Customer",
        "CustomerId URL parameter does not match the verified customer represented by the JWT token.",
    ),
    "customer-list-not-found": Wording(
        404,
        "customer-list-not-found",
        "Customer List Not Found",
        "No customer list with ID '{listId}' could be found.",
        ("listId",),
    ),
    # unverified: the example of this slug names a site; Admin Customers knows only the list.
    "customer-not-found": Wording(
        404, "customer-not-found", "Customer Not Found", "No customer with number '{customer_no}' could be found."
    ),
    "address-not-found": Wording(404, "not-found", "Not Found", "No address with ID '{address_id}' could be found."),
    "customer-group-not-found": Wording(
        404,
        "customer-group-not-found",
        "Customer Group Not Found",
        "No customer group with ID '{group_id}' for site '{site_id}' could be found.",
    ),
    "customers-not-found": Wording(
        404,
        "customer-not-found",
        "Customer Not Found",
        "No customer with number '{customer_nos}' for site '{site_id}' could be found.",
    ),
    "customer-group-unsupported-assignment": Wording(
        403,
        "customer-group-unsupported-assignment",
        "Customer Group Unsupported Assignment",
        "No customer can be assigned to the non-static group '{group_id}' for site '{site_id}'.",
    ),
    "customer-group-type": Wording(
        400, "invalid-query-parameter", "Customer Group Type Invalid", "The customer group type '{kind}' is invalid."
    ),
    "not-found": Wording(
        404, "not-found", "Not Found", "No customer with ID '{customerId}' could be found.", ("customerId",)
    ),
    # the emulated custom API's own words
    "tracking-refused": Wording(
        409, "tracking-refused", "Tracking Refused", "The shopper has refused tracking; nothing was recorded."
    ),
}

UNVERIFIED = frozenset(
    {
        "tracking-refused",
    }
)
"""Slugs no official example shows: what a real tenant says there is not known."""
