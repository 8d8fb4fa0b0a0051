"""The results for people: a table on the terminal, a page with a picture in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from rich import box
from rich.markup import escape as escape_markup
from rich.table import Table

from tests.conformance.pages import Page
from tests.conformance.results import Kept
from tests.conformance.suite import Case

_CELLS = {"passed": "✓", "failed": "✗"}


def table(results: Sequence[Kept], title: str = "Suites") -> Table:
    """One line for each suite and way."""
    found = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
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


def operations_table(results: Sequence[Kept], columns: Sequence[str]) -> Table:
    """One line for each operation, one column for each suite that says something."""
    columns = [column for column in columns if any(one.result.suite == column for one in results)]
    found = Table(box=box.SIMPLE_HEAD, title="Operations", title_justify="left", padding=(0, 1, 0, 0))
    found.add_column("operation", min_width=24, overflow="fold")
    for column in columns:
        found.add_column(column, justify="center", max_width=8, overflow="fold")
    colours = {"✓": "[green]✓[/]", "✗": "[bold red]✗[/]", "": ""}
    for operation, cells in matrix(results, columns):
        found.add_row(escape_markup(operation), *(colours[cell] for cell in cells))
    return found


def matrix(results: Sequence[Kept], columns: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each operation, sorted by path, with what every suite says of it: ✗ when one of its tests failed there."""
    said: dict[tuple[str, str], str] = {}
    for one in results:
        for case in one.result.cases:
            for operation in case.operations:
                key = operation, one.result.suite
                said[key] = "✗" if said.get(key) == "✗" else _CELLS.get(case.outcome, "")
    operations = sorted({operation for operation, _ in said}, key=lambda name: tuple(reversed(name.split(" ", 1))))
    return [(name, tuple(said.get((name, column), "") for column in columns)) for name in operations]


def write(results: Sequence[Kept], about: Page) -> None:
    """The page and its picture."""
    about.markdown.write_text(page(results, about), encoding="utf-8")
    about.picture.parent.mkdir(parents=True, exist_ok=True)
    about.picture.write_text(picture(results), encoding="utf-8")


def page(results: Sequence[Kept], about: Page) -> str:
    """The documentation page."""
    lines = [
        about.introduction,
        f"![How many tests of each suite pass](../images/{about.picture.name})\n",
        "| suite | version | way | passed | failed | skipped | run on |",
        "| --- | --- | --- | ---: | ---: | ---: | --- |",
    ]
    for one in results:
        counts, result = one.result.counts(), one.result
        numbers = f"{counts['passed']} | {counts['failed']} | {counts['skipped']}"
        lines.append(f"| {result.suite} | {result.version} | {result.way} | {numbers} | {one.day.isoformat()} |")
    lines += [*_matrix_lines(results, about.columns), "", "## What does not pass, and why\n"]
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
    return "\n".join([*lines, about.how])


def _matrix_lines(results: Sequence[Kept], columns: Sequence[str]) -> list[str]:
    if not columns:
        return []
    heading = "| operation | " + " | ".join(columns) + " |"
    rows = [f"| `{name}` | {' | '.join(cells)} |" for name, cells in matrix(results, columns)]
    return [
        "",
        "## Operations\n",
        "✓ it passes, ✗ a test of it fails, empty: this suite does not call it. … stands for the organization.\n",
        heading,
        "| --- |" + " :---: |" * len(columns),
        *rows,
    ]


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
