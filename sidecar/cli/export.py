"""``sfcc-snow app export``: what the Table API refuses, as an update set or a project of the ServiceNow SDK."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import click

from sidecar.cli.failures import explained
from sidecar.settings import SnowSettings
from snow_app.app import AppParameters, Facts
from snow_app.errors import SnowError
from snow_app.install import FluentProject, exported, fluent_project

Format = Literal["update-set", "fluent"]


@click.command()
@click.option(
    "--format",
    "kind",
    type=click.Choice(["update-set", "fluent"]),
    default="update-set",
    help="An XML file to import, or a now-sdk project to build.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="File to write, else standard output; for fluent a folder.",
)
@click.option("--all", "everything", is_flag=True, help="Every record of the app; needs --csm or --no-csm.")
@click.option("--csm/--no-csm", default=None, help="Whether the instance has Customer Service Management.")
@click.option("--application", metavar="SYS_ID", help="The application's sys_id where it was made before `app apply`.")
@click.option("--scope", help="Scope of the app, x_<company code>_<name>. Default: SNOW_SCOPE.")
def export(
    *, kind: Format, output: Path | None, everything: bool, csm: bool | None, application: str | None, scope: str | None
) -> None:
    """Write what REST cannot bring: access rules and the action for flows. Needs no instance.

    An update set is imported under Retrieved Update Sets, previewed, committed. A project is built and deployed with
    ServiceNow's now-sdk.
    """
    if everything and csm is None:
        raise click.UsageError("--all needs --csm or --no-csm: the panel is made for the case or the incident form.")
    if kind == "fluent" and (output is None or str(output) == "-"):
        raise click.UsageError("--format fluent needs --output: a folder for the project.")
    with explained(SnowError):
        settings = SnowSettings.read()
        parameters = AppParameters(scope=scope or settings.scope, name=settings.app_name)
        chosen: dict[str, Any] = {"everything": everything, "application_id": application}
        if kind == "fluent" and output is not None:
            project = fluent_project(parameters, Facts(csm=bool(csm)), **chosen)
            _write(project, output)
            rows = project.rows
        else:
            written = exported(parameters, Facts(csm=bool(csm)), **chosen)
            rows = written.rows
            _keep(written.document, output)
    click.echo(f"{len(rows)} record(s) written. Scope {parameters.scope}.", err=True)


def _keep(document: bytes, output: Path | None) -> None:
    try:
        with click.open_file(str(output or "-"), "wb", atomic=True) as file:
            file.write(document)
    except OSError as failure:
        raise click.ClickException(f"{output} cannot be written: {failure.strerror}.") from None


def _write(project: FluentProject, folder: Path) -> None:
    """Write the files. The folder is ours: sources of an earlier export that this one has not are removed."""
    config, sources = folder / "now.config.json", folder / "src" / "fluent"
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        mine = json.loads(project.files["now.config.json"])["scopeId"]
        try:
            held = json.loads(config.read_text(encoding="utf-8"))["scopeId"]
        except (OSError, ValueError, KeyError, TypeError):
            held = None
        if held != mine:
            raise click.ClickException(f"{folder} holds something else. Name a new folder, or one of this project.")
    for path in sources.rglob("*") if sources.is_dir() else ():
        if path.is_file() and path.relative_to(folder).as_posix() not in project.files:
            path.unlink()
    for name, text in project.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
