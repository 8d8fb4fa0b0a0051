"""No trace where none should be: keys are digests, erasing is complete, logs and metrics name nobody."""

from __future__ import annotations

import json
import re

import pytest
from structlog.testing import capture_logs

from sidecar.context import CaseFile, ContextRequest, Identity
from sidecar.context.keys import Keys, same_address

from .conftest import AGENT, CASE, MARA, Desk, order

RAW = json.dumps({"identity": {"email": MARA.email}}).encode()


def fill(desk: Desk) -> None:
    """Everything the cache can hold of Mara, finished answers included."""
    desk.shop.orders["RefArchDE"].append(order("G1", customer_no=None, guest=True, email=MARA.email))
    desk.cases.file = CaseFile(text="Mara asks where her parcel is", earlier_contacts=1)
    for who in ({"email": MARA.email}, {"customer_no": MARA.customer_no}, {"order_no": "G1"}, {"order_no": "00031204"}):
        request = ContextRequest(identity=Identity(**who), viewer=AGENT, case=CASE)
        for _ in range(2):
            desk.service.read(request, raw_body=RAW, principal_key=json.dumps(who))


def test_cache_keys_are_digests(desk: Desk) -> None:
    fill(desk)
    keys = [*desk.service._facts._entries, *desk.service._memo._made._entries]
    assert len(keys) > 8
    assert all(re.fullmatch(r"[0-9a-f]{32}", key) for key in keys)


class TestErasing:
    @pytest.mark.parametrize("who", [{"customer_no": MARA.customer_no}, {"email": "MARA.K@example.com"}])
    def test_drops_every_trace(self, desk: Desk, who: dict[str, str]) -> None:
        fill(desk)
        assert desk.service.erase(**who) >= 8
        left = [entry.value for entry in desk.service._facts._entries.values()]
        assert all(value in (None, ()) for value in left)  # that somebody was not found says nothing of them
        assert len(desk.service._memo) == 0
        assert desk.service.read_raw(RAW, json.dumps({"email": MARA.email})) is None
        assert desk.envelope(email=MARA.email, mode="cached")["customer"]["match"] == "pending"

    def test_leaves_others_alone(self, desk: Desk) -> None:
        desk.envelope(customer_no=MARA.customer_no)
        assert desk.service.erase(customer_no="somebody else") == 0
        assert desk.envelope(customer_no=MARA.customer_no, mode="cached")["customer"]["match"] == "one"

    def test_a_load_under_way_leaves_no_trace_either(self, desk: Desk) -> None:
        gate = desk.shop.hold("basket")
        desk.envelope(customer_no=MARA.customer_no, site_id="RefArchDE", mode="cached")
        question = desk.service._cache.begin(
            desk.service._upstream.source(
                desk.service._upstream.fact(
                    "basket",
                    "x",
                    capability="cart",
                    call=lambda **how: desk.shop.called("basket", how) or "personal",
                    section=desk.service._policy.sections["cart"],
                    people=lambda _: (),
                ),
                "ref",
            )
        )
        assert desk.shop.entered["basket"].wait(20)
        desk.service.erase(customer_no=MARA.customer_no)
        gate.set()
        assert question.settle(desk.clock.monotonic() + 20).entry.value == "personal"  # type: ignore[union-attr]
        assert not [entry for entry in desk.service._facts._entries.values() if entry.value == "personal"]


class TestKeys:
    def test_need_the_secret(self) -> None:
        assert Keys(b"one").of("a") != Keys(b"two").of("a")
        assert Keys(b"one").of("a") == Keys(b"one").of("a")
        assert Keys().of("a") != Keys().of("a")

    def test_parts_cannot_run_into_each_other(self) -> None:
        keys = Keys(b"k")
        assert keys.of("ab", "c") != keys.of("a", "bc")
        assert keys.of("a\x1f1:b") != keys.of("a", "b")
        assert keys.of("a", "") != keys.of("a")

    def test_addresses_in_any_case_are_one_subject(self) -> None:
        assert Keys(b"k").email(" Mara.K@Example.com ") == Keys(b"k").email("mara.k@example.com")
        assert same_address("STRASSE@x.de") == same_address("straße@x.de")

    def test_long_secrets_and_odd_texts_are_fine(self) -> None:
        assert Keys(b"x" * 1000).of("\ud800", "🚒")


def test_logs_name_nobody(desk: Desk) -> None:
    desk.shop.broken["basket"] = ValueError("canary mara.k@example.com")
    with capture_logs() as lines:
        fill(desk)
        desk.envelope(email=MARA.email)
    for canary in ("mara", "example.com", "00004711", "Kowalski"):
        assert canary not in str(lines)


def test_records_do_not_print_people() -> None:
    assert "example.com" not in repr(Identity(email="mara.k@example.com"))
