"""``sfcc-snow emulate``: one local platform in the foreground."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from sidecar.cli.exports import export_option, one_shop, schemas_option
from sidecar.cli.failures import explained

if TYPE_CHECKING:
    from sfcc_client.emulator.archive import SiteExport
    from sfcc_client.emulator.loopback import Certificate


@click.group()
def emulate() -> None:
    """Run a local platform on loopback until Ctrl-C."""


@emulate.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True, help="0 picks a free one.")
@click.option("--seed", type=int, default=7, show_default=True, help="Which generated shop.")
@click.option("--data", type=click.Path(exists=True, dir_okay=False), help="Your own data: a JSON file.")
@export_option("--export")
@schemas_option
@click.option("--staging", is_flag=True, help="A staging instance: content reaches shoppers once it is replicated.")
@click.option("--tls", is_flag=True, help="Also serve HTTPS, with a throw-away certificate authority.")
@click.option("--tls-port", type=click.IntRange(0, 65535), default=8444, show_default=True, help="0 picks a free one.")
def sfcc(
    *,
    port: int,
    seed: int,
    data: str | None,
    export: Path | None,
    schemas: Path | None,
    staging: bool,
    tls: bool,
    tls_port: int,
) -> None:
    """Run a local B2C Commerce."""
    from sfcc_client.emulator import CommerceEmulator  # noqa: PLC0415 - only one of the two is needed

    one_shop(data, export, schemas)
    with ExitStack() as parts, explained(OSError, ValueError):
        dataset = data if export is None else _read(export, schemas)
        certificate, authority = _certificate(parts) if tls else (None, None)
        shop = parts.enter_context(
            CommerceEmulator(
                port=port, seed=seed, dataset=dataset, staging=staging, certificate=certificate, tls_port=tls_port
            )
        )
        if tls:
            _tell_of_tls(shop.secure_url, authority)
        settings = shop.settings()
        _print(
            f"B2C Commerce (emulated) on {shop.url}",
            SFCC_SCAPI_URL=settings.scapi_url,
            SFCC_ACCOUNT_MANAGER_URL=settings.account_manager_url,
            SFCC_INSTANCE_URL=settings.instance_url,
            SFCC_EINSTEIN_URL=settings.einstein_url,
            SFCC_ORGANIZATION_ID=settings.organization_id,
            SFCC_CLIENT_ID=settings.client_id,
            SFCC_CLIENT_SECRET=settings.client_secret,
            SFCC_SLAS_CLIENT_ID=settings.slas_client_id,
            SFCC_SLAS_CLIENT_SECRET=settings.slas_client_secret,
            SFCC_OCAPI_CLIENT_ID=settings.ocapi_client_id,
            SFCC_OCAPI_CLIENT_SECRET=settings.ocapi_client_secret,
            SFCC_BM_USER=settings.bm_user,
            SFCC_BM_PASSWORD=settings.bm_password,
            SFCC_LOYALTY=settings.loyalty,
            SFCC_ACTIVITY=settings.activity,
            SFCC_EINSTEIN_CLIENT_ID=settings.einstein_client_id,
            SFCC_SITES=json.dumps([asdict(site) for site in settings.sites]),
        )
        _wait()


@emulate.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8082, show_default=True, help="0 picks a free one.")
@click.option("--data", type=click.Path(dir_okay=False), help="SQLite file to keep the instance in; without: memory.")
@click.option("--csm/--no-csm", default=True, show_default=True, help="With or without Customer Service Management.")
@click.option("--demo/--no-demo", default=True, show_default=True, help="With or without demo data.")
@click.option("--tls", is_flag=True, help="Also serve HTTPS, with a throw-away certificate authority.")
@click.option("--tls-port", type=click.IntRange(0, 65535), default=8443, show_default=True, help="0 picks a free one.")
def servicenow(*, port: int, data: str | None, csm: bool, demo: bool, tls: bool, tls_port: int) -> None:
    """Run a local ServiceNow."""
    from snow_app.emulator import ServiceNowEmulator  # noqa: PLC0415 - only one of the two is needed

    with ExitStack() as parts, explained(OSError):
        certificate, authority = _certificate(parts) if tls else (None, None)
        snow = parts.enter_context(
            ServiceNowEmulator(port=port, path=data, csm=csm, demo=demo, certificate=certificate, tls_port=tls_port)
        )
        if tls:
            _tell_of_tls(snow.secure_url, authority)
        _print(
            f"ServiceNow (emulated) on {snow.url}",
            SNOW_URL=snow.url,
            SNOW_USERNAME=snow.username,
            SNOW_PASSWORD=snow.password,
        )
        _wait()


def _certificate(parts: ExitStack) -> tuple[Certificate, Path]:
    """A certificate for loopback and the file of its authority, both gone when the parts are closed."""
    from sfcc_client.emulator.certificates import issued  # noqa: PLC0415 - only who asks for TLS needs it

    folder = Path(parts.enter_context(TemporaryDirectory(prefix="sfcc-snow-tls-")))
    return issued(folder, datetime.now(UTC))


def _tell_of_tls(address: str, authority: Path | None) -> None:
    click.echo(f"# Over TLS on {address}; clients must trust {authority}, which is gone at the end.")


def _read(export: Path, schemas: Path | None) -> SiteExport:
    """The export, read behind a bar on stderr; stdout is for the lines of .env."""
    from sfcc_client.emulator.archive import imported  # noqa: PLC0415 - as above

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading", total=None)

        def reading(done: int, total: int, document: str) -> None:
            progress.update(task, description=f"Reading {escape(document)}", completed=done, total=total)

        return imported(export, schemas=schemas, progress=reading)


def _print(title: str, **variables: str) -> None:
    """The address, then lines that can stand in a .env file as they are."""
    click.echo(f"# {title}. Ctrl-C stops it. Put these lines in .env:")
    for name, value in variables.items():
        click.echo(f"{name}='{value}'")


def _wait() -> None:
    stopped = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    stopped.wait()
