"""The report: its figures, and how it looks in a browser."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import sync_playwright
from sqlalchemy import insert

from sidecar.cli import main
from sidecar.flows.feedback import FeedbackPolicy
from sidecar.flows.feedback.report import pareto, report, written
from sidecar.flows.feedback.tables import PROBLEMS

from .conftest import NOW, SITE

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[4] / "browser" / "node_modules" / "axe-core" / "axe.min.js"
POLICY = FeedbackPolicy()


@pytest.fixture
def month(database, gives):
    """Four weeks: a zip that a notice ended, a carrier whose parcels get wet, refused codes, and some praise."""
    zips = {"text": "The zip of my jacket is stuck", "productId": "VV1001-pine-M", "category": "product"}
    for nth in range(36):
        zip_cluster = gives(ago=27 - nth * 0.45, carrier="UPX", warehouse="HAM1", **zips)
    for nth in range(22):
        wet = gives(
            text="Paket lag im Regen vor der Haustür", locale="de-DE", category="delivery", ago=nth * 0.6, carrier="DPX"
        )
    for nth in range(15):
        gives(
            text="discount code refused at checkout", category="checkout", ago=nth * 1.7, device="phone", carrier="UPX"
        )
    for nth in range(9):
        gives(
            text="検索しても商品が出てこない",
            locale="ja-JP",
            category="website",
            ago=nth * 2.9,
            warehouse="BER2",
            device="desktop",
        )
    for nth in range(8):
        gives(
            text="Les chaussures taillent petit", locale="fr-FR", productId="VV1014-fog-40", ago=nth * 3, carrier="UPX"
        )
    for nth in range(6):
        gives(text="Super quick delivery, thanks", rating=5, ago=nth * 4, carrier="UPX")
    rows = (
        {
            "id": "feedback:1",
            "cluster_id": zip_cluster,
            "number": "PRB0040007",
            "action": "notice",
            "verdict": "stopped",
        },
        {
            "id": "feedback:2",
            "cluster_id": wet,
            "number": "PRB0040011",
            "action": "product_flag",
            "verdict": "recurred",
        },
    )
    for row, ago in zip(rows, (10, 6), strict=True):
        at = (NOW - timedelta(days=ago)).timestamp()
        with database.transaction() as connection:
            opened = {"site_id": SITE, "opened_at": at - 5 * 86_400, "action_at": at, "verdict_at": at}
            connection.execute(insert(PROBLEMS).values(**opened, **row))
    return report(database, POLICY, now=NOW)


def test_the_figures_of_the_report(month):
    assert (month.total, month.open_problems, month.stopped) == (96, 2, 1)
    assert [line.number for line in month.lines] == [36, 22, 15, 9, 8, 6]
    zips, wet = month.measures[0], month.measures[1]
    assert (zips.problem, zips.after) == ("PRB0040007", 0.0)
    assert zips.before > 10
    assert wet.after > 5
    assert dict(month.languages) == {"English": 57, "German": 22, "Japanese": 9, "French": 8}
    assert {"Carrier DPX", "Locale de-DE"} == {cause.name for cause in month.lines[1].causes}
    label, number, length, share = pareto(month).rows[0]
    assert (label, number, length, round(share)) == ("Zip or closure: product VV1001", 36, 100.0, 40)


def test_the_page_is_complete_in_itself(month):
    page = written(month)
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert "C00001" not in page


def test_an_empty_report_says_so(database):
    page = written(report(database, POLICY, now=NOW))
    assert "Nothing recurs." in page


def test_the_command_writes_the_page(tmp_path, monkeypatch):
    monkeypatch.setenv("SIDECAR_DATA_DIR", str(tmp_path))
    target = tmp_path / "out.html"
    result = CliRunner().invoke(main, ["feedback", "report", "--days", "7", "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_in_a_browser(month, tmp_path, scheme):
    if os.environ.get("SFCC_SNOW_NO_BROWSER"):
        pytest.skip("SFCC_SNOW_NO_BROWSER is set")
    file = tmp_path / "report.html"
    file.write_text(written(month), encoding="utf-8")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        page = browser.new_page(viewport={"width": 1180, "height": 900}, color_scheme=scheme)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda asked: problems.append(asked.url) if not asked.url.startswith("file:") else None)
        page.goto(file.as_uri())
        if os.environ.get("SFCC_SNOW_PICTURES"):
            page.screenshot(path=f"{os.environ['SFCC_SNOW_PICTURES']}/feedback-report-{scheme}.png", full_page=True)
        assert page.locator("svg[role=img]").count() == 5
        page.evaluate(AXE.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
        assert [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]] == []
        assert problems == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()
