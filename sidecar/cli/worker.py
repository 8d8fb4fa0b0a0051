"""``sfcc-snow worker``: hand events to their flows until SIGTERM or SIGINT, then finish the attempts in flight."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from sidecar.cli.failures import explained
from sidecar.deliveries import worker_of
from sidecar.engine.slots import NoPlace
from sidecar.logs import configure_logs
from sidecar.settings import Settings
from snow_app.errors import SnowError

_LOOK_S = 0.5


@click.command()
@click.pass_context
def worker(ctx: click.Context) -> None:
    """Hand events to their flows, beside the sidecar or instead of it; any number of workers may share the events.

    Stops on SIGTERM or Ctrl-C once the attempts in flight are through. What a worker that was killed left is taken
    over by the others, or by itself when it is started again. Exit code 1 when it lost the database.
    """
    stopped = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    with explained(OSError, ValueError, SnowError, NoPlace):
        settings = Settings.read()
        lines = configure_logs(settings.sidecar.log_level)
        try:
            with worker_of(settings) as running:
                flows = ", ".join(running.deliveries.flows) or "no flow"
                click.echo(f"{running.name} hands events to {flows}. Ctrl-C stops it.")
                while not stopped.wait(_LOOK_S) and not running.failed.is_set():
                    pass
                failed = running.failed.is_set()
        finally:
            lines.close()
    click.echo("Stopped.")
    ctx.exit(1 if failed else 0)
