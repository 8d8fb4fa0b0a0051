"""``sfcc-snow app export``: an update set of what the Table API refuses, without an instance."""

from __future__ import annotations

from typing import BinaryIO

import click

from sidecar.cli.failures import explained
from sidecar.settings import SnowSettings
from snow_app.app import AppParameters, Facts
from snow_app.errors import SnowError
from snow_app.install import exported


@click.command()
@click.option("--output", type=click.File("wb", atomic=True), default="-", help="File to write; else standard output.")
@click.option("--all", "everything", is_flag=True, help="Every record of the app; needs --csm or --no-csm.")
@click.option("--csm/--no-csm", default=None, help="Whether the instance has Customer Service Management.")
@click.option("--application", metavar="SYS_ID", help="The application's sys_id where it was made before `app apply`.")
@click.option("--scope", help="Scope of the app, x_<company code>_<name>. Default: SNOW_SCOPE.")
def export(output: BinaryIO, everything: bool, csm: bool | None, application: str | None, scope: str | None) -> None:
    """Write an update set of what REST cannot bring: the access rules. Needs no instance.

    On the instance import it under Retrieved Update Sets, preview it, commit it.
    """
    if everything and csm is None:
        raise click.UsageError("--all needs --csm or --no-csm: the panel is made for the case or the incident form.")
    with explained(SnowError):
        settings = SnowSettings.read()
        parameters = AppParameters(scope=scope or settings.scope, name=settings.app_name)
        written = exported(parameters, Facts(csm=bool(csm)), everything=everything, application_id=application)
    output.write(written.document)
    click.echo(f"{len(written.rows)} record(s) written. Scope {parameters.scope}.", err=True)
