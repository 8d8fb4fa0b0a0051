"""What a browser pays for the panel: bytes to load, and time until it shows the shopper."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import requests
from playwright.sync_api import Browser, sync_playwright

import ui_macros
from tests.performance import processes
from tests.performance.result import Progress, Result
from tests.performance.shoppers import VIEWER

LARGEST = 20_000
PAINTED_MS = 300.0
OPENINGS = 12
CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
# Observed, not polled: polling compiles text again and again, which the page's policy forbids.
_PAINTED = """() => new Promise(told => new PerformanceObserver((list, observer) => {
  const [mark] = list.getEntriesByName('c360-painted');
  if (mark) { observer.disconnect(); told(mark.startTime); }
}).observe({ type: 'mark', buffered: true }))"""
_LOADED = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def measured(progress: Progress) -> Iterator[Result]:
    """The bundle as it is served, then both pages in a browser that has never seen them."""
    yield _size()
    with processes.demo() as ready, progress(total=2 * (OPENINGS + 1)) as step, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=_FLAGS)
        try:
            yield _painted("panel page, from navigation", browser, lambda: _link(ready), step)
            yield _painted_on_form(browser, ready["pages"]["case_form"], step)
        finally:
            browser.close()


def _size() -> Result:
    size = len(gzip.compress(ui_macros.text("panel.js").encode(), 9))
    return Result(
        promise="Panel: script and style, gzipped",
        floor=f"{LARGEST / 1000:.0f} kB",
        measured=f"{size / 1000:.1f} kB",
        ratio=size / LARGEST,
        bound="at most",
        limit=1.0,
        detail="one file for the case form and for the iframe, with nothing to load after it",
    )


def _painted(where: str, browser: Browser, address: Callable[[], str], step: Callable[[float], None]) -> Result:
    times = [painted for painted, _ in _openings(browser, address, step)]
    return _within(where, times, f"from {min(times):.0f} to {max(times):.0f} ms")


def _painted_on_form(browser: Browser, address: str, step: Callable[[float], None]) -> Result:
    """The form's scripts call the panel when the form has loaded; what the panel adds is counted from there."""
    openings = _openings(browser, lambda: address, step)
    added = [painted - loaded for painted, loaded in openings]
    whole, own = median(painted for painted, _ in openings), median(loaded for _, loaded in openings)
    detail = f"from navigation {whole:.0f} ms, of which {own:.0f} ms are the form's own load"
    return _within("case form, after the form's own load", added, detail)


def _within(where: str, times: list[float], detail: str) -> Result:
    return Result(
        promise=f"Panel painted on the {where}",
        floor=f"{PAINTED_MS:.0f} ms",
        measured=f"{median(times):.0f} ms",
        ratio=median(times) / PAINTED_MS,
        bound="at most",
        limit=1.0,
        detail=f"median of {OPENINGS} browser contexts without cache, the shopper known to the sidecar; {detail}",
    )


def _openings(browser: Browser, address: Callable[[], str], step: Callable[[float], None]) -> list[tuple[float, float]]:
    """Milliseconds from the start of the navigation to the mark the panel sets when the shopper is shown, and to the
    end of the document's own load. The first opening, which fills the sidecar's cache, does not count.
    """
    openings = []
    for _ in range(OPENINGS + 1):
        context = browser.new_context(
            viewport={"width": 1400, "height": 1000}, locale="en-GB", timezone_id="Europe/Berlin"
        )
        try:
            page = context.new_page()
            page.goto(address(), wait_until="commit")
            openings.append((float(page.evaluate(_PAINTED)), float(page.evaluate(_LOADED))))
        finally:
            context.close()
        step(1)
    return openings[1:]


def _link(ready: dict[str, Any]) -> str:
    sample, case = ready["samples"]["registered"], "sn_customerservice_case"
    body = {
        "identity": {"email": sample["email"], "order_no": sample["order_no"]},
        "case": {"table": case, "sys_id": sample["case_sys_id"]},
        "viewer": VIEWER,
    }
    headers = {"Authorization": f"Bearer {ready['sidecar']['token']}"}
    answer = requests.post(f"{ready['sidecar']['url']}/v1/panel-links", json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    return str(answer.json()["url"])
