"""The results for people: a table on the terminal, a page with a picture in the documentation."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from xml.sax.saxutils import escape

from rich import box
from rich.table import Table

from tests.performance.result import Result

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "performance.svg"

_INTRODUCTION = """\
# Performance

Written by `make bench`, which measures every promise in one run and fails when one is broken.

Trust the ratios, not the absolute figures: those belong to the machine of the run ({machine}).
"""
_HOW = """\
## How it is measured

- **Processes.** The sidecar, the emulated shop and the demo are the product's own commands, each in a process of its
  own; the load comes from another one over plain sockets that stay open.
- **Rates** are taken in short slices that take turns between the two that are compared, so that whatever else the
  machine does falls on both. The ratio is the median over the rounds. The bare view is a Flask view on the same server
  with as many threads, returning the same bytes under the same headers; unlike the sidecar it neither authenticates,
  limits, counts nor logs.
- **Cold reads** go to different shoppers, each right beside the same hops made by hand with `requests`. Tokens of the
  Admin APIs are known, as they are half an hour long; the shopper's token is a hop of the first read.
- **Memory** is the resident size of a process that loads the five sections of every shopper from a shop that answers at
  once, with nothing shared between shoppers.
- **Installing** goes to the emulated ServiceNow, every answer of which is held back for the length of the link. The
  other client is plain `pysnc`, writing the same records in the same order, a third of them after each install.
- **Painted** is the performance mark the panel sets once it shows the shopper, counted from the start of the
  navigation.

Accessibility (axe, WCAG 2.2 AA, over every state, four widths, light and dark) is not a number: the browser tests in
`tests/browser/ui_macros` prove it.
"""


def table(results: Sequence[Result]) -> Table:
    """One line a promise."""
    found = Table(box=box.SIMPLE_HEAD, title="Promises", title_justify="left")
    found.add_column("promise", overflow="fold")
    for heading in ("floor", "measured", "ratio", "promised"):
        found.add_column(heading, justify="right", no_wrap=True)
    found.add_column("verdict")
    for one in results:
        verdict = "[green]kept[/]" if one.kept else "[bold red]broken[/]"
        found.add_row(
            f"{one.promise}\n[dim]{one.detail}[/]", one.floor, one.measured, f"{one.ratio:.2f}", _bound(one), verdict
        )
    return found


def write(results: Sequence[Result], today: date) -> None:
    """The page and its picture."""
    rows = [
        f"| {one.promise} | {one.floor} | {one.measured} | {one.ratio:.2f} | {_bound(one)} "
        f"| {'kept' if one.kept else '**broken**'} |"
        for one in results
    ]
    lines = [
        _INTRODUCTION.format(machine=_machine()),
        f"![How much of each promise is used up](../images/{PICTURE.name})\n",
        "| promise | floor | measured | ratio | promised | verdict |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
        *rows,
        "",
        "Ratio is measured ÷ floor.\n",
        "## Behind the numbers\n",
        *(f"- {one.promise}: {one.detail}." for one in results),
        "",
        _HOW,
        f"Last run: {today.isoformat()}.",
    ]
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    PICTURE.write_text(picture(results), encoding="utf-8")


def picture(results: Sequence[Result]) -> str:
    """Bars of how much of each promise is used up; what crosses the line is broken. Light and dark."""
    width, left, right, row = 860, 470, 60, 30
    height = row * len(results) + 50
    scale = (width - left - right) / 1.25
    line = left + scale
    bars = []
    for place, one in enumerate(results):
        top = 34 + place * row
        length = min(one.used, 1.25) * scale
        state = "kept" if one.kept else "broken"
        bars += [
            f'<text class="name" x="{left - 10}" y="{top + 14}">{escape(_short(one.promise))}</text>',
            f'<rect class="{state}" x="{left}" y="{top}" width="{length:.1f}" height="18" rx="2"/>',
            f'<text x="{left + length + 6:.1f}" y="{top + 14}">{one.used:.0%}</text>',
        ]
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">
<title id="t">How much of each promise is used up: bars that end left of the line are kept</title>
<style>
text {{ font: 13px system-ui, sans-serif; fill: #24292f }}
.name {{ text-anchor: end }}
.kept {{ fill: #1f7a4d }}
.broken {{ fill: #b3261e }}
.line {{ stroke: #57606a; stroke-dasharray: 4 3 }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #d7dde4 }}
.kept {{ fill: #4cc38a }}
.broken {{ fill: #ff8a80 }}
.line {{ stroke: #9aa4af }}
}}
</style>
<text x="{line:.1f}" y="18" text-anchor="middle">the promise</text>
<line class="line" x1="{line:.1f}" y1="24" x2="{line:.1f}" y2="{height - 10}"/>
{chr(10).join(bars)}
</svg>
"""


def _short(promise: str) -> str:
    return promise.partition(", against")[0].partition(": p50")[0].partition(", from navigation")[0]


def _bound(one: Result) -> str:
    return f"{'≥' if one.bound == 'at least' else '≤'} {one.limit:.2f}"


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name.lower())}" for name in ("Flask", "waitress", "requests"))
    system = f"{platform.system()} on {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}, {packages}"
