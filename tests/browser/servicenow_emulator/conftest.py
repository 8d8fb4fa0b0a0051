"""A local ServiceNow with a few records, and a browser on its pages that notes every error and foreign request."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from snow_app.emulator import ServiceNowEmulator

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars")

ECHO = """var Echo = Class.create();
Echo.prototype = Object.extendsObject(global.AbstractAjaxProcessor, {
  say: function () { gs.addInfoMessage('Heard'); return this.getParameter('sysparm_text'); },
  type: 'Echo'
});"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if os.environ.get("SFCC_SNOW_NO_BROWSER"):
        pytest.skip("SFCC_SNOW_NO_BROWSER is set")
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: `make test` installs it", pytrace=False)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_FLAGS))
        yield running
        running.close()


@pytest.fixture
def snow() -> Iterator[ServiceNowEmulator]:
    with ServiceNowEmulator(sign_in_as="admin") as running:
        yield running


@pytest.fixture
def case(snow: ServiceNowEmulator) -> dict[str, str]:
    admin = snow.instance.session("admin")
    row = {"short_description": "Order has not arrived", "priority": "2", "assigned_to": admin.user.sys_id}
    made = admin.insert("sn_customerservice_case", row)
    admin.update("sn_customerservice_case", made["sys_id"], {"work_notes": "Asked the carrier", "state": "10"})
    script = {"name": "Echo", "script": ECHO, "client_callable": "true"}
    admin.insert("sys_script_include", script)
    return made


@dataclass
class Visit:
    """A page, and what went wrong on it."""

    page: Page
    base: str
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def violations(self) -> list[str]:
        """What axe finds on the page."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
        return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


@pytest.fixture
def visit(chromium: Browser, snow: ServiceNowEmulator) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="en-IE", timezone_id="Europe/Berlin"
    )
    visiting = Visit(context.new_page(), snow.url)
    visiting.page.on("pageerror", lambda error: visiting.problems.append(str(error)))
    visiting.page.on(
        "request",
        lambda asked: (
            visiting.problems.append(asked.url)
            if urlsplit(asked.url).scheme != "data" and not asked.url.startswith(snow.url)
            else None
        ),
    )
    yield visiting
    context.close()
    assert visiting.problems == []
