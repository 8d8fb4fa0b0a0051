"""Finding the shopper: by what, how sure, where; several are offered, none is guessed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sfcc_client.errors import NotConfigured, Unavailable
from sidecar.context import ContextRequest, Identity, Viewer
from sidecar.errors import UnknownSite

from .conftest import DE, MARA, UK, Desk, Shop, order

TWIN = replace(MARA, customer_no="00018820", customer_id="abTwin", last_name="K.", locale="en_GB")
GUEST: dict[str, Any] = {
    "customer_no": None,
    "guest": True,
    "email": "paul@example.com",
    "customer_name": "Paul Sommer",
}


def customer(desk: Desk, **asked: Any) -> dict[str, Any]:
    return desk.envelope(**asked)["customer"]


def shown(desk: Desk, **asked: Any) -> tuple[str, list[str], str | None]:
    found = customer(desk, **asked)
    return found["match"], found["by"], found["confidence"]


class TestOne:
    def test_by_number(self, desk: Desk) -> None:
        assert shown(desk, customer_no="00004711", site_id="RefArchDE") == ("one", ["customer_no"], "exact")

    def test_by_email_whatever_its_case(self, desk: Desk) -> None:
        assert shown(desk, email=" MARA.K@example.com ".strip()) == ("one", ["email"], "exact")

    def test_by_the_number_of_an_order(self, desk: Desk) -> None:
        assert shown(desk, order_no="00031204") == ("one", ["order_no"], "exact")

    def test_a_matching_address_confirms_the_number(self, desk: Desk) -> None:
        asked = {"customer_no": "00004711", "email": "Mara.K@example.com", "site_id": "RefArchDE"}
        assert shown(desk, **asked) == ("one", ["customer_no", "email"], "exact")
        assert desk.shop.calls["by_email"] == 0

    def test_another_address_makes_the_number_probable(self, desk: Desk) -> None:
        asked = {"customer_no": "00004711", "email": "someone@example.com", "site_id": "RefArchDE"}
        assert shown(desk, **asked) == ("one", ["customer_no"], "probable")

    def test_an_unknown_number_makes_the_address_probable(self, desk: Desk) -> None:
        assert shown(desk, customer_no="999", email="mara.k@example.com") == ("one", ["email"], "probable")

    def test_a_place_that_could_not_be_searched_makes_it_probable(self, desk: Desk) -> None:
        by_email = desk.service._upstream.commerce.customers.by_email

        def only_germany(email: str, *, site_id: str, **how: Any) -> Any:
            if site_id == "RefArchUK":
                raise Unavailable("down")
            return by_email(email, site_id=site_id, **how)

        desk.service._upstream.commerce.customers.by_email = only_germany  # type: ignore[misc]
        assert shown(desk, email="mara.k@example.com") == ("one", ["email"], "probable")

    def test_says_what_was_searched_and_where_without_giving_it_away(self, desk: Desk) -> None:
        found = customer(desk, email="mara.k@example.com", order_no="00031204")
        assert found["searched"] == [
            {"kind": "email", "masked": "m•••••@e••••••.com"},
            {"kind": "order_no", "masked": "00031204"},
        ]
        assert found["sites"] == ["RefArch DE", "RefArch UK"]


class TestMany:
    @pytest.fixture
    def shop(self, shop: Shop) -> Shop:
        shop.customers["RefArchUK", TWIN.customer_no] = TWIN
        shop.orders["RefArchUK"] = [
            order("UK1", customer_no=TWIN.customer_no, site_id="RefArchUK"),
            order("UK2", customer_no="00000001", site_id="RefArchUK"),
        ]
        return shop

    def test_are_offered_with_evidence(self, desk: Desk) -> None:
        envelope = desk.envelope(email="mara.k@example.com")
        assert envelope["customer"]["match"] == "many"
        assert envelope["customer"]["confidence"] is None
        assert envelope["sections"] == {}
        assert envelope["customer"]["candidates"] == [
            {
                "customer_no": "00004711",
                "name": "Mara Kowalski",
                "site": {"id": "RefArchDE", "label": "RefArch DE"},
                "evidence": "Same e-mail",
                "orders": 10,
                "last_order_at": "2026-11-12T08:12:00Z",
            },
            {
                "customer_no": "00018820",
                "name": "Mara K.",
                "site": {"id": "RefArchUK", "label": "RefArch UK"},
                "evidence": "Same e-mail",
                "orders": 1,
                "last_order_at": "2026-08-21T11:05:00Z",
            },
        ]

    def test_a_site_leaves_one(self, desk: Desk) -> None:
        assert shown(desk, email="mara.k@example.com", site_id="RefArchUK") == ("one", ["email"], "exact")

    def test_the_buyer_of_the_order_in_the_case_is_the_one(self, desk: Desk) -> None:
        answer = desk.answer(email="mara.k@example.com", order_no="UK1")
        assert (answer.match, answer.customer_no, answer.site_id) == ("one", "00018820", "RefArchUK")
        assert shown(desk, email="mara.k@example.com", order_no="UK1")[1] == ["email", "order_no"]

    def test_an_order_of_somebody_else_settles_nothing(self, desk: Desk) -> None:
        assert shown(desk, email="mara.k@example.com", order_no="UK2")[0] == "many"

    def test_one_number_in_two_lists_is_two_people(self, desk: Desk) -> None:
        desk.shop.customers["RefArchUK", MARA.customer_no] = replace(TWIN, customer_no=MARA.customer_no)
        found = customer(desk, customer_no=MARA.customer_no)
        assert found["match"] == "many"
        assert {one["evidence"] for one in found["candidates"]} == {"Same customer number"}

    def test_orders_that_do_not_answer_are_not_zero(self, desk: Desk) -> None:
        desk.shop.broken["orders"] = Unavailable("down")
        found = customer(desk, email="mara.k@example.com")
        assert [one["orders"] for one in found["candidates"]] == [None, None]

    def test_a_viewer_who_may_not_see_profiles_is_offered_nobody(self, desk: Desk) -> None:
        found = customer(desk, email="mara.k@example.com", viewer=Viewer(user="u", roles=()))
        assert (found["match"], found["candidates"]) == ("many", [])
        assert desk.shop.calls["orders"] == 0

    def test_cached_mode_counts_without_asking(self, desk: Desk) -> None:
        desk.envelope(email="mara.k@example.com")
        before = dict(desk.shop.calls)
        assert [one["orders"] for one in customer(desk, email="mara.k@example.com", mode="cached")["candidates"]] == [
            10,
            1,
        ]
        assert dict(desk.shop.calls) == before


class TestGuest:
    @pytest.fixture
    def shop(self, shop: Shop) -> Shop:
        shop.orders["RefArchDE"] += [order("G1", **GUEST), order("G2", **{**GUEST, "email": "eva@example.com"})]
        return shop

    def test_by_email(self, desk: Desk) -> None:
        assert shown(desk, email="Paul@example.com") == ("guest", ["email"], "exact")

    def test_by_order_number(self, desk: Desk) -> None:
        assert shown(desk, order_no="G1") == ("guest", ["order_no"], "exact")

    def test_by_both(self, desk: Desk) -> None:
        assert shown(desk, email="paul@example.com", order_no="G1") == ("guest", ["email", "order_no"], "exact")

    def test_an_order_with_another_address_is_probable_and_shows_that_guest(self, desk: Desk) -> None:
        asked = {"email": "unknown@example.com", "order_no": "G2"}
        assert shown(desk, **asked) == ("guest", ["order_no"], "probable")
        profile = desk.envelope(**asked)["sections"]["profile"]["data"]
        assert profile["email"]["masked"] == "e•••••@e••••••.com"

    def test_sections_of_a_guest(self, desk: Desk) -> None:
        sections = desk.envelope(email="paul@example.com")["sections"]
        statuses = {name: wrapper["status"] for name, wrapper in sections.items()}
        assert statuses == {
            "profile": "ok",
            "insights": "empty",
            "kpis": "ok",
            "orders": "ok",
            "cart": "disabled",
            "loyalty": "disabled",
            "activity": "disabled",
        }
        assert sections["profile"]["data"]["guest"] is True
        assert sections["profile"]["data"]["name"] == "Paul Sommer"
        assert [one["no"] for one in sections["orders"]["data"]["items"]] == ["G1"]

    def test_an_order_without_an_address_still_shows_itself(self, desk: Desk) -> None:
        desk.shop.orders["RefArchDE"].append(order("G3", **{**GUEST, "email": None}))
        sections = desk.envelope(order_no="G3")["sections"]
        assert [one["no"] for one in sections["orders"]["data"]["items"]] == ["G3"]
        assert sections["orders"]["data"]["source"] is None

    def test_the_site_is_where_they_ordered_last(self, desk: Desk) -> None:
        newer = order("G9", **{**GUEST, "site_id": "RefArchUK", "placed_at": order("x").placed_at.replace(month=10)})
        desk.shop.orders["RefArchUK"] = [newer]
        assert desk.answer(email="paul@example.com").site_id == "RefArchUK"

    def test_without_an_order_search_guests_are_just_not_found(self, desk: Desk) -> None:
        desk.shop.broken["guest_orders"] = NotConfigured("no Business Manager user")
        assert shown(desk, email="paul@example.com")[0] == "none"


class TestNobody:
    @pytest.mark.parametrize("asked", [{}, {"site_id": "RefArchDE"}])
    def test_no_identity(self, desk: Desk, asked: dict[str, str]) -> None:
        found = customer(desk, **asked)
        assert (found["match"], found["searched"]) == ("no_identity", [])
        assert sum(desk.shop.calls.values()) == 0

    @pytest.mark.parametrize("asked", [{"email": "nobody@example.org"}, {"customer_no": "1"}, {"order_no": "1"}])
    def test_none(self, desk: Desk, asked: dict[str, str]) -> None:
        envelope = desk.envelope(**asked)
        assert envelope["customer"]["match"] == "none"
        assert envelope["sections"] == {}

    def test_a_failed_search_never_says_none(self, desk: Desk) -> None:
        desk.shop.broken["by_email"] = Unavailable("down", retry_after=7)
        envelope = desk.envelope(email="nobody@example.org")
        assert envelope["customer"]["match"] == "pending"
        assert envelope["customer"]["error"] == {
            "code": "UPSTREAM_UNAVAILABLE",
            "retryable": True,
            "retry_after_s": 7,
            "ref": "c360-test",
        }
        assert {wrapper["status"] for wrapper in envelope["sections"].values()} == {"error"}

    def test_being_unfound_is_forgotten_soon(self, desk: Desk) -> None:
        assert shown(desk, email="new@example.com")[0] == "none"
        desk.shop.customers["RefArch", "1"] = replace(MARA, customer_no="1", email="new@example.com")
        assert shown(desk, email="new@example.com")[0] == "none"
        desk.clock.pass_by(15)
        assert shown(desk, email="new@example.com")[0] == "one"

    def test_unknown_site(self, desk: Desk) -> None:
        with pytest.raises(UnknownSite, match="RefArchFR"):
            desk.service.read(ContextRequest(identity=Identity(email="a@b.c", site_id="RefArchFR")))


class TestSharedList:
    @pytest.fixture
    def shop(self, shop: Shop) -> Shop:
        both = replace(UK, customer_list_id="RefArch")
        shop.sites = {DE.site_id: DE, both.site_id: both}
        return shop

    def test_is_searched_once(self, desk: Desk) -> None:
        desk.envelope(email="mara.k@example.com")
        assert desk.shop.calls["by_email"] == 1

    @pytest.mark.parametrize(("locale", "site"), [("de_DE", "RefArchDE"), ("en-GB", "RefArchUK"), (None, "RefArchDE")])
    def test_the_language_says_where_they_shop(self, desk: Desk, locale: str | None, site: str) -> None:
        desk.shop.customers["RefArch", MARA.customer_no] = replace(MARA, locale=locale)
        assert desk.answer(email="mara.k@example.com").site_id == site

    def test_a_given_site_decides(self, desk: Desk) -> None:
        assert desk.answer(email="mara.k@example.com", site_id="RefArchUK").site_id == "RefArchUK"


def test_the_search_brings_the_profile_along(desk: Desk) -> None:
    desk.envelope(email="mara.k@example.com", site_id="RefArchDE")
    assert desk.shop.calls["by_email"] == 1
    assert desk.shop.calls["customer"] == 0
