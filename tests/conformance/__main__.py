"""``make conformance``: run suites that nobody here wrote against the local ServiceNow, write the coverage page.

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
from tests.conformance.now_sdk import NowSdk
from tests.conformance.pysnc import PySnc
from tests.conformance.snowloader import Snowloader
from tests.conformance.suite import Result, Suite

SUITES: Mapping[str, Suite] = {suite.name: suite for suite in (PySnc(), Snowloader(), AnsibleCollection(), NowSdk())}


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
    together = results.merged(results.kept(), fresh, datetime.now(UTC).date())
    if write and fresh:
        results.keep(together)
        report.write(together)
        console.print(f"Written: {report.PAGE.relative_to(report.ROOT)}", style="dim")
    console.print(report.table([one for one in together if one.result in fresh]))
    for trouble in troubles:
        console.print(trouble, style="bold red", markup=False)
    failed = sum(case.outcome == "failed" and not case.explained for result in fresh for case in result.cases)
    console.print(f"{failed} failed" if failed else "nothing failed that is not explained", style="bold")
    sys.exit(1 if failed or troubles else 0)


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
