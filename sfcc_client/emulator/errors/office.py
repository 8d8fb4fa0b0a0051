"""Problems: the back office: jobs, code versions, replications, preferences, metrics."""

from __future__ import annotations

from sfcc_client.emulator.errors.wording import Wording

PROBLEMS = {
    "job-not-found": Wording(404, "job-not-found", "Job Not Found", "No job with ID '{job_id}' was found."),
    "job-execution-not-found": Wording(
        404,
        "job-execution-not-found",
        "Job Execution Not Found",
        "No execution '{execution_id}' of the job '{job_id}' was found.",
    ),
    "job-execution-not-finished": Wording(
        403,
        "job-execution-not-finished",
        "Job Execution Not Finished",
        "The execution '{execution_id}' is not finished.",
    ),
    "code-version-not-found": Wording(
        404, "code-version-not-found", "Code Version Not Found", "No code version with ID '{version_id}' was found."
    ),
    "code-version-fixed": Wording(
        400,
        "code-version-modification",
        "Code Version Modification",
        "The code version '{version_id}' can't be changed like this; the active one stays as it is.",
    ),
    "code-version-exists": Wording(
        409, "code-version-exists", "Code Version Exists", "A code version with ID '{version_id}' already exists."
    ),
    "not-on-staging": Wording(
        422, "not-on-staging", "Not on staging instance", "This operation must be performed from a staging instance."
    ),
    "invalid-request-body": Wording(
        400,
        "invalid-request-body",
        "Invalid request body",
        "Invalid request body. Must provide valid properties for either a product, price table, or content asset.",
    ),
    "item-not-found": Wording(
        404, "item-not-found", "Item not found", "The item specified was not found on the staging instance."
    ),
    "process-not-found": Wording(
        404, "process-not-found", "Process not found", "The publish process with the specified ID was not found."
    ),
    "published-twice": Wording(
        409,
        "published-twice",
        "Item already published",
        "The item has already been queued for publishing in this operation.",
    ),
    "too-many-queued": Wording(
        409, "too-many-queued", "Publishing limit exceeded", "Maximum of 50 items can be queued per publish operation."
    ),
    "replication-running": Wording(
        409,
        "replication-running",
        "Replication in progress",
        "Granular Replication is not possible during a running replication.",
    ),
    "custom-preference-group-not-found": Wording(
        404,
        "custom-preference-group-not-found",
        "Custom Preference Group Not Found",
        "No preference group with ID '{preferenceGroupId}' could be found.",
        ("preferenceGroupId",),
    ),
    "preference-not-found": Wording(
        404,
        "preference-not-found",
        "Preference Not Found",
        "No preference with ID '{preferenceId}' could be found.",
        ("preferenceId",),
    ),
    "illegal-enumeration-value": Wording(
        400,
        "illegal-enumeration-value",
        "Illegal Enumeration Value",
        "The value '{value}' for type '{kind}' is invalid.",
        ("value",),
    ),
    "invalid-time-parameter": Wording(
        400,
        "invalid-time-parameter",
        "Invalid Time Parameter",
        "The parameter '{parameter}' has to be a moment in whole seconds since 1970.",
        ("parameter",),
    ),
    "invalid-time-range": Wording(
        400,
        "invalid-time-range",
        "Invalid Time Range",
        "The window has to be at most 24 hours long and not older than 30 days.",
        ("fromValue", "toValue"),
    ),
    "invalid-api-filter": Wording(
        400,
        "invalid-api-filter",
        "Invalid API Filter",
        "The value '{filterValue}' of the filter '{filterName}' is unknown.",
        ("filterName", "filterValue"),
    ),
    "category-not-found": Wording(
        404,
        "metrics-category-not-found",
        "Category Not Found",
        "The metrics category '{category}' is not available for the organization.",
        ("category", "organizationId"),
    ),
    "metrics-not-available": Wording(
        503,
        "metrics-not-available",
        "Metrics Not Available",
        "Metrics data is temporarily unavailable, try again later.",
        ("organizationId",),
    ),
}

UNVERIFIED = frozenset(
    {
        "job-not-found",
        "job-execution-not-found",
        "job-execution-not-finished",
        "code-version-not-found",
        "code-version-modification",
        "code-version-exists",
        "invalid-time-parameter",
        "invalid-time-range",
        "invalid-api-filter",
        "metrics-category-not-found",
        "metrics-not-available",
    }
)
"""Slugs no official example shows: what a real tenant says there is not known."""
