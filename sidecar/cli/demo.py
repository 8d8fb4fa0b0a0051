"""``sfcc-snow demo``."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
from rich.rule import Rule

from sidecar.cli.exports import export_option, one_shop, schemas_option
from sidecar.cli.failures import explained
from sidecar.cli.tour import played
from sidecar.demo.world import DemoOptions, DemoWorld
from sidecar.logs import configure_logs
from snow_app.errors import SnowError


@click.command()
@click.option("--port-base", type=click.IntRange(0, 65533), default=0, help="First of three ports; 0 picks free ones.")
@click.option("--ready-file", type=click.Path(dir_okay=False, path_type=Path), help="Write JSON here once all is up.")
@click.option("--seed", type=int, default=7, show_default=True, help="Which generated shop.")
@click.option(
    "--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Your own shop: a JSON file."
)
@export_option("--sfcc-export")
@schemas_option
@click.option(
    "--csm/--no-csm", default=True, show_default=True, help="Panel on the case form, or on the incident form."
)
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Folder that keeps the records.")
@click.option("--tour", is_flag=True, help="Play every flow once and print what happened, with links.")
@click.option("--once", is_flag=True, help="With --tour: stop afterwards; exit code 1 when a flow failed.")
@click.pass_context
def demo(ctx: click.Context, /, ready_file: Path | None, tour: bool, once: bool, **options: Any) -> None:
    """Start everything on this machine and print the case form's address. Ctrl-C stops it."""
    if once and not tour:
        raise click.UsageError("--once goes with --tour.")
    one_shop(options["data"], options["sfcc_export"], options["schemas"])
    stopped = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    configure_logs("warning")
    console = Console()
    with explained(OSError, SnowError, ValueError), _world(DemoOptions(**options), console) as world:
        if ready_file is not None:
            world.write_ready_file(ready_file)
        _show(world, console)
        good = not tour or played(world, console)
        if not once:
            stopped.wait()
        console.print("Stopping…", style="dim")
    if ready_file is not None:
        ready_file.unlink(missing_ok=True)
    console.print("Stopped.", style="dim")
    ctx.exit(0 if good else 1)


def _world(options: DemoOptions, console: Console) -> DemoWorld:
    """The world, which starts behind a progress bar when it is entered."""
    progress = Progress(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=console, transient=True)
    task = progress.add_task("Starting", total=None)

    def doing(what: str) -> None:
        progress.start()
        progress.update(task, description=what, total=None)
        if what == "Writing cases":
            progress.stop()

    def installing(done: int, total: int, what: str) -> None:
        progress.update(task, description=f"Installing {escape(what)}", completed=done, total=total)

    def reading(done: int, total: int, document: str) -> None:
        progress.update(task, description=f"Reading {escape(document)}", completed=done, total=total)

    return DemoWorld(options=options, doing=doing, installing=installing, reading=reading)


def _show(world: DemoWorld, console: Console) -> None:
    """Addresses stand on lines of their own, whole at any width, so that they can be clicked and copied."""

    def line(text: str, **style: Any) -> None:
        console.print(text, soft_wrap=True, highlight=False, **style)

    console.print()
    console.print(Rule("[bold green]The shopper is on the case form[/]", style="green"))
    for seeded in world.cases:
        url = world.form_url(seeded)
        line(f"[bold]{escape(seeded.number)}[/]  {escape(seeded.case.look_at)}")
        line(f"           [cyan link={url}]{url}[/]")
    console.print()
    for label, url in (("All cases", world.list_url), ("Sidecar API", world.docs_url)):
        line(f"{label:<13}[cyan link={url}]{url}[/]")
    console.print(Rule(style="green"))
    line("You are signed in as a service agent. Ctrl-C stops everything.", style="dim")
