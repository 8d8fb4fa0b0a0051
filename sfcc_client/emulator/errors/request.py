"""Problems: what the gateway or any API says of a request."""

from __future__ import annotations

from sfcc_client.emulator.errors.wording import Wording

PROBLEMS = {
    "unauthorized": Wording(
        401,
        "unauthorized",
        "Unauthorized",
        "Your access token is invalid and can’t be used to identify an API client or user.",
    ),
    "invalid-access-token": Wording(
        401,
        "invalid-access-token",
        "Invalid Access Token",
        "The request is unauthorized, the access token is invalid.",
        ("accessToken",),
    ),
    "forbidden": Wording(
        403,
        "forbidden",
        "Forbidden",
        "Your access token is valid, but you don’t have the required permissions to access the resource.",
    ),
    "forbidden-shopper": Wording(
        403,
        "forbidden",
        "Forbidden",
        "Your shopper JWT is valid, but you have no permissions to access the resource.",
    ),
    "bad-request": Wording(400, "bad-request", "Bad Request", "{detail}"),
    "wrong-type": Wording(
        400,
        "bad-request",
        "Bad Request",
        "Decoding of the property with path '{path}' failed because the expected type is {expected}.",
    ),
    "out-of-bounds": Wording(
        400,
        "bad-request",
        "Bad Request",
        "'{parameter}' violates the value constraint. The expected value is between '({expected})'.",
        ("parameter", "expected"),
    ),
    "missing-query-parameter": Wording(
        400, "missing-query-parameter", "Bad Request", "Missing required query parameter(s): '{parameter}'"
    ),
    "invalid-query-parameter": Wording(
        400, "invalid-query-parameter", "Bad Request", "{parameter} parameters are not defined in RAML."
    ),
    "unqueryable-field": Wording(
        400, "unqueryable-field", "Unqueryable Field", "The field '{field}' can't be queried.", ("field",)
    ),
    "field-not-sortable": Wording(
        400,
        "field-not-sortable",
        "Field Not Sortable",
        "The field '{field}' can't be used to sort the results.",
        ("field",),
    ),
    "malformed-selector": Wording(
        400,
        "malformed-selector",
        "Malformed Selector",
        "The property selector '{selector}' is malformed.",
        ("selector",),
    ),
    "invalid-expand": Wording(
        400,
        "invalid-expand-parameter",
        "Invalid Expand Parameter",
        "An invalid expand parameter '{param}' was found.",
        ("param",),
    ),
    "invalid-locale": Wording(400, "validation", "Bad Request", "The locale '{locale}' is not valid."),
    "site-not-found": Wording(
        404, "site-not-found", "Site Not Found", "No site with ID '{siteId}' was found.", ("siteId",)
    ),
    "resource-not-found": Wording(404, "resource-not-found", "Not Found", "Requested resource was not found"),
    "method-not-allowed": Wording(405, "method-not-allowed", "Method Not Allowed", "The method is not allowed."),
    "payload-too-large": Wording(
        413, "payload-too-large", "Payload Too Large", "The request body is larger than 5 MB."
    ),
    "internal-server-error": Wording(
        500,
        "internal-server-error",
        "Internal Server Error",
        "An unexpected error occurred while processing the request.",
    ),
    "maintenance": Wording(
        503, "service-unavailable", "Service Unavailable", "The instance is in maintenance, try again later."
    ),
    "string-constraint-violation": Wording(
        400,
        "string-constraint-violation",
        "String Constraint Violation",
        "The string length constraint was violated by '{parameter}'. The expected length is '{expected}'.",
        ("parameter", "expected"),
    ),
    "invalid-expand-value": Wording(
        400,
        "invalid-expand-value",
        "Invalid Expand Value",
        "The expand value '{expandValue}' is invalid.",
        ("expandValue",),
    ),
}

UNVERIFIED = frozenset(
    {
        "site-not-found",
        "method-not-allowed",
        "payload-too-large",
        "service-unavailable",
    }
)
"""Slugs no official example shows: what a real tenant says there is not known."""
