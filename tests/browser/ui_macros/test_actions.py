"""What an agent can do: reveal, jump, dismiss, page, note, copy, search, choose, refresh."""

from __future__ import annotations

import copy
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

STATUS = "sfcc-c360 [role=status]"
FULL = "mara.k@example.com"
REVEALED = {"body": {"field": "email", "value": FULL, "expires_in_s": 60}}


def html(page):
    """Everything in the panel, values of its fields included."""
    return page.evaluate("document.querySelector('sfcc-c360').shadowRoot.innerHTML")


def focused(page):
    """The key of the control that has the focus."""
    return page.evaluate("document.querySelector('sfcc-c360').shadowRoot.activeElement?.dataset.key")


def other_customer(envelope):
    other = copy.deepcopy(envelope)
    other["sections"]["profile"]["data"] |= {"name": "Jonas Berg", "customer_no": "00009999"}
    other["sections"] = {name: other["sections"][name] for name in ("profile", "cart")}
    return other


# ---- contact data ----


def test_reveal_is_one_call_shown_for_a_minute_and_then_gone(stage):
    page = stage.frame("ok", answers={"reveal": REVEALED})
    eye = page.get_by_role("button", name="Reveal e-mail, this is logged")
    expect(eye).to_have_attribute("aria-pressed", "false")
    assert page.get_by_role("button", name="Copy e-mail").count() == 0
    eye.click()
    expect(page.locator("sfcc-c360 .chip").first).to_contain_text(FULL)
    expect(eye).to_have_attribute("aria-pressed", "true")
    expect(eye).to_be_focused()
    expect(page.locator(STATUS)).to_have_text("e-mail shown and logged, it hides again in 60 seconds.")
    expect(page.get_by_role("button", name="Copy e-mail")).to_be_visible()
    assert [(op, params) for op, params, _ in stage.desk.asked] == [("live", {}), ("reveal", {"field": "email"})]
    page.clock.fast_forward(50_000)
    assert FULL in html(page)
    page.clock.fast_forward(12_000)
    expect(page.locator("sfcc-c360 .chip").first).to_contain_text("m•••••@e••••••.com")
    assert FULL not in html(page)
    expect(page.locator(STATUS)).to_have_text("e-mail hidden")


def test_second_press_hides_without_a_call(stage):
    page = stage.frame("ok", answers={"reveal": REVEALED})
    eye = page.get_by_role("button", name="Reveal e-mail")
    eye.click()
    expect(page.get_by_role("button", name="Copy e-mail")).to_be_visible()
    eye.click()
    expect(eye).to_have_attribute("aria-pressed", "false")
    assert FULL not in html(page)
    assert stage.desk.operations().count("reveal") == 1


@pytest.mark.parametrize("told_before", [True, False], ids=["by the page", "by the server"])
def test_reason_is_asked_for_when_required(stage, told_before):
    refused = {"status": 422, "body": {"error": {"code": "reason_required", "retryable": False}}}
    answers = REVEALED if told_before else [refused, REVEALED]
    page = stage.frame("ok", boot={"reveal_reason_required": told_before}, answers={"reveal": answers})
    page.get_by_role("button", name="Reveal e-mail").click()
    reason = page.get_by_label("Why do you need the e-mail?")
    expect(reason).to_be_focused()
    calls = stage.desk.operations().count("reveal")
    page.get_by_role("button", name="Show", exact=True).click()
    assert stage.desk.operations().count("reveal") == calls
    reason.fill("Customer asked for a copy of the invoice")
    reason.press("Enter")
    expect(page.locator("sfcc-c360 .chip").first).to_contain_text(FULL)
    assert stage.desk.asked[-1][1] == {"field": "email", "reason": "Customer asked for a copy of the invoice"}
    expect(reason).to_be_hidden()


