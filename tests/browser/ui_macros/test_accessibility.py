"""WCAG 2.2 AA over every state, four widths and both themes; keyboard, targets, reflow, forced colours, motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WIDTHS = (320, 480, 700, 1240)
THEMES = ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """tags => axe.run({include: [['sfcc-c360']]},
    {runOnly: tags, resultTypes: ['violations'], preload: false}).then(found =>
  found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.target.flat().join(' ') + ' | ' +
    [...node.any, ...node.all].map(check => check.message).join('; ')).join(' // ')))"""
# Everything an agent can hit, as "key widthxheight" where it is smaller than 24 by 24.
SMALL = """() => [...document.querySelector('sfcc-c360').shadowRoot.querySelectorAll('button, a, input')]
  .filter(node => node.checkVisibility() && !node.matches('.skip'))
  .map(node => ({node, box: (node.closest('label') || node).getBoundingClientRect()}))
  .filter(({box}) => box.width < 24 || box.height < 24)
  .map(({node, box}) => `${node.dataset.key || node.textContent} ${box.width}x${box.height}`)"""
WIDER = """() => { const root = document.querySelector('sfcc-c360').shadowRoot, edge = innerWidth + 0.5;
  const out = [...root.querySelectorAll('.panel *')].filter(node => node.checkVisibility() && !node.closest('.vh'))
    .filter(node => node.getBoundingClientRect().right > edge).map(node => node.className || node.tagName);
  return document.documentElement.scrollWidth > innerWidth ? ['page', ...out] : out; }"""


def test_no_violation_in_any_width_and_theme(stage, axe, state_name):
    page = stage.open(state_name)
    page.wait_for_timeout(50)
    page.evaluate(axe)
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wider, small = page.evaluate(WIDER), page.evaluate(SMALL)
        if wider:
            found[f"wider than {width}"] = wider
        if small:
            found[f"small targets at {width}"] = small
        for theme in THEMES:
            page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
            violations = page.evaluate(RUN_AXE, TAGS)
            if violations:
                found[f"{width} {theme}"] = violations
    assert found == {}


OPENED = {
    "reason": lambda page: page.get_by_role("button", name="Reveal e-mail").click(),
    "why": lambda page: page.get_by_role("button", name="Why is this shown: Order").click(),
    "revealed": lambda page: (page.get_by_role("button", name="Reveal phone").click(), page.wait_for_timeout(100)),
    "all open": lambda page: [page.get_by_role("button", name="Details of order").first.click() for _ in range(2)],
    "collapsed": lambda page: page.get_by_role("button", name="Commerce panel").click(),
}


@pytest.mark.parametrize("opened", OPENED)
def test_no_violation_in_what_can_be_opened(stage, axe, opened):
    page = stage.frame(
        "ok",
        width=480,
        boot={"reveal_reason_required": opened == "reason"},
        answers={"reveal": {"body": {"field": "phone", "value": "+49 30 1234 42", "expires_in_s": 60}}},
    )
    OPENED[opened](page)
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, TAGS) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(WIDER) == []


def test_search_form_has_no_violation(stage, axe):
    page = stage.frame("none", width=320, answers={"search": {"status": 404, "body": {"error": {"code": "not_found"}}}})
    page.get_by_role("button", name="Search by order number").click()
    page.get_by_label("Order number").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator("sfcc-c360 .empty")).to_contain_text("Order 7 was not found.")
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, TAGS) == []
    assert page.evaluate(WIDER) == []


def test_whole_frame_page_has_no_violation(stage, axe):
    page = stage.frame("ok")
    page.evaluate(axe)
    assert (
        page.evaluate("tags => axe.run({runOnly: tags}).then(found => found.violations.map(one => one.id))", TAGS) == []
    )


def test_axe_would_find_something(stage, axe):
    page = stage.frame("ok")
    # First, because a read that comes back meanwhile paints the button anew.
    page.evaluate(axe)
    page.evaluate(
        "document.querySelector('sfcc-c360').shadowRoot.querySelector('[data-key=refresh]').removeAttribute('aria-label')"
    )
    page.evaluate(
        "document.querySelector('sfcc-c360').shadowRoot.querySelector('[data-key=refresh]').removeAttribute('title')"
    )
    assert any(one.startswith("button-name") for one in page.evaluate(RUN_AXE, TAGS))


def _stops(page):
    """Accessible names in tab order, once round the panel; every stop must show its focus."""
    names = []
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const node = document.querySelector('sfcc-c360').shadowRoot.activeElement;
            if (!node) return null;
            const style = getComputedStyle(node);
            return [node.getAttribute('aria-label') || node.textContent, style.outlineStyle + ' ' + style.outlineWidth,
                    node.getBoundingClientRect().top]; }"""
        )
        if found is None:
            if names:
                return names
            continue
        assert found[1] == "solid 2px", found
        names.append(found[0])
    return names


