"""``sfcc-snow serve``: run the sidecar until SIGTERM or SIGINT, then finish what is in flight."""

from __future__ import annotations

import signal
from types import FrameType

import click

from sidecar.app import create_app
from sidecar.cli.failures import explained
from sidecar.logs import configure_logs
from sidecar.server import Server
from sidecar.services import services_for
from sidecar.settings import Settings


@click.command()
@click.option("--host", help="Address to listen on, instead of SIDECAR_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, instead of SIDECAR_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Run the sidecar. Stops on SIGTERM or Ctrl-C after the requests in flight are answered."""
    with explained(OSError, ValueError):
        settings = Settings.read()
        own = settings.sidecar
        lines = configure_logs(own.log_level)
        services = services_for(settings)
        try:
            server = Server(
                create_app(services).wsgi_app,
                host=host or own.host,
                port=own.port if port is None else port,
                threads=own.threads,
                trusted_proxy=own.trusted_proxy,
                drain_s=own.drain_s,
            )
            _drain_on_signals(server)
            services.start()
            click.echo(f"Listening on {server.url} (documentation: {server.url}/docs). Ctrl-C stops it.")
            server.run()
        finally:
            services.close()
            lines.close()
    click.echo("Stopped.")


def _drain_on_signals(server: Server) -> None:
    def drain(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        server.drain()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, drain)
