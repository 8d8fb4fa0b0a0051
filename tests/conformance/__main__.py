"""``make conformance``: run suites that nobody here wrote against both local platforms, write the coverage pages.

Ends with 1 when a test failed that is not explained, or a suite could not be started.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.conformance import report, results
from tests.conformance.ansible import AnsibleCollection
from tests.conformance.commerce.sdks import CLIENTS
from tests.conformance.commerce.specs import Descriptions
from tests.conformance.commerce.tools import TOOLS
from tests.conformance.now_sdk import NowSdk
from tests.conformance.pages import ROOT, SERVICENOW, SFCC, Page
from tests.conformance.pysnc import PySnc
from tests.conformance.snowloader import Snowloader
from tests.conformance.suite import Result, Suite

JUDGES: Mapping[Page, tuple[Suite, ...]] = {
    SERVICENOW: (PySnc(), Snowloader(), AnsibleCollection(), NowSdk()),
    SFCC: (Descriptions(), *CLIENTS, *TOOLS),
}
SUITES: Mapping[str, Suite] = {suite.name: suite for suites in JUDGES.values() for suite in suites}


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(SUITES)), help="Some of the suites.")
@click.option("--write/--no-write", default=True, help="Whether the documentation page is written.")
def conformance(only: tuple[str, ...], write: bool, **checkouts: Path | None) -> None:
    """Run every suite whose checkout is given, and those that need none."""
    console = Console()
    wanted = [SUITES[name] for name in only] or [
        suite for suite in SUITES.values() if not suite.checkout or checkouts[suite.name] is not None
    ]
    fresh, troubles = _run(console, wanted, checkouts)
    for about, suites in JUDGES.items():
        _told(console, about, [one for one in fresh if one.suite in {suite.name for suite in suites}], write)
    for trouble in troubles:
        console.print(trouble, style="bold red", markup=False)
    failed = sum(case.outcome == "failed" and not case.explained for result in fresh for case in result.cases)
    console.print(f"{failed} failed" if failed else "nothing failed that is not explained", style="bold")
    sys.exit(1 if failed or troubles else 0)


def _told(console: Console, about: Page, fresh: list[Result], write: bool) -> None:
    """What ran anew, on the terminal and on its page."""
    if not fresh:
        return
    together = results.merged(results.kept(about.file), fresh, datetime.now(UTC).date())
    if write:
        results.keep(together, about.file)
        report.write(together, about)
        console.print(f"Written: {about.markdown.relative_to(ROOT)}", style="dim")
    mine = [one for one in together if one.result in fresh]
    console.print(report.table(mine))
    if about.columns:
        console.print(report.operations_table(mine, about.columns))


for _suite in SUITES.values():
    if _suite.checkout:
        _folder = click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True)
        click.option(f"--{_suite.name}", type=_folder, help="Checkout of this suite.")(conformance)


def _run(
    console: Console, wanted: list[Suite], checkouts: Mapping[str, Path | None]
) -> tuple[tuple[Result, ...], list[str]]:
    """The results, and a line for each suite that could not be started."""
    fresh: list[Result] = []
    troubles: list[str] = []
    columns = (SpinnerColumn(), TextColumn("{task.description:12}"), TimeElapsedColumn())
    with Progress(*columns, console=console, refresh_per_second=2) as bars:
        for suite in wanted:
            task = bars.add_task(suite.name, total=1)
            try:
                fresh += suite.run(checkouts.get(suite.name))
            except RuntimeError as error:
                troubles.append(f"{suite.name}: {error}")
            bars.advance(task)
    return tuple(fresh), troubles


if __name__ == "__main__":
    conformance()
