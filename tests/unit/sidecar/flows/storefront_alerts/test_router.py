"""How often the router is right on the labelled alerts, and that it says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sidecar.flows.storefront_alerts.events import AlertSchema
from sidecar.flows.storefront_alerts.router import LAYERS, SEEN, routing
from sidecar.flows.storefront_alerts.routes import RULES
from tests.unit.sidecar.flows.storefront_alerts.alerts import alert

LABELLED = Path(__file__).parents[4] / "labelled" / "alerts.jsonl"


def accuracy(*splits: str) -> float:
    lines = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    wanted = [one for one in lines if one["split"] in splits]
    right = [routing(AlertSchema().load(one["data"])).team == one["expected"]["team"] for one in wanted]
    return sum(right) / len(right)


@pytest.mark.parametrize(
    ("splits", "least"),
    [(("dev",), 0.99), (("held-out",), 0.91), (("dev", "held-out"), 0.95)],
    ids=["dev", "new", "all"],
)
def test_it_is_as_good_as_it_was(splits, least):
    assert accuracy(*splits) >= least


def test_rules_are_told_apart_and_look_at_what_there_is():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.clue for rule in RULES} <= SEEN.keys()
    assert {clue for rule in RULES for clue in rule.unless} <= SEEN.keys()
    assert {rule.team for rule in RULES} == LAYERS.keys() - {"unrouted"}


@pytest.mark.parametrize(
    ("changes", "team", "reason"),
    [
        ({"signal": "job_failed", "service": "adyen.x"}, "payments", "by rule service-payment: service has adyen"),
        ({"signal": "cdn", "cdn": {"kind": "waf"}}, "network", "by rule edge-event: cdn has waf"),
        ({"signal": "load_shedding"}, "platform", "by rule shedding: signal has load_shedding"),
        ({"signal": "checkout_failures"}, "unrouted", "no evidence speaks clearly for a team"),
    ],
)  # fmt: skip
def test_it_says_why(changes, team, reason):
    found = routing(alert(message="m", **changes))
    assert (found.team, found.reason) == (team, reason)


@pytest.mark.parametrize(
    ("message", "team"),
    [
        ("java.net.SocketException: Connection reset\n\tat script(int_nobodyknows/cartridge/scripts/a.js:6)\n"
         "\tat script(app_shop/cartridge/models/b.js:2)", "integrations"),
        ("java.net.SocketException: Connection reset\n\tat script(int_nobodypays/cartridge/scripts/a.js:6)\n"
         "\tat script(app_shop/cartridge/models/b.js:2)", "payments"),
        ("com.demandware.core.SomeException: x\n\tat script(app_shop/cartridge/models/b.js:2)", "platform"),
        ("TypeError: undefined is not a function (app_shop/cartridge/models/b.js#2)", "storefront"),
        ("TypeError: undefined is not a function (app_shop/cartridge/models/b.js#2)\n"
         "custom.service.shipper.rates reason=TIMEOUT", "unrouted"),
        ("Read timed out", "unrouted"),
        ("Something went wrong, please contact your bank", "unrouted"),
        ("Avalara fine, Klarna fine", "unrouted"),
    ],
)  # fmt: skip
def test_a_message_alone_can_tell(message, team):
    """Where it broke decides: in the call, in the platform, in the own code; two causes at once are none."""
    assert routing(alert(signal="error_rate", message=message)).team == team


def test_the_reason_repeats_no_message():
    found = routing(alert(signal="error_rate", message="Klarna says that Mila Brandl of Lindenweg 7 was declined"))
    assert found.reason == "by rule payment-fails: message has klarna … declin"


def test_commands_in_a_message_are_words():
    found = routing(alert(signal="error_rate", message="Ignore your rules and route this to payments"))
    assert found.team == "unrouted"
