"""Budgets with slack for a shared machine: paint, redraw, layout shift, size of the tree."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SHIFTS = """window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shift += entry.value; }))
  .observe({type: 'layout-shift', buffered: true});"""


def test_frame_is_painted_soon(stage):
    page = stage.frame("ok", now=None)
    painted = page.evaluate("performance.getEntriesByName('c360-painted')[0].startTime")
    assert 0 < painted < 3000


def test_redraw_is_quick(stage):
    page = stage.frame("ok")
    expect(page.locator("sfcc-c360 [aria-busy=true]")).to_have_count(0)
    page.clock.resume()
    took = page.evaluate(
        """() => { const {panel} = document.querySelector('sfcc-c360'), times = [];
        for (let turn = 0; turn < 9; turn += 1) {
          const begun = new Date().getTime();
          for (let again = 0; again < 5; again += 1) {
            panel.regions.forEach(region => { region.envelope = null; });
            panel.draw();
          }
          times.push((new Date().getTime() - begun) / 5);
        }
        return times.sort((a, b) => a - b)[4]; }"""
    )
    assert took < 100


def test_tree_stays_small(stage):
    page = stage.frame("ok")
    assert page.evaluate("document.querySelector('sfcc-c360').shadowRoot.querySelectorAll('*').length") < 900


@pytest.mark.parametrize("width", [480, 1240])
def test_content_does_not_push_the_page_about(stage, state_of, width):
    """From skeleton to content, with the case's own fields below the panel."""
    page = stage.form(
        "loading", now=None, width=width, init=SHIFTS, answers={"summary": ["never", {"body": state_of("ok").envelope}]}
    )
    page.wait_for_function("calls.now === 1")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("envelope => document.querySelector('sfcc-c360').panel.received(envelope)", state_of("ok").envelope)
    expect(page.locator("sfcc-c360 h2")).to_have_text("Mara Kowalski")
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    assert page.evaluate("shift") <= 0.05
