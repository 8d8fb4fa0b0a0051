"""Links: https, an allowed host, values that cannot break out; anything else is no link."""

from __future__ import annotations

import pytest

from sidecar.context.links import Links, allowed
from sidecar.context.policy import LinkPolicy, LinkTemplates

HOSTS = ("bm.example.com", "dhl.com")


@pytest.mark.parametrize(
    "url",
    ["https://bm.example.com/x", "https://www.dhl.com/track?id=1", "https://dhl.com:443/", "https://WWW.DHL.COM/"],
)
def test_allowed(url: str) -> None:
    assert allowed(url, HOSTS) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://dhl.com/",
        "javascript:alert(1)//dhl.com",
        "data:text/html,dhl.com",
        "https://evildhl.com/",
        "https://dhl.com.evil.example/",
        "https://dhl.com@evil.example/",
        "https://user:pw@dhl.com/",
        "https://dhl.com:8443/",
        "https://dhl.com\\@evil.example/",
        "https://dhl.com/\n",
        "https://dhl.com/\u202e",
        "https:///dhl.com",
        "//dhl.com/",
        "https://[dhl.com/",
        "https://dhl.com:port/",
        "https://dhl.com/" + "x" * 1000,
    ],
)
def test_refused(url: str | None) -> None:
    assert allowed(url, HOSTS) is None


POLICY = LinkPolicy(
    templates={
        "RefArchUK": LinkTemplates(order="https://uk.bm.example.com/{site_id}/{order_no}"),
    },
    default=LinkTemplates(
        customer="https://bm.example.com/c?no={customer_no}&site={site_id}",
        orders="https://bm.example.com/orders?customer={customer_no}",
        order="https://bm.example.com/o?no={order_no}",
    ),
    bm_hosts=("bm.example.com",),
    tracking_hosts=("dhl.com",),
)


class TestTemplates:
    def test_are_filled_per_site(self) -> None:
        links = Links(POLICY)
        assert links.order("RefArchDE", "00031204") == "https://bm.example.com/o?no=00031204"
        assert links.order("RefArchUK", "1") == "https://uk.bm.example.com/RefArchUK/1"
        assert links.customer("RefArchDE", "4711") == "https://bm.example.com/c?no=4711&site=RefArchDE"

    def test_values_cannot_break_out(self) -> None:
        assert Links(POLICY).order("RefArchDE", "1&x=/../@evil\n") == (
            "https://bm.example.com/o?no=1%26x%3D%2F..%2F%40evil%0A"
        )

    def test_without_a_value_or_a_template_there_is_no_link(self) -> None:
        assert Links(POLICY).orders("RefArchDE", None) is None
        assert Links(LinkPolicy()).order("RefArchDE", "1") is None
        assert Links(POLICY).customer("RefArchUK", "1") is None

    def test_a_template_to_a_foreign_host_is_no_link(self) -> None:
        policy = LinkPolicy(
            default=LinkTemplates(order="https://other.example/{order_no}"), bm_hosts=("bm.example.com",)
        )
        assert Links(policy).order("RefArchDE", "1") is None

    def test_tracking_has_hosts_of_its_own(self) -> None:
        assert Links(POLICY).tracking("https://www.dhl.com/1") == "https://www.dhl.com/1"
        assert Links(POLICY).tracking("https://bm.example.com/1") is None
