"""Takes the documentation's pictures of the case form: ``python -m tests.browser.pictures``. Run by hand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Locator, sync_playwright

from sidecar.demo.world import DemoOptions, DemoWorld

IMAGES = Path(__file__).parents[2] / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
COLOURS = 192


class Picture(NamedTuple):
    """One picture of the form; `height` None takes the whole page. `panel_only` leaves the rest of the form out."""

    name: str
    width: int
    height: int | None
    theme: str = "light"
    sample: str = "registered"
    panel_only: bool = False


PICTURES = (
    Picture("form-light", 1400, None),
    Picture("form-dark", 1400, None, theme="dark"),
    Picture("form-narrow", 480, 1500, panel_only=True),
    Picture("panel-light", 1240, None, panel_only=True),
    Picture("panel-dark", 1240, None, theme="dark", panel_only=True),
    Picture("panel-guest", 1000, None, sample="guest", panel_only=True),
    Picture("panel-ambiguous", 1000, None, sample="ambiguous", panel_only=True),
    Picture("panel-unknown", 1000, None, sample="unknown", panel_only=True),
)


def taken(browser: Browser, world: DemoWorld, picture: Picture) -> bytes:
    """The picture as PNG, once the panel shows live data and nothing moves."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height or 1000},
        locale="en-GB",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
        device_scale_factor=1,
    )
    try:
        page = context.new_page()
        seeded = world.case_of(picture.sample)
        if seeded is None:
            raise ValueError(f"The demo has no case {picture.sample}.")
        page.goto(f"{world.form_url(seeded)}&theme={picture.theme}")
        panel = page.locator("sfcc-c360")
        panel.scroll_into_view_if_needed()
        _settled(panel)
        if picture.panel_only:
            return panel.screenshot(animations="disabled")
        # The whole height of the form: it scrolls inside, so the window grows with it.
        height = page.evaluate("Math.max(...[...document.querySelectorAll('*')].map(one => one.scrollHeight))")
        page.set_viewport_size({"width": picture.width, "height": int(height)})
        page.evaluate("window.scrollTo(0, 0)")
        return page.screenshot(animations="disabled")
    finally:
        context.close()


def _settled(panel: Locator) -> None:
    """No section is loading any more."""
    panel.locator("css=h2, [role=status]").first.wait_for()
    panel.page.wait_for_function(
        "() => { const root = document.querySelector('sfcc-c360').shadowRoot;"
        " return root.querySelector('h2') && !root.querySelector('[aria-busy=true]'); }"
    )
    panel.page.wait_for_load_state("networkidle")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    options = DemoOptions()
    with (
        DemoWorld(options=options, doing=print, installing=lambda *_: None) as world,
        sync_playwright() as driver,
        driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--font-render-hinting=none"]
        ) as browser,
    ):
        for picture in PICTURES:
            path = IMAGES / f"{picture.name}.png"
            image = Image.open(BytesIO(taken(browser, world, picture))).convert("RGB")
            image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
                path, optimize=True
            )
            print(f"{path.name}: {image.width} × {image.height}, {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main()