def test_tab_order_is_reading_order(stage):
    page = stage.form("ok")
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    page.wait_for_function("calls.now === 0")
    page.locator("#contact").focus()
    names = _stops(page)
    assert names[:10] == [
        "Skip commerce panel",
        "Copy customer number",
        "Reveal e-mail, this is logged",
        "Reveal phone, this is logged",
        "Refresh commerce data",
        "Open customer in Business Manager (opens in a new tab)",
        "Commerce panel",
        "Show order",
        "Why is this shown: Order 00031204 is 4 days late",
        "Dismiss for this case: Order 00031204 is 4 days late",
    ]
    assert names[16:24] == [
        "All orders (opens in a new tab)",
        "Copy order number",
        "Open 00031204 in Business Manager (opens in a new tab)",
        "Track DHL 0034 0434 1612 88 (opens in a new tab)",
        "Copy tracking number",
        "Hide of order 00031204",
        "Add to work notes",
        "Copy summary",
    ]


def test_skip_link_leads_past_the_panel(stage):
    page = stage.form("ok", page={"before": "<a href='#below'>before</a>"})
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button>after</button>')")
    page.locator("a[href='#below']").focus()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip commerce panel")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["width"] > 100
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('sfcc-c360').shadowRoot.activeElement.className") == "vh"
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="after")).to_be_focused()


def test_frame_has_nothing_to_skip(stage):
    assert stage.frame("ok").get_by_role("link", name="Skip commerce panel").count() == 0


def test_headings_and_lists_tell_the_structure(stage):
    page = stage.frame("ok")
    panel = page.get_by_role("region", name="Commerce customer")
    assert panel.get_by_role("heading", level=2).all_inner_texts() == ["Mara Kowalski"]
    assert panel.get_by_role("heading", level=3).all_inner_texts() == [
        "Why this matters",
        "Key figures",
        "Orders",
        "Cart",
        "Loyalty",
        "Recent activity",
    ]
    assert page.locator("sfcc-c360 [role=status]").count() == 1
    assert page.locator("sfcc-c360 [aria-live]").count() == 0
    expect(panel.get_by_role("list", name="Timeline of order 00031204")).to_be_visible()
    expect(panel.get_by_role("img", name="82 % of the way to Platinum")).to_be_visible()
    assert panel.get_by_role("listitem").filter(has_text="Problem: In transit").count() >= 1


def test_loading_is_said_and_not_announced(stage):
    page = stage.form("loading")
    expect(page.locator("sfcc-c360 section.sec[aria-busy=true]")).to_have_count(6)
    assert page.locator("sfcc-c360 [role=status]").inner_text() == ""
    expect(page.locator("sfcc-c360 h2")).to_have_text("Loading commerce data")


def test_forced_colours_keep_shapes(stage, axe):
    page = stage.frame("ok", forced_colors="active")
    outline = "node => getComputedStyle(node).outlineStyle"
    assert page.locator("sfcc-c360 .bg").first.evaluate(outline) == "solid"
    marks = page.locator("sfcc-c360 .bar i").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert marks[0] == marks[2] != marks[3]
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, TAGS) == []


@pytest.mark.parametrize(("motion", "moving"), [("reduce", 0), ("no-preference", 17)])
def test_motion_only_for_those_who_do_not_mind(stage, motion, moving):
    page = stage.form("loading", reduced_motion=motion)
    running = page.locator("sfcc-c360 .sk").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).animationName !== 'none').length"
    )
    assert (running > moving) if moving else (running == 0)


def test_text_can_be_spaced_out(stage):
    """WCAG 1.4.12: wider text spacing must cut nothing off."""
    page = stage.frame("ok", width=320)
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em}');
        document.querySelector('sfcc-c360').shadowRoot.adoptedStyleSheets.push(sheet); }"""
    )
    assert page.evaluate(WIDER) == []