def test_reason_can_be_withheld(stage):
    page = stage.frame("ok", boot={"reveal_reason_required": True})
    page.get_by_role("button", name="Reveal phone").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Reveal phone")).to_be_focused()
    assert "reveal" not in stage.desk.operations()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            {"status": 429, "body": {"error": {"code": "rate_limited", "retry_after_s": 30}}},
            "Busy, trying again in 30 s",
        ),
        ({"status": 403, "body": {"error": {"code": "not_permitted", "message": "Not your case."}}}, "Not your case."),
        ({"status": 503, "body": {"error": {"code": "audit_unavailable"}}}, "The e-mail could not be shown."),
    ],
    ids=["too often", "refused", "no log, no data"],
)
def test_reveal_that_fails_shows_nothing_but_why(stage, answer, sentence):
    page = stage.frame("ok", answers={"reveal": answer})
    page.get_by_role("button", name="Reveal e-mail").click()
    expect(page.locator("sfcc-c360 .strips")).to_contain_text(sentence)
    expect(page.locator(STATUS)).to_contain_text("The e-mail could not be shown.")
    expect(page.locator("sfcc-c360 .chip").first).to_contain_text("m•••••@e••••••.com")


def test_role_without_reveal_is_told_so(stage):
    page = stage.frame("read_only")
    locked = page.get_by_role("button", name="Your role cannot show the e-mail")
    expect(locked).to_have_attribute("aria-disabled", "true")
    locked.click(force=True)
    expect(page.locator(STATUS)).to_have_text("Your role cannot show the e-mail")
    assert "reveal" not in stage.desk.operations()


# ---- insights ----


def test_jump_opens_the_order_and_moves_the_focus_to_it(stage):
    page = stage.frame("ok", width=480)
    page.get_by_role("button", name="Show returns").click()
    assert focused(page) == "order:00030877"
    expect(page.get_by_role("button", name="Hide of order 00030877")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("sfcc-c360 .o").filter(has_text="00030877")).to_be_in_viewport()


def test_jump_to_a_section_moves_the_focus_to_its_title(stage):
    page = stage.frame("ok")
    page.get_by_role("button", name="Show cart").click()
    assert focused(page) == "section:cart"


def test_why_shows_the_rule(stage):
    page = stage.frame("ok")
    why = page.get_by_role("button", name="Why is this shown: Order 00031204")
    why.click()
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(page.locator("sfcc-c360 .ins")).to_contain_text("Rule late_order@1")
    expect(why).to_be_focused()
    why.click()
    assert "late_order@1" not in page.locator("sfcc-c360 .ins").inner_text()


def test_dismissed_insight_goes_and_the_focus_stays_near(stage):
    page = stage.frame("ok")
    page.get_by_role("button", name="Dismiss for this case: Order 00031204").click()
    expect(page.locator("sfcc-c360 .in")).to_have_count(2)
    assert stage.desk.asked[-1][:2] == ("dismiss", {"insight": "late_order"})
    assert focused(page) == "section:insights"
    expect(page.locator(STATUS)).to_have_text("Dismissed for this case")


def test_insight_that_could_not_be_dismissed_stays(stage):
    page = stage.frame(
        "ok", answers={"dismiss": {"status": 503, "body": {"error": {"code": "x", "message": "Not logged."}}}}
    )
    page.get_by_role("button", name="Dismiss for this case: Order 00031204").click()
    expect(page.locator("sfcc-c360 .strips")).to_contain_text("Not logged.")
    expect(page.locator("sfcc-c360 .in")).to_have_count(3)


# ---- orders ----


def test_order_opens_and_closes_under_the_same_focus(stage):
    page = stage.frame("ok")
    opened = page.get_by_role("button", name="Details of order 00031190")
    opened.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="1 items of order 00031190")).to_be_visible()
    assert focused(page) == "toggle:00031190"
    page.keyboard.press("Enter")
    expect(opened).to_have_attribute("aria-expanded", "false")


