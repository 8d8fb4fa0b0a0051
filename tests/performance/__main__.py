"""``make bench``: measure every promise in one run, print the table, write docs/reference/performance.md.

Ends with 1 when a promise is broken.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from tests.performance import accept, cached, client_calls, cold, crowd, deliveries, install, memory, panel, report
from tests.performance.result import Measurement, Progress, Result

MEASUREMENTS: Mapping[str, Measurement] = {
    "accept": accept.measured,
    "cached": cached.measured,
    "client": client_calls.measured,
    "cold": cold.measured,
    "crowd": crowd.measured,
    "deliveries": deliveries.measured,
    "flow_kills": deliveries.flow_kills,
    "install": install.measured,
    "memory": memory.measured,
    "panel": panel.measured,
}


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(MEASUREMENTS)), help="Some of them; nothing is written.")
@click.option("--write/--no-write", default=True, help="Whether the documentation page is written.")
def bench(only: tuple[str, ...], write: bool) -> None:
    """Measure the promises."""
    console = Console()
    results: list[Result] = []
    with _bars(console) as bars:
        for name in only or MEASUREMENTS:
            results += MEASUREMENTS[name](_progress(bars, name))
    console.print(report.table(results))
    if write and not only:
        report.write(results, datetime.now(UTC).date())
        console.print(f"Written: {report.PAGE.relative_to(report.ROOT)}", style="dim")
    broken = sum(not one.kept for one in results)
    console.print(f"{broken} of {len(results)} broken" if broken else f"all {len(results)} kept", style="bold")
    sys.exit(1 if broken else 0)


def _bars(console: Console) -> Bars:
    # A bar that is drawn often would take part in what is measured.
    columns = (SpinnerColumn(), TextColumn("{task.description:8}"), BarColumn(), TimeElapsedColumn())
    return Bars(*columns, console=console, refresh_per_second=2)


def _progress(bars: Bars, name: str) -> Progress:
    @contextmanager
    def progress(*, total: float) -> Iterator[Callable[[float], None]]:
        task = bars.add_task(name, total=total)
        yield lambda steps: bars.advance(task, steps)

    return progress


if __name__ == "__main__":
    bench()
