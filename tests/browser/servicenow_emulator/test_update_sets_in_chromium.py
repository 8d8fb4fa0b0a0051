"""An administrator brings an update set by hand: file, preview, decision, commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from snow_app.app import AppParameters
from snow_app.install import exported

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
PARAMETERS = AppParameters(scope="x_acme_shop")


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "access-rules.xml"
    path.write_bytes(exported(PARAMETERS).document)
    return path


@pytest.fixture
def opened(visit, file):
    """The form of the set, imported by hand."""
    page = visit.open("/sys_remote_update_set_list.do")
    page.get_by_role("link", name="Import Update Set from XML").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.locator(".outputmsg_info", has_text="Imported").wait_for()
    page.get_by_role("link", name="Commerce for Service").first.click()
    page.get_by_role("heading", name="access rules").wait_for()
    return page


def test_problems_are_decided_one_by_one(visit, opened, snow) -> None:
    opened.get_by_role("button", name="Preview Update Set").click()
    commit = opened.get_by_role("button", name="Commit Update Set")
    assert commit.is_disabled()
    # The application is missing, so every update has a problem: leave each one out.
    while opened.get_by_role("button", name="Skip remote update").count():
        opened.get_by_role("button", name="Skip remote update").first.click()
        opened.locator(".outputmsg_info", has_text="skipped").wait_for()
    commit.click()
    opened.locator(".outputmsg_info", has_text="0 inserted").wait_for()
    assert opened.locator("[aria-current=step]").text_content() == "Committed"
    assert not snow.instance.records.all("sys_security_acl", name="x_acme_shop.ContextAjax")


@needs_axe
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_are_accessible(visit, opened, theme, width) -> None:
    opened.get_by_role("button", name="Preview Update Set").click()
    opened.locator("[data-problem]").first.wait_for()
    opened.set_viewport_size({"width": width, "height": 900})
    for path in (
        f"{opened.url}&theme={theme}",
        f"/upload.do?sysparm_target=sys_remote_update_set&theme={theme}",
        f"/sys_remote_update_set_list.do?theme={theme}",
    ):
        page = visit.open(path.removeprefix(visit.base))
        assert visit.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
