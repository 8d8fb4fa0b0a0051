"""The page of recurring feedback in ServiceNow, in a real browser."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.e2e.feedback.conftest import SCOPE, World

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "browser" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.browser
TOPICS = (
    ({"text": "The zip of my jacket is stuck", "productId": "VV1001-pine-M", "supplier": "Norrland Textil"}, 14),
    ({"text": "Your discount code is refused", "productId": None, "category": "checkout", "device": "phone"}, 9),
    ({"text": "Paket lag im Regen vor der Haustür", "productId": None, "locale": "de-DE", "carrier": "DPX"}, 7),
    ({"text": "検索しても商品が出てこない", "productId": None, "locale": "ja-JP", "category": "website"}, 4),
    ({"text": "Les chaussures taillent petit", "productId": "VV1014-fog-40", "locale": "fr-FR"}, 3),
)


def four_weeks(world: World) -> None:
    """Feedback of the last four weeks, seen from now: ServiceNow's page goes by its own clock."""
    now = datetime.now(UTC)
    for topic, number in TOPICS:
        for nth in range(number):
            world.time.at = now - timedelta(days=(nth * nth) % 26 / (1 + nth % 3), hours=nth)
            world.says(orderNo=f"{nth:08}", consent=True, rating=1, **topic)
    world.time.at = now


@pytest.fixture
def page(instance):
    if os.environ.get("SFCC_SNOW_NO_BROWSER"):
        pytest.skip("SFCC_SNOW_NO_BROWSER is set")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        context = browser.new_context(
            viewport={"width": 1240, "height": 760},
            reduced_motion="reduce",
            extra_http_headers={"Authorization": f"Basic {base64.b64encode(b'admin:admin').decode()}"},
        )
        yield context.new_page()
        browser.close()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_shows_what_recurs(world, page, instance, theme):
    four_weeks(world)
    (problem, *_) = sorted(world.problems(), key=lambda row: row["number"])
    watched = {"action": "notice", "action_state": "published", "recurrence": "watching"}
    world.snow.table("problem").update(problem.sys_id, {world.own(name): value for name, value in watched.items()})
    page.goto(f"{instance.url}/{SCOPE}_feedback_page.do?theme={theme}")
    if os.environ.get("SFCC_SNOW_PICTURES"):
        page.screenshot(path=f"{os.environ['SFCC_SNOW_PICTURES']}/feedback-page-{theme}.png")
    heads = page.locator(".sfcc-fb tbody th a").all_inner_texts()
    assert heads[0] == "Zip or closure: product VV1001"
    assert len(heads) == len(TOPICS)
    assert page.locator(".sfcc-fb .tiles b").all_inner_texts()[:2] == ["37", "5"]
    assert "Watching whether it stops" in page.locator(".sfcc-fb").inner_text()
    assert page.locator(".sfcc-fb rect.some").count() > 20
    assert violations(page) == []
