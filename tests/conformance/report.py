"""The results for people: a table on the terminal, a page with a picture in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from rich import box
from rich.table import Table

from tests.conformance.results import Kept
from tests.conformance.suite import Case

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "servicenow-coverage.md"
PICTURE = ROOT / "docs" / "images" / "servicenow-coverage.svg"

_INTRODUCTION = """\
# What other people's suites say of the local ServiceNow

Written by `make conformance`. The suites are unmodified, nobody here wrote them, nothing of theirs is part of this
project, and each runs in a process of its own against an emulator started for it. The exception is now-sdk: there,
ServiceNow's own SDK judges the files the app is exported to. What is emulated in detail is on the page
[Emulators](emulators.md).
"""
_HOW = """\
## How to run them

`make conformance ARGS="--pysnc PATH --ansible PATH"` runs the suites whose checkouts are given and those that come from
a package registry (snowloader, now-sdk); `--only NAME` picks some. The rows of suites that did not run stay as they
are. Each suite gets an environment of its own under `build/`.

| suite | where it is from | licence |
| --- | --- | --- |
| pysnc | the repository ServiceNow/PySNC, tests of the client | MIT |
| snowloader | its source distribution on the package registry, live tests | MIT |
| ansible | the repository ansible-collections/servicenow.itsm, integration targets | GPL-3, run and never copied |
| now-sdk | ServiceNow's SDK from the npm registry (363 MB), builds of the exported app | ServiceNow's own terms |
"""


def table(results: Sequence[Kept]) -> Table:
    """One line for each suite and way."""
    found = Table(box=box.SIMPLE_HEAD, title="Suites", title_justify="left")
    for heading in ("suite", "version", "way"):
        found.add_column(heading, no_wrap=True)
    for heading in ("passed", "failed", "skipped"):
        found.add_column(heading, justify="right")
    for one in results:
        counts = one.result.counts()
        failed = f"[bold red]{counts['failed']}[/]" if counts["failed"] else "0"
        passed = f"[green]{counts['passed']}[/]"
        found.add_row(one.result.suite, one.result.version, one.result.way, passed, failed, str(counts["skipped"]))
    return found


def write(results: Sequence[Kept]) -> None:
    """The page and its picture."""
    PAGE.write_text(page(results), encoding="utf-8")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(picture(results), encoding="utf-8")


def page(results: Sequence[Kept]) -> str:
    """The documentation page."""
    lines = [
        _INTRODUCTION,
        f"![How many tests of each suite pass](../images/{PICTURE.name})\n",
        "| suite | version | way | passed | failed | skipped | run on |",
        "| --- | --- | --- | ---: | ---: | ---: | --- |",
    ]
    for one in results:
        counts, result = one.result.counts(), one.result
        numbers = f"{counts['passed']} | {counts['failed']} | {counts['skipped']}"
        lines.append(f"| {result.suite} | {result.version} | {result.way} | {numbers} | {one.day.isoformat()} |")
    lines += ["", "## What does not pass, and why\n"]
    for one in results:
        others = [case for case in one.result.cases if case.outcome != "passed"]
        if others:
            lines += [
                f"### {one.result.suite}, {one.result.way}\n",
                "| test | result | reason |",
                "| --- | --- | --- |",
            ]
            lines += [f"| `{case.name}` | {_outcome(case)} | {_cell(case.reason)} |" for case in others]
            lines.append("")
    if all(case.outcome == "passed" for one in results for case in one.result.cases):
        lines.append("Everything passes.\n")
    return "\n".join([*lines, _HOW])


def _outcome(case: Case) -> str:
    return f"{case.outcome}, explained" if case.explained else case.outcome


def _cell(text: str) -> str:
    """One line that cannot end its cell or become markup."""
    short = " ".join(text.split())
    short = short if len(short) <= 200 else f"{short[:199]}…"
    return escape(short).replace("|", "\\|").replace("`", "'")


def picture(results: Sequence[Kept]) -> str:
    """A bar for each suite and way, its length the share that passes. Light and dark."""
    width, left, right, row = 760, 220, 130, 30
    height, full = row * len(results) + 16, width - left - right
    bars = []
    for place, one in enumerate(results):
        counts, top, start = one.result.counts(), 10 + place * row, float(left)
        whole = max(1, sum(counts.values()))
        title = escape(f"{one.result.suite}, {one.result.way}")
        bars.append(f'<text class="name" x="{left - 10}" y="{top + 14}">{title}</text>')
        for outcome in ("passed", "failed", "skipped"):
            length = counts[outcome] / whole * full
            if length:
                bars.append(f'<rect class="{outcome}" x="{start:.1f}" y="{top}" width="{length:.1f}" height="18"/>')
            start += length
        bars.append(f'<text x="{left + full + 8}" y="{top + 14}">{counts["passed"]} of {whole}</text>')
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">
<title id="t">How many tests of each suite pass, fail and are skipped</title>
<style>
text {{ font: 13px system-ui, sans-serif; fill: #24292f }}
.name {{ text-anchor: end }}
.passed {{ fill: #1f7a4d }}
.failed {{ fill: #b3261e }}
.skipped {{ fill: #b5bcc4 }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #d7dde4 }}
.passed {{ fill: #4cc38a }}
.failed {{ fill: #ff8a80 }}
.skipped {{ fill: #57606a }}
}}
</style>
{chr(10).join(bars)}
</svg>
"""
