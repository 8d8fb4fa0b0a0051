"""Einstein Recommendations v3: the recently-viewed recommender. It knows products, newest first, and no times."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from sfcc_client.emulator.answers import answer
from sfcc_client.emulator.errors import EinsteinError
from sfcc_client.emulator.products import localized, visible
from sfcc_client.emulator.state import SiteRecord
from sfcc_client.emulator.world import world

blueprint = Blueprint("einstein", __name__, url_prefix="/v3/personalization")
RECOMMENDER = "recently-viewed"
_MOST = 20


@blueprint.before_request
def _known_client() -> None:
    if request.headers.get("x-cq-client-id") != world().einstein_client_id:
        raise EinsteinError(401, "Unauthorized", "The client id is missing or unknown.")


@blueprint.get("/recommenders/<einstein_site>")
def recommenders(einstein_site: str) -> Response:
    _site(einstein_site)
    row = {"name": RECOMMENDER, "description": "Products viewed last", "recommenderType": "recently-viewed"}
    return answer({"recommenders": [row]})


@blueprint.post("/recs/<einstein_site>/<recommender>")
def recommendations(einstein_site: str, recommender: str) -> Response:
    site = _site(einstein_site)
    if recommender != RECOMMENDER:
        raise EinsteinError(404, "NotFound", f"There is no recommender '{recommender}'.")
    body: Any = request.get_json(silent=True)
    if not isinstance(body, dict) or not (body.get("cookieId") or body.get("userId")):
        raise EinsteinError(400, "ValidationError", "The request is invalid.", "cookieId or userId is required")
    document = {
        "recoUUID": world().new_id(),
        "displayMessage": "Recently viewed",
        "recs": [_recommendation(product_id, site) for product_id in _viewed(site, body)],
    }
    return answer(document)


def _site(einstein_site: str) -> SiteRecord:
    realm, _, site_id = einstein_site.partition("-")
    site = world().site(site_id)
    if realm != world().state.realm or site is None:
        raise EinsteinError(404, "NotFound", f"There is no site '{einstein_site}'.")
    return site


def _viewed(site: SiteRecord, body: dict[str, Any]) -> list[str]:
    """Product ids, newest first; none of guests, whom nobody records, and of a shopper who refused tracking."""
    state = world().state
    customers = [row for key in ("userId", "cookieId") for row in state.customers.find("session", body.get(key))]
    if any(customer.get("c_trackingOptOut") for customer in customers):
        return []
    rows = state.activities.of(site.site_id, customers[0]) if customers else ()
    ids = dict.fromkeys(row["productId"] for row in rows if row.get("productId"))
    known = (product for product_id in ids if (product := state.products.get(product_id)))
    return [product["id"] for product in known if visible(product, site.site_id)][:_MOST]


def _recommendation(product_id: str, site: SiteRecord) -> dict[str, Any]:
    product = world().state.products.get(product_id)
    name = localized(product["name"], site.locale) if product else product_id
    return {
        "id": product_id,
        "product_name": name,
        "product_url": f"https://shop.example.com/{site.site_id}/{product_id}.html",
        "image_url": f"https://static.example.com/images/small/{product_id}.jpg",
    }