def test_bar_is_for_orders_under_way_that_are_closed(stage):
    page = stage.frame("ok")
    bars = page.locator("sfcc-c360 .bar")
    expect(bars).to_have_count(1)
    assert bars.locator("i").evaluate_all("all => all.map(one => one.className)") == [
        "pos",
        "pos",
        "info",
        "low",
        "low",
    ]
    page.get_by_role("button", name="Hide of order 00031204").click()
    assert bars.first.locator("i").evaluate_all("all => all.map(one => one.className)") == [
        "pos",
        "pos",
        "pos",
        "crit",
        "low",
    ]


def test_older_orders_come_by_cursor_and_stay(stage, state_of):
    more = copy.deepcopy(state_of("ok").envelope["sections"]["orders"])
    more["data"]["items"] = [more["data"]["items"][4] | {"no": "00028000"}, more["data"]["items"][1]]
    more["data"]["next"] = None
    page = stage.frame(
        "ok",
        answers={
            "live": [
                {"body": state_of("ok").envelope},
                {"body": {"sections": {"orders": more}}},
                {"body": state_of("ok").envelope},
            ]
        },
    )
    page.get_by_role("button", name="Show 22 older orders").click()
    expect(page.locator("sfcc-c360 .o")).to_have_count(6)
    assert stage.desk.asked[-1][:2] == ("live", {"sections": ["orders"], "cursor": "cursor-2"})
    assert focused(page) == "order:00028000"
    expect(page.get_by_role("button", name="older orders")).to_have_count(0)
    expect(page.locator("sfcc-c360 .a-orders .cnt")).to_have_text("6 of 27")
    page.clock.fast_forward(11_000)
    page.get_by_role("button", name="Refresh commerce data").click()
    expect(page.locator(STATUS)).to_have_text("Commerce customer updated")
    expect(page.locator("sfcc-c360 .o")).to_have_count(6)


def test_narrow_panel_begins_with_three_orders(stage):
    page = stage.frame("ok", width=480)
    rows = page.locator("sfcc-c360 .o")
    assert [row.is_visible() for row in rows.all()] == [True, True, True, False, False]
    page.get_by_role("button", name="Show 2 more").click()
    assert all(row.is_visible() for row in rows.all())
    assert focused(page) == "order:00029911"
    expect(page.get_by_role("button", name="Show 22 older orders")).to_be_visible()


def test_order_of_the_case_leads(stage, state_of):
    late = copy.deepcopy(state_of("ok").envelope)
    late["sections"]["orders"]["data"]["items"].reverse()
    page = stage.form("ok", answers={"summary": {"body": late}, "live": {"body": late}})
    expect(page.locator("sfcc-c360 .o").first).to_contain_text("00031204")
    expect(page.locator("sfcc-c360 .o").first).to_contain_text("Trail Shell Jacket")


def test_work_note_is_written_once(stage, state_of):
    page = stage.frame("ok")
    page.get_by_role("button", name="Add to work notes").click()
    added = page.get_by_role("button", name="Added to work notes")
    expect(added).to_have_attribute("aria-disabled", "true")
    added.click(force=True)
    assert stage.desk.operations().count("note") == 1
    summary = state_of("ok").envelope["sections"]["orders"]["data"]["items"][0]["summary_text"]
    assert stage.desk.asked[-1][1] == {"order_no": "00031204", "text": summary}
    expect(page.locator(STATUS)).to_have_text("Added to work notes")


def test_work_note_that_failed_can_be_tried_again(stage):
    refused = {"status": 409, "body": {"error": {"code": "not_configured", "message": "Notes need a user."}}}
    page = stage.frame("ok", answers={"note": [refused, {"body": {"ok": True}}]})
    page.get_by_role("button", name="Add to work notes").click()
    expect(page.locator("sfcc-c360 .strips")).to_contain_text("Notes need a user.")
    page.get_by_role("button", name="Add to work notes").click()
    expect(page.get_by_role("button", name="Added to work notes")).to_be_visible()


