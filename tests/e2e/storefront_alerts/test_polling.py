"""The shop is asked how it is, and what is wrong becomes an incident."""

from __future__ import annotations

import pytest

from sfcc_client import CommerceClient
from sfcc_client.emulator import CommerceEmulator
from sidecar.flows.storefront_alerts.signals import Poll, arrivals


@pytest.fixture
def own_shop(time):
    """A shop that lives by the test's time."""
    with CommerceEmulator(port=0, clock=time) as running:
        yield running


def test_failed_jobs_and_load_become_incidents_and_are_resolved(desk, own_shop, time):
    with CommerceClient(own_shop.settings(), clock=time) as commerce:

        def store(signals):
            desk.engine.inbox.store(arrivals(signals), time.now())

        poll = Poll(commerce=commerce, database=desk.database, store=store, clock=time)
        own_shop.state.load = 95
        commerce.orders.probe(site_id="RefArchDE")
        desk.pass_time(minutes=6)
        first = poll.run()
        assert {(one.site_id, one.data["signal"]) for one in first} >= {("*", "load_shedding")}
        poll.run()
        desk.pass_time(minutes=1)
        (incident,) = (one for one in desk.incidents() if one["x_acme_sfcc_signal"] == "load_shedding")
        assert incident["x_acme_sfcc_alert_count"] == "1"
        assert incident["short_description"] == "Platform sheds load on the whole instance"
        own_shop.state.load = 20
        commerce.orders.probe(site_id="RefArchDE")
        desk.pass_time(minutes=6)
        poll.run()
        desk.pass_time(minutes=6)
        (incident,) = (one for one in desk.incidents() if one["x_acme_sfcc_signal"] == "load_shedding")
        assert incident["state"] == "6"


def test_a_shop_that_does_not_answer_is_no_news(desk, own_shop, time):
    with CommerceClient(own_shop.settings(), clock=time) as commerce:
        own_shop.faults.add(path="/", status=503)
        poll = Poll(commerce=commerce, database=desk.database, store=lambda _: None, clock=time)
        assert poll.run() == ()
