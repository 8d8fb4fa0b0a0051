"""The demo, started once for this folder, and a browser that opens its pages."""

import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import sync_playwright

from sidecar.demo.world import DemoOptions, DemoWorld

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
]


def quiet(*_):
    """Progress nobody watches."""


@pytest.fixture(scope="module")
def world():
    with DemoWorld(options=DemoOptions(worker=False), doing=quiet, installing=quiet) as running:
        yield running


@pytest.fixture
def late(world):
    """What the panel says of the registered shopper's late order. Days begin where the agent is."""
    number = world.case_of("registered").identity["order_no"]
    promised = date.fromisoformat(world._commerce.state.orders.get(number)["c_promisedDeliveryDate"])
    return f"{(datetime.now(ZoneInfo('Europe/Berlin')).date() - promised).days} days late"


@pytest.fixture(scope="module")
def incident_world():
    with DemoWorld(options=DemoOptions(csm=False, worker=False), doing=quiet, installing=quiet) as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    if os.environ.get("SFCC_SNOW_NO_BROWSER"):
        pytest.skip("SFCC_SNOW_NO_BROWSER is set")
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: `make test` installs it", pytrace=False)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB", timezone_id="Europe/Berlin")
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.problems = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("console", lambda line: opened.problems.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()
    assert opened.problems == []
