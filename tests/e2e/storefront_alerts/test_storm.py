"""20,000 alerts in ten minutes from twelve causes: twelve incidents, none twice, none missed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from itertools import groupby

import pytest
from sqlalchemy import event

from sidecar.engine import Database

ALERTS, MINUTES = 20_000, 10
TICK_S = 5
SITE, OTHER = "RefArchDE", "RefArchFR"


def cause(signal: str, message: str, **clues: object) -> dict[str, object]:
    return {"signal": signal, "message": message, "severity": "error", "sampleSize": 40, **clues}


CAUSES = (
    (SITE, cause("payment_failures", "Authorisation {n} at adyen.payment refused: {id}", service="adyen.payment")),
    (SITE, cause("payment_failures", "klarna.session answered 503 to {id}", service="klarna.session")),
    (SITE, cause("api_timeout", "GET /products/{id} timed out after {n} ms", api="product/shopper-products/v1/x/{id}")),
    (SITE, cause("api_errors", "500 for {id}", api="search/shopper-search/v1/{id}", httpStatus=500)),
    (SITE, cause("job_failed", "Job ImportPrices failed: file {id}.xml", job="ImportPrices")),
    (SITE, cause("job_failed", "Job ExportOrders failed after {n} s", job="ExportOrders")),
    (SITE, cause("quota", "Quota reached {n}", quota={"id": "object.CouponPOPerSite", "limit": 10})),
    (SITE, cause("error_rate", "TypeError {id}", cartridgePath="app_brand/cartridge/models/tile.js:{n}")),
    (OTHER, cause("load_shedding", "sfdc_load_status THROTTLE, load {n}")),
    (OTHER, cause("replication_failed", "Replication {id} failed", replication="data-20260302")),
    (OTHER, cause("hook_circuit_open", "Hook open: {n} of 100", hook="dw.order.calculateTax")),
    (SITE, cause("page_slow", "LCP {n}", page={"type": "home", "metric": "LCP", "p75": 5200, "sampleSize": 900})),
)
SYMPTOMS = (
    (SITE, cause("checkout_failures", "Checkout failed for basket {id}", failedCheckouts=1)),
    (SITE, cause("order_rate_drop", "Orders down by {n} %")),
    (OTHER, cause("api_errors", "503 for {id}", api="checkout/shopper-baskets/v1/{id}", httpStatus=503)),
)
"""What payments and load shedding explain."""


def storm(seed: int):
    """(second, site, data) of each alert, in the order in which they come."""
    chance = random.Random(seed)
    for number in range(ALERTS):
        known = CAUSES[number % len(CAUSES)] if number % 5 else SYMPTOMS[number // 5 % len(SYMPTOMS)]
        words = {"n": str(chance.randrange(10_000)), "id": f"{chance.getrandbits(64):016x}"}
        yield number * MINUTES * 60 / ALERTS, known[0], filled(known[1], words)


def filled(data, words):
    return {
        name: value.replace("{n}", words["n"]).replace("{id}", words["id"]) if isinstance(value, str) else value
        for name, value in data.items()
    }


def without_waiting_for_the_disk(database: Database) -> None:
    """How fast the disk is, is measured elsewhere."""
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    database.engine.dispose()


@pytest.mark.timeout(1500)
def test_a_storm_from_twelve_causes_is_twelve_incidents(desk):
    without_waiting_for_the_disk(desk.database)
    began = desk.time.at
    for second, alerts in groupby(storm(7), key=lambda one: int(one[0]) // TICK_S * TICK_S):
        desk.time.at = began + timedelta(seconds=second)
        desk.take_all((site, data) for _, site, data in alerts)
        desk.engine.run()
    desk.pass_time(minutes=2)
    found = desk.incidents()
    assert Counter(incident["active"] for incident in found) == {"true": 12}
    assert len({incident["correlation_id"] for incident in found}) == 12
    told = Counter((one["x_acme_sfcc_site_id"], one["x_acme_sfcc_signal"]) for one in found)
    assert told == Counter((site, data["signal"]) for site, data in CAUSES)
    counted = desk.engine.inbox.counts()["storefront_alerts"]
    assert not {"parked", "refused", "dropped"} & counted.keys()
    notes = sum(len(desk.notes(incident)) for incident in found)
    assert notes <= 12 * (MINUTES / 5 + 2)
