"""Looks, compared within one run: a hostile host page changes no pixel, dark changes no geometry."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

BOXES = """() => [...document.querySelector('sfcc-c360').shadowRoot.querySelectorAll('.panel *')]
  .filter(node => !node.closest('svg'))
  .map(node => { const box = node.getBoundingClientRect(); return [box.x, box.y, box.width, box.height].join(' '); })"""


# The same place and width on both pages, whatever the host does around it.
PLACED = """width => { const {style} = document.querySelector('sfcc-c360');
  style.cssText = `position: fixed; top: 0; left: 0; width: ${width}px; z-index: 9; background: white`; }"""


def picture(page, name, width):
    page.evaluate(PLACED, width)
    expect(page.locator("sfcc-c360 h2")).to_have_text(name)
    page.wait_for_function("calls.now === 0")
    return Image.open(io.BytesIO(page.locator("sfcc-c360").screenshot())).convert("RGB")


@pytest.mark.parametrize(("state", "name"), [("ok", "Mara Kowalski"), ("outage", "Commerce data is not available")])
@pytest.mark.parametrize("width", [480, 1200])
def test_hostile_host_page_changes_no_pixel(stage, state_of, state, name, width):
    fresh = {"summary": {"body": {**state_of("ok").envelope, "generated_at": None}}} if state == "ok" else {}
    clean = picture(stage.form(state, answers=fresh), name, width)
    hostile = stage.form(state, answers=fresh, page={"head": '<link rel="stylesheet" href="/hostile.css">'})
    assert hostile.evaluate("getComputedStyle(document.querySelector('h1')).letterSpacing") == "3px"
    shouted = picture(hostile, name, width)
    assert shouted.size == clean.size
    # One step of 255 is how the colour behind a rounded corner is rounded.
    assert max(most for _, most in ImageChops.difference(clean, shouted).getextrema()) <= 1


def test_dark_has_the_same_geometry(stage):
    light = stage.frame("ok", theme="light").evaluate(BOXES)
    dark = stage.frame("ok", theme="dark").evaluate(BOXES)
    assert len(light) > 200
    assert light == dark


def test_instance_theme_reaches_the_panel(stage):
    theme = (
        "<style>:root { --now-color_background--primary: 1, 2, 3; --now-color_text--primary: 250, 251, 252; }</style>"
    )
    page = stage.form("ok", page={"head": theme})
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    style = page.locator("sfcc-c360 .panel").evaluate(
        "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    )
    assert style == ["rgb(1, 2, 3)", "rgb(250, 251, 252)"]


@pytest.mark.parametrize(("width", "columns", "figures"), [(480, 1, 2), (700, 1, 4), (1240, 2, 4)])
def test_layout_follows_the_width_of_the_panel(stage, width, columns, figures):
    page = stage.frame("ok", width=width)
    across = "node => getComputedStyle(node).gridTemplateColumns.split(' ').filter(size => size !== 'none').length || 1"
    assert page.locator("sfcc-c360 .bd").evaluate(across) == columns
    assert page.locator("sfcc-c360 .kp").evaluate(across) == figures


def test_money_and_numbers_are_the_agents(stage, state_of):
    envelope = state_of("ok").envelope
    page = stage.form("ok", page={"locale": "de-DE", "tz": "America/New_York"}, answers={"summary": {"body": envelope}})
    panel = page.locator("sfcc-c360 .panel")
    expect(panel).to_contain_text("318,40 €")
    expect(panel).to_contain_text("8.240")
    expect(panel).to_contain_text("03:12")
