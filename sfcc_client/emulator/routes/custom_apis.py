"""The custom APIs of the product's cartridge (sfcc_client/cartridge): loyalty-info and shopper-activity.

Both answer Account Manager clients with the API's custom scope, as their schema.yaml says, and nobody else: a custom
API has exactly one security scheme. A customer is named by the customer number and the opaque customer id, never by
an e-mail address; the platform's scripts find customers by number only, and the id has to fit.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from sfcc_client.emulator.access import admin
from sfcc_client.emulator.activities import Entry, consent_of
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
    customer = _customer(customer_id, site_record)
    consent = consent_of(customer)
    office, site_id = world().office, site_record.site_id
    rows: list[Entry] = []
    if customer is not None and consent["tracking"]:
        rows = world().state.activities.of(site_id, customer, office.forgotten_before(site_id))
    document = {
        "customerId": customer_id,
        "consent": consent,
        "retentionDays": office.retention_days(site_id),
        "data": rows,
    }
    return answer(document)


@blueprint.post(_ACTIVITY_PATH)
@admin("c_shopper_activity", query=_QUERY)
def record() -> Response:
    """The same deed again is counted; at most 50 entries are kept."""
    site_record = site()
    customer_id = required("c_customer_id")
    customer = _customer(customer_id, site_record)
    if customer is None or not consent_of(customer)["tracking"]:
        raise Problem("tracking-refused")
    deed = deed_in(request.get_json(silent=True))
    site_id, oldest = site_record.site_id, world().office.forgotten_before(site_record.site_id)
    entry = world().state.activities.record(site_id, customer, deed, at=iso(world().clock.now()), oldest=oldest)
    return answer(entry, 201)


@blueprint.delete(_ACTIVITY_PATH)
@admin("c_shopper_activity", query=_QUERY)
def erase() -> Response:
    """Everything recorded of the customer with this number on this site; erasing nothing is no error."""
    world().state.activities.forget(required("c_customer_no"), site_id=site().site_id)
    return Response(status=204)


def _customer(customer_id: str, site_record: SiteRecord) -> Document | None:
    customer = world().state.customers.get((site_record.customer_list_id, required("c_customer_no")))
    return customer if customer and customer["customerId"] == customer_id else None
