"""The custom APIs of the product's cartridge (sfcc_client/cartridge): loyalty-info and shopper-activity.

Both answer Account Manager clients with the API's custom scope, as their schema.yaml says, and nobody else: a custom
API has exactly one security scheme. A customer is named by the customer number and the opaque customer id, never by
an e-mail address; the platform's scripts find customers by number only, and the id has to fit.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.deeds import deed_in
from sfcc_client.emulator.errors import Problem
from sfcc_client.emulator.moments import iso
from sfcc_client.emulator.parameters import required, site
from sfcc_client.emulator.state import Document, SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint("custom_apis", __name__, url_prefix="/custom")
_LOYALTY_PATH = "/loyalty-info/v1/organizations/<organization_id>/customers"
_ACTIVITY_PATH = "/shopper-activity/v1/organizations/<organization_id>/activities"
_QUERY = ("siteId", "locale")
_LOYALTY = {
    "memberSince": "c_loyaltySince",
    "tier": "c_loyaltyTier",
    "points": "c_loyaltyPoints",
    "nextTier": "c_loyaltyNextTier",
    "pointsToNext": "c_loyaltyPointsToNext",
    "expiringPoints": "c_loyaltyExpiringPoints",
    "expiringOn": "c_loyaltyExpiringOn",
    "voucherCount": "c_loyaltyVoucherCount",
    "voucherTotal": "c_loyaltyVoucherTotal",
}
_OWN = frozenset({"siteId", "customerId", "number"})
_MOST = 50


@blueprint.get(_LOYALTY_PATH)
@admin("c_loyalty_info", query=_QUERY)
def loyalty() -> Response:
    """Who takes no part in the program, or is unknown, has an answer without tier and points."""
    site_record = site()
    customer_id = required("c_customer_id")
    customer = _customer(customer_id, site_record) or {}
    membership = {name: customer[attribute] for name, attribute in _LOYALTY.items() if attribute in customer}
    return answer({"customerId": customer_id, **membership, "currency": site_record.currency})


@blueprint.get(_ACTIVITY_PATH)
@admin("c_shopper_activity", query=_QUERY)
def activities() -> Response:
    """Newest first, nothing older than the retention, nothing at all without consent."""
    site_record = site()
    customer_id = required("c_customer_id")
    consent = _consent(_customer(customer_id, site_record))
    rows = _remembered(site_record.site_id, customer_id) if consent["tracking"] else []
    document = {
        "customerId": customer_id,
        "consent": consent,
        "retentionDays": world().state.retention_days,
        "data": [_shown(row) for row in rows],
    }
    return answer(document)


@blueprint.post(_ACTIVITY_PATH)
@admin("c_shopper_activity", query=_QUERY)
def record() -> Response:
    """The same deed again is counted; at most 50 entries are kept."""
    site_record = site()
    customer_id = required("c_customer_id")
    if not _consent(_customer(customer_id, site_record))["tracking"]:
        raise Problem("tracking-refused")
    sent = deed_in(request.get_json(silent=True))
    activities = world().state.activities
    rows = _remembered(site_record.site_id, customer_id)
    same = [row for row in rows if all(row.get(name) == sent.get(name) for name in ("kind", "text", "productId"))]
    for row in (*same, *[row for row in rows if row not in same][_MOST - 1 :]):
        activities.drop((row["siteId"], row["customerId"], row["number"]))
    who = {"siteId": site_record.site_id, "customerId": customer_id, "number": next(world().state.numbers)}
    count = 1 + sum(row["count"] for row in same)
    row = activities.save({**who, "at": iso(world().clock.now()), **sent, "count": count})
    return answer(_shown(row), 201)


@blueprint.delete(_ACTIVITY_PATH)
@admin("c_shopper_activity", query=_QUERY)
def erase() -> Response:
    """Everything recorded of the customer with this number on this site; erasing nothing is no error."""
    site_record = site()
    state = world().state
    customer = state.customers.get((site_record.customer_list_id, required("c_customer_no")))
    for row in state.activities.find("shopper", (site_record.site_id, customer["customerId"])) if customer else ():
        state.activities.drop((site_record.site_id, row["customerId"], row["number"]))
    return Response(status=204)


def _customer(customer_id: str, site_record: SiteRecord) -> Document | None:
    customer = world().state.customers.get((site_record.customer_list_id, required("c_customer_no")))
    return customer if customer and customer["customerId"] == customer_id else None


def _shown(row: Document) -> Document:
    return {name: value for name, value in row.items() if name not in _OWN}


def _consent(customer: Document | None) -> dict[str, Any]:
    """A customer consents until they refuse; nobody is known to consent for a stranger."""
    if customer is None:
        return {"tracking": False, "changedAt": None}
    refused = customer.get("c_trackingOptOut")
    changed = f"{refused}T00:00:00.000Z" if refused and "T" not in str(refused) else refused
    return {"tracking": not refused, "changedAt": changed or customer.get("creationDate")}


def _remembered(site_id: str, customer_id: str) -> list[Document]:
    oldest = iso(world().clock.now() - timedelta(days=world().state.retention_days))
    rows = world().state.activities.find("shopper", (site_id, customer_id))
    return sorted(
        (row for row in rows if row["at"] >= oldest), key=lambda row: (str(row["at"]), row["number"]), reverse=True
    )
