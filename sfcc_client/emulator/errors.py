"""What B2C Commerce says when it says no, in its three shapes (and Einstein's own).

::

    Refused
    ├── Problem        SCAPI: title, type, detail (RFC 7807 without `status`)   application/problem+json
    ├── Fault          OCAPI: {"_v", "fault": {"type", "message", "arguments"}}   application/json
    ├── OAuthRefusal   SLAS, Account Manager: {"error", "error_description"}
    └── EinsteinError  {"code", "msg", "errors"}

The wording and the slugs are those of the examples in the official descriptions; `UNVERIFIED_SLUGS` have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_TYPE = "https://api.commercecloud.salesforce.com/documentation/error/v1/errors/"


class Refused(Exception):  # noqa: N818 - the house names errors by what happened
    """An answer that is not a success; subclasses say in which shape."""

    media_type = "application/json"

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{type(self).__name__} {status}")
        self.status = status
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class _Wording:
    status: int
    slug: str
    title: str
    detail: str
    members: tuple[str, ...] = ()


_W = _Wording
_PROBLEMS: dict[str, _Wording] = {
    "unauthorized": _W(
        401,
        "unauthorized",
        "Unauthorized",
        "Your access token is invalid and can’t be used to identify an API client or user.",
    ),
    "invalid-access-token": _W(
        401,
        "invalid-access-token",
        "Invalid Access Token",
        "The request is unauthorized, the access token is invalid.",
        ("accessToken",),
    ),
    "forbidden": _W(
        403,
        "forbidden",
        "Forbidden",
        "Your access token is valid, but you don’t have the required permissions to access the resource.",
    ),
    "forbidden-shopper": _W(
        403,
        "forbidden",
        "Forbidden",
        "Your shopper JWT is valid, but you have no permissions to access the resource.",
    ),
    "bad-request": _W(400, "bad-request", "Bad Request", "{detail}"),
    "wrong-type": _W(
        400,
        "bad-request",
        "Bad Request",
        "Decoding of the property with path '{path}' failed because the expected type is {expected}.",
    ),
    "out-of-bounds": _W(
        400,
        "bad-request",
        "Bad Request",
        "'{parameter}' violates the value constraint. The expected value is between '({expected})'.",
        ("parameter", "expected"),
    ),
    "string-constraint-violation": _W(
        400,
        "string-constraint-violation",
        "String Constraint Violation",
        "The string length constraint was violated by '{parameter}'. The expected length is '{expected}'.",
        ("parameter", "expected"),
    ),
    "missing-query-parameter": _W(
        400, "missing-query-parameter", "Bad Request", "Missing required query parameter(s): '{parameter}'"
    ),
    "invalid-query-parameter": _W(
        400, "invalid-query-parameter", "Bad Request", "{parameter} parameters are not defined in RAML."
    ),
    "unqueryable-field": _W(
        400, "unqueryable-field", "Unqueryable Field", "The field '{field}' can't be queried.", ("field",)
    ),
    "field-not-sortable": _W(
        400,
        "field-not-sortable",
        "Field Not Sortable",
        "The field '{field}' can't be used to sort the results.",
        ("field",),
    ),
    "malformed-selector": _W(
        400,
        "malformed-selector",
        "Malformed Selector",
        "The property selector '{selector}' is malformed.",
        ("selector",),
    ),
    "invalid-expand": _W(
        400,
        "invalid-expand-parameter",
        "Invalid Expand Parameter",
        "An invalid expand parameter '{param}' was found.",
        ("param",),
    ),
    "invalid-customer": _W(
        400,
        "invalid-customer",
        "Invalid Customer",
        "CustomerId URL parameter does not match the verified customer represented by the JWT token.",
    ),
    "basket-of-another": _W(400, "bad-request", "Bad Request", "The customer is invalid."),
    "too-many-products": _W(
        400, "validation", "Bad Request", "Maximum number of products you can request in one call is {maximum}."
    ),
    "invalid-locale": _W(400, "validation", "Bad Request", "The locale '{locale}' is not valid."),
    "customer-list-not-found": _W(
        404,
        "customer-list-not-found",
        "Customer List Not Found",
        "No customer list with ID '{listId}' could be found.",
        ("listId",),
    ),
    # unverified: the example of this slug names a site; Admin Customers knows only the list.
    "customer-not-found": _W(
        404, "customer-not-found", "Customer Not Found", "No customer with number '{customer_no}' could be found."
    ),
    "address-not-found": _W(404, "not-found", "Not Found", "No address with ID '{address_id}' could be found."),
    "customer-group-not-found": _W(
        404,
        "customer-group-not-found",
        "Customer Group Not Found",
        "No customer group with ID '{group_id}' for site '{site_id}' could be found.",
    ),
    "customers-not-found": _W(
        404,
        "customer-not-found",
        "Customer Not Found",
        "No customer with number '{customer_nos}' for site '{site_id}' could be found.",
    ),
    "customer-group-unsupported-assignment": _W(
        403,
        "customer-group-unsupported-assignment",
        "Customer Group Unsupported Assignment",
        "No customer can be assigned to the non-static group '{group_id}' for site '{site_id}'.",
    ),
    "customer-group-type": _W(
        400, "invalid-query-parameter", "Customer Group Type Invalid", "The customer group type '{kind}' is invalid."
    ),
    "not-found": _W(
        404, "not-found", "Not Found", "No customer with ID '{customerId}' could be found.", ("customerId",)
    ),
    "order-not-found": _W(404, "order-not-found", "Order Not Found", "No order with number '{order_no}' was found."),
    # The description's own slug and title end in a comma, and it is all it has for a missing payment instrument too.
    "part-not-found": _W(
        404, "not-found", "Not Found", "No shipment or payment instrument with ID '{part_id}' could be found."
    ),
    "invalid-order-total": _W(
        400,
        "invalid-order-total",
        "Invalid Order Total",
        "The passed order total '{passed}' does not match the calculated order total '{calculated}'.",
    ),
    "invalid-tax-total": _W(
        400,
        "invalid-tax-total",
        "Invalid Tax Total",
        "The passed tax total '{passed}' does not match the calculated tax total '{calculated}'.",
    ),
    "undo-fail-order": _W(
        409, "undo-fail-order", "Undo Fail Order", "The failed order with number '{order_no}' cannot be reopened."
    ),
    # unverified: Admin Orders shows an example only for failed orders.
    "undo-cancel-order": _W(
        409,
        "undo-fail-order",
        "Undo Cancel Order",
        "The cancelled order with number '{order_no}' cannot be taken up again: the inventory is no longer available.",
    ),
    "customer-baskets-quota-exceeded": _W(
        400,
        "customer-baskets-quota-exceeded",
        "Customer Baskets Quota Exceeded",
        "The maximum number of baskets per customer was exceeded. Please reuse or delete one of the existing baskets"
        " ({basketIds}).",
        ("basketIds",),
    ),
    "basket-part-not-found": _W(404, "not-found", "Not Found", "No {kind} with ID '{part_id}' could be found."),
    "insufficient-identifying-information": _W(
        400,
        "insufficient-identifying-information",
        "Insufficient Identifying Information",
        "Insufficient identifying information provided to retrieve the order.",
    ),
    "oms-not-active": _W(
        409, "oms-not-active", "Oms Not Active", "Order Management (OMS) is not active for this site."
    ),
    "invalid-reason-code": _W(
        400,
        "invalid-reason-code",
        "Invalid Reason Code",
        "The reason '{reason}' is not configured in Order Management (OMS).",
        ("reason",),
    ),
    "unknown-product-item-ids": _W(
        400,
        "unknown-product-item-ids",
        "Unknown Product Item Ids",
        "One or more product item IDs in the request are not part of order '{orderNo}'.",
        ("orderNo",),
    ),
    "return-quantity-exceeded": _W(
        400,
        "return-quantity-exceeded",
        "Return Quantity Exceeded",
        "The return request for order '{orderNo}' exceeds the quantity available to return on one or more items.",
        ("orderNo",),
    ),
    "order-cancel-failed": _W(
        409, "order-cancel-failed", "Order Cancel Failed", "Order '{orderNo}' cannot be cancelled.", ("orderNo",)
    ),
    "order-return-failed": _W(
        409, "order-return-failed", "Order Return Failed", "Order '{orderNo}' cannot be returned.", ("orderNo",)
    ),
    "order-status-transition": _W(
        409,
        "order-status-transition",
        "Order Status Transition",
        "The order status change from '{before}' to '{wanted}' for order with number '{order_no}' isn't supported.",
    ),
    "content-not-found": _W(
        404,
        "content-not-found",
        "Content Asset Not Found",
        "No visible content asset with ID '{content_id}' was found in site '{site_id}'.",
    ),
    "page-not-found": _W(
        404, "page-not-found", "Page Not Found", "No visible page with ID '{page_id}' was found in site '{site_id}'."
    ),
    "aspect-type-not-found": _W(
        404,
        "aspect-type-not-found",
        "Aspect Type Not Found",
        "No aspect type with ID '{aspect_type_id}' was found in site '{site_id}'.",
    ),
    "business-object-id-invalid": _W(
        400,
        "business-object-id-invalid",
        "Business Object ID Invalid",
        "At least one provided business object identifier was invalid. This means either none was provided at all or "
        "exclusiveness of multiple identifiers wasn't honored or the referenced business object didn't exist.",
    ),
    "folder-not-found": _W(
        404,
        "folder-not-found",
        "Folder Not Found",
        "No online content folder with ID '{folder_id}' for site '{site_id}' could be found.",
    ),
    "wrong-refinement": _W(
        400,
        "bad-request",
        "Bad Request",
        "Invalid refinement parameter format. Expected format: 'attribute=value'.",
        ("parameter",),
    ),
    "basket-not-found": _W(
        404, "basket-not-found", "Basket Not Found", "No basket with ID '{basket_id}' could be found."
    ),
    "product-not-found": _W(
        404,
        "product-not-found",
        "Product Not Found",
        "No product with ID '{productId}' for site '{siteId}' could be found.",
        ("productId", "siteId"),
    ),
    "catalog-product-not-found": _W(
        404,
        "product-not-found",
        "Product Not Found",
        "No product with ID '{productId}' could be found.",
        ("productId",),
    ),
    # unverified: the description shows the 404 of a product for everything that can be missing.
    "variation-not-found": _W(
        404,
        "product-not-found",
        "Product Not Found",
        "The product '{productId}' has no {kind} '{part_id}'.",
        ("productId",),
    ),
    "invalid-expand-value": _W(
        400,
        "invalid-expand-value",
        "Invalid Expand Value",
        "The expand value '{expandValue}' is invalid.",
        ("expandValue",),
    ),
    "catalog-not-found": _W(
        404,
        "catalog-not-found",
        "Catalog Not Found",
        "No catalog with ID '{catalogId}' could be found.",
        ("catalogId",),
    ),
    "catalog-category-not-found": _W(
        404,
        "category-not-found",
        "Category Not Found",
        "No category with ID '{categoryId}' for catalog '{catalogId}' could be found.",
        ("categoryId",),
    ),
    "site-not-found": _W(404, "site-not-found", "Site Not Found", "No site with ID '{siteId}' was found.", ("siteId",)),
    "job-not-found": _W(404, "job-not-found", "Job Not Found", "No job with ID '{job_id}' was found."),
    "job-execution-not-found": _W(
        404,
        "job-execution-not-found",
        "Job Execution Not Found",
        "No execution '{execution_id}' of the job '{job_id}' was found.",
    ),
    "job-execution-not-finished": _W(
        403,
        "job-execution-not-finished",
        "Job Execution Not Finished",
        "The execution '{execution_id}' is not finished.",
    ),
    "code-version-not-found": _W(
        404, "code-version-not-found", "Code Version Not Found", "No code version with ID '{version_id}' was found."
    ),
    "code-version-fixed": _W(
        400,
        "code-version-modification",
        "Code Version Modification",
        "The code version '{version_id}' can't be changed like this; the active one stays as it is.",
    ),
    "code-version-exists": _W(
        409, "code-version-exists", "Code Version Exists", "A code version with ID '{version_id}' already exists."
    ),
    "not-on-staging": _W(
        422, "not-on-staging", "Not on staging instance", "This operation must be performed from a staging instance."
    ),
    "invalid-request-body": _W(
        400,
        "invalid-request-body",
        "Invalid request body",
        "Invalid request body. Must provide valid properties for either a product, price table, or content asset.",
    ),
    "item-not-found": _W(
        404, "item-not-found", "Item not found", "The item specified was not found on the staging instance."
    ),
    "process-not-found": _W(
        404, "process-not-found", "Process not found", "The publish process with the specified ID was not found."
    ),
    "published-twice": _W(
        409,
        "published-twice",
        "Item already published",
        "The item has already been queued for publishing in this operation.",
    ),
    "too-many-queued": _W(
        409, "too-many-queued", "Publishing limit exceeded", "Maximum of 50 items can be queued per publish operation."
    ),
    "replication-running": _W(
        409,
        "replication-running",
        "Replication in progress",
        "Granular Replication is not possible during a running replication.",
    ),
    "custom-preference-group-not-found": _W(
        404,
        "custom-preference-group-not-found",
        "Custom Preference Group Not Found",
        "No preference group with ID '{preferenceGroupId}' could be found.",
        ("preferenceGroupId",),
    ),
    "preference-not-found": _W(
        404,
        "preference-not-found",
        "Preference Not Found",
        "No preference with ID '{preferenceId}' could be found.",
        ("preferenceId",),
    ),
    "illegal-enumeration-value": _W(
        400,
        "illegal-enumeration-value",
        "Illegal Enumeration Value",
        "The value '{value}' for type '{kind}' is invalid.",
        ("value",),
    ),
    "invalid-time-parameter": _W(
        400,
        "invalid-time-parameter",
        "Invalid Time Parameter",
        "The parameter '{parameter}' has to be a moment in whole seconds since 1970.",
        ("parameter",),
    ),
    "invalid-time-range": _W(
        400,
        "invalid-time-range",
        "Invalid Time Range",
        "The window has to be at most 24 hours long and not older than 30 days.",
        ("fromValue", "toValue"),
    ),
    "invalid-api-filter": _W(
        400,
        "invalid-api-filter",
        "Invalid API Filter",
        "The value '{filterValue}' of the filter '{filterName}' is unknown.",
        ("filterName", "filterValue"),
    ),
    "category-not-found": _W(
        404,
        "metrics-category-not-found",
        "Category Not Found",
        "The metrics category '{category}' is not available for the organization.",
        ("category", "organizationId"),
    ),
    "metrics-not-available": _W(
        503,
        "metrics-not-available",
        "Metrics Not Available",
        "Metrics data is temporarily unavailable, try again later.",
        ("organizationId",),
    ),
    "resource-not-found": _W(404, "resource-not-found", "Not Found", "Requested resource was not found"),
    "method-not-allowed": _W(405, "method-not-allowed", "Method Not Allowed", "The method is not allowed."),
    "payload-too-large": _W(413, "payload-too-large", "Payload Too Large", "The request body is larger than 5 MB."),
    "internal-server-error": _W(
        500,
        "internal-server-error",
        "Internal Server Error",
        "An unexpected error occurred while processing the request.",
    ),
    "maintenance": _W(
        503, "service-unavailable", "Service Unavailable", "The instance is in maintenance, try again later."
    ),
    # the emulated custom API's own words
    "tracking-refused": _W(
        409, "tracking-refused", "Tracking Refused", "The shopper has refused tracking; nothing was recorded."
    ),
}


# Slugs no official example shows: what a real tenant says there is not known.
UNVERIFIED_SLUGS = frozenset(
    {
        *("site-not-found", "method-not-allowed", "payload-too-large", "service-unavailable", "tracking-refused"),
        *("job-not-found", "job-execution-not-found", "job-execution-not-finished"),
        *("code-version-not-found", "code-version-modification", "code-version-exists"),
        *("invalid-time-parameter", "invalid-time-range", "invalid-api-filter"),
        *("metrics-category-not-found", "metrics-not-available"),
    }
)


def slugs() -> frozenset[str]:
    """Every slug the emulator can answer with."""
    return frozenset(wording.slug for wording in _PROBLEMS.values())


class Problem(Refused):
    """A SCAPI problem document. `name` is a row of the table above, the keywords fill its wording and members."""

    media_type = "application/problem+json"

    def __init__(self, name: str, *, headers: Mapping[str, str] | None = None, **values: Any) -> None:
        wording = _PROBLEMS[name]
        super().__init__(wording.status, headers)
        self._body = {
            "title": wording.title,
            "type": _TYPE + wording.slug,
            "detail": wording.detail.format(**values),
            **{member: values[member] for member in wording.members},
        }

    def body(self) -> dict[str, Any]:
        return self._body


def unauthorized(description: str, **values: Any) -> Problem:
    """401 as the gateway words it; `accessToken` chooses the wording of the Customers APIs."""
    challenge = f'Bearer realm="servers", error="invalid_token", error_description="{description}"'
    name = "invalid-access-token" if "accessToken" in values else "unauthorized"
    return Problem(name, headers={"WWW-Authenticate": challenge}, **values)


class Fault(Refused):
    """An OCAPI fault; `kind` is the name of the exception, `version` what ``_v`` says."""

    def __init__(self, status: int, kind: str, message: str, *, version: str = "24.5", **arguments: Any) -> None:
        super().__init__(status)
        self.version = version
        self._fault = {"arguments": arguments, "type": kind, "message": message}

    def body(self) -> dict[str, Any]:
        return {"_v": self.version, "fault": self._fault}


class OAuthRefusal(Refused):
    """An OAuth2 error (RFC 6749 paragraph 5.2); SLAS sends it as a problem, Account Manager as plain JSON."""

    def __init__(
        self,
        status: int,
        error: str,
        description: str,
        *,
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, headers)
        self.media_type = media_type
        self._body = {"error": error, "error_description": description}

    def body(self) -> dict[str, Any]:
        return self._body


class EinsteinError(Refused):
    """An error of the recommendation service."""

    def __init__(self, status: int, code: str, message: str, *errors: str) -> None:
        super().__init__(status)
        self._body = {"code": code, "msg": message, "errors": list(errors)}

    def body(self) -> dict[str, Any]:
        return self._body
