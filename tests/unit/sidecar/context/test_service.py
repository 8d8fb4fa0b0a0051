"""The envelope in every state: live, cached, saved copy, partial, total failure, empty, opted out, not configured."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sfcc_client.errors import (
    BadAnswer,
    CommerceError,
    Forbidden,
    Maintenance,
    RateLimited,
    SignInRefused,
    TimedOut,
    Unavailable,
    Unreachable,
)
from sfcc_client.models import Activity, Basket
from sidecar.context import (
    SECTIONS,
    CacheState,
    ContextPolicy,
    ContextRequest,
    Identity,
    SectionPolicy,
    SectionRequest,
)
from sidecar.errors import Ambiguous, BadCursor, InvalidRequest, NotFound, UpstreamFailed

from .conftest import ACTIVITY, AGENT, MARA, Desk, Shop

WHO: dict[str, Any] = {"customer_no": "00004711", "site_id": "RefArchDE"}
OPERATIONS = {"orders": "orders", "cart": "basket", "loyalty": "loyalty", "activity": "activity"}


def statuses(envelope: dict[str, Any]) -> dict[str, str]:
    return {name: wrapper["status"] for name, wrapper in envelope["sections"].items()}


class TestLive:
    def test_the_envelope(self, desk: Desk) -> None:
        envelope = desk.envelope(**WHO)
        assert list(envelope) == [
            "v",
            "req",
            "generated_at",
            "mode",
            "customer",
            "viewer",
            "links",
            "sections",
        ]
        assert envelope["v"] == 1
        assert envelope["req"] == "c360-test"
        assert envelope["generated_at"] == "2026-11-22T10:15:00Z"
        assert envelope["mode"] == "live"
        assert envelope["viewer"]["locale"] == "en-IE"
        assert envelope["viewer"]["tz"] == "Europe/Berlin"
        assert list(envelope["sections"]) == list(SECTIONS)
        assert set(statuses(envelope).values()) == {"ok"}

    def test_every_wrapper_says_how_old_it_is_and_where_it_comes_from(self, desk: Desk) -> None:
        for wrapper in desk.envelope(**WHO)["sections"].values():
            assert wrapper["as_of"] == "2026-11-22T10:15:00Z"
            assert wrapper["source"] == "live"
            assert wrapper["stale_after_s"] > 0
        assert {wrapper["source"] for wrapper in desk.envelope(**WHO)["sections"].values()} == {"cache"}

    def test_a_fresh_copy_is_not_asked_for_again(self, desk: Desk) -> None:
        first, second = desk.answer(**WHO), desk.answer(**WHO)
        assert (first.cache, second.cache) == (CacheState.MISS, CacheState.HIT)
        assert set(desk.shop.calls.values()) == {1}

    def test_only_what_is_asked_for_is_loaded(self, desk: Desk) -> None:
        assert list(desk.envelope(**WHO, sections=("cart",))["sections"]) == ["cart"]
        assert set(desk.shop.calls) == {"customer", "basket"}

    def test_key_figures_alone_load_the_orders(self, desk: Desk) -> None:
        assert desk.envelope(**WHO, sections=("kpis",))["sections"]["kpis"]["data"][0]["id"] == "ltv"
        assert set(desk.shop.calls) == {"customer", "orders"}

    def test_the_profile_alone_uses_orders_it_happens_to_know(self, desk: Desk) -> None:
        assert desk.section("profile", sections=("profile",))["data"]["last_order_at"] is None
        desk.envelope(**WHO, sections=("orders",))
        assert desk.section("profile", sections=("profile",))["data"]["last_order_at"] == "2026-11-12T08:12:00Z"

    def test_each_section_ages_on_its_own(self, desk: Desk) -> None:
        desk.envelope(**WHO)
        desk.clock.pass_by(31)
        desk.envelope(**WHO)
        assert desk.shop.calls == {"customer": 1, "orders": 1, "basket": 2, "loyalty": 1, "activity": 1}

    def test_the_profile_is_asked_for_anew_before_the_search_is(self, desk: Desk) -> None:
        who = {"email": MARA.email, "site_id": "RefArchDE"}
        desk.envelope(**who)
        desk.clock.pass_by(121)
        desk.shop.customers["RefArch", MARA.customer_no] = replace(MARA, last_name="Nowak")
        assert desk.envelope(**who)["sections"]["profile"]["data"]["name"] == "Mara Nowak"
        assert (desk.shop.calls["by_email"], desk.shop.calls["customer"]) == (1, 1)

    def test_unknown_sections_are_refused(self, desk: Desk) -> None:
        with pytest.raises(InvalidRequest, match="horoscope"):
            desk.envelope(**WHO, sections=("horoscope",))

    def test_every_load_has_a_deadline(self, desk: Desk) -> None:
        desk.envelope(**WHO)
        assert set(desk.shop.deadlines) == {ContextPolicy().load_s}

    def test_a_reference_is_made_when_none_is_given(self, desk: Desk) -> None:
        answer = desk.service.read(ContextRequest(identity=Identity(), viewer=AGENT))
        assert json.loads(answer.body)["req"].startswith("c360-")


class TestCached:
    def test_never_asks_upstream(self, desk: Desk) -> None:
        envelope = desk.envelope(**WHO, mode="cached")
        assert envelope["customer"]["match"] == "pending"
        assert "error" not in envelope["customer"]
        assert set(statuses(envelope).values()) == {"pending"}
        assert sum(desk.shop.calls.values()) == 0

    def test_shows_what_is_known(self, desk: Desk) -> None:
        desk.envelope(**WHO, sections=("orders",))
        found = statuses(desk.envelope(**WHO, mode="cached"))
        assert found["profile"] == found["orders"] == found["kpis"] == found["insights"] == "ok"
        assert found["cart"] == found["loyalty"] == found["activity"] == "pending"

    def test_an_old_copy_is_a_saved_copy(self, desk: Desk) -> None:
        desk.envelope(**WHO)
        desk.clock.pass_by(47 * 60)
        answer = desk.answer(**WHO, mode="cached", sections=("orders",))
        orders = json.loads(answer.body)["sections"]["orders"]
        assert answer.cache is CacheState.STALE
        assert (orders["status"], orders["age_s"], orders["as_of"]) == ("stale", 2820, "2026-11-22T10:15:00Z")
        assert orders["data"]["total"] == 10
        assert "error" not in orders

    def test_empty_stays_empty(self, desk: Desk) -> None:
        desk.shop.baskets.clear()
        desk.envelope(**WHO)
        desk.clock.pass_by(120)
        assert desk.section("cart", mode="cached")["status"] == "empty"


FAILURES: list[tuple[CommerceError, str, bool, int | None]] = [
    (TimedOut("late"), "UPSTREAM_TIMEOUT", True, 5),
    (Unreachable("gone"), "UPSTREAM_UNREACHABLE", True, 5),
    (Unavailable("503"), "UPSTREAM_UNAVAILABLE", True, 5),
    (Maintenance("planned"), "UPSTREAM_MAINTENANCE", True, 5),
    (BadAnswer("html"), "UPSTREAM_BAD_ANSWER", True, 5),
    (RateLimited("429", retry_after=19.2), "RATE_LIMITED", True, 20),
    (RateLimited("429"), "RATE_LIMITED", True, 20),
    (Forbidden("no scope", scope="sfcc.orders"), "UPSTREAM_FORBIDDEN", False, None),
    (SignInRefused("401"), "UPSTREAM_SIGN_IN_REFUSED", False, None),
]


class TestPartialFailure:
    @pytest.mark.parametrize("section", OPERATIONS)
    def test_costs_only_its_section(self, desk: Desk, section: str) -> None:
        desk.shop.broken[OPERATIONS[section]] = Unavailable("down")
        found = statuses(desk.envelope(**WHO))
        failed = {section, "kpis"} if section == "orders" else {section}
        assert {name for name, status in found.items() if status == "error"} == failed
        assert found["insights"] == "ok"

    @pytest.mark.parametrize(("error", "code", "retryable", "wait"), FAILURES)
    def test_says_what_happened_and_when_to_try_again(
        self, desk: Desk, error: CommerceError, code: str, retryable: bool, wait: int | None
    ) -> None:
        desk.shop.broken["basket"] = error
        cart = desk.section("cart")
        assert cart["status"] == "error"
        assert cart["error"] == {"code": code, "retryable": retryable, "retry_after_s": wait, "ref": "c360-test"}

    @pytest.mark.parametrize("section", OPERATIONS)
    def test_a_saved_copy_is_shown_instead(self, desk: Desk, section: str) -> None:
        good = desk.section(section)["data"]
        desk.clock.pass_by(1000)
        desk.shop.broken[OPERATIONS[section]] = TimedOut("late")
        saved = desk.section(section)
        assert (saved["status"], saved["age_s"], saved["source"]) == ("stale", 1000, "cache")
        assert saved["as_of"] == "2026-11-22T10:15:00Z"
        assert saved["error"]["code"] == "UPSTREAM_TIMEOUT"
        if section != "orders":  # headlines and relative texts move on with time
            assert saved["data"] == good

    def test_a_copy_past_keeping_is_not_shown(self, desk: Desk) -> None:
        desk.section("activity")
        desk.clock.pass_by(1800)
        desk.shop.broken["activity"] = TimedOut("late")
        assert desk.section("activity")["status"] == "error"

    def test_an_insight_without_its_source_is_not_guessed(self, desk: Desk) -> None:
        assert {one["id"] for one in desk.section("insights")["data"]} >= {"late_order", "cart_at_risk"}
        desk.clock.pass_by(5 * 3600)
        desk.shop.broken["orders"] = Unavailable("down")
        assert "late_order" not in {one["id"] for one in desk.section("insights")["data"]}

    def test_the_profile_falls_back_on_the_copy_it_was_found_with(self, desk: Desk) -> None:
        who = {"email": MARA.email, "site_id": "RefArchDE"}
        desk.envelope(**who)
        desk.clock.pass_by(121)
        desk.shop.broken["customer"] = Unavailable("down")
        profile = desk.envelope(**who)["sections"]["profile"]
        assert (profile["status"], profile["age_s"]) == ("stale", 121)
        assert profile["data"]["name"] == "Mara Kowalski"

    def test_an_unexpected_error_is_a_section_error_too(self, desk: Desk) -> None:
        desk.shop.broken["basket"] = KeyError("surprise")  # type: ignore[assignment]
        assert desk.section("cart")["error"] == {
            "code": "INTERNAL",
            "retryable": False,
            "retry_after_s": None,
            "ref": "c360-test",
        }


class TestTotalFailure:
    def test_without_a_copy_every_section_says_so(self, desk: Desk) -> None:
        desk.shop.broken["customer"] = Unreachable("gone")
        envelope = desk.envelope(**WHO)
        assert envelope["customer"]["match"] == "pending"
        assert envelope["customer"]["error"]["code"] == "UPSTREAM_UNREACHABLE"
        assert set(statuses(envelope).values()) == {"error"}

    def test_with_copies_everything_is_a_saved_copy(self, desk: Desk) -> None:
        desk.envelope(**WHO)
        desk.clock.pass_by(1000)
        for operation in ("customer", *OPERATIONS.values()):
            desk.shop.broken[operation] = Unreachable("gone")
        answer = desk.answer(**WHO)
        found = statuses(json.loads(answer.body))
        assert answer.cache is CacheState.STALE
        assert {name for name, status in found.items() if status == "stale"} == set(SECTIONS) - {"insights"}


class TestPatience:
    @pytest.fixture
    def policy(self) -> ContextPolicy:
        return ContextPolicy(patience_s=0)

    def test_an_older_copy_is_shown_while_the_refresh_goes_on(self, desk: Desk) -> None:
        desk.envelope(**WHO)
        desk.clock.pass_by(61)
        gate = desk.shop.hold("orders")
        answer = desk.answer(**WHO, sections=("orders",))
        orders = json.loads(answer.body)["sections"]["orders"]
        assert (answer.cache, orders["status"], orders["age_s"]) == (CacheState.STALE, "stale", 61)
        assert desk.shop.entered["orders"].wait(20)
        desk.answer(**WHO, sections=("orders",))
        gate.set()
        while desk.service._pool.under_way:
            gate.wait(1)
        assert desk.section("orders", sections=("orders",))["status"] == "ok"
        assert desk.shop.calls["orders"] == 2


class TestDeadline:
    @pytest.fixture
    def policy(self) -> ContextPolicy:
        quick = SectionPolicy(fresh_s=60, deadline_s=0)
        usual = ContextPolicy()
        return replace(usual, sections={**usual.sections, "cart": quick})

    def test_a_slow_section_is_left_behind_and_ready_next_time(self, desk: Desk) -> None:
        gate = desk.shop.hold("basket")
        cart = desk.section("cart")
        assert cart["status"] == "error"
        assert cart["error"]["code"] == "UPSTREAM_TIMEOUT"
        assert cart["error"]["retryable"] is True
        gate.set()
        while desk.service._pool.under_way:
            desk.shop.entered["basket"].wait(1)
        assert desk.section("cart")["status"] == "ok"
        assert desk.shop.calls["basket"] == 1

    def test_the_others_do_not_wait_for_it(self, desk: Desk) -> None:
        desk.shop.hold("basket")
        found = statuses(desk.envelope(**WHO))
        assert {name for name, status in found.items() if status != "ok"} == {"cart"}


class TestEmptyAndOff:
    def test_nothing_there_is_empty(self, desk: Desk) -> None:
        desk.shop.orders["RefArchDE"] = []
        desk.shop.baskets.clear()
        desk.shop.loyalty.clear()
        desk.shop.activity.clear()
        found = desk.envelope(**WHO)["sections"]
        for name in ("orders", "cart", "loyalty", "activity", "kpis"):
            assert (found[name]["status"], found[name]["data"]) == ("empty", None)

    def test_an_empty_basket_is_no_cart(self, desk: Desk) -> None:
        desk.shop.baskets[MARA.customer_no] = Basket(basket_id="b")
        assert desk.section("cart")["status"] == "empty"

    @pytest.mark.parametrize("section", ["loyalty", "activity"])
    def test_not_configured_is_disabled_and_not_asked(self, desk: Desk, section: str) -> None:
        desk.shop.configured[section] = False
        assert desk.section(section) == {"status": "disabled", "data": None}
        assert desk.shop.calls[section] == 0


class TestOptOut:
    @pytest.mark.parametrize(
        ("value", "since"),
        [("2026-09-03", "2026-09-03"), (True, None), ("2026-09-03T10:00:00Z", "2026-09-03"), ("yes", None)],
    )
    def test_on_the_customer_nothing_is_asked(self, desk: Desk, value: Any, since: str | None) -> None:
        desk.shop.customers["RefArch", MARA.customer_no] = replace(MARA, custom={"c_trackingOptOut": value})
        assert desk.section("activity") == {"status": "opted_out", "data": {"since": since}}
        assert desk.shop.calls["activity"] == 0

    @pytest.mark.parametrize("value", ["", None, False, "false", "0"])
    def test_empty_is_no_refusal(self, desk: Desk, value: Any) -> None:
        desk.shop.customers["RefArch", MARA.customer_no] = replace(MARA, custom={"c_trackingOptOut": value})
        assert desk.section("activity")["status"] == "ok"

    def test_by_the_source_nothing_is_kept(self, desk: Desk) -> None:
        refused = replace(ACTIVITY, opted_out_at=datetime(2026, 9, 3, 10, tzinfo=UTC))
        desk.shop.activity[MARA.customer_no] = refused
        assert desk.section("activity") == {"status": "opted_out", "data": {"since": "2026-09-03"}}
        held = [entry.value for entry in desk.service._facts._entries.values()]
        assert [value.items for value in held if isinstance(value, Activity)] == [()]

    def test_a_later_refusal_drops_what_was_kept(self, desk: Desk) -> None:
        desk.envelope(**WHO)
        desk.clock.pass_by(121)
        desk.shop.customers["RefArch", MARA.customer_no] = replace(MARA, custom={"c_trackingOptOut": "2026-11-22"})
        desk.envelope(**WHO)
        held = [entry.value for entry in desk.service._facts._entries.values()]
        assert not [value for value in held if isinstance(value, Activity)]
        assert "returns label" not in desk.answer(**WHO, mode="cached").body.decode()


class TestEntityTag:
    def test_stays_while_the_content_does(self, desk: Desk) -> None:
        first = desk.answer(**WHO)
        desk.clock.pass_by(5)
        second = desk.answer(**WHO)
        assert first.etag == second.etag
        assert first.body != second.body
        assert first.etag.startswith('W/"')

    def test_changes_with_the_content(self, desk: Desk) -> None:
        first = desk.answer(**WHO)
        desk.clock.pass_by(31)
        desk.shop.baskets.clear()
        assert desk.answer(**WHO).etag != first.etag

    def test_differs_between_viewers_who_see_different_things(self, desk: Desk) -> None:
        assert desk.answer(**WHO).etag != desk.answer(**WHO, viewer=None).etag


class TestFinishedAnswers:
    RAW = b'{"identity":{"customer_no":"00004711"}}'

    def read(self, desk: Desk, principal: str = "snow") -> Any:
        request = ContextRequest(identity=Identity(**WHO), viewer=AGENT, ref="c360-test")
        return desk.service.read(request, raw_body=self.RAW, principal_key=principal)

    def test_a_repeated_question_is_answered_from_ready_bytes(self, desk: Desk) -> None:
        assert desk.service.read_raw(self.RAW, "snow") is None
        first = self.read(desk)
        assert desk.service.read_raw(self.RAW, "snow") is None  # what was just loaded is not yet a cached answer
        second = self.read(desk)
        ready = desk.service.read_raw(self.RAW, "snow")
        assert ready is second
        assert (ready.cache, ready.etag) == (CacheState.HIT, first.etag)

    def test_another_caller_or_body_gets_nothing_of_it(self, desk: Desk) -> None:
        self.read(desk)
        self.read(desk)
        assert desk.service.read_raw(self.RAW, "other") is None
        assert desk.service.read_raw(self.RAW + b" ", "snow") is None
        assert desk.service.read_raw(b"w" + self.RAW, "sno") is None

    def test_it_ends_with_the_freshness_of_what_it_is_made_of(self, desk: Desk) -> None:
        self.read(desk)
        desk.clock.pass_by(25)
        self.read(desk)
        assert desk.service.read_raw(self.RAW, "snow") is not None
        desk.clock.pass_by(5)  # the cart is fresh for 30 seconds
        assert desk.service.read_raw(self.RAW, "snow") is None

    def test_it_ends_when_a_part_is_loaded_anew(self, desk: Desk) -> None:
        self.read(desk)
        self.read(desk)
        desk.service.erase(email="somebody@else.example")
        assert desk.service.read_raw(self.RAW, "snow") is None

    def test_failures_are_never_kept(self, desk: Desk) -> None:
        desk.shop.broken["basket"] = Unavailable("down")
        self.read(desk)
        self.read(desk)
        assert desk.service.read_raw(self.RAW, "snow") is None


class TestOneSection:
    def test_is_a_wrapper_alone(self, desk: Desk) -> None:
        answer = desk.service.section(SectionRequest(section="loyalty", **WHO))
        assert json.loads(answer.body)["data"]["tier"] == "Gold"
        assert set(desk.shop.calls) == {"customer", "loyalty"}
        assert (answer.match, answer.customer_no, answer.statuses) == ("one", "00004711", {"loyalty": "ok"})

    @pytest.mark.parametrize("section", ["profile", "orders", "cart", "loyalty", "activity"])
    def test_tag_and_state(self, desk: Desk, section: str) -> None:
        first = desk.service.section(SectionRequest(section=section, **WHO))
        second = desk.service.section(SectionRequest(section=section, **WHO))
        assert first.etag == second.etag
        assert (first.cache, second.cache) == (CacheState.MISS, CacheState.HIT)

    def test_refusals(self, desk: Desk) -> None:
        read = desk.service.section
        with pytest.raises(NotFound):
            read(SectionRequest(section="orders", customer_no="1"))
        with pytest.raises(InvalidRequest):
            read(SectionRequest(section="insights", **WHO))
        with pytest.raises(BadCursor):
            read(SectionRequest(section="orders", cursor="5.0000000000000000", **WHO))
        desk.shop.customers["RefArchUK", "00004711"] = MARA
        desk.clock.pass_by(200)
        with pytest.raises(Ambiguous):
            read(SectionRequest(section="orders", customer_no="00004711"))
        desk.shop.broken["customer"] = Unavailable("down", retry_after=9)
        with pytest.raises(UpstreamFailed) as caught:
            read(SectionRequest(section="orders", customer_no="2"))
        assert caught.value.retry_after == 9


class TestSizes:
    def test_an_answer_never_exceeds_its_limit(self, shop: Shop, desk: Desk) -> None:
        fat = [
            replace(
                one,
                lines=one.lines * 20,
                cancel_description="🚒" * 500,
                shipments=tuple(replace(parcel, carrier="🚒" * 500) for parcel in one.shipments * 20),
            )
            for one in shop.orders["RefArchDE"]
        ]
        shop.orders["RefArchDE"] = [
            replace(one, lines=tuple(replace(line, name="🚒" * 500, variant="🚒" * 500) for line in one.lines))
            for one in fat
        ]
        basket = shop.baskets[MARA.customer_no]
        many = tuple(replace(line, name="🚒" * 500) for line in basket.lines * 20)
        shop.baskets[MARA.customer_no] = replace(basket, lines=many)
        shop.activity[MARA.customer_no] = replace(
            ACTIVITY, items=tuple(replace(item, text="🚒" * 500) for item in ACTIVITY.items * 20)
        )
        answer = desk.answer(**WHO)
        assert len(answer.body) <= 60 * 1024
        sections = json.loads(answer.body)["sections"]
        assert sections["orders"]["data"]["items"][0]["more_lines"] > 0
        assert len(sections["orders"]["data"]["items"]) == 5

    def test_lists_are_capped(self, desk: Desk) -> None:
        basket = desk.shop.baskets[MARA.customer_no]
        desk.shop.baskets[MARA.customer_no] = replace(basket, lines=basket.lines * 10)
        desk.shop.activity[MARA.customer_no] = replace(ACTIVITY, items=ACTIVITY.items * 10)
        sections = desk.envelope(**WHO)["sections"]
        assert len(sections["cart"]["data"]["lines"]) == 20
        assert sections["cart"]["data"]["more_lines"] == 10
        assert len(sections["activity"]["data"]["items"]) == 20


def test_reads_are_counted_without_naming_anybody(desk: Desk) -> None:
    desk.answer(email="mara.k@example.com", order_no="00031204")
    desk.answer(email="mara.k@example.com", order_no="00031204")
    text = desk.metrics.text().decode()
    assert 'sidecar_context_reads_total{cache="HIT",match="one",mode="live"} 1.0' in text
    assert 'sidecar_context_sections_total{section="cart",status="ok"} 2.0' in text
    assert 'sidecar_cache_bytes{store="facts"}' in text
    for canary in ("mara", "00004711", "00031204", "example.com"):
        assert canary not in text.lower()
