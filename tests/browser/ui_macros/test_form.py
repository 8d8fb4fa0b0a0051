"""On a Core UI form: beside Prototype.js and Bootstrap, through GlideAjax, with everything that can go wrong there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NAME = "sfcc-c360 h2"
DEAD = {
    "500": ({"status": 500}, "Commerce data is not available"),
    "503 page": ({"status": 503, "text": "<html>down</html>"}, "Commerce data is not available"),
    "malformed": ({"text": '{"sections": '}, "Commerce data is not available"),
    "empty": ({"text": ""}, "Commerce data is not available"),
    "a list": ({"text": "[1, 2]"}, "Commerce data is not available"),
    "a number": ({"text": "7"}, "Commerce data is not available"),
    "nothing in it": ({"text": "{}"}, "Commerce data is not available"),
    "401": ({"status": 401}, "Your session ended"),
    "403": ({"status": 403}, "You do not have access to commerce data"),
}


def test_first_call_is_the_cached_summary_and_then_one_live_call(stage, state_of):
    cached = state_of("cached").envelope
    page = stage.form("ok", answers={"summary": {"body": cached}})
    expect(page.locator("sfcc-c360 .fresh")).to_contain_text("Updated 2 min ago")
    calls = page.evaluate("calls.all")
    assert [call["params"]["sysparm_name"] for call in calls] == ["summary", "live"]
    assert page.evaluate("calls.most") == 1
    for call in calls:
        assert call["guarded"]
        assert call["processor"] == "x_acme_sfcc.ContextAjax"
        assert call["wishes"] == ["preventLoadingIcon", "preventCancelNotification"]
        assert call["params"]["sysparm_want_session_messages"] == "false"
        assert call["params"]["sysparm_table"] == "sn_customerservice_case"
        assert call["params"]["sysparm_sys_id"] == "a" * 32
        assert all(name.startswith("sysparm_") for name in call["params"])


def test_fresh_summary_needs_no_live_call(stage, state_of):
    fresh = state_of("ok").envelope | {
        "sections": {
            name: part | {"as_of": "2026-11-22T10:15:00Z"} for name, part in state_of("ok").envelope["sections"].items()
        }
    }
    page = stage.form("ok", answers={"summary": {"body": fresh}})
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    assert stage.desk.operations() == ["summary"]


@pytest.mark.parametrize("case", DEAD)
def test_dead_answer_ends_the_skeleton(stage, case):
    answer, sentence = DEAD[case]
    page = stage.form("ok", answers={"summary": answer})
    expect(page.locator(NAME)).to_have_text(sentence)
    assert page.locator("sfcc-c360 .sk").count() == 0


def test_silent_server_ends_after_eight_seconds_and_another_try_works(stage, state_of):
    page = stage.form("ok", answers={"summary": ["never", {"body": state_of("ok").envelope}]})
    page.wait_for_function("calls.now === 1")
    page.clock.fast_forward(7000)
    assert page.locator("sfcc-c360 .a-orders .sk").first.is_visible()
    page.clock.fast_forward(1500)
    expect(page.locator(NAME)).to_have_text("Commerce data is not available")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")


def test_answer_after_the_time_limit_changes_nothing(stage):
    page = stage.form("ok", answers={"summary": "never"})
    page.wait_for_function("calls.now === 1")
    page.clock.fast_forward(8500)
    expect(page.locator(NAME)).to_have_text("Commerce data is not available")
    stage.desk.over.set()
    page.wait_for_function("calls.now === 0")
    expect(page.locator(NAME)).to_have_text("Commerce data is not available")


def test_failed_live_call_keeps_the_summary(stage, state_of):
    page = stage.form("ok", answers={"summary": {"body": state_of("cached").envelope}, "live": {"status": 500}})
    expect(page.locator("sfcc-c360 .strips")).to_contain_text("What was loaded before stays.")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")


def test_only_one_call_is_ever_in_flight(stage):
    page = stage.form("cached", answers={})
    page.get_by_role("button", name="Reveal e-mail").click()
    page.get_by_role("button", name="Reveal phone").click()
    page.get_by_role("button", name="Dismiss for this case: Order").click()
    stage.desk.over.set()
    page.wait_for_function("calls.all.length >= 4 && calls.now === 0")
    assert page.evaluate("calls.most") == 1


def test_panel_inserted_twice_works_twice(stage):
    page = stage.form("ok", page={"macros": 2})
    expect(page.locator(NAME).nth(0)).to_have_text("Mara Kowalski")
    expect(page.locator(NAME).nth(1)).to_have_text("Mara Kowalski")
    assert page.evaluate("calls.most") == 1


def test_panel_moved_in_the_document_starts_again(stage):
    page = stage.form("ok")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    page.evaluate("document.querySelector('main').append(document.querySelector('sfcc-c360'))")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    assert stage.desk.operations().count("summary") == 2


def test_nothing_is_asked_before_the_form_has_loaded(stage):
    page = stage.form("ok", loaded=False)
    page.wait_for_timeout(50)
    assert stage.desk.asked == []
    page.evaluate("finishLoading()")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")


def test_form_that_comes_late_is_still_watched(stage):
    page = stage.form("ok", loaded=False)
    page.evaluate("finishLoading()")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    page.evaluate("makeForm(); document.body.dispatchEvent(new Event('change', {bubbles: true}))")
    page.wait_for_timeout(20)
    assert page.locator("sfcc-c360 .strips").is_hidden()
    page.evaluate("fields.contact = 'somebody else'; document.body.dispatchEvent(new Event('change', {bubbles: true}))")
    expect(page.locator("sfcc-c360 .strips")).to_contain_text("Contact changed")


def test_edited_contact_is_told_and_read_again_after_saving(stage):
    page = stage.form("ok")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    strip = page.locator("sfcc-c360 .strips")
    page.evaluate("fields.contact = 'somebody else'")
    page.locator("#contact").focus()
    expect(strip).to_contain_text("Contact changed")
    before = len(stage.desk.asked)
    page.evaluate("listeners['record.updated']()")
    expect(strip).to_be_hidden()
    page.wait_for_function("calls.now === 0")
    assert stage.desk.operations()[before] == "summary"


def test_contact_put_back_is_no_change(stage):
    page = stage.form("ok")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    page.evaluate("fields.contact = 'x'")
    page.locator("#contact").focus()
    expect(page.locator("sfcc-c360 .strips")).to_be_visible()
    page.evaluate("fields.contact = 'mara'; document.activeElement.blur()")
    expect(page.locator("sfcc-c360 .strips")).to_be_hidden()


def test_panel_far_below_asks_when_it_comes_near(stage):
    page = stage.form("ok", page={"before": "<div style='height: 4000px'></div>"})
    page.wait_for_timeout(100)
    assert stage.desk.asked == []
    page.evaluate("window.scrollTo(0, 3200)")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")


def test_collapsed_panel_stays_collapsed_and_asks_nothing(stage):
    page = stage.form("ok")
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    page.get_by_role("button", name="Commerce panel").click()
    expect(page.locator("sfcc-c360 .bd section").first).to_be_hidden()
    stage.desk.asked.clear()
    page.reload()
    page.evaluate("makeForm(); finishLoading()")
    toggle = page.get_by_role("button", name="Commerce panel")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    page.wait_for_timeout(100)
    assert stage.desk.asked == []
    toggle.click()
    expect(page.locator(NAME)).to_have_text("Mara Kowalski")
    expect(toggle).to_be_focused()


def test_refused_storage_is_no_failure(stage):
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
    page = stage.form("ok", init=refuse)
    page.get_by_role("button", name="Commerce panel").click()
    expect(page.locator("sfcc-c360 .bd section").first).to_be_hidden()


def test_unsaved_record_is_not_looked_up(stage):
    page = stage.form("ok", page={"case_id": "-1"})
    expect(page.locator(NAME)).to_have_text("Save the record to look up its customer.")
    assert stage.desk.asked == []


def test_page_without_the_platform_says_so(stage):
    page = stage.form("ok", loaded=False)
    page.evaluate("delete window.GlideAjax; finishLoading()")
    expect(page.locator(NAME)).to_have_text("The commerce panel is not set up. Tell your admin.")


def test_translations_of_the_instance_are_used(stage):
    german = """window.GwtMessage = function () {};
    window.GwtMessage.prototype.getMessages = function (keys, then) {
      window.asked = (window.asked || 0) + 1;
      setTimeout(() => then({'Cart': 'Warenkorb', 'Copy {0}': '{0} kopieren', 'customer number': 'Kundennummer'}), 10);
    };"""
    page = stage.form("ok", init=german, page={"locale": "de"})
    expect(page.locator("sfcc-c360 .a-cart h3")).to_have_text("Warenkorb")
    expect(page.get_by_role("button", name="Kundennummer kopieren")).to_be_visible()
    expect(page.locator("sfcc-c360 .a-loyalty")).to_contain_text("8.240")
    assert page.evaluate("asked") == 1


def test_no_dialog_is_ever_raised(stage):
    page = stage.form("session_ended")
    raised = []
    page.on("dialog", lambda dialog: (raised.append(dialog.message), dialog.dismiss()))
    expect(page.locator(NAME)).to_have_text("Your session ended")
    assert raised == []


def test_prototype_is_the_real_one(stage):
    """The harness would prove nothing if the page did not have the habits the panel must live with."""
    page = stage.form("ok")
    assert page.evaluate("Prototype.Version").startswith("1.7")
    assert page.evaluate("Array.from(new Set([1, 2])).length") == 0
    assert page.evaluate("(() => { let keys = 0; for (const key in [1]) keys += 1; return keys; })()") > 10
