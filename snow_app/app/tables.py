"""The log of who looked at which shopper, on which case, and what for."""

from __future__ import annotations

from collections.abc import Iterator

from snow_app.app.scope import AppParameters
from snow_app.records.record import Declaration
from snow_app.records.schema import choices, column, table

ACTIONS = {
    "view": "Opened the panel",
    "live": "Read live data",
    "reveal": "Revealed personal data",
    "choose": "Chose the customer",
    "search": "Searched an order",
    "note": "Wrote a work note",
    "dismiss": "Dismissed an insight",
    "panel_link": "Opened the workspace panel",
    "lookup": "Looked up by a flow",
}


def access_log(parameters: AppParameters) -> str:
    return parameters.prefixed("context_access")


def records(parameters: AppParameters) -> Iterator[Declaration]:
    """The table holds ids and words of ours only, never an e-mail address, a phone number or what was shown."""
    name = access_log(parameters)
    yield table(name, "Commerce access")
    yield column(name, "at", "At", "glide_date_time", read_only=True)
    yield column(name, "user", "User", "reference", 32, reference="sys_user", read_only=True)
    yield column(name, "action", "Action", "string", 40, choice=3, read_only=True, display=True)
    yield from choices(name, "action", ACTIONS)
    yield column(name, "customer_no", "Customer number", length=100, read_only=True)
    yield column(name, "site_id", "Site", length=32, read_only=True)
    yield column(name, "case_table", "Case table", "table_name", 80, read_only=True)
    yield column(name, "case_id", "Case", "document_id", 32, dependent="case_table", read_only=True)
    yield column(name, "field", "Field", length=40, read_only=True)
    yield column(name, "reason", "Reason", length=255, read_only=True)
    yield column(name, "insight", "Insight", length=100, read_only=True)
    yield column(name, "reference", "Reference", length=64, read_only=True)
    yield column(name, "result", "Result", length=40, read_only=True)