@pytest.mark.parametrize(
    ("button", "copied"),
    [
        ("Copy tracking number", "00340434161288"),
        ("Copy customer number", "00004711"),
        ("Copy summary", "Order 00031204, placed 12 Nov 2026, EUR 318.40"),
    ],
)
def test_copy_gives_the_canonical_value(stage, button, copied):
    page = stage.frame("ok", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=button).first.click()
    expect(page.locator(STATUS)).to_contain_text("copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith(copied)


# ---- who it is ----


def test_search_by_order_number(stage, state_of):
    none, found = {"body": state_of("none").envelope}, {"body": state_of("ok").envelope}
    page = stage.frame("none", answers={"search": [none, found], "live": found})
    page.get_by_role("button", name="Search by order number").click()
    number = page.get_by_label("Order number")
    expect(number).to_be_focused()
    page.get_by_role("button", name="Search", exact=True).click()
    assert "search" not in stage.desk.operations()
    number.fill("00099999")
    number.press("Enter")
    expect(page.locator("sfcc-c360 .empty")).to_contain_text("Order 00099999 was not found.")
    expect(number).to_be_focused()
    expect(number).to_have_value("00099999")
    number.fill("00031204")
    number.press("Enter")
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    assert focused(page) == "title"
    assert [params for op, params, _ in stage.desk.asked if op == "search"] == [
        {"order_no": "00099999"},
        {"order_no": "00031204"},
    ]


def test_choice_is_made_by_the_agent_and_sent(stage, state_of):
    chosen = {"body": state_of("chosen").envelope}
    page = stage.frame("many", answers={"choose": chosen, "live": chosen})
    choices = page.get_by_role("radio")
    assert [choice.is_checked() for choice in choices.all()] == [False, False]
    page.get_by_role("button", name="Use this customer").click()
    assert "choose" not in stage.desk.operations()
    choices.nth(1).check()
    page.get_by_role("button", name="Use this customer").click()
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    assert stage.desk.asked[0][:2] == ("choose", {"customer_no": "00018820", "site_id": "RefArchGB"})
    expect(page.locator(STATUS)).to_have_text("Customer saved on this case")


def test_choice_can_be_changed_or_kept(stage):
    page = stage.frame("chosen")
    page.get_by_role("button", name="Change customer").click()
    expect(page.locator("sfcc-c360 h2")).to_have_text("2 customers match this contact")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Change customer")).to_be_focused()


def test_another_customer_is_never_mixed_with_the_one_before(stage, state_of):
    other = other_customer(state_of("ok").envelope)
    page = stage.frame("ok", answers={"reveal": REVEALED, "live": [{"body": state_of("ok").envelope}, {"body": other}]})
    page.get_by_role("button", name="Reveal e-mail").click()
    expect(page.locator("sfcc-c360 .chip").first).to_contain_text(FULL)
    page.get_by_role("button", name="Refresh commerce data").click()
    expect(page.locator("sfcc-c360 h2")).to_have_text("Jonas Berg")
    seen = html(page)
    assert [word for word in (FULL, "00031204", "8,240", "€4,318", "Kowalski") if word in seen] == []


# ---- freshness ----


def test_refresh_rests_ten_seconds_and_keeps_the_focus(stage):
    page = stage.frame("ok")
    refresh = page.get_by_role("button", name="Refresh commerce data")
    expect(page.locator("sfcc-c360 [aria-busy=true]")).to_have_count(0)
    asked = len(stage.desk.asked)
    refresh.click()
    expect(page.locator(STATUS)).to_have_text("Commerce customer updated")
    expect(refresh).to_be_focused()
    expect(refresh).to_have_attribute("aria-disabled", "true")
    refresh.click(force=True)
    assert len(stage.desk.asked) == asked + 1
    page.clock.fast_forward(10_500)
    expect(refresh).to_have_attribute("aria-disabled", "false")
    refresh.click()
    page.wait_for_timeout(50)
    assert len(stage.desk.asked) == asked + 2


def test_times_move_on_by_themselves(stage):
    page = stage.frame("ok", answers={"live": {"status": 503}})
    fresh = page.locator("sfcc-c360 .fresh")
    expect(fresh).to_contain_text("Updated 2 min ago")
    page.clock.fast_forward(120_000)
    expect(fresh).to_contain_text("Updated 4 min ago")
    expect(page.locator("sfcc-c360 .a-cart")).to_contain_text("changed 28 min ago")


@pytest.mark.parametrize("busy", [False, True], ids=["nobody in it", "somebody in it"])
def test_old_data_is_refreshed_only_when_nobody_works_in_it(stage, busy):
    page = stage.frame("ok")
    expect(page.locator("sfcc-c360 [aria-busy=true]")).to_have_count(0)
    asked = len(stage.desk.asked)
    if busy:
        page.get_by_role("button", name="Copy customer number").focus()
    page.clock.fast_forward(61_000)
    assert len(stage.desk.asked) == asked
    page.clock.fast_forward(200_000)
    page.wait_for_timeout(100)
    assert (len(stage.desk.asked) > asked) is not busy


def test_failed_section_is_asked_for_alone(stage, state_of):
    page = stage.frame(
        "partial",
        answers={
            "live": [
                {"body": state_of("partial").envelope},
                {"body": {"sections": {"cart": state_of("ok").envelope["sections"]["cart"]}}},
            ]
        },
    )
    page.locator("sfcc-c360 .a-cart").get_by_role("button", name="Try again").click()
    expect(page.locator("sfcc-c360 .a-cart")).to_contain_text("€412.80")
    assert stage.desk.asked[-1][:2] == ("live", {"sections": ["cart"]})
    expect(page.locator(STATUS)).to_have_text("Cart updated")
    expect(page.locator("sfcc-c360 .a-orders")).to_contain_text("00031204")


def test_countdown_counts_and_then_tries_by_itself(stage, state_of):
    page = stage.frame(
        "section_busy",
        answers={"live": [{"body": state_of("section_busy").envelope}, {"body": state_of("ok").envelope}]},
    )
    cart = page.locator("sfcc-c360 .a-cart")
    expect(cart).to_contain_text(re.compile(r"trying again in (20|1\d) s"))
    page.clock.fast_forward(5_000)
    expect(cart).to_contain_text(re.compile(r"trying again in (1[0-5]|\d) s"))
    assert "trying again" not in page.locator(STATUS).inner_text()
    page.clock.fast_forward(17_000)
    expect(cart).to_contain_text("€412.80")


def test_offline_is_said_and_the_content_stays(stage):
    page = stage.frame("ok")
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    page.context.set_offline(True)
    expect(page.locator("sfcc-c360 .strips")).to_contain_text("You are offline")
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    page.context.set_offline(False)
    expect(page.locator("sfcc-c360 .strips")).to_be_hidden()


def test_links_leave_safely(stage):
    page = stage.frame("ok")
    links = page.locator("sfcc-c360 a[target=_blank]")
    assert links.count() == 8
    for link in links.all():
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("href").startswith("https://")
        assert "opens in a new tab" in (link.get_attribute("aria-label") or link.inner_text())


def test_hostile_links_are_not_links(stage):
    page = stage.frame("hostile")
    assert page.locator("sfcc-c360 a[target=_blank]").count() == 0


def test_hosts_outside_the_list_are_not_linked(stage):
    page = stage.form("ok", loaded=False)
    page.evaluate(
        """() => { const old = document.querySelector('sfcc-c360'); const now = old.cloneNode(true);
        now.dataset.linkHosts = 'bm.example'; old.replaceWith(now); makeForm(); finishLoading(); }"""
    )
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    hrefs = page.locator("sfcc-c360 a[target=_blank]").evaluate_all("all => all.map(one => one.hostname)")
    assert set(hrefs) == {"bm.example"}
    expect(page.locator("sfcc-c360 .trk").first).to_contain_text("DHL 0034 0434 1612 88")
