"""In the iframe: the strictest policy, no cookie, no token left behind, and a foreign parent page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

COUNT_VIOLATIONS = """window.violations = [];
document.addEventListener('securitypolicyviolation', event => window.violations.push(event.violatedDirective));"""


@pytest.fixture
def framed(stage):
    """A parent on 127.0.0.1 with the panel's page from localhost in a frame; gives (parent page, frame locator)."""

    def opened(*, ancestors=None, allow="", **options):
        port = stage.url.rsplit(":", 1)[1]
        stage.plan("ok")
        stage.serve_frame("ok", ancestors=ancestors or stage.url)
        stage.site.pages["/workspace"] = (
            f'<!doctype html><html lang="en"><title>Workspace</title><h1>Case</h1><textarea></textarea>'
            f'<iframe title="Commerce" allow="{allow}" width="900" height="700" '
            f'src="http://localhost:{port}/page?t=link-token"></iframe></html>',
            [],
        )
        page = stage.context(**options).new_page()
        page.goto(stage.url + "/workspace")
        return page, page.frame_locator("iframe")

    return opened


def test_strict_policy_is_never_violated(stage):
    page = stage.frame("ok", init=COUNT_VIOLATIONS)
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    page.get_by_role("button", name="Show cart").click()
    page.get_by_role("button", name="Why is this shown: Order").click()
    assert page.evaluate("violations") == []


def test_policy_would_catch_markup_and_injected_script(stage):
    stage.expected_errors = ("This document requires", "Refused", "Executing inline script", "Applying inline")
    page = stage.frame("ok", init=COUNT_VIOLATIONS)
    assert (
        page.evaluate("(() => { try { document.body.innerHTML = 'x'; } catch (e) { return e.name; } })()")
        == "TypeError"
    )
    page.evaluate(
        """() => { const script = document.createElement('script');
        try { script.textContent = 'window.hacked = 1'; } catch (e) { /* trusted types */ }
        document.body.append(script); }"""
    )
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("violations.length") > 0


def test_no_token_stays_in_the_page(stage):
    page = stage.frame("ok")
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    assert page.url == stage.url + "/page"
    assert "link-token" not in page.content()
    assert "page-token" not in page.content()
    assert page.locator("#c360-boot").count() == 0
    assert page.evaluate("JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)])") == "[[],[]]"
    assert page.context.cookies() == []


def test_calls_carry_the_page_token_and_nothing_in_the_address(stage):
    page = stage.frame("ok")
    expect(page.locator("sfcc-c360 [aria-busy=true]")).to_have_count(0)
    (operation, params, headers) = stage.desk.asked[0]
    assert (operation, params) == ("live", {})
    assert headers["authorization"] == "Bearer page-token"
    assert "cookie" not in headers
    assert "link-token" not in headers.get("referer", "")


def test_first_paint_needs_no_request(stage):
    page = stage.frame("ok", answers={"live": "never"})
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"status": 401, "body": {"error": {"code": "page_expired", "message": "…"}}}, "This view has expired"),
        ({"status": 403, "body": {"error": {"code": "forbidden"}}}, "You do not have access to commerce data"),
        ({"status": 409, "body": {"error": {"code": "not_configured"}}}, "The commerce panel is not set up"),
    ],
)
def test_page_that_lost_its_right_shows_no_data(stage, answer, sentence):
    page = stage.frame("cached", answers={"live": answer})
    expect(page.locator("sfcc-c360 h2")).to_contain_text(sentence)
    assert "Kowalski" not in page.evaluate("document.querySelector('sfcc-c360').shadowRoot.textContent")


@pytest.mark.parametrize(
    "answer", [{"status": 500, "text": "<html>"}, {"status": 200, "text": "{"}, {"status": 200, "text": ""}]
)
def test_failed_refresh_keeps_the_content(stage, answer):
    page = stage.frame("cached", answers={"live": answer})
    expect(page.locator("sfcc-c360 .strips")).to_contain_text("Commerce data is not available")
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")


def test_rate_limited_refresh_waits_and_tries_again(stage, state_of):
    busy = {"status": 429, "body": {"error": {"code": "rate_limited", "retry_after_s": 7, "retryable": True}}}
    page = stage.frame("cached", answers={"live": [busy, {"body": state_of("ok").envelope}]})
    expect(page.locator("sfcc-c360 .strips")).to_contain_text("Busy, trying again in")
    page.clock.fast_forward(9_000)
    expect(page.locator("sfcc-c360 .strips")).to_be_hidden()


def test_panel_paints_in_a_foreign_page_without_cookies(framed):
    page, panel = framed()
    expect(panel.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    assert page.context.cookies() == []


def test_page_refuses_a_parent_that_is_not_listed(stage, framed):
    stage.expected_errors = ("Framing", "Refused to frame", "Refused to display")
    page, panel = framed(ancestors="https://other.example")
    page.wait_for_timeout(200)
    assert panel.locator("sfcc-c360").count() == 0


@pytest.mark.parametrize("allow", ["", "clipboard-write"], ids=["without permission", "with permission"])
def test_copy_works_in_a_foreign_page(stage, framed, allow):
    stage.expected_errors = ("[Violation]", "Permissions policy violation")
    page, panel = framed(allow=allow, permissions=["clipboard-read", "clipboard-write"] if allow else [])
    button = panel.get_by_role("button", name="Copy customer number")
    button.click()
    expect(panel.locator("[role=status]")).to_have_text("customer number copied")
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    assert page.locator("textarea").input_value() == "00004711"


def test_copy_gives_the_focus_back(stage, framed):
    stage.expected_errors = ("Permissions policy violation",)
    _, panel = framed()
    button = panel.get_by_role("button", name="Copy customer number")
    button.click()
    expect(panel.locator("[role=status]")).to_have_text("customer number copied")
    expect(button).to_be_focused()
    assert panel.locator("sfcc-c360 textarea").count() == 0


def test_dark_is_the_systems_choice_unless_the_page_says(stage):
    dark = "getComputedStyle(document.querySelector('sfcc-c360').shadowRoot.querySelector('.panel')).backgroundColor"
    assert stage.frame("ok", theme="", color_scheme="dark").evaluate(dark) == "rgb(20, 26, 29)"
    assert stage.frame("ok", theme="light", color_scheme="dark").evaluate(dark) == "rgb(255, 255, 255)"
    assert stage.frame("ok", theme="dark", color_scheme="light").evaluate(dark) == "rgb(20, 26, 29)"
