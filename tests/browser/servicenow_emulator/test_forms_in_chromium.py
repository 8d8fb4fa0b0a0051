"""The pages as a person meets them: accessible, working, the client API in place."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")


@needs_axe
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_are_accessible(visit, case, theme, width) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    record = f"/sn_customerservice_case.do?sys_id={case['sys_id']}&theme={theme}"
    for path in (record, f"/sn_customerservice_case_list.do?theme={theme}", f"/login.do?theme={theme}"):
        page = visit.open(path)
        assert visit.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@needs_axe
def test_the_navigator_is_accessible(visit, case) -> None:
    page = visit.open("/nav_to.do?uri=/sn_customerservice_case_list.do")
    page.frame_locator("#gsft_main").locator("h1").wait_for()
    page.click("summary:has-text('Customer Service')")
    assert visit.violations() == []


def test_a_record_is_changed_by_hand(visit, case, snow) -> None:
    page = visit.open(f"/sn_customerservice_case.do?sys_id={case['sys_id']}")
    page.get_by_label("Short description").fill("Changed by hand")
    page.get_by_label("Priority").select_option(label="1 - Critical")
    contact = page.get_by_role("combobox", name="Assigned to")
    contact.fill("sys")
    page.get_by_role("option", name="System Administrator").click()
    page.get_by_label("Work notes").fill("By hand")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert page.get_by_label("Short description").input_value() == "Changed by hand"
    assert page.locator("[data-kind=work_notes] .text").all_text_contents()[0] == "By hand"
    row = snow.instance.session("admin").get("sn_customerservice_case", case["sys_id"])
    assert (row["short_description"], row["priority"]) == ("Changed by hand", "1")


def test_a_reference_is_found_with_the_keyboard(visit, case) -> None:
    page = visit.open(f"/sn_customerservice_case.do?sys_id={case['sys_id']}")
    box = page.get_by_role("combobox", name="Assigned to")
    box.fill("sys")
    option = page.locator(".choices:not([hidden]) [role=option]").first
    option.wait_for()
    chosen = option.evaluate("node => node.firstChild.textContent")
    box.press("Enter")
    assert box.input_value() == chosen
    assert box.get_attribute("aria-expanded") == "false"
    assert page.evaluate("g_form.getValue('assigned_to').length") == 32


def test_mandatory_fields_hold_the_form(visit, case) -> None:
    page = visit.open(f"/sn_customerservice_case.do?sys_id={case['sys_id']}")
    page.evaluate("g_form.setMandatory('description', true)")
    page.get_by_role("button", name="Save").click()
    assert "mandatory fields are not filled in: Description" in page.locator("#output_messages").inner_text()


def test_the_client_api_is_there(visit, case) -> None:
    page = visit.open(f"/sn_customerservice_case.do?sys_id={case['sys_id']}")
    assert page.evaluate(
        """() => [g_form.getUniqueValue(), g_form.getTableName(), g_form.getValue('priority'), g_user.userName,
          g_user.hasRole('anything'), g_form.isNewRecord(), g_form.getDisplayValue('priority'), typeof g_ck, g_lang]"""
    ) == [case["sys_id"], "sn_customerservice_case", "2", "admin", True, False, "2 - High", "string", "en"]
    order = (
        "() => { var s = []; addLateLoadEvent(() => s.push('late')); addLoadEvent(() => s.push('early')); return s; }"
    )
    assert page.evaluate(order) == ["late", "early"]
    page.evaluate("g_form.addInfoMessage('<b>not bold</b>'); g_form.setValue('priority', '3')")
    assert page.locator(".outputmsg_info span").inner_text() == "<b>not bold</b>"
    assert page.get_by_label("Priority").input_value() == "3"


_ASK = """([processor, text, quiet]) => new Promise(resolve => {
  var ajax = new GlideAjax(processor), called = false;
  ajax.addParam('sysparm_name', 'say'); ajax.addParam('sysparm_text', text);
  if (quiet) ajax.setWantSessionMessages(false);
  ajax.setErrorCallback(request => resolve({error: request.status, called: called}));
  ajax.getXMLAnswer(answer => { called = true; resolve({answer: answer}); });
})"""


def test_glide_ajax_answers(visit, case) -> None:
    page = visit.open(f"/sn_customerservice_case.do?sys_id={case['sys_id']}")
    assert page.evaluate(_ASK, ["global.Echo", 'a"<b>\nü', True]) == {"answer": 'a"<b>\nü'}
    assert page.locator(".outputmsg").count() == 0
    assert page.evaluate(_ASK, ["global.Echo", "x", False]) == {"answer": "x"}
    assert page.locator(".outputmsg_info span").all_text_contents() == ["Heard"]
    assert page.evaluate(_ASK, ["global.Nobody", "x", True]) == {"answer": None}


@pytest.mark.parametrize("status", [401, 500, 503])
def test_glide_ajax_calls_back_on_200_only(visit, case, snow, status) -> None:
    page = visit.open(f"/sn_customerservice_case.do?sys_id={case['sys_id']}")
    snow.faults.add(method="POST", path="/xmlhttp.do", status=status)
    assert page.evaluate(_ASK, ["global.Echo", "x", True]) == {"error": status, "called": False}


def test_the_frame_follows_its_page(visit, case) -> None:
    page = visit.open("/nav_to.do?uri=/sn_customerservice_case_list.do")
    inside = page.frame_locator("#gsft_main")
    inside.get_by_role("link", name=case["number"]).click()
    inside.get_by_role("heading", name=case["number"]).wait_for()
    page.wait_for_url(f"**/target/sn_customerservice_case.do*{case['sys_id']}*")
    page.reload()
    inside.get_by_role("heading", name=case["number"]).wait_for()
    page.get_by_role("searchbox", name="Filter navigator").fill("script inc")
    assert page.locator("#menu a:visible").all_text_contents() == ["Script Includes"]
    page.get_by_role("link", name="Dark theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_sections_become_tabs_when_wanted(visit, case) -> None:
    page = visit.open(f"/sn_customerservice_case.do?sys_id={case['sys_id']}")
    page.get_by_role("button", name="Show sections as tabs").click()
    tabs = page.get_by_role("tab")
    assert tabs.count() == 2
    tabs.nth(1).click()
    assert page.get_by_label("Resolution code").is_visible()
    assert not page.get_by_label("Work notes").is_visible()
    page.reload()
    assert page.get_by_role("tab").count() == 2
