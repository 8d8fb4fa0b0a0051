"""Which alerts are one group, which cause explains which symptom, and what may be quoted."""

from __future__ import annotations

from graphlib import TopologicalSorter

import pytest

from sidecar.flows.storefront_alerts.events import SIGNALS
from sidecar.flows.storefront_alerts.evidence import IDENTITY, group_of
from sidecar.flows.storefront_alerts.inhibition import TABLE, cause_of
from sidecar.flows.storefront_alerts.template import masked, shown
from tests.unit.sidecar.flows.storefront_alerts.alerts import POLICY, SITE, after, alert, at, group, opened


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Order 00012345 failed for session 8fd1c2aa9b", "Order 00099999 failed for session 77ac01bd22"),
        ("Mail to jane@example.com bounced", "Mail to john@example.org bounced"),
        ('Cannot find "a" in cache', "Cannot find 'b' in cache"),
        ("timeout=3000 for basket", "timeout=10000 for basket"),
        ("Call of https://a.example/x?y=1 failed", "Call of https://b.example/z failed"),
        ("Failed for 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "Failed for 9a0c04e0-4f89-11d3-9a0c-0305e82c0000"),
    ],
)
def test_messages_of_one_kind_are_alike(one, other):
    assert masked(one) == masked(other)


def test_messages_of_two_kinds_are_not_alike():
    assert masked("Payment refused") != masked("Basket refused")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"api": "checkout/shopper-orders/v1/x/1"}, {"api": "/checkout/shopper-orders/v1/x/2"}, True),
        ({"httpStatus": 502, "api": "a/b"}, {"httpStatus": 503, "api": "a/b"}, True),
        ({"httpStatus": 401, "api": "a/b"}, {"httpStatus": 429, "api": "a/b"}, False),
        ({"api": "a/b"}, {"api": "a/c"}, False),
        ({"message": "Failed 1"}, {"message": "Failed 2"}, True),
    ],
)
def test_the_same_evidence_is_one_group(one, other, same):
    made = [group_of(SITE, alert(signal="api_errors", **{"message": "m", **clues})) for clues in (one, other)]
    assert (made[0] == made[1]) is same


def test_sites_and_signals_are_apart():
    assert group_of("A", alert()) != group_of("B", alert())
    assert set(IDENTITY) == set(SIGNALS)


def test_causes_and_symptoms_have_no_circle():
    graph = {name: {row.cause for row in TABLE if name in row.symptoms} for name in SIGNALS}
    assert list(TopologicalSorter(graph).static_order())


def signal(name: str, minutes: float = 0, **clues: object):
    return alert(minutes, signal=name, message="m", sampleSize=500, **clues)


@pytest.mark.parametrize(
    ("cause", "symptom", "explained"),
    [
        (signal("load_shedding"), signal("checkout_failures"), True),
        (signal("payment_failures", service="adyen"), signal("order_rate_drop"), True),
        (signal("api_errors", api="checkout/shopper-orders"), signal("checkout_failures"), True),
        (signal("api_errors", api="product/shopper-search"), signal("checkout_failures"), False),
        (signal("slas_rate"), signal("api_errors", httpStatus=429), True),
        (signal("slas_rate"), signal("api_errors", httpStatus=500), False),
        (signal("job_failed", job="x"), signal("checkout_failures"), False),
        (signal("load_shedding", -60), signal("checkout_failures"), False),
    ],
)
def test_what_explains_what(cause, symptom, explained):
    first = opened(first=cause, minutes=1)
    second = after(group(symptom), symptom)
    assert (cause_of(second, [first, second], at(1), POLICY) is not None) is explained


def test_what_will_never_have_an_incident_mutes_nothing():
    few = alert(0, signal="payment_failures", message="m", sampleSize=3)
    symptom = signal("checkout_failures")
    assert cause_of(after(group(symptom), symptom), [after(group(few), few)], at(1), POLICY) is None


@pytest.mark.parametrize(
    ("message", "quoted"),
    [
        ("Call of adyen.payment failed: timed out", "Call of adyen.payment failed timed out"),
        ("Payment declined for Jane Doe, 12 Elm Street", "Payment declined for …"),
        ("Zahlung für Änne Müller <aenne@example.com> fehlgeschlagen", "…"),
        ("card=4111111111111111 rejected", "… <value> rejected"),
    ],
)  # fmt: skip
def test_only_technical_words_are_quoted(message, quoted):
    assert shown(message, {"adyen.payment"}).replace(" <address>", "").replace("… …", "…") == quoted
