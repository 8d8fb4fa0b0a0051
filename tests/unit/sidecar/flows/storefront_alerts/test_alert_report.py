"""What is read from a message: the parts it names, without the noise and without what is well."""

from __future__ import annotations

import pytest

from sidecar.flows.storefront_alerts.report import cleared, complaint_of, report
from sidecar.flows.storefront_alerts.router import routing
from tests.unit.sidecar.flows.storefront_alerts.alerts import alert


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("ERROR custom.service.shipper.rates.v2 status=SERVICE_UNAVAILABLE", "shipper.rates.v2"),
        ("Service call failed: serviceId=shipper.rates profile=p", "shipper.rates"),
        ("dw.svc shipper.rates url=https://a.example", "shipper.rates"),
        ("shipper.rates read time-out", "shipper.rates"),
        ("feed.xml failed", ""),
        ("com.demandware.core failed", ""),
        ("www.example.com 503", ""),
    ],
)
def test_the_service_a_log_names(message, named):
    assert report(message).service == named


def test_the_parts_a_trace_names():
    found = report(
        "[2026-11-24 16:02:11.408 GMT] ERROR SystemJobThread|8|Feed|run java.io.IOException: gone\n"
        "\tat com.demandware.beehive.core.X.run(X.java:1)\n"
        "\tat script(int_a/cartridge/scripts/a.js:6)\n\tat script(app_b/cartridge/scripts/b.js:7)\n"
        "\t... 31 more\nRequest Information\nPOST Adyen-Notify"
    )
    assert (found.frame, found.exception, found.job) == ("int_a/cartridge/scripts/a.js", "java.io.IOException", "Feed")
    assert "beehive" not in found.complaint
    assert "Adyen" not in found.complaint


@pytest.mark.parametrize("clause", ["adyen call succeeded", "our zone 2xx", "Edge in Ordnung", "provider never called"])
def test_good_news_clears(clause):
    assert cleared(clause)


@pytest.mark.parametrize("clause", ["above normal", "adyen is not ok", "200 ok then 503", "no longer works"])
def test_bad_news_in_good_words_does_not(clause):
    assert not cleared(clause)


def test_what_shoppers_read_is_left_out():
    assert complaint_of("Please try again") == ""
    assert "Klarna" in complaint_of("Klarna 503; shown: please try again")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["a", "a.b ", "pay-", "-.", "klarna ", "timeout by "])
def test_no_message_holds_up_the_router(piece):
    """A pattern that tries everything needs minutes for the longest message there may be; ours a tenth of a second."""
    assert routing(alert(signal="error_rate", message=(piece * 2000)[:2000])).team
